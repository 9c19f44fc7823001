// Operations on wide numbers, by the wide model.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/wide_operations.h>

#include <fplab/fparith/statement/operations.h>

namespace fplab::statement {
namespace {

model::WideOutcome Converted(const Type& from, const Type& to, const model::Environment& environment, WideBits a) {
  if (from.IsWide() && to.IsWide()) return model::Convert(from.wide, to.wide, environment, a);
  if (to.IsWide()) return model::Convert(from.format, to.wide, environment, static_cast<uint64_t>(a));
  const model::Outcome narrowed = model::Convert(from.wide, to.format, environment, a);
  return {narrowed.bits, narrowed.flags};
}

uint64_t Integer(const Instruction& instruction, const WideFormat& format, WideBits a) {
  const bool negative = format.SignBit(a);
  const Truncated whole = format.IsFinite(a)
                              ? statement::Truncate(negative, format.Significand(a), format.UnitExponent(a))
                              : Truncated{negative, false, 0, format.IsInfinite(a), format.IsNan(a)};
  return ToInteger(instruction.type, static_cast<OutOfRange>(instruction.value), whole);
}

// Quiet comparisons, which are what no mode changes here but raise invalid for a signaling NaN and know no NaN as
// equal.
model::WideOutcome Compared(Op op, const WideFormat& format, WideBits a, WideBits b) {
  const model::Flags flags = format.IsSignalingNan(a) || format.IsSignalingNan(b) ? model::kInvalid : model::Flags{0};
  if (format.IsNan(a) || format.IsNan(b)) return {0, flags};
  const bool less = format.IsLess(a, b), greater = format.IsLess(b, a);
  return {op == Op::kLessInMode ? less : op == Op::kLessEqualInMode ? !greater : !less && !greater, flags};
}

// Operations that no mode changes.
WideBits OnWideBits(const Instruction& instruction, const WideFormat& format, WideBits a, WideBits b) {
  const auto ordered = [&] { return !format.IsNan(a) && !format.IsNan(b); };
  switch (instruction.op) {
    case Op::kNegate:
      return a ^ format.SignMask();
    case Op::kAbs:
      return format.Magnitude(a);
    case Op::kCopySign:
      return format.WithSign(format.SignBit(b), format.Magnitude(a));
    case Op::kToInteger:
      return Integer(instruction, format, a);
    case Op::kLess:
      return ordered() && format.IsLess(a, b);
    case Op::kLessEqual:
      return ordered() && !format.IsLess(b, a);
    default:
      return JudgePatterns(instruction.op, format, a, b);
  }
}

}  // namespace

bool HasWideOperation(Op op) {
  switch (op) {
    case Op::kFma:
    case Op::kSqrt:
    case Op::kMin:
    case Op::kMax:
    case Op::kMinNum:
    case Op::kMaxNum:
    case Op::kMinimum:
    case Op::kMaximum:
    case Op::kMinimumNumber:
    case Op::kMaximumNumber:
    case Op::kEqualInMode:
    case Op::kLessInMode:
    case Op::kLessEqualInMode:
    case Op::kAbs:
    case Op::kCopySign:
    case Op::kIsFinite:
    case Op::kIsNan:
    case Op::kIsInfinite:
    case Op::kIsZero:
    case Op::kSignBit:
    case Op::kIsNormal:
    case Op::kIsSubnormal:
      return true;
    default:
      return false;
  }
}

model::WideOutcome ExecuteWide(const Instruction& instruction, const Type& operand,
                               const model::Environment& environment, WideBits a, WideBits b, WideBits c) {
  const WideFormat& format = operand.wide;
  switch (instruction.op) {
    case Op::kConstant:
      return {instruction.WideValue(), 0};
    case Op::kSelect:
      return {a != 0 ? b : c, 0};
    case Op::kConvert:
      return Converted(operand, instruction.type, environment, a);
    case Op::kFromInteger:
      return model::FromInteger(instruction.type.wide, environment, ModelTypeOf(operand), static_cast<uint64_t>(a));
    case Op::kAdd:
      return model::Add(format, environment, a, b);
    case Op::kSub:
      return model::Sub(format, environment, a, b);
    case Op::kMul:
      return model::Mul(format, environment, a, b);
    case Op::kDiv:
      return model::Div(format, environment, a, b);
    case Op::kFma:
      return model::Fma(format, environment, a, b, c);
    case Op::kSqrt:
      return model::Sqrt(format, environment, a);
    case Op::kEqualInMode:
    case Op::kLessInMode:
    case Op::kLessEqualInMode:
      return Compared(instruction.op, format, a, b);
    case Op::kMin:
      return model::X86Min(format, a, b);
    case Op::kMax:
      return model::X86Max(format, a, b);
    case Op::kMinNum:
      return model::MinNum(format, a, b);
    case Op::kMaxNum:
      return model::MaxNum(format, a, b);
    case Op::kMinimum:
      return model::Minimum(format, a, b);
    case Op::kMaximum:
      return model::Maximum(format, a, b);
    case Op::kMinimumNumber:
      return model::MinimumNumber(format, a, b);
    case Op::kMaximumNumber:
      return model::MaximumNumber(format, a, b);
    default:
      return {OnWideBits(instruction, format, a, b), 0};
  }
}

}  // namespace fplab::statement
