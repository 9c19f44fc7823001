// Text forms of bit patterns, through fmt. Safe in any mode: the value is rendered from its bits by integer operations.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_TEXT_BITS_TEXT_H_
#define FPLAB_FPARITH_TEXT_BITS_TEXT_H_

#include <fmt/format.h>

#include <string>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/export.h>

namespace fplab {

// "0x1.8p-126", "-0x0.000002p-126" for subnormals (C's "%a" with the format's least exponent), "0x0p+0", "inf", "nan".
FPLAB_EXPORT std::string HexFloat(float x);
FPLAB_EXPORT std::string HexFloat(double x);

// "0x00400000": all bits in hexadecimal.
FPLAB_EXPORT std::string HexBits(float x);
FPLAB_EXPORT std::string HexBits(double x);

// "0 00000000 10000000000000000000000": sign, exponent and fraction in binary.
FPLAB_EXPORT std::string BitFields(float x);
FPLAB_EXPORT std::string BitFields(double x);

// Makes {} print a value as its hex-float and its bits, as test failures and counterexamples want it:
// fmt::format("{}", Shown(x)) gives "0x0.8p-126 [0x00400000]".
template <HardwareFloat T>
struct Shown {
  explicit Shown(T v) : value(v) {}
  T value;
};

}  // namespace fplab

template <typename T>
struct fmt::formatter<fplab::Shown<T>> : fmt::formatter<std::string> {
  template <typename Context>
  auto format(const fplab::Shown<T>& shown, Context& context) const {
    return fmt::formatter<std::string>::format(fplab::HexFloat(shown.value) + " [" + fplab::HexBits(shown.value) + "]",
                                               context);
  }
};

#endif  // FPLAB_FPARITH_TEXT_BITS_TEXT_H_
