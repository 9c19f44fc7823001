// Numbers of wide formats for tests, by stratum.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_WIDE_GENERATORS_H_
#define FPLAB_PROPTESTS_SUPPORT_WIDE_GENERATORS_H_

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include <fplab/fparith/float/wide_format.h>
#include "proptests/support/float_generators.h"

namespace fplab {

class WideGenerator {
 public:
  WideGenerator(const WideFormat& format, uint64_t seed) : format_(format), random_(seed) {}

  RandomBits& random() { return random_; }

  // Landmarks and their neighbours, powers of two, few-bit significands, subnormal numbers, infinities, NaNs, any
  // pattern at all.
  WideBits One() { return WithRandomSign(Magnitude()); }

  // A partner for `a`: unrelated, of related exponent, such that the product or the quotient is near min normal or max
  // finite, or `a` and its neighbours.
  WideBits Partner(WideBits a) {
    const int field = format_.ExponentField(a), bias = format_.Bias();
    switch (random_.Below(7)) {
      case 0:
        return WithExponentNear(field, 2);
      case 1:
        return WithExponentNear(field, format_.precision + 2);
      case 2:
        return WithExponentNear(bias + 1 - field, 1 + static_cast<int>(random_.Below(2)) * format_.precision);
      case 3:
        return WithExponentNear(field + bias - 1, 1 + static_cast<int>(random_.Below(2)) * format_.precision);
      case 4:
        return WithExponentNear(3 * bias - field, 2);
      case 5:
        return WithRandomSign(Clamp(format_.Magnitude(a) + static_cast<WideBits>(random_.Within(-2, 2))));
      default:
        return One();
    }
  }

  // An addend for a*b.
  WideBits Addend(WideBits a, WideBits b) {
    const int product = format_.ExponentField(a) + format_.ExponentField(b) - format_.Bias();
    switch (random_.Below(4)) {
      case 0:
        return WithExponentNear(product, 2);
      case 1:
        return WithExponentNear(product, format_.precision + 2);
      case 2:
        return WithExponentNear(product - format_.precision, format_.precision);
      default:
        return One();
    }
  }

 private:
  WideBits Any() { return static_cast<WideBits>(random_()) << 64 | random_(); }

  // Often only a few bits at either end, so that products are exact or ties; often all.
  WideBits AnyFraction() {
    const auto cut = static_cast<int>(random_.Below(static_cast<uint64_t>(format_.precision)));
    const WideBits all = format_.FractionMask();
    switch (random_.Below(4)) {
      case 0:
        return Any() & all & ~(all >> cut);
      case 1:
        return Any() & (all >> cut);
      case 2:
        return (Any() & (all >> cut)) ^ all;  // ones above
      default:
        return Any() & all;
    }
  }

  WideBits WithExponentNear(int field, int spread) {
    const int chosen =
        std::clamp(field + static_cast<int>(random_.Within(-spread, spread)), 0, format_.MaxExponentField() - 1);
    return WithRandomSign(static_cast<WideBits>(chosen) << format_.FractionBits() | AnyFraction());
  }

  WideBits Magnitude() {
    const auto near = [&](WideBits landmark) { return Clamp(landmark + static_cast<WideBits>(random_.Within(-3, 3))); };
    switch (random_.Below(12)) {
      case 0:
        return 0;
      case 1:
        return near(2);  // the least subnormal numbers
      case 2:
        return AnyFraction();
      case 3:
        return near(format_.MinNormal());
      case 4:
        return near(format_.One());
      case 5:
        return static_cast<WideBits>(random_.Below(static_cast<uint64_t>(format_.MaxExponentField())))
               << format_.FractionBits();
      case 6:
        return near(format_.MaxFinite());
      case 7:
        return WideBits{1} << random_.Below(static_cast<uint64_t>(format_.FractionBits()));
      case 8:
        return format_.Magnitude(WithExponentNear(1, 2));
      case 9:
        return format_.Magnitude(WithExponentNear(format_.Bias(), 3));
      case 10:
        return random_.Below(4) == 0 ? format_.CanonicalNan() : format_.Infinity();
      default:
        return format_.Magnitude(WithExponentNear(format_.Bias(), format_.Bias()));
    }
  }

  WideBits WithRandomSign(WideBits magnitude) { return format_.WithSign(random_.Below(2) != 0, magnitude); }

  // Zero for what is below it by wrap-around, and the infinity for what is beyond.
  WideBits Clamp(WideBits magnitude) const {
    if (magnitude <= format_.Infinity()) return magnitude;
    return magnitude >> 127 != 0 ? 0 : format_.Infinity();
  }

  WideFormat format_;
  RandomBits random_;
};

// "0x3fff8000000000000000" and so on: what memory holds.
inline std::string ShowWide(const WideFormat& format, WideBits bits) {
  const WideBits encoding = format.Encoding(bits);
  return fmt::format("{:#x}'{:016x}", static_cast<uint64_t>(encoding >> 64), static_cast<uint64_t>(encoding));
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_WIDE_GENERATORS_H_
