// How numbers are shown in messages, and written as C++ and as operands of `fplab refute --at`. By integer operations:
// the same in every mode.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_PROPERTY_VALUE_TEXT_H_
#define FPLAB_PROPTESTS_PROPERTY_VALUE_TEXT_H_

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/text/float_text.h>

namespace fplab::proptests {

// "0x1.8p-126 [0x00c00000] 1.7632415e-38"
inline std::string ValueText(const Format& format, uint64_t bits) {
  return fmt::format("{} [{}] {}", HexFloat(format, bits), HexBits(format, bits), Decimal(format, bits));
}

// An expression of C++ with exactly these bits: "0x1.8p-126f", "fplab::FloatFromBits(0x7fc00000)".
template <HardwareFloat T>
std::string CodeText(T value) {
  const bool is_float = sizeof(T) == sizeof(float);
  const Format format = is_float ? kBinary32 : kBinary64;
  if (IsFinite(value)) return HexFloat(format, ToBits(value)) + (is_float ? "f" : "");
  return fmt::format("fplab::{}FromBits({})", is_float ? "Float" : "Double", HexBits(format, ToBits(value)));
}
// Of a number of any format: its pattern, "0x3c00".
inline std::string CodeText(uint64_t bits) { return fmt::format("{:#x}", bits); }

// An expression of fplab's language of statements with exactly these bits: "0x1.8p-126", "inf",
// "from_bits(0x7fc00001)".
inline std::string StatementText(const Format& format, uint64_t bits) {
  if (format.IsNan(bits) && bits != format.CanonicalNan()) {
    return fmt::format("from_bits({}, {})", HexBits(format, bits), Name(format));
  }
  return HexFloat(format, bits);
}

}  // namespace fplab::proptests

#endif  // FPLAB_PROPTESTS_PROPERTY_VALUE_TEXT_H_
