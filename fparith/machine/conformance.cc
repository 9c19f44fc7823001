// Probing instructions with operands that tell one behaviour from another.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/machine/conformance.h>

#include <algorithm>
#include <array>
#include <optional>

#include <fplab/fparith/machine/instruction_table.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/text/float_text.h>

namespace fplab::machine {
namespace {

using Operands = std::array<uint64_t, 3>;

// Operands that reveal something, each absent if no operands can.
struct Probes {
  std::optional<Operands> output;                    // a subnormal result; of normal operands if possible
  std::optional<Operands> input;                     // a subnormal operand, without which the result would be another
  Rounding input_rounding = Rounding::kNearestEven;  // direction in which that shows
  std::optional<Operands> rounding;                  // an inexact result
};

uint64_t Literal(const Format& format, const char* text) { return ParseFloat(format, text); }

// 2^exponent relative to min normal, as a bit pattern of a normal number.
uint64_t PowerOverMinNormal(const Format& format, int exponent) {
  return static_cast<uint64_t>(exponent + 1) << format.FractionBits();
}

Probes ArithmeticProbes(Family family, const Format& f) {
  const uint64_t normal = f.MinNormal(), half_subnormal = normal / 2, one = f.One();
  const uint64_t half = Literal(f, "0.5"), two = Literal(f, "2"), three = Literal(f, "3");
  const uint64_t large = Literal(f, "0x1p30"), small = Literal(f, "0x1p-30"), tiny = Literal(f, "0x1p-60");
  const uint64_t minus_normal = f.Negate(normal);
  switch (family) {
    case Family::kAdd:  // 1.5 min normal - min normal
      return {Operands{normal | half_subnormal, minus_normal, 0}, Operands{half_subnormal, normal, 0},
              Rounding::kNearestEven, Operands{one, tiny, 0}};
    case Family::kMul:
      return {Operands{normal, half, 0}, Operands{half_subnormal, large, 0}, Rounding::kNearestEven,
              Operands{one + 1, one + 1, 0}};
    case Family::kFma:
      return {Operands{normal, half, 0}, Operands{half_subnormal, large, 0}, Rounding::kNearestEven,
              Operands{one, one, tiny}};
    case Family::kDiv:
      return {Operands{normal, two, 0}, Operands{half_subnormal, small, 0}, Rounding::kNearestEven,
              Operands{one, three, 0}};
    case Family::kSqrt:
      return {std::nullopt, Operands{half_subnormal, 0, 0}, Rounding::kNearestEven, Operands{two, 0, 0}};
    case Family::kMinMax:  // of two subnormals either one is the result
      return {Operands{half_subnormal, half_subnormal, 0}, Operands{half_subnormal, half_subnormal, 0},
              Rounding::kNearestEven, std::nullopt};
    case Family::kRound:
      return {std::nullopt, Operands{half_subnormal, 0, 0}, Rounding::kUp, Operands{half, 0, 0}};
    default:
      return {};
  }
}

// A subnormal equals zero only if it is flushed.
Probes CompareProbes(const Format& f) {
  return {std::nullopt, Operands{0, f.MinNormal() / 2, 0}, Rounding::kNearestEven, std::nullopt};
}

Probes ConversionProbes(const Kernel& kernel) {
  const Format &from = kernel.operand, &to = kernel.result;
  const uint64_t subnormal = from.MinNormal() / 2;
  if (kernel.family == Family::kWiden) {
    // A wider exponent range makes the result normal, so that it can tell only what happens to the operand.
    return {std::nullopt, Operands{subnormal, 0, 0}, Rounding::kNearestEven, std::nullopt};
  }
  Probes probes;
  probes.rounding = Operands{from.One() + 1, 0, 0};
  if (from.MinExponent() == to.MinExponent()) {  // the operand of a subnormal result is one itself
    probes.output = probes.input = Operands{subnormal, 0, 0};
    return probes;
  }
  probes.output = Operands{model::Convert(to, from, {}, to.MinNormal() / 2).bits, 0, 0};
  // Far below the result's range: rounded up it is a min subnormal, flushed it is zero.
  probes.input = Operands{subnormal, 0, 0};
  probes.input_rounding = Rounding::kUp;
  return probes;
}

Probes EstimateProbes(const Kernel& kernel) {
  const Format& f = kernel.operand;
  const uint64_t subnormal = f.MinNormal() / 2;
  switch (kernel.family) {
    case Family::kReciprocal:  // 1/2^127 is subnormal; 1/2^-127 is not infinite
      return {Operands{PowerOverMinNormal(f, 253), 0, 0}, Operands{subnormal, 0, 0}, Rounding::kNearestEven,
              Operands{Literal(f, "3"), 0, 0}};
    case Family::kReciprocalSqrt:
      return {std::nullopt, Operands{subnormal, 0, 0}, Rounding::kNearestEven, Operands{Literal(f, "3"), 0, 0}};
    case Family::kBfloat16Dot:  // products of bfloat16 numbers; two of 8 bits are exact in binary32
      return {Operands{f.MinNormal(), Literal(f, "0.5"), 0}, Operands{subnormal, Literal(f, "0x1p30"), 0},
              Rounding::kNearestEven, std::nullopt};
    default:
      return {};
  }
}

Probes IntegerProbes(const Kernel& kernel) {
  if (kernel.function->operation == model::Operation::kToInteger) {
    const Format& f = kernel.operand;
    return {std::nullopt, Operands{f.MinNormal() / 2, 0, 0}, Rounding::kUp, Operands{Literal(f, "0.5"), 0, 0}};
  }
  // An odd integer just too long for the significand.
  const int bits = kernel.result.precision;
  const bool fits = bits >= 8 * kernel.operand_bytes;
  return {std::nullopt, std::nullopt, Rounding::kNearestEven,
          fits ? std::nullopt : std::optional(Operands{(uint64_t{1} << std::min(bits, 62)) + 1, 0, 0})};
}

Probes ProbesFor(const Kernel& kernel) {
  switch (kernel.family) {
    case Family::kCompare:
      return CompareProbes(kernel.operand);
    case Family::kNarrow:
    case Family::kWiden:
      return ConversionProbes(kernel);
    case Family::kInteger:
      return IntegerProbes(kernel);
    case Family::kBfloat16Dot:
    case Family::kReciprocal:
    case Family::kReciprocalSqrt:
      return EstimateProbes(kernel);
    default:
      return ArithmeticProbes(kernel.family, kernel.operand);
  }
}

model::Outcome Run(const Kernel& kernel, Mode mode, const Operands& operands) {
  model::Outcome outcome{};
  RunEach(kernel, mode, {&operands[0], 1}, {&operands[1], 1}, {&operands[2], 1}, {&outcome, 1});
  return outcome;
}

Operands WithFlushedInputs(const Format& format, Operands operands) {
  for (uint64_t& bits : operands) {
    if (format.IsSubnormal(bits)) bits &= format.SignMask();
  }
  return operands;
}

Conformance MeasureOutputs(const Kernel& kernel, const Probes& probes) {
  if (!probes.output) return Conformance::kNotApplicable;
  // Without FTZ but with DAZ the operands of subnormal-in, subnormal-out instructions would be flushed: FTZ alone.
  if (!HardwareSupports(kFtz)) return Conformance::kUnsupported;
  const model::Outcome gradual = Run(kernel, kIeee, *probes.output), flushed = Run(kernel, kFtz, *probes.output);
  if (kernel.result.IsZero(gradual.bits)) return Conformance::kAlways;
  return kernel.result.IsZero(flushed.bits) ? Conformance::kObeys : Conformance::kNever;
}

Conformance MeasureInputs(const Kernel& kernel, const Probes& probes) {
  if (!probes.input) return Conformance::kNotApplicable;
  Mode gradual = kIeee, flush = HardwareSupports(kDaz) ? kDaz : kFtzDaz;
  gradual.rounding = flush.rounding = probes.input_rounding;
  if (!HardwareSupports(flush)) return Conformance::kUnsupported;
  const uint64_t zero = Run(kernel, gradual, WithFlushedInputs(kernel.operand, *probes.input)).bits;
  if (Run(kernel, gradual, *probes.input).bits == zero) return Conformance::kAlways;
  return Run(kernel, flush, *probes.input).bits == zero ? Conformance::kObeys : Conformance::kNever;
}

Conformance MeasureRounding(const Kernel& kernel, const Probes& probes) {
  if (!probes.rounding) return Conformance::kNotApplicable;
  const uint64_t up = Run(kernel, {Rounding::kUp, false, false}, *probes.rounding).bits;
  const uint64_t down = Run(kernel, {Rounding::kDown, false, false}, *probes.rounding).bits;
  return up != down ? Conformance::kObeys : Conformance::kNever;
}

bool RaisesFlags(const Kernel& kernel, const Probes& probes) {
  const Operands nan = {kernel.operand.ExponentMask() | 1, kernel.operand.ExponentMask() | 1, 0};
  const bool from_integer = kernel.function && kernel.function->OperandKind() == model::ValueKind::kInteger;
  if (!from_integer && Run(kernel, kIeee, nan).flags != 0) return true;  // a signaling NaN
  for (const std::optional<Operands>& operands : {probes.output, probes.input, probes.rounding}) {
    if (operands && Run(kernel, kIeee, *operands).flags != 0) return true;
  }
  return false;
}

std::string_view FamilyName(Family family) {
  static constexpr std::array<std::string_view, 14> kNames = {
      "add",   "mul",    "fma",   "div",     "sqrt",     "min/max",    "compare",
      "round", "narrow", "widen", "integer", "bf16 dot", "reciprocal", "reciprocal sqrt"};
  return kNames[static_cast<size_t>(family)];
}

std::string OperandText(const Kernel& kernel) {
  const std::string from = Name(kernel.operand), to = Name(kernel.result);
  if (kernel.family == Family::kBfloat16Dot) return "bf16 -> f32";
  if (kernel.family == Family::kInteger) {
    const std::string name = Name(*kernel.function);
    const size_t split = name.find("_to_");
    const std::string tail = name.substr(split + 4);
    return name.substr(0, split) + " -> " + tail.substr(0, tail.find('_'));
  }
  return from == to ? from : from + " -> " + to;
}

// One row for each family, format and path: the instructions that differ in the operation alone share it.
bool IsRepresentative(const Kernel& kernel) {
  if (!kernel.function) return true;
  switch (kernel.function->operation) {
    case model::Operation::kSub:
    case model::Operation::kX86Max:
    case model::Operation::kLess:
    case model::Operation::kLessEqual:
    case model::Operation::kEqualSignaling:
    case model::Operation::kLessQuiet:
    case model::Operation::kLessEqualQuiet:
      return false;
    default:
      return true;
  }
}

}  // namespace

std::vector<ConformanceRow> MeasureConformance() {
  std::vector<ConformanceRow> rows;
  for (int family = 0; family <= static_cast<int>(Family::kReciprocalSqrt); ++family) {
    for (const Kernel& kernel : Kernels()) {
      if (static_cast<int>(kernel.family) != family || !IsRepresentative(kernel)) continue;
      const Probes probes = ProbesFor(kernel);
      rows.push_back({std::string(FamilyName(kernel.family)), std::string(kernel.mnemonic), std::string(kernel.isa),
                      OperandText(kernel), kernel.path, MeasureOutputs(kernel, probes), MeasureInputs(kernel, probes),
                      MeasureRounding(kernel, probes), RaisesFlags(kernel, probes)});
    }
  }
  return rows;
}

std::string_view Name(Conformance conformance) {
  static constexpr std::array<std::string_view, 5> kNames = {"yes", "no", "always", "-", "?"};
  return kNames[static_cast<size_t>(conformance)];
}

}  // namespace fplab::machine
