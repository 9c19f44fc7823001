// Operations of the language, by the model's functions and the machine's instructions.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/operations.h>

#include <algorithm>
#include <bit>
#include <optional>
#include <vector>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/machine/detour.h>
#include <fplab/fparith/machine/hardware.h>
#include <fplab/fparith/model/function.h>

namespace fplab::statement {
namespace {

// Whether a control word has the direction.
bool HasRounding(Rounding rounding) { return rounding != Rounding::kNearestAway && rounding != Rounding::kToOdd; }

model::Function Rounded(const Format& format, std::optional<Rounding> rounding) {
  model::Function function = model::Function::On(model::Operation::kRoundToIntegral, format);
  function.rounding = rounding;
  function.inexact = model::InexactFlag::kRaise;
  return function;
}

std::optional<machine::Path> PathOf(const model::Function& function) {
  if (function.rounding && !HasRounding(*function.rounding)) return std::nullopt;
  if (machine::HardwareHas(function, machine::Path::kScalar)) return machine::Path::kScalar;
  return machine::WidestPath(function);
}

// The modes in which the two conversions of a round trip run, when `mode` is asked for.
struct RoundTripModes {
  Mode up, down;
};

RoundTripModes ModesOf(Op op, Mode mode) {
  RoundTripModes modes{mode, mode};
  if (op == Op::kThroughF16c) {  // VCVTPH2PS ignores DAZ, VCVTPS2PH ignores FTZ (Intel SDM volume 2)
    modes.up.flush_inputs = false;
    modes.down.flush_outputs = false;
  }
  if (op == Op::kThroughBf16) {  // bits are moved up; VCVTNEPS2BF16 does not consult MXCSR
    modes.up = kIeee;
    modes.down = kFtzDaz;
  }
  return modes;
}

std::optional<Format> DetourOf(const model::Function& function) {
  if (function.rounding && !HasRounding(*function.rounding)) return std::nullopt;
  return machine::DetourOf(function);
}

bool IsRoundTrip(Op op) { return op == Op::kThroughF16c || op == Op::kThroughBf16; }

void RoundTripOnHardware(Op op, const Format& format, Mode mode, std::span<const uint64_t> operands,
                         std::span<model::Outcome> results) {
  const Format wide = NextWiderFormat(format);
  const model::Function up = model::Function::Conversion(format, wide),
                        down = model::Function::Conversion(wide, format);
  std::vector<uint64_t> middle(operands.size());
  std::vector<model::Flags> flags(operands.size());
  if (op == Op::kThroughBf16) {
    for (size_t i = 0; i < operands.size(); ++i) middle[i] = operands[i] << 16;
  } else {
    machine::Execute(up, *PathOf(up), mode, operands, {}, {}, results);
    for (size_t i = 0; i < operands.size(); ++i) {
      middle[i] = results[i].bits;
      flags[i] = results[i].flags;
    }
  }
  machine::Execute(down, *PathOf(down), mode, middle, {}, {}, results);
  for (size_t i = 0; i < results.size(); ++i) results[i].flags |= flags[i];
}

// Operations that are no Function.
model::Outcome MoreOnModel(Op op, const Format& format, const model::Environment& environment, uint64_t a, uint64_t b) {
  switch (op) {
    case Op::kHypot:
      return model::Hypot(format, environment, a, b);
    case Op::kFmod:
      return model::Fmod(format, environment, a, b);
    case Op::kScale:
      return model::ScaleB(format, environment, a, static_cast<int64_t>(b));
    case Op::kMinNum:
      return model::MinNum(format, environment, a, b);
    case Op::kMaxNum:
      return model::MaxNum(format, environment, a, b);
    case Op::kMinimum:
      return model::Minimum(format, environment, a, b);
    case Op::kMaximum:
      return model::Maximum(format, environment, a, b);
    default:
      CheckFailed(__FILE__, __LINE__, "the model has the operation");
  }
}

uint64_t Ulp(const Format& format, uint64_t a) {
  if (!format.IsFinite(a)) return format.CanonicalNan();
  const int field = format.ExponentField(a) > 0 ? format.ExponentField(a) : 1;
  const int ulp_field = field - format.FractionBits();
  if (ulp_field > 0) return static_cast<uint64_t>(ulp_field) << format.FractionBits();
  return uint64_t{1} << (field - 1);
}

bool IsPowerOfTwo(const Format& format, uint64_t a) {
  if (!format.IsFinite(a) || format.IsZero(a) || format.SignBit(a)) return false;
  return format.ExponentField(a) > 0 ? format.Fraction(a) == 0 : std::has_single_bit(format.Fraction(a));
}

// logB (IEEE 754-2019 section 5.3.3), rounded to nearest-even where the format has too few bits for it.
uint64_t LogB(const Format& format, uint64_t a) {
  if (format.IsNan(a)) return format.CanonicalNan();
  if (format.IsInfinite(a)) return format.InfiniteResult(false);
  if (format.IsZero(a)) return format.InfiniteResult(true);
  return model::FromInteger(format, {}, model::IntegerType::kInt64, static_cast<uint64_t>(format.Exponent(a))).bits;
}

// a / 2^logB(a); zeros, infinities and NaNs as they are.
uint64_t Significand(const Format& format, uint64_t a) {
  if (!format.IsFinite(a) || format.IsZero(a)) return a;
  return model::ScaleB(format, {}, a, -format.Exponent(a)).bits;
}

bool IsInteger(const Format& format, uint64_t a) {
  if (!format.IsFinite(a)) return false;
  model::Environment truncate;
  truncate.mode.rounding = Rounding::kTowardZero;
  return model::RoundToIntegral(format, truncate, a, model::InexactFlag::kSuppress).bits == a;
}

// x86's integer indefinite (Intel SDM volume 1, 4.8.3.7): 1 followed by zeros, all ones of unsigned types.
uint64_t Indefinite(const Type& type) { return type.is_signed ? type.Least() : type.Greatest(); }

Truncated Truncate(const Format& format, uint64_t a) {
  if (!format.IsFinite(a)) return {format.SignBit(a), false, 0, format.IsInfinite(a), format.IsNan(a)};
  const int field = format.ExponentField(a);
  const uint64_t significand = format.Fraction(a) | (field > 0 ? format.MinNormal() : 0);
  return statement::Truncate(format.SignBit(a), significand,
                             (field > 0 ? field - 1 : 0) + format.MinExponent() - format.FractionBits());
}

uint64_t Ulps(const Format& format, uint64_t a, uint64_t b) {
  if (format.IsNan(a) || format.IsNan(b)) return format.IsNan(a) && format.IsNan(b) ? 0 : ~uint64_t{0};
  const auto x = static_cast<uint64_t>(format.Rank(a)), y = static_cast<uint64_t>(format.Rank(b));
  return format.Rank(a) < format.Rank(b) ? y - x : x - y;
}

uint64_t OnNumbers(const Instruction& instruction, const Format& format, uint64_t a, uint64_t b) {
  const auto unordered = [&] { return format.IsNan(a) || format.IsNan(b); };
  switch (instruction.op) {
    case Op::kArgument:
      return a;
    case Op::kNegate:
      return format.Negate(a);
    case Op::kAbs:
      return format.Abs(a);
    case Op::kCopySign:
      return format.CopySign(a, b);
    case Op::kNextUp:
      return model::NextUp(format, a);
    case Op::kNextDown:
      return model::NextDown(format, a);
    case Op::kUlp:
      return Ulp(format, a);
    case Op::kSignificand:
      return Significand(format, a);
    case Op::kLogB:
      return LogB(format, a);
    case Op::kToInteger:
      return ToInteger(instruction.type, static_cast<OutOfRange>(instruction.value), Truncate(format, a));
    case Op::kBits:
      return a;
    case Op::kUlps:
      return Ulps(format, a, b);
    case Op::kLess:
      return !unordered() && format.Rank(a) < format.Rank(b);
    case Op::kLessEqual:
      return !unordered() && format.Rank(a) <= format.Rank(b);
    case Op::kIsSignaling:
      return format.IsSignalingNan(a);
    case Op::kIsInteger:
      return IsInteger(format, a);
    case Op::kIsPowerOfTwo:
      return IsPowerOfTwo(format, a);
    default:
      return JudgePatterns(instruction.op, format, a, b);
  }
}

// Of a shift: by the count modulo the width.
uint64_t Shifted(const Type& type, Op op, uint64_t a, uint64_t count) {
  const auto by = static_cast<int>(count % static_cast<uint64_t>(type.width));
  if (op == Op::kIntShiftLeft) return type.Wrap(a << by);
  return type.is_signed ? static_cast<uint64_t>(static_cast<int64_t>(a) >> by) : a >> by;
}

// Truncating, by zero 0 and the dividend.
uint64_t Divided(const Type& type, Op op, uint64_t a, uint64_t b) {
  if (b == 0) return op == Op::kIntDiv ? 0 : a;
  const bool negative_a = type.is_signed && static_cast<int64_t>(a) < 0;
  const bool negative_b = type.is_signed && static_cast<int64_t>(b) < 0;
  const uint64_t dividend = negative_a ? 0 - a : a, divisor = negative_b ? 0 - b : b;
  const uint64_t quotient = dividend / divisor, remainder = dividend % divisor;
  if (op == Op::kIntDiv) return type.Wrap(negative_a != negative_b ? 0 - quotient : quotient);
  return type.Wrap(negative_a ? 0 - remainder : remainder);
}

uint64_t OnIntegers(const Instruction& instruction, const Type& operand, uint64_t a, uint64_t b) {
  const Type& type = instruction.type;
  switch (instruction.op) {
    case Op::kFromBits:
      return a & type.format.Mask();
    case Op::kIntConvert:
      return type.Wrap(a);
    case Op::kIntNegate:
      return type.Wrap(0 - a);
    case Op::kIntNot:
      return type.Wrap(~a);
    case Op::kIntAdd:
      return type.Wrap(a + b);
    case Op::kIntSub:
      return type.Wrap(a - b);
    case Op::kIntMul:
      return type.Wrap(a * b);
    case Op::kIntDiv:
    case Op::kIntRemainder:
      return Divided(type, instruction.op, a, b);
    case Op::kIntAnd:
      return a & b;
    case Op::kIntOr:
      return a | b;
    case Op::kIntXor:
      return a ^ b;
    case Op::kIntShiftLeft:
    case Op::kIntShiftRight:
      return Shifted(type, instruction.op, a, b);
    case Op::kIntEqual:
      return a == b;
    case Op::kIntLess:
      return operand.IsLess(a, b);
    case Op::kIntLessEqual:
      return !operand.IsLess(b, a);
    default:
      CheckFailed(__FILE__, __LINE__, "an operation on integers");
  }
}

}  // namespace

std::optional<model::Function> FunctionOf(const Instruction& instruction, const Type& operand) {
  const Format& format = operand.format;
  const auto on = [&](model::Operation operation) { return model::Function::On(operation, format); };
  switch (instruction.op) {
    case Op::kAdd:
      return on(model::Operation::kAdd);
    case Op::kSub:
      return on(model::Operation::kSub);
    case Op::kMul:
      return on(model::Operation::kMul);
    case Op::kDiv:
      return on(model::Operation::kDiv);
    case Op::kFma:
      return on(model::Operation::kFma);
    case Op::kSqrt:
      return on(model::Operation::kSqrt);
    case Op::kRemainder:
      return on(model::Operation::kRemainder);
    case Op::kMin:
      return on(model::Operation::kX86Min);
    case Op::kMax:
      return on(model::Operation::kX86Max);
    case Op::kMinimumNumber:
      return on(model::Operation::kMinimumNumber);
    case Op::kMaximumNumber:
      return on(model::Operation::kMaximumNumber);
    case Op::kCeil:
      return Rounded(format, Rounding::kUp);
    case Op::kFloor:
      return Rounded(format, Rounding::kDown);
    case Op::kTrunc:
      return Rounded(format, Rounding::kTowardZero);
    case Op::kRint:
      return Rounded(format, std::nullopt);
    case Op::kRound:
      return Rounded(format, Rounding::kNearestAway);
    case Op::kRoundEven:
      return Rounded(format, Rounding::kNearestEven);
    case Op::kConvert:
      return model::Function::Conversion(format, instruction.type.format);
    case Op::kFromInteger: {
      model::Function function = model::Function::On(model::Operation::kFromInteger, instruction.type.format);
      function.integer = ModelTypeOf(operand);
      return function;
    }
    case Op::kEqualInMode:
      return on(model::Operation::kEqual);
    case Op::kLessInMode:
      return on(model::Operation::kLessQuiet);
    case Op::kLessEqualInMode:
      return on(model::Operation::kLessEqualQuiet);
    default:
      return std::nullopt;
  }
}

Format NextWiderFormat(const Format& format) {
  const bool fits = format.exponent_bits < kBinary32.exponent_bits || format == kBfloat16;
  return fits && format.precision < kBinary32.precision ? kBinary32 : kBinary64;
}

bool HasOperation(const Expression& expression, const Instruction& instruction, Target target) {
  if (IsLibm(instruction.op)) return target == Target::kHardware;
  if (target == Target::kModel) return true;
  if (instruction.rounding && !HasRounding(*instruction.rounding)) return false;
  const Type& operand = expression.ArgumentType(instruction, 0);
  if (IsRoundTrip(instruction.op)) {
    const Format wide = NextWiderFormat(operand.format);
    return (instruction.op == Op::kThroughBf16 || PathOf(model::Function::Conversion(operand.format, wide))) &&
           PathOf(model::Function::Conversion(wide, operand.format));
  }
  const std::optional<model::Function> function = FunctionOf(instruction, operand);
  return function && (PathOf(*function) || DetourOf(*function));
}

bool GoesByDetour(const Expression& expression, const Instruction& instruction) {
  const std::optional<model::Function> function = FunctionOf(instruction, expression.ArgumentType(instruction, 0));
  return function && !PathOf(*function) && DetourOf(*function);
}

void ExecuteOnModel(const Instruction& instruction, const Type& operand, const model::Environment& environment,
                    const Operands& operands, std::span<model::Outcome> results) {
  const auto at = [&](size_t position, size_t i) { return operands[position].empty() ? 0 : operands[position][i]; };
  if (const std::optional<model::Function> function = FunctionOf(instruction, operand)) {
    for (size_t i = 0; i < results.size(); ++i) {
      results[i] = Evaluate(*function, environment, at(0, i), at(1, i), at(2, i));
    }
    return;
  }
  const Format& format = operand.format;
  if (!IsRoundTrip(instruction.op)) {
    for (size_t i = 0; i < results.size(); ++i) {
      results[i] = MoreOnModel(instruction.op, format, environment, at(0, i), at(1, i));
    }
    return;
  }
  const Format wide = NextWiderFormat(format);
  const RoundTripModes modes = ModesOf(instruction.op, environment.mode);
  model::Environment up = environment, down = environment;
  up.mode = modes.up;
  down.mode = modes.down;
  for (size_t i = 0; i < results.size(); ++i) {
    const model::Outcome middle = model::Convert(format, wide, up, operands[0][i]);
    results[i] = model::Convert(wide, format, down, middle.bits);
    results[i].flags |= middle.flags;
  }
}

void ExecuteOnHardware(const Instruction& instruction, const Type& operand, Mode mode, const Operands& operands,
                       std::span<model::Outcome> results) {
  const Format& format = operand.format;
  if (IsLibm(instruction.op)) return ExecuteLibm(instruction.op, format, mode, operands[0], results);
  if (IsRoundTrip(instruction.op)) return RoundTripOnHardware(instruction.op, format, mode, operands[0], results);
  const model::Function function = *FunctionOf(instruction, operand);
  if (const std::optional<machine::Path> path = PathOf(function)) {
    return machine::Execute(function, *path, mode, operands[0], operands[1], operands[2], results);
  }
  std::vector<uint64_t> bits(results.size());
  machine::ExecuteByDetour(function, mode, operands[0], operands[1], operands[2], bits);
  for (size_t i = 0; i < results.size(); ++i) results[i] = {bits[i], 0};
}

uint64_t OnBits(const Instruction& instruction, const Type& operand, uint64_t a, uint64_t b, uint64_t c) {
  if (instruction.op == Op::kSelect) return a != 0 ? b : c;
  if (instruction.op >= Op::kNot && instruction.op <= Op::kOr) {
    return instruction.op == Op::kNot ? a == 0 : instruction.op == Op::kAnd ? a & b : a | b;
  }
  if (operand.IsInteger()) return OnIntegers(instruction, operand, a, b);
  return OnNumbers(instruction, operand.format, a, b);
}

Truncated Truncate(bool negative, WideBits significand, int exponent) {
  if (significand == 0 || exponent <= -128) return {negative, true};
  if (exponent <= 0) significand >>= -exponent;
  const int left = std::max(exponent, 0);
  return {negative, BitWidth(significand) + left <= 64, left < 64 ? static_cast<uint64_t>(significand << left) : 0};
}

uint64_t ToInteger(const Type& type, OutOfRange out_of_range, const Truncated& whole) {
  const auto saturated = [&](bool negative) { return negative ? type.Least() : type.Greatest(); };
  if (whole.nan || whole.infinite) {
    if (out_of_range == OutOfRange::kWrap || (out_of_range == OutOfRange::kSaturate && whole.nan)) return 0;
    if (out_of_range == OutOfRange::kSaturate) return saturated(whole.negative);
    return type.width < 32 ? type.Wrap(Indefinite(Type::Integer(32, true))) : Indefinite(type);
  }
  const uint64_t value = type.Wrap(whole.negative ? 0 - whole.magnitude : whole.magnitude);
  const uint64_t limit = whole.negative ? type.Wrap(0) - type.Least() : type.Greatest();
  if (whole.fits && whole.magnitude <= limit) return value;
  if (out_of_range == OutOfRange::kWrap) return value;
  if (out_of_range == OutOfRange::kSaturate) return saturated(whole.negative);
  if (type.width >= 32) return Indefinite(type);
  // x86 converts to 32 bits, and keeps the low ones.
  return type.Wrap(ToInteger(Type::Integer(32, true), out_of_range, whole));
}

ExactReal ExactOperation(Op op, const ExactReal& a, const ExactReal& b) {
  const bool both = a.finite() && b.finite();
  switch (op) {
    case Op::kExactAdd:
      return a + b;
    case Op::kExactSub:
      return a + -b;
    case Op::kExactMul:
      return a * b;
    case Op::kExactDiv:
      return a / b;
    case Op::kExactNegate:
      return -a;
    case Op::kExactAbs:
      return a.Abs();
    case Op::kExactMin:
      return both ? (ExactReal::Compare(a, b) <= 0 ? a : b) : a + b;
    case Op::kExactMax:
      return both ? (ExactReal::Compare(a, b) >= 0 ? a : b) : a + b;
    default:
      CheckFailed(__FILE__, __LINE__, "an exact operation");
  }
}

bool ExactComparison(Op op, const ExactReal& a, const ExactReal& b) {
  if (!a.finite() || !b.finite()) return false;
  const int order = ExactReal::Compare(a, b);
  return op == Op::kExactEqual ? order == 0 : op == Op::kExactLess ? order < 0 : order <= 0;
}

}  // namespace fplab::statement
