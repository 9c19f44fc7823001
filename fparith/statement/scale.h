// Inside elaborator: scales (E8M0) as operations on their patterns, so that whatever evaluates, proves or emits
// integers has them. Not for callers. SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_SCALE_H_
#define FPLAB_FPARITH_STATEMENT_SCALE_H_

#include <optional>

#include <fplab/fparith/mode/mode.h>
#include <fplab/fparith/statement/expression_builder.h>

namespace fplab::statement {

// How a conversion to a scale rounds: as the instructions of its surroundings do.
struct ScaleRounding {
  bool ieee = false;
  std::optional<Rounding> rounding;
  bool saturates = false;
};

// Appends the value of a scale as a number of binary64, which holds them all; `span` is that of the whole.
int AppendScaleValue(ExpressionBuilder& builder, int scale, ExpressionBuilder::Span span);

// Appends the scale that a number of binary64 becomes: the power of two that it rounds to. To nearest, the middle of
// two goes to the larger, as IEEE 754-2019 has it where no significand is even (4.3.1). Zeros and what lies below
// become 2^-127. Infinities, what overflows, negative numbers and NaN become NaN; of a saturating one 2^127, 2^-127 and
// NaN.
int AppendScale(ExpressionBuilder& builder, int number, const ScaleRounding& how, ExpressionBuilder::Span span);

// Appends whether the scale is NaN.
int AppendScaleIsNan(ExpressionBuilder& builder, int scale, ExpressionBuilder::Span span);

// Appends whether a < b, or a <= b: false if either is NaN.
int AppendScaleIsLess(ExpressionBuilder& builder, int a, int b, bool or_equal, ExpressionBuilder::Span span);

// The pattern of a power of two of binary64; nullopt if it is no scale.
std::optional<uint64_t> ScaleOf(uint64_t number);

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_SCALE_H_
