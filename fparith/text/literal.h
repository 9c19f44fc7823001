// Inside float text: literals taken apart, and their values before they are rounded. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_TEXT_LITERAL_H_
#define FPLAB_FPARITH_TEXT_LITERAL_H_

#include <cstdint>
#include <string>
#include <string_view>

#include <fplab/fparith/float/wide_format.h>

namespace fplab {

// A literal's digits (the point taken out, no leading zeros: none at all for a zero), how many stood after the point,
// and the exponent, clamped to a million either way.
struct Literal {
  std::string digits;
  int after_point = 0;
  int exponent = 0;
  bool negative = false;
  bool hex = false;
};

// Throws Error that quotes the text: malformed, or longer than 4096 characters.
Literal ParseLiteral(std::string_view text);

// A positive value as RoundPack wants it: significand / 2^(its bits - 1) * 2^exponent, the leading bit set, the last
// one sticky. Significand is uint64_t, of a Format, or WideBits.
template <typename Significand>
struct Unrounded {
  int exponent;
  Significand significand;
};

// The magnitude of a literal. Precondition: it has digits.
template <typename Significand>
Unrounded<Significand> UnroundedValue(const Literal& literal);

// 0.d1d2d3... * 10^point. Precondition: d1 is not '0'.
template <typename Significand>
Unrounded<Significand> UnroundedDecimal(std::string_view digits, int point);

// Takes a sign off the front of the text; whether it is a minus.
bool TakeSign(std::string_view& text);

// The beginning of a text for an error, cut between characters.
std::string Quotable(std::string_view text);

}  // namespace fplab

#endif  // FPLAB_FPARITH_TEXT_LITERAL_H_
