// Text of values of any Format: printing and parsing decimal and hexadecimal literals, by integer operations only, so
// that they mean the same in every mode.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_TEXT_FLOAT_TEXT_H_
#define FPLAB_FPARITH_TEXT_FLOAT_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/mode/mode.h>

namespace fplab {

// "0x1.8p-126", "-0x0.000002p-126" for subnormals, "0x0p+0", "inf", "nan": as fparith/text/bits_text.h, for any format.
FPLAB_EXPORT std::string HexFloat(const Format& format, uint64_t bits);

// "0x00400000": all bits in hexadecimal, the format's width rounded up to whole digits.
FPLAB_EXPORT std::string HexBits(const Format& format, uint64_t bits);

// "0 00000000 10000000000000000000000": sign, exponent and fraction in binary.
FPLAB_EXPORT std::string BitFields(const Format& format, uint64_t bits);

// The exact value if 9 significant digits or fewer write it, otherwise the shortest decimal that ParseFloat reads back
// as `bits` in round-to-nearest-even, the closest one of that length: "448", "0.1", "1e-40", "-0", "16777216", "inf",
// "nan". Positional for decimal exponents -5 .. 15, scientific otherwise.
FPLAB_EXPORT std::string Decimal(const Format& format, uint64_t bits);

// The exact decimal expansion of a finite value: "0.100000001490116119384765625". Up to 1074 digits after the point.
FPLAB_EXPORT std::string ExactDecimal(const Format& format, uint64_t bits);

// The value of a literal, correctly rounded (subnormals included, no flushing). Accepts an optional sign, then decimal
// "12", ".5", "1.25e-40" or hexadecimal "0x1.8p-126" (the exponent optional). `exact` (if not null) is set to whether
// no rounding happened. Throws Error that quotes the text: malformed, longer than 4096 characters, or magnitude beyond
// max finite after rounding ("inf" and "nan" are malformed too).
FPLAB_EXPORT uint64_t ParseFloat(const Format& format, std::string_view text,
                                 Rounding rounding = Rounding::kNearestEven, bool* exact = nullptr);

// A number as a person writes it, in a format.
struct ReadNumber {
  uint64_t bits = 0;
  bool exact = true;      // no rounding happened
  bool overflow = false;  // the magnitude is beyond max finite after rounding
};

// As ParseFloat, and "inf", "infinity", "nan" and "snan(0x1)" (nan_text.h) in any capitalisation, a sign before them
// kept. A number beyond max
// finite is what an operation of such a result gives in the direction: Format::InfiniteResult or max finite. Throws
// Error that quotes the text: malformed, longer than 4096 characters, an infinity or a NaN that the format lacks.
FPLAB_EXPORT ReadNumber ParseNumber(const Format& format, std::string_view text,
                                    Rounding rounding = Rounding::kNearestEven);

}  // namespace fplab

#endif  // FPLAB_FPARITH_TEXT_FLOAT_TEXT_H_
