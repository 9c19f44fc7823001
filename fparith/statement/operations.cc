// Operations of the language, by the model's functions and the machine's instructions.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/operations.h>

#include <bit>
#include <optional>
#include <vector>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/machine/hardware.h>
#include <fplab/fparith/model/function.h>

namespace fplab::statement {
namespace {

model::Function Rounded(const Format& format, std::optional<Rounding> rounding) {
  model::Function function = model::Function::On(model::Operation::kRoundToIntegral, format);
  function.rounding = rounding;
  function.inexact = model::InexactFlag::kRaise;
  return function;
}

// The function that an operation is, if it is a single one.
std::optional<model::Function> FunctionOf(Op op, const Format& format) {
  const auto on = [&](model::Operation operation) { return model::Function::On(operation, format); };
  switch (op) {
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
    case Op::kMin:
      return on(model::Operation::kX86Min);
    case Op::kMax:
      return on(model::Operation::kX86Max);
    case Op::kCeil:
      return Rounded(format, Rounding::kUp);
    case Op::kFloor:
      return Rounded(format, Rounding::kDown);
    case Op::kTrunc:
      return Rounded(format, Rounding::kTowardZero);
    case Op::kRint:
      return Rounded(format, std::nullopt);
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

std::optional<machine::Path> PathOf(const model::Function& function) {
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

bool IsRoundTrip(Op op) { return op == Op::kThroughWide || op == Op::kThroughF16c || op == Op::kThroughBf16; }

void RoundTripOnHardware(Op op, const Format& format, Mode mode, std::span<const uint64_t> operands,
                         std::span<model::Outcome> results) {
  const Format wide = WideFormat(format);
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

}  // namespace

Format WideFormat(const Format& format) {
  const bool fits = format.exponent_bits < kBinary32.exponent_bits || format == kBfloat16;
  return fits && format.precision < kBinary32.precision ? kBinary32 : kBinary64;
}

bool HasOperation(Op op, const Format& format, Target target) {
  if (IsLibm(op)) return target == Target::kHardware;
  if (target == Target::kModel) return true;
  if (const std::optional<model::Function> function = FunctionOf(op, format)) return PathOf(*function).has_value();
  const Format wide = WideFormat(format);
  return (op == Op::kThroughBf16 || PathOf(model::Function::Conversion(format, wide))) &&
         PathOf(model::Function::Conversion(wide, format));
}

void ExecuteOnModel(Op op, const Format& format, const model::Environment& environment, const Operands& operands,
                    std::span<model::Outcome> results) {
  if (const std::optional<model::Function> function = FunctionOf(op, format)) {
    const auto at = [&](size_t position, size_t i) { return operands[position].empty() ? 0 : operands[position][i]; };
    for (size_t i = 0; i < results.size(); ++i) {
      results[i] = Evaluate(*function, environment, at(0, i), at(1, i), at(2, i));
    }
    return;
  }
  FPLAB_CHECK(IsRoundTrip(op), "the model has the operation");
  const Format wide = WideFormat(format);
  const RoundTripModes modes = ModesOf(op, environment.mode);
  model::Environment up = environment, down = environment;
  up.mode = modes.up;
  down.mode = modes.down;
  for (size_t i = 0; i < results.size(); ++i) {
    const model::Outcome middle = model::Convert(format, wide, up, operands[0][i]);
    results[i] = model::Convert(wide, format, down, middle.bits);
    results[i].flags |= middle.flags;
  }
}

void ExecuteOnHardware(Op op, const Format& format, Mode mode, const Operands& operands,
                       std::span<model::Outcome> results) {
  if (IsLibm(op)) return ExecuteLibm(op, format, mode, operands[0], results);
  if (IsRoundTrip(op)) return RoundTripOnHardware(op, format, mode, operands[0], results);
  const model::Function function = *FunctionOf(op, format);
  machine::Execute(function, *PathOf(function), mode, operands[0], operands[1], operands[2], results);
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

}  // namespace fplab::statement
