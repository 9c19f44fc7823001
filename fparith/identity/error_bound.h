// ErrorBound: the largest error of an expression, in ulps, and the operands that attain it.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_IDENTITY_ERROR_BOUND_H_
#define FPLAB_FPARITH_IDENTITY_ERROR_BOUND_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/identity/search.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::identity {

// The largest error among cases in which no result overflows or is NaN.
struct LargestError {
  double ulps = 0;
  std::vector<uint64_t> operands;  // that attain it; none if no case has an error
};

struct ModeBound {
  Mode mode;
  LargestError in_range;      // of all such cases
  LargestError no_underflow;  // of those in which neither operands nor results are subnormal or tiny
  // Every tuple of operands was tried: the bounds are exact. Otherwise they are the largest that were found.
  bool exhaustive = false;
  bool stopped = false;  // by SearchOptions::progress
  uint64_t judged = 0;   // tuples, by the longest search
};

struct ErrorBounds {
  statement::Expression expression;  // `value` compared with itself, or with the other
  std::vector<ModeBound> bounds;     // by mode
};

// The error of `value`, an expression that is a number, in each of options.modes on options.targets[0]. It is
// |computed - exact| in ulps of the exact value, as ExactReal::ErrorInUlps (statement/exact_real.h) has them; "exact"
// is the same expression on the same operands in binary64, so that the format has 24 bits of precision at most. Where
// binary64 rounds and the rest cancels, that shows: an error is then off by up to 2^-29 of an ulp times the
// cancellation in binary32, 2^-42 in binary16; neither operands nor literals of it are wide. Roundings (to integers and
// by conversion) are the exact value's too, but for conversions between formats; a choice is made as it is computed.
//
// Or, with `against`, the steps between the two computed values (ulps(a, b) of the language), in any format that is not
// wide.
//
// `arithmetic` is Expression::arithmetic.
//
// Throws ExpressionError for the expressions, Error for operations that have no exact counterpart here.
FPLAB_EXPORT ErrorBounds BoundError(std::string_view value, const statement::Type& format,
                                    const SearchOptions& options = {}, std::string_view against = "",
                                    std::string_view when = "",
                                    const model::Environment& arithmetic = model::HardwareEnvironment(kIeee));
inline ErrorBounds BoundError(std::string_view value, const Format& format, const SearchOptions& options = {},
                              std::string_view against = "", std::string_view when = "",
                              const model::Environment& arithmetic = model::HardwareEnvironment(kIeee)) {
  return BoundError(value, statement::Type::Number(format), options, against, when, arithmetic);
}

}  // namespace fplab::identity

#endif  // FPLAB_FPARITH_IDENTITY_ERROR_BOUND_H_
