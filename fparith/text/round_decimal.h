// Inside float text: exact decimals to the values of a format, without errors. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_TEXT_ROUND_DECIMAL_H_
#define FPLAB_FPARITH_TEXT_ROUND_DECIMAL_H_

#include <string_view>

#include <fplab/fparith/model/model.h>

namespace fplab {

// 0.d1d2d3... * 10^point, rounded to `format`, with the flags that raises. Precondition: d1 is not '0'.
model::Outcome RoundDecimal(const Format& format, Rounding rounding, bool sign, std::string_view digits, int point);

}  // namespace fplab

#endif  // FPLAB_FPARITH_TEXT_ROUND_DECIMAL_H_
