// Inside the oracle: values of a format as integers, and where a number lies among them.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_ORACLE_VALUES_H_
#define FPLAB_PROPTESTS_SUPPORT_ORACLE_VALUES_H_

#include <cstdint>

#include "proptests/support/oracle.h"
#include "proptests/support/oracle_integer.h"

namespace fplab::oracle {

__extension__ typedef __int128 Small;

// Every finite value is an integer times the min subnormal 2^-scale.
inline int Scale(const Format& format) { return format.FractionBits() - format.MinExponent(); }

// Formats whose values, and products of two of them, fit 128 bits.
inline bool IsNarrow(const Format& format) { return Scale(format) <= 24 && format.MaxExponent() <= 16; }

// The number that a pattern without a sign stands for, in units of the min subnormal. All-ones exponents, and patterns
// beyond them, are read as the numbers they would be.
template <typename Int>
Int OfPattern(const Format& format, uint64_t pattern) {
  const int field = static_cast<int>(pattern >> format.FractionBits());
  const uint64_t fraction = format.Fraction(pattern);
  return field == 0 ? Int(fraction) : Int(fraction | format.MinNormal()) << (field - 1);
}

// |value| in the same units.
template <typename Int>
Int Magnitude(const Format& format, uint64_t bits) {
  return OfPattern<Int>(format, format.Magnitude(bits));
}

template <typename Int>
Int Value(const Format& format, uint64_t bits) {
  const Int magnitude = Magnitude<Int>(format, bits);
  return format.SignBit(bits) ? -magnitude : magnitude;
}

template <typename Int>
int Sign(const Int& a, const Int& b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

// Where x is in [lower, upper), with compare(k) the sign of k - x in quarters of the min subnormal.
template <typename Int, typename Compare>
Position Between(const Int& lower, const Int& upper, const Compare& compare) {
  if (compare(lower) == 0) return Position::kAtLower;
  const int middle = compare((lower + upper) >> 1);
  return middle > 0 ? Position::kLowerHalf : (middle == 0 ? Position::kMiddle : Position::kUpperHalf);
}

// The place of a positive number x in `format`; compare(k) is the sign of k/4 min subnormals minus x.
template <typename Int, typename Compare>
void LocateNumber(const Format& format, uint64_t hint, const Compare& compare, Place& place) {
  const auto quarters = [&](uint64_t pattern) { return OfPattern<Int>(format, pattern) << 2; };
  const auto at_or_below = [&](uint64_t pattern) { return compare(quarters(pattern)) <= 0; };
  const uint64_t beyond = format.MaxFinite() + 1;
  if (at_or_below(beyond)) {
    place.lower = beyond;
    return;
  }
  uint64_t lower = 0, above = beyond;
  if (hint < beyond && at_or_below(hint)) {
    lower = hint;
    if (!at_or_below(hint + 1)) above = hint + 1;
  }
  while (above - lower > 1) {
    const uint64_t middle = lower + (above - lower) / 2;
    (at_or_below(middle) ? lower : above) = middle;
  }
  place.lower = lower;
  place.position = Between<Int>(quarters(lower), quarters(lower + 1), compare);
  if (lower != format.MaxSubnormal()) return;
  // Half of a min subnormal below min normal is the greatest value of full precision there.
  const Int normal = quarters(format.MinNormal()), full_precision = normal - Int(2);
  place.near_normal = compare(full_precision) <= 0;
  if (place.near_normal) place.top = Between<Int>(full_precision, normal, compare);
}

inline uint64_t Signed(const Format& format, bool sign, uint64_t magnitude) {
  return sign && (magnitude != 0 || format.HasNegativeZero()) ? magnitude | format.SignMask() : magnitude;
}

// A subnormal operand as the mode sees it.
inline uint64_t Flushed(const Format& format, bool flush, uint64_t bits) {
  return flush && format.IsSubnormal(bits) ? Signed(format, format.SignBit(bits), 0) : bits;
}

}  // namespace fplab::oracle

#endif  // FPLAB_PROPTESTS_SUPPORT_ORACLE_VALUES_H_
