// Text of values of wide formats: as fparith/text/float_text.h has it of a Format.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_TEXT_WIDE_TEXT_H_
#define FPLAB_FPARITH_TEXT_WIDE_TEXT_H_

#include <string>
#include <string_view>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/float/wide_format.h>
#include <fplab/fparith/mode/mode.h>

namespace fplab {

// "0x1.8p-16382", "inf", "nan"; a subnormal number begins with "0x0.".
FPLAB_EXPORT std::string HexFloat(const WideFormat& format, WideBits bits);

// WideFormat::Encoding in hexadecimal, its width rounded up to whole digits: "0x3fff8000000000000000" is 1 of x87.
FPLAB_EXPORT std::string HexBits(const WideFormat& format, WideBits bits);

// The exact value if 9 significant digits or fewer write it, otherwise the shortest decimal that ParseFloat reads back
// in round-to-nearest-even, the closest one of that length.
FPLAB_EXPORT std::string Decimal(const WideFormat& format, WideBits bits);

// The value of a literal, correctly rounded. `exact` (if not null) is set to whether no rounding happened. Throws Error
// that quotes the text: malformed, longer than 4096 characters, or beyond max finite after rounding.
FPLAB_EXPORT WideBits ParseFloat(const WideFormat& format, std::string_view text, Rounding rounding,
                                 bool* exact = nullptr);
// To nearest-even.
inline WideBits ParseFloat(const WideFormat& format, std::string_view text, bool* exact = nullptr) {
  return ParseFloat(format, text, Rounding::kNearestEven, exact);
}

}  // namespace fplab

#endif  // FPLAB_FPARITH_TEXT_WIDE_TEXT_H_
