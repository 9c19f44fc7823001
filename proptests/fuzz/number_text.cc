// Fuzzes numbers as text: what is read and written again is the same number, and the C library reads the same one.
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdlib>
#include <string>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/text/float_text.h>
#include "proptests/fuzz/fuzz.h"

namespace fplab::fuzz {
namespace {

// What strtof and strtod read, for the formats that they have. The locale is C's.
void RequireAsTheCLibrary(const Format& format, const std::string& text, uint64_t bits) {
  if (format == kBinary32) Require(ToBits(std::strtof(text.c_str(), nullptr)) == bits, "strtof reads the same number");
  if (format == kBinary64) Require(ToBits(std::strtod(text.c_str(), nullptr)) == bits, "strtod reads the same number");
}

void Try(FuzzedDataProvider& input) {
  const Format& format = input.PickValueInArray(kTextFormats);
  const auto rounding = input.PickValueInArray(kAllRoundings);
  const std::string text = input.ConsumeRemainingBytesAsString();
  ReadNumber number;
  if (!Accepted([&] { number = ParseNumber(format, text, rounding); })) return;
  Require((number.bits & ~format.Mask()) == 0, "what is read is a value of the format");
  bool exact = false;
  uint64_t bits = 0;
  if (!Accepted([&] { bits = ParseFloat(format, text, rounding, &exact); })) return;
  Require((bits & ~format.Mask()) == 0 && format.IsFinite(bits), "a literal is a finite number of the format");
  Require(number.bits == bits && number.exact == exact && !number.overflow, "a number is read as its literal");
  Require(ParseFloat(format, Decimal(format, bits)) == bits, "Decimal is read back");
  Require(ParseFloat(format, HexFloat(format, bits)) == bits, "HexFloat is read back");
  Require(ParseFloat(format, ExactDecimal(format, bits).substr(0, 4096)) == bits ||
              ExactDecimal(format, bits).size() > 4096,
          "ExactDecimal is read back");
  if (exact) {
    for (const Rounding other : kAllRoundings) {
      Require(ParseFloat(format, text, other) == bits, "an exact number does not depend on the direction");
    }
  }
  if (rounding == Rounding::kNearestEven) RequireAsTheCLibrary(format, text, bits);
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  fplab::fuzz::Try(input);
  return 0;
}
