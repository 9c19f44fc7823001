// FloatStrata: values of any Format, by bit pattern, from the strata where floating point goes wrong, and partners
// related to them. What it draws depends on format, specials and seed alone.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_PROPERTY_FLOAT_STRATA_H_
#define FPLAB_PROPTESTS_PROPERTY_FLOAT_STRATA_H_

#include <algorithm>
#include <cstdint>

#include <fplab/fparith/float/format.h>
#include <fplab/fparith/identity/operand_generator.h>

namespace fplab::proptests {

// A deterministic source of bits.
class RandomBits {
 public:
  explicit RandomBits(uint64_t seed) : source_(seed) {}

  uint64_t operator()() { return source_.Next(); }
  // 0 .. bound-1; the bias of the modulo does not matter here.
  uint64_t Below(uint64_t bound) { return (*this)() % bound; }
  int64_t Within(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(Below(static_cast<uint64_t>(high - low) + 1));
  }

 private:
  identity::RandomBits source_;
};

enum class Specials : bool { kFiniteOnly, kAll };  // kAll: infinities and NaNs too

class FloatStrata {
 public:
  FloatStrata(const Format& format, Specials specials, uint64_t seed)
      : format_(format), specials_(specials), random_(seed) {}

  const Format& format() const { return format_; }
  RandomBits& random() { return random_; }

  // One value: landmarks and their neighbours, powers of two, few-bit significands, subnormals, any pattern at all.
  uint64_t One() {
    const uint64_t magnitude = Clamp(Magnitude());
    return WithRandomSign(magnitude);
  }

  // A value whose exponent field is near `field` (clamped to the format), with any significand and sign.
  uint64_t WithExponentNear(int64_t field, int spread) {
    const int64_t chosen = std::clamp<int64_t>(field + random_.Within(-spread, spread), 0, format_.MaxExponentField());
    const uint64_t significand = random_() & SignificandMask();
    const uint64_t bits = static_cast<uint64_t>(chosen) << format_.FractionBits() | significand;
    return WithRandomSign(Clamp(bits));
  }

  // A partner for `a`: unrelated; of related exponent; or such that product, or quotient, is near min normal.
  uint64_t Partner(uint64_t a) {
    const int64_t field = format_.ExponentField(a), bias = format_.Bias();
    switch (random_.Below(6)) {
      case 0:
        return WithExponentNear(field, 2);
      case 1:
        return WithExponentNear(field, format_.precision + 2);
      case 2:
        return WithExponentNear(bias + 1 - field, 1 + static_cast<int>(random_.Below(2)) * format_.precision);
      case 3:
        return WithExponentNear(field + bias - 1, 1 + static_cast<int>(random_.Below(2)) * format_.precision);
      case 4:  // a itself or a neighbour, with either sign: cancellation
        return WithRandomSign(Clamp(format_.Magnitude(a) + static_cast<uint64_t>(random_.Within(-2, 2))));
      default:
        return One();
    }
  }

  // An addend for a*b: unrelated; near the product in size; or min normal and its like.
  uint64_t Addend(uint64_t a, uint64_t b) {
    const int64_t product = int64_t{format_.ExponentField(a)} + format_.ExponentField(b) - format_.Bias();
    switch (random_.Below(3)) {
      case 0:
        return WithExponentNear(product, 2);
      case 1:
        return WithExponentNear(product, format_.precision + 2);
      default:
        return One();
    }
  }

 private:
  // Often only the top few bits, so that products and halves are exact or ties; often all.
  uint64_t SignificandMask() {
    const auto bits = static_cast<uint64_t>(format_.FractionBits());
    switch (random_.Below(3)) {
      case 0:
        return format_.FractionMask() & ~(format_.FractionMask() >> random_.Below(bits + 1));
      case 1:
        return format_.FractionMask() >> random_.Below(bits + 1);
      default:
        return format_.FractionMask();
    }
  }

  uint64_t Magnitude() {
    const uint64_t normal = format_.MinNormal(), fraction_bits = static_cast<uint64_t>(format_.FractionBits());
    const auto near = [&](uint64_t landmark) { return landmark + static_cast<uint64_t>(random_.Within(-3, 3)); };
    // 2^(precision-1) min normal: operands above are in the safe zone, whose sums flush in no mode.
    const uint64_t safe = normal + (fraction_bits << fraction_bits);
    switch (random_.Below(12)) {
      case 0:
        return 0;
      case 1:
        return near(2);  // the least subnormals
      case 2:
        return random_() & format_.FractionMask() & SignificandMask();
      case 3:
        return near(normal);
      case 4:
        return near(safe);
      case 5:
        return near(format_.One());
      case 6:
        return random_.Below(static_cast<uint64_t>(format_.MaxExponentField())) << fraction_bits;  // powers of two
      case 7:
        return near(format_.MaxFinite());
      case 8:
        return uint64_t{1} << random_.Below(fraction_bits);  // subnormal powers of two
      case 9:
        return format_.Magnitude(WithExponentNear(1, 2));
      case 10:
        return format_.Magnitude(WithExponentNear(format_.Bias(), 3));
      default:
        return random_() & (format_.Mask() >> 1);
    }
  }

  // A zero with a sign is a NaN to some formats.
  uint64_t WithRandomSign(uint64_t magnitude) {
    if (random_.Below(2) == 0) return magnitude;
    return specials_ == Specials::kAll ? magnitude | format_.SignMask() : format_.WithSign(true, magnitude);
  }

  uint64_t Clamp(uint64_t magnitude) {
    const uint64_t limit = specials_ == Specials::kAll ? format_.Mask() >> 1 : format_.MaxFinite();
    if (magnitude <= limit) return magnitude;
    // Below zero by wrap-around, or beyond the last value.
    return (magnitude >> 63) != 0 ? 0 : limit;
  }

  Format format_;
  Specials specials_;
  RandomBits random_;
};

}  // namespace fplab::proptests

#endif  // FPLAB_PROPTESTS_PROPERTY_FLOAT_STRATA_H_
