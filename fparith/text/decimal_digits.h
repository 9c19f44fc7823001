// Inside float text: decimal digits of numbers, and how they are written. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_TEXT_DECIMAL_DIGITS_H_
#define FPLAB_FPARITH_TEXT_DECIMAL_DIGITS_H_

#include <functional>
#include <string>

#include <fplab/fparith/text/natural.h>

namespace fplab {

// 0.d1d2d3... * 10^point, d1 and the last digit not zero.
struct Digits {
  std::string digits;
  int point;
};

// All digits of an integer times 2^exponent. Precondition: it is not zero.
Digits ExactDigits(Natural integer, int exponent);

// The digits that ExactDigits gave, if they are 9 or fewer, otherwise the fewest that `reads_back` is true of, the
// closest of that length. `precision` is that of the number's format.
Digits ShortestDigits(const Digits& exact, int precision, const std::function<bool(const Digits&)>& reads_back);

// "0.001"; "16777216".
std::string Positional(const Digits& number);
// That for decimal exponents -5 .. 15, scientific otherwise: "1e-40".
std::string PositionalOrScientific(const Digits& number);

}  // namespace fplab

#endif  // FPLAB_FPARITH_TEXT_DECIMAL_DIGITS_H_
