// Fuzzes statements and operands together: model and machine agree on every step, and a single case is judged as it is
// in company.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include <fplab/fparith/identity/identity.h>
#include <fplab/fparith/statement/evaluator.h>
#include <fplab/fparith/statement/operands.h>
#include "proptests/fuzz/fuzz.h"
#include "proptests/support/hardware_modes.h"

namespace fplab::fuzz {
namespace {

using statement::Evaluator;
using statement::Expression;
using statement::Target;

void RequireSameSteps(const Expression& expression, const Evaluator& a, const Evaluator& b, size_t count) {
  for (const int index : a.InstructionsOf(Evaluator::Part::kClaim)) {
    const statement::Type& type = expression.At(index).type;
    if (type.kind == statement::Kind::kExact) continue;
    for (size_t i = 0; i < count; ++i) {
      Require(type.SameBits(a.Number(index, i), b.Number(index, i)), "machine and model return the same");
    }
  }
}

// What the machine does to 16-bit formats flushes nothing, or as binary32 does, in every mode (machine/detour.h); the
// model's flushing is as the mode.
bool HasHalves(const Expression& expression) {
  return std::ranges::any_of(expression.program, [](const statement::Instruction& instruction) {
    const statement::Type& type = instruction.type;
    return type.IsNumber() && (type.format == kBinary16 || type.format == kBfloat16);
  });
}

// VCVTNEPS2BF16 flushes in every mode.
bool NarrowsToBfloat16(const Expression& expression) {
  return std::ranges::any_of(expression.program, [](const statement::Instruction& instruction) {
    const bool converts = instruction.op == statement::Op::kConvert || instruction.op == statement::Op::kThroughBf16;
    return converts && instruction.type.IsNumber() && instruction.type.format == kBfloat16;
  });
}

void Try(FuzzedDataProvider& input) {
  constexpr size_t kCases = 9;
  static const std::vector<Mode> modes = HardwareModes();
  const Format& format = input.PickValueInArray(kTextFormats);
  const Mode mode = modes[input.ConsumeIntegralInRange<size_t>(0, modes.size() - 1)];
  std::vector<uint64_t> values;
  for (size_t i = 0; i < 3 * kCases; ++i) values.push_back(input.ConsumeIntegral<uint64_t>());
  Expression expression;
  const std::string text = input.ConsumeRemainingBytesAsString();
  statement::ExpressionOptions options;
  options.arithmetic = model::HardwareEnvironment(kIeee);
  options.arithmetic.nans = model::HardwareNanRule();
  if (!Accepted([&] { expression = statement::ParseExpression(text, format, options); })) return;
  if (expression.NeedsLibm() || !Accepted([&] { RequireTarget(expression, Target::kModel); })) return;

  const std::vector<statement::Type> types = expression.VariableTypes();
  statement::Cases cases(expression.Words(), std::vector<uint64_t>(kCases));
  for (size_t i = 0; i < kCases; ++i) {
    std::vector<uint64_t> words(cases.size());
    for (size_t v = 0; v < types.size(); ++v) {
      const statement::Type& type = types[v];
      const uint64_t value = values[(v * kCases + i * (v / 3 + 1)) % values.size()];
      const WideBits both = static_cast<WideBits>(value) << 64 | values[(v + i) % values.size()];
      statement::SetOperand(types, words, v,
                            type.IsWide()      ? both & type.wide.Mask()
                            : type.IsInteger() ? type.Wrap(value)
                                               : value & type.format.Mask());
    }
    for (size_t w = 0; w < words.size(); ++w) cases[w][i] = words[w];
  }
  const model::Environment environment = expression.EnvironmentIn(mode);
  Evaluator together(expression), alone(expression);
  together.Run(Evaluator::Part::kClaim, Target::kModel, environment, cases, kCases);
  statement::Cases last;
  for (const auto& column : cases) last.push_back({column.back()});
  alone.Run(Evaluator::Part::kClaim, Target::kModel, environment, last, 1);
  Require(alone.Claim(0) == together.Claim(kCases - 1), "a case alone is judged as in company");
  if (expression.condition) together.Run(Evaluator::Part::kCondition, Target::kModel, environment, cases, kCases);

  if (!Accepted([&] { RequireTarget(expression, Target::kHardware); })) return;
  if ((mode.flush_inputs || mode.flush_outputs) && HasHalves(expression)) return;
  if (NarrowsToBfloat16(expression)) return;
  Evaluator machine(expression);
  together.Run(Evaluator::Part::kClaim, Target::kModel, environment, cases, kCases);
  machine.Run(Evaluator::Part::kClaim, Target::kHardware, environment, cases, kCases);
  RequireSameSteps(expression, together, machine, kCases);
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  fplab::fuzz::Try(input);
  return 0;
}
