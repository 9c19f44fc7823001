// RapidCheck's generators of floats: by stratum, of any format, shrinking to readable numbers. Its own generator of
// float never makes a subnormal, an infinity or a NaN.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_PROPERTY_GENERATORS_H_
#define FPLAB_PROPTESTS_PROPERTY_GENERATORS_H_

#include <rapidcheck.h>

#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/format.h>
#include <fplab/proptests/property/float_strata.h>
#include <fplab/proptests/property/simpler_operands.h>

namespace fplab::proptests {

// The format of a C++ type.
template <HardwareFloat T>
inline constexpr Format kFormatOf = sizeof(T) == sizeof(float) ? kBinary32 : kBinary64;

// draw(seed) of seeds of 64 bits, whatever RapidCheck's size; nothing shrinks.
template <typename Draw>
auto DrawnFromSeed(Draw draw) {
  return rc::gen::noShrink(
      rc::gen::map(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<uint64_t>()), std::move(draw)));
}

// Bit patterns of values of `format` (FloatStrata::One), shrinking by SimplerOperands.
inline rc::Gen<uint64_t> FloatBits(const Format& format, Specials specials = Specials::kFiniteOnly) {
  return rc::gen::shrink(
      DrawnFromSeed([format, specials](uint64_t seed) { return FloatStrata(format, specials, seed).One(); }),
      [format](uint64_t bits) {
        std::vector<uint64_t> simpler;
        for (const std::vector<uint64_t>& one : SimplerOperands(format, {bits})) simpler.push_back(one[0]);
        return rc::seq::fromContainer(std::move(simpler));
      });
}

// The same as numbers of T: `const float x = *Floats<float>();`. RapidCheck prints them with six digits; Operands
// (operands.h) print as code.
template <HardwareFloat T>
rc::Gen<T> Floats(Specials specials = Specials::kFiniteOnly) {
  return rc::gen::map(FloatBits(kFormatOf<T>, specials),
                      [](uint64_t bits) { return std::bit_cast<T>(static_cast<BitsOf<T>>(bits)); });
}

}  // namespace fplab::proptests

#endif  // FPLAB_PROPTESTS_PROPERTY_GENERATORS_H_
