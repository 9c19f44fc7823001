// Types and evaluation of operations as data.
#include "fparith/model_function.h"

namespace fplab {

int Function::Arity() const {
  switch (operation) {
    case Operation::kSqrt:
    case Operation::kRoundToIntegral:
    case Operation::kConvert:
    case Operation::kToInteger:
    case Operation::kFromInteger:
      return 1;
    case Operation::kFma:
      return 3;
    default:
      return 2;
  }
}

ValueKind Function::OperandKind() const {
  return operation == Operation::kFromInteger ? ValueKind::kInteger : ValueKind::kFloat;
}

ValueKind Function::ResultKind() const {
  switch (operation) {
    case Operation::kEqual:
    case Operation::kLess:
    case Operation::kLessEqual:
    case Operation::kEqualSignaling:
    case Operation::kLessQuiet:
    case Operation::kLessEqualQuiet:
      return ValueKind::kTruth;
    case Operation::kToInteger:
      return ValueKind::kInteger;
    default:
      return ValueKind::kFloat;
  }
}

namespace {

using model::IntegerType;

int IntegerDigits(IntegerType type) { return type == IntegerType::kInt64 || type == IntegerType::kUint64 ? 16 : 8; }

}  // namespace

int Function::OperandDigits() const {
  return OperandKind() == ValueKind::kInteger ? IntegerDigits(integer) : format.HexDigits();
}

int Function::ResultDigits() const {
  switch (ResultKind()) {
    case ValueKind::kTruth:
      return 1;
    case ValueKind::kInteger:
      return IntegerDigits(integer);
    case ValueKind::kFloat:
      break;
  }
  return result_format.HexDigits();
}

bool Function::SameResult(uint64_t a, uint64_t b) const {
  return ResultKind() == ValueKind::kFloat ? result_format.SameBits(a, b) : a == b;
}

bool Function::SameButRounding(const Function& other) const {
  return operation == other.operation && format == other.format && result_format == other.result_format &&
         integer == other.integer && inexact == other.inexact;
}

Outcome Evaluate(const Function& function, const Environment& environment, uint64_t a, uint64_t b, uint64_t c) {
  if (function.rounding) {
    Environment fixed = environment;
    fixed.mode.rounding = *function.rounding;
    Function unfixed = function;
    unfixed.rounding.reset();
    return Evaluate(unfixed, fixed, a, b, c);
  }
  using model::NanComparison;
  const Format& format = function.format;
  switch (function.operation) {
    case Operation::kAdd:
      return model::Add(format, environment, a, b);
    case Operation::kSub:
      return model::Sub(format, environment, a, b);
    case Operation::kMul:
      return model::Mul(format, environment, a, b);
    case Operation::kDiv:
      return model::Div(format, environment, a, b);
    case Operation::kSqrt:
      return model::Sqrt(format, environment, a);
    case Operation::kFma:
      return model::Fma(format, environment, a, b, c);
    case Operation::kEqual:
      return model::Equal(format, environment, a, b, NanComparison::kQuiet);
    case Operation::kLess:
      return model::Less(format, environment, a, b, NanComparison::kSignaling);
    case Operation::kLessEqual:
      return model::LessEqual(format, environment, a, b, NanComparison::kSignaling);
    case Operation::kEqualSignaling:
      return model::Equal(format, environment, a, b, NanComparison::kSignaling);
    case Operation::kLessQuiet:
      return model::Less(format, environment, a, b, NanComparison::kQuiet);
    case Operation::kLessEqualQuiet:
      return model::LessEqual(format, environment, a, b, NanComparison::kQuiet);
    case Operation::kRoundToIntegral:
      return model::RoundToIntegral(format, environment, a, function.inexact);
    case Operation::kConvert:
      return model::Convert(format, function.result_format, environment, a);
    case Operation::kToInteger:
      return model::ToInteger(format, environment, function.integer, a, function.inexact);
    case Operation::kFromInteger:
      return model::FromInteger(function.result_format, environment, function.integer, a);
    case Operation::kMinimumNumber:
      return model::MinimumNumber(format, environment, a, b);
    case Operation::kMaximumNumber:
      return model::MaximumNumber(format, environment, a, b);
    case Operation::kX86Min:
      return model::X86Min(format, environment, a, b);
    case Operation::kX86Max:
      return model::X86Max(format, environment, a, b);
  }
  return {};
}

}  // namespace fplab
