// Text forms of bit patterns by integer operations.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/text/bits_text.h>

#include <fmt/format.h>

namespace fplab {
namespace {

template <HardwareFloat T>
std::string HexFloatOf(T x) {
  using L = Layout<T>;
  const std::string sign = SignBit(x) ? "-" : "";
  if (IsNan(x)) return sign + "nan";
  if (IsInfinite(x)) return sign + "inf";
  if (IsZero(x)) return sign + "0x0p+0";
  // A fraction field of 23 or 52 bits, left-aligned to whole hexadecimal digits.
  constexpr int kDigits = (L::kFractionBits + 3) / 4;
  std::string digits = fmt::format("{:0{}x}", FractionField(x) << (4 * kDigits - L::kFractionBits), kDigits);
  digits.erase(digits.find_last_not_of('0') + 1);
  const bool subnormal = IsSubnormal(x);
  const int exponent = (subnormal ? 1 : ExponentField(x)) - L::kBias;
  return fmt::format("{}0x{}{}{}p{:+d}", sign, subnormal ? 0 : 1, digits.empty() ? "" : ".", digits, exponent);
}

template <HardwareFloat T>
std::string HexBitsOf(T x) {
  return fmt::format("0x{:0{}x}", ToBits(x), Layout<T>::kWidth / 4);
}

template <HardwareFloat T>
std::string BitFieldsOf(T x) {
  return fmt::format("{:d} {:0{}b} {:0{}b}", SignBit(x) ? 1 : 0, static_cast<unsigned>(ExponentField(x)),
                     Layout<T>::kExponentBits, FractionField(x), Layout<T>::kFractionBits);
}

}  // namespace

std::string HexFloat(float x) { return HexFloatOf(x); }
std::string HexFloat(double x) { return HexFloatOf(x); }
std::string HexBits(float x) { return HexBitsOf(x); }
std::string HexBits(double x) { return HexBitsOf(x); }
std::string BitFields(float x) { return BitFieldsOf(x); }
std::string BitFields(double x) { return BitFieldsOf(x); }

}  // namespace fplab
