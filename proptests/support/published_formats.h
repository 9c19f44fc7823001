// Small formats as they are published, and their values and rounding by the arithmetic of double: nothing here comes
// from Format, or from the model.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_PUBLISHED_FORMATS_H_
#define FPLAB_PROPTESTS_SUPPORT_PUBLISHED_FORMATS_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <vector>

#include <fplab/fparith/mode/mode.h>

namespace fplab {

enum class Beyond { kInfinity, kNan, kLargest };  // what an infinite result is

struct PublishedFormat {
  const char* name;
  int exponent_bits, fraction_bits, bias;
  double largest;
  Beyond beyond;
  enum class Nans { kUsual, kAllOnes, kNegativeZero, kNone } nans;

  int width() const { return 1 + exponent_bits + fraction_bits; }
  uint64_t patterns() const { return uint64_t{1} << width(); }
  bool negative(uint64_t bits) const { return bits >= patterns() / 2; }
  uint64_t magnitude(uint64_t bits) const { return bits % (patterns() / 2); }

  // The number of a pattern without sign, whatever it is reserved for.
  double Number(uint64_t magnitude) const {
    const uint64_t field = magnitude >> fraction_bits, fraction = magnitude % (uint64_t{1} << fraction_bits);
    const double parts = std::ldexp(static_cast<double>(fraction), -fraction_bits);
    return field == 0 ? std::ldexp(parts, 1 - bias) : std::ldexp(1 + parts, static_cast<int>(field) - bias);
  }

  double Value(uint64_t bits) const {
    const uint64_t ones = patterns() / 2 - 1, fraction = bits % (uint64_t{1} << fraction_bits);
    const bool all_ones_field = magnitude(bits) >> fraction_bits == ones >> fraction_bits;
    const bool nan = (nans == Nans::kUsual && all_ones_field && fraction != 0) ||
                     (nans == Nans::kAllOnes && magnitude(bits) == ones) ||
                     (nans == Nans::kNegativeZero && bits == patterns() / 2);
    if (nan) return std::numeric_limits<double>::quiet_NaN();
    const bool infinite = nans == Nans::kUsual && all_ones_field;
    const double value = infinite ? std::numeric_limits<double>::infinity() : Number(magnitude(bits));
    return negative(bits) ? -value : value;
  }
};

inline const std::vector<PublishedFormat>& PublishedFormats() {
  using Nans = PublishedFormat::Nans;
  static const std::vector<PublishedFormat> formats = {
      // OCP 8-bit Floating Point Specification 1.0, tables 1 and 2, and its saturating conversions (5.3)
      {"e5m2", 5, 2, 15, 57344, Beyond::kInfinity, Nans::kUsual},
      {"e4m3", 4, 3, 7, 448, Beyond::kNan, Nans::kAllOnes},
      {"e5m2sat", 5, 2, 15, 57344, Beyond::kLargest, Nans::kUsual},
      {"e4m3sat", 4, 3, 7, 448, Beyond::kLargest, Nans::kAllOnes},
      // OCP Microscaling Formats 1.0, 5.3
      {"e3m2", 3, 2, 3, 28, Beyond::kLargest, Nans::kNone},
      {"e2m3", 2, 3, 1, 7.5, Beyond::kLargest, Nans::kNone},
      {"e2m1", 2, 1, 1, 6, Beyond::kLargest, Nans::kNone},
      // LLVM's APFloat and ml_dtypes
      {"e5m2fnuz", 5, 2, 16, 57344, Beyond::kNan, Nans::kNegativeZero},
      {"e4m3fnuz", 4, 3, 8, 240, Beyond::kNan, Nans::kNegativeZero},
      {"e4m3b11fnuz", 4, 3, 11, 30, Beyond::kNan, Nans::kNegativeZero},
      {"e4m3fnuzsat", 4, 3, 8, 240, Beyond::kLargest, Nans::kNegativeZero},
      {"e3m4", 3, 4, 3, 15.5, Beyond::kInfinity, Nans::kUsual},
      {"e4p4", 4, 3, 7, 240, Beyond::kInfinity, Nans::kUsual},
  };
  return formats;
}

// The magnitudes of a format in their order, as they would go on beyond the largest.
inline std::vector<double> MagnitudesOf(const PublishedFormat& format) {
  std::vector<double> magnitudes;
  while (magnitudes.empty() || magnitudes.back() < 0x1p130) magnitudes.push_back(format.Number(magnitudes.size()));
  return magnitudes;
}

struct RoundedNumber {
  double value;  // infinite for an overflow away from zero
  bool exact, overflow;
};

// A number below 2^130 rounded, by its place among all magnitudes.
inline RoundedNumber RoundByTable(const std::vector<double>& magnitudes, double largest, Rounding rounding, double x) {
  const double magnitude = std::fabs(x);
  const bool negative = std::signbit(x);
  const auto next = std::upper_bound(magnitudes.begin(), magnitudes.end(), magnitude);
  const double above = *next, below = *std::prev(next);
  const bool exact = below == magnitude, odd = (next - magnitudes.begin()) % 2 == 0;  // of the one below
  const double from_below = magnitude - below, from_above = above - magnitude;
  const bool nearest = rounding == Rounding::kNearestEven || rounding == Rounding::kNearestAway;
  const bool outward = rounding == (negative ? Rounding::kDown : Rounding::kUp);
  bool up = !exact && (outward || (rounding == Rounding::kToOdd && !odd));
  if (nearest)
    up = from_below > from_above || (from_below == from_above && (odd || rounding != Rounding::kNearestEven));
  const double rounded = up ? above : below;
  if (rounded <= largest) return {std::copysign(rounded, x), exact, false};
  const double instead = nearest || outward ? std::numeric_limits<double>::infinity() : largest;
  return {std::copysign(instead, x), false, true};
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_PUBLISHED_FORMATS_H_
