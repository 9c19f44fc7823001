// Scales by shifts of binary64's exponent field, and their rounding by one addition.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/scale.h>

#include <array>

namespace fplab::statement {
namespace {

constexpr Format kNumber = kBinary64;
constexpr Type kPattern = Type::Integer(64, /*is_signed=*/false);
// A scale's pattern and this are the exponent field of its value.
constexpr uint64_t kFieldOffset = static_cast<uint64_t>(kNumber.Bias() - Type::kScaleBias);

constexpr uint64_t PowerOfTwo(int exponent) {
  return static_cast<uint64_t>(kNumber.Bias() + exponent) << kNumber.FractionBits();
}

// Appends steps that no text names: traces leave them out.
class Steps {
 public:
  Steps(ExpressionBuilder& builder, ExpressionBuilder::Span span) : builder_(builder), span_{span.end, span.end} {}

  int Append(Op op, const Type& type, std::array<int, 3> args, const ScaleRounding& how = {}) {
    Instruction instruction{op, type};
    instruction.ieee = how.ieee;
    instruction.rounding = how.rounding;
    instruction.args = args;
    instruction.begin = span_.begin;
    instruction.end = span_.end;
    return builder_.Append(instruction);
  }
  int Number(uint64_t bits) { return builder_.Constant(Type::Number(kNumber), bits, span_); }
  int Integer(const Type& type, uint64_t value) { return builder_.Constant(type, value, span_); }
  int OnPatterns(Op op, int a, uint64_t b) { return Append(op, kPattern, {a, Integer(kPattern, b), -1}); }
  int Truth(Op op, int a, int b = -1) { return Append(op, Type::Truth(), {a, b, -1}); }
  int Choice(int condition, int a, int b) { return Append(Op::kSelect, builder_.TypeAt(a), {condition, a, b}); }
  int FromPattern(int pattern) { return Append(Op::kFromBits, Type::Number(kNumber), {pattern, -1, -1}); }
  int ToPattern(int number) { return Append(Op::kBits, kPattern, {number, -1, -1}); }

 private:
  ExpressionBuilder& builder_;
  ExpressionBuilder::Span span_;
};

// The last step has the text of the whole.
int Finish(ExpressionBuilder& builder, Op op, const Type& type, std::array<int, 3> args, ExpressionBuilder::Span span) {
  Instruction instruction{op, type};
  instruction.args = args;
  instruction.begin = span.begin;
  instruction.end = span.end;
  return builder.Append(instruction);
}

}  // namespace

int AppendScaleValue(ExpressionBuilder& builder, int scale, ExpressionBuilder::Span span) {
  Steps steps(builder, span);
  const int field =
      steps.OnPatterns(Op::kIntAdd, steps.Append(Op::kIntConvert, kPattern, {scale, -1, -1}), kFieldOffset);
  const int number =
      steps.FromPattern(steps.OnPatterns(Op::kIntShiftLeft, field, static_cast<uint64_t>(kNumber.FractionBits())));
  const int is_nan = AppendScaleIsNan(builder, scale, {span.end, span.end});
  const int nan = steps.Number(kNumber.CanonicalNan());
  return Finish(builder, Op::kSelect, Type::Number(kNumber), {is_nan, nan, number}, span);
}

int AppendScale(ExpressionBuilder& builder, int number, const ScaleRounding& how, ExpressionBuilder::Span span) {
  Steps steps(builder, span);
  const int least = steps.Number(PowerOfTwo(-Type::kScaleBias));
  // The greatest that directions towards zero do not take for an overflow, and the others do.
  const int most = steps.Number(PowerOfTwo(Type::kScaleBias + 1) - 1);
  const int above = steps.Choice(steps.Truth(Op::kLess, number, least), least, number);
  const int clamped = steps.Choice(steps.Truth(Op::kLess, most, above), most, above);
  // Beside 2^(e+52) a number of exponent e has no place for bits below its first: the sum rounds it to a power of two,
  // in whatever direction sums are rounded. Of 2^e and 2^(e+1) the second is the even multiple.
  const int magnitude = steps.OnPatterns(Op::kIntAnd, steps.ToPattern(clamped), kNumber.ExponentMask());
  const int large = steps.FromPattern(steps.OnPatterns(
      Op::kIntAdd, magnitude, static_cast<uint64_t>(kNumber.FractionBits()) << kNumber.FractionBits()));
  const int sum = steps.Append(Op::kAdd, Type::Number(kNumber), {clamped, large, -1}, how);
  const int power = steps.Append(Op::kSub, Type::Number(kNumber), {sum, large, -1}, how);
  const int field =
      steps.OnPatterns(Op::kIntShiftRight, steps.ToPattern(power), static_cast<uint64_t>(kNumber.FractionBits()));
  // Of 2^128, which overflows, this is the pattern of NaN.
  const int pattern =
      steps.Append(Op::kIntConvert, Type::Scale(), {steps.OnPatterns(Op::kIntSub, field, kFieldOffset), -1, -1});
  const int nan = steps.Integer(Type::Scale(), Type::kScaleNan);
  if (how.saturates) {
    const int greatest = steps.Integer(Type::Scale(), Type::Scale().Greatest());
    const int saturated = steps.Choice(AppendScaleIsNan(builder, pattern, {span.end, span.end}), greatest, pattern);
    return Finish(builder, Op::kSelect, Type::Scale(), {steps.Truth(Op::kIsNan, number), nan, saturated}, span);
  }
  const int is_positive = steps.Truth(Op::kLessEqual, steps.Number(0), number);
  const int is_finite = steps.Truth(Op::kLess, number, steps.Number(kNumber.Infinity()));
  const int has_scale = steps.Truth(Op::kAnd, is_positive, is_finite);
  return Finish(builder, Op::kSelect, Type::Scale(), {has_scale, pattern, nan}, span);
}

int AppendScaleIsNan(ExpressionBuilder& builder, int scale, ExpressionBuilder::Span span) {
  Steps steps(builder, span);
  const int nan = steps.Integer(Type::Scale(), Type::kScaleNan);
  return Finish(builder, Op::kIntEqual, Type::Truth(), {scale, nan, -1}, span);
}

int AppendScaleIsLess(ExpressionBuilder& builder, int a, int b, bool or_equal, ExpressionBuilder::Span span) {
  Steps steps(builder, span);
  // NaN has the greatest pattern: nothing else need be said of a.
  const int is_number = steps.Truth(Op::kNot, AppendScaleIsNan(builder, b, {span.end, span.end}));
  const int is_less = steps.Truth(or_equal ? Op::kIntLessEqual : Op::kIntLess, a, b);
  return Finish(builder, Op::kAnd, Type::Truth(), {is_less, is_number, -1}, span);
}

std::optional<uint64_t> ScaleOf(uint64_t number) {
  if (number < PowerOfTwo(-Type::kScaleBias) || number > PowerOfTwo(Type::kScaleBias)) return std::nullopt;
  if (kNumber.Fraction(number) != 0) return std::nullopt;
  return (number >> kNumber.FractionBits()) - kFieldOffset;
}

}  // namespace fplab::statement
