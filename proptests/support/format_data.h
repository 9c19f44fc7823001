// Operands for the tests of products in other formats: bit patterns aimed at the edges of a Format, from a seed.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_FORMAT_DATA_H_
#define FPLAB_PROPTESTS_SUPPORT_FORMAT_DATA_H_

#include <algorithm>
#include <cstdint>

#include <fplab/fparith/float/format.h>
#include "proptests/support/kernel_data.h"

namespace fplab {

// A pattern of `format` as DrawFloat draws one of binary32. kUnderflow: products are around min normal of `sums`, the
// format that they are added in, as far as `format` reaches.
inline uint64_t DrawPattern(WordSource& source, const Format& format, const Format& sums, Palette palette) {
  const uint64_t sign = source.Below(2) != 0 ? format.SignMask() : 0;
  const uint64_t random = source.Next() & format.FractionMask();
  const uint64_t few = source.Below(4);
  const uint64_t fraction = source.Below(3) == 0 ? (source.Below(2) != 0 ? few : format.FractionMask() - few) : random;
  const auto with_field = [&](int low, int high) {
    const int top = format.MaxExponentField() - 1;
    low = std::clamp(low, 0, top);
    high = std::clamp(high, low, top);
    const auto field = static_cast<uint64_t>(low) + source.Below(static_cast<uint32_t>(high - low + 1));
    return sign | field << format.FractionBits() | fraction;
  };
  const int middle = format.Bias() + sums.MinExponent() / 2;
  switch (palette) {
    case Palette::kOrdinary:
      return with_field(format.Bias() - 4, format.Bias() + 4);
    case Palette::kSubnormal:
      switch (source.Below(8)) {
        case 0:
          return sign;
        case 1:
        case 2:  // lifts a subnormal into the normal range, or sinks a normal number
          return with_field(format.Bias() - 3, format.Bias() + sums.precision);
        default:
          return sign | fraction >> source.Below(static_cast<uint32_t>(format.FractionBits()));
      }
    case Palette::kUnderflow:
      return with_field(middle - 3, middle + 2);
    case Palette::kBoundary: {
      const uint64_t centres[] = {4,
                                  format.MinNormal() / 2,
                                  format.MinNormal(),
                                  2 * format.MinNormal(),
                                  format.One(),
                                  format.One() - format.MinNormal(),
                                  format.MaxFinite() - 4};
      return sign | (centres[source.Below(std::size(centres))] + source.Below(9) - 4);
    }
    case Palette::kMixed:
      return with_field(0, format.MaxExponentField() - 1);
    case Palette::kEverything: {
      const uint64_t specials[] = {0, format.Infinity(), format.CanonicalNan(), format.Infinity() + 1};
      if (source.Below(8) == 0) return sign | specials[source.Below(std::size(specials))];
      return source.Next() & format.Mask();
    }
  }
  return 0;
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_FORMAT_DATA_H_
