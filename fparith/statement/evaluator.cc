// Running programs instruction by instruction, each on all cases.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/evaluator.h>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/machine/hardware.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/statement/operands.h>
#include <fplab/fparith/statement/operations.h>
#include <fplab/fparith/statement/wide_operations.h>

namespace fplab::statement {
std::string_view Name(Target target) { return target == Target::kModel ? "model" : "hardware"; }

Cases OneCase(const std::vector<uint64_t>& operands) {
  Cases cases;
  for (const uint64_t operand : operands) cases.push_back({operand});
  return cases;
}

namespace {

// The machine's own arithmetic is all it has; its instructions return its own NaNs, canonical ones are not asked for.
void RequireHardwareArithmetic(const Expression& expression) {
  const model::NanRule nans = expression.arithmetic.nans;
  if (nans != model::NanRule::kCanonical && nans != model::HardwareNanRule()) {
    throw Error("the hardware returns the NaNs of {}; ask the model of those of {}", Name(model::HardwareNanRule()),
                Name(nans));
  }
  if (!expression.HasHardwareFlushing()) {
    throw Error("the hardware flushes by semantics {}, to a zero of the result's sign; ask the model of others",
                Name(model::HardwareFlushSemantics()));
  }
}

}  // namespace

void RequireTarget(const Expression& expression, Target target) {
  if (target == Target::kHardware) RequireHardwareArithmetic(expression);
  for (const Instruction& instruction : expression.program) {
    if (target == Target::kHardware && expression.IsWide(instruction)) {
      throw Error("\"{}\": {} is computed on the model alone", expression.TextOf(instruction),
                  Name(instruction.type.IsWide() ? instruction.type : expression.ArgumentType(instruction, 0)));
    }
    if (target == Target::kHardware && instruction.op == Op::kFlags) {
      const Instruction& source = expression.At(instruction.args[0]);
      if (!GoesByDetour(expression, source)) continue;
      throw Error("\"{}\": the hardware computes on {} through a wider format, which raises other flags",
                  expression.TextOf(source), Name(source.type.format));
    }
    if (target == Target::kHardware && expression.NeedsNanRule() && IsUnderMode(instruction.op) &&
        GoesByDetour(expression, instruction)) {
      throw Error("\"{}\": the hardware computes on {} through a wider format, which returns the canonical NaN",
                  expression.TextOf(instruction), Name(instruction.type.format));
    }
    if (!IsUnderMode(instruction.op) || HasOperation(expression, instruction, target)) continue;
    throw Error("\"{}\": the {} has no such operation on {}", expression.TextOf(instruction), Name(target),
                Name(expression.ArgumentType(instruction, 0)));
  }
}

Evaluator::Evaluator(const Expression& expression)
    : expression_(expression),
      claim_(expression.Under(expression.claim)),
      numbers_(expression.program.size()),
      wide_(expression.program.size()),
      exact_(expression.program.size()),
      variables_(expression.VariableTypes()) {
  for (const Instruction& instruction : expression.program) is_wide_.push_back(expression.IsWide(instruction));
  if (expression.condition) condition_ = expression.Under(*expression.condition);
}

void Evaluator::Run(Part part, Target target, const model::Environment& environment, const Cases& cases, size_t count) {
  for (int index : InstructionsOf(part)) Execute(index, target, environment, cases, count);
}

std::span<const uint64_t> Evaluator::Operand(const Instruction& instruction, size_t position, size_t count) {
  if (instruction.args[position] < 0) return {};
  std::vector<uint64_t>& operand = operands_[position];
  operand.resize(count);
  const std::vector<model::Outcome>& source = numbers_[static_cast<size_t>(instruction.args[position])];
  for (size_t i = 0; i < count; ++i) operand[i] = source[i].bits;
  return operand;
}

void Evaluator::Execute(int index, Target target, const model::Environment& environment, const Cases& cases,
                        size_t count) {
  const Instruction& instruction = expression_.program[static_cast<size_t>(index)];
  if (instruction.type.kind == Kind::kExact || JudgesExact(instruction.op)) return ExecuteExact(index, count);
  if (is_wide_[static_cast<size_t>(index)] && instruction.op != Op::kFlags) {
    return ExecuteWide(index, environment, cases, count);
  }
  std::vector<model::Outcome>& results = numbers_[static_cast<size_t>(index)];
  if (results.size() < count) results.resize(count);
  if (instruction.op == Op::kVariable) {
    for (size_t i = 0; i < count; ++i) results[i] = {cases[instruction.value][i], 0};
    return;
  }
  if (instruction.op == Op::kConstant) {
    for (size_t i = 0; i < count; ++i) results[i] = {instruction.value, 0};
    return;
  }
  if (instruction.op == Op::kFlags) {
    for (size_t i = 0; i < count; ++i) {
      results[i] = {static_cast<uint64_t>(FlagsOf(instruction.args[0], i) & model::kIeeeFlags), 0};
    }
    return;
  }
  if (instruction.op == Op::kOutside) return ExecuteOutside(index, instruction.Under(environment.mode), count);
  const Type& operand = expression_.ArgumentType(instruction, 0);
  if (IsUnderMode(instruction.op)) {
    const Operands operands = {Operand(instruction, 0, count), Operand(instruction, 1, count),
                               Operand(instruction, 2, count)};
    model::Environment own = environment;
    own.mode = instruction.Under(environment.mode);
    const std::span<model::Outcome> out(results.data(), count);
    return target == Target::kModel ? ExecuteOnModel(instruction, operand, own, operands, out)
                                    : ExecuteOnHardware(instruction, operand, own.mode, operands, out);
  }
  const auto argument = [&](size_t position, size_t i) {
    return instruction.args[position] < 0 ? 0 : Number(instruction.args[position], i);
  };
  for (size_t i = 0; i < count; ++i) {
    results[i] = {OnBits(instruction, operand, argument(0, i), argument(1, i), argument(2, i)), 0};
  }
}

void Evaluator::ExecuteOutside(int index, Mode mode, size_t count) {
  const Instruction& instruction = expression_.At(index);
  const Format& format = instruction.type.format;
  OutsideOperands operands;
  for (int argument = instruction.args[0]; argument >= 0; argument = expression_.At(argument).args[1]) {
    const std::span<const uint64_t> bits = Operand(expression_.At(argument), 0, count);
    operands.emplace(operands.begin(), bits.begin(), bits.end());
  }
  const std::vector<uint64_t> bits = expression_.outside[instruction.value].call(format, mode, operands);
  FPLAB_CHECK(bits.size() == count, "a function from outside gives a result for each call");
  // As of the C library: an infinity or a NaN that no operand brought is an exception.
  for (size_t i = 0; i < count; ++i) {
    bool finite = true;
    for (const std::vector<uint64_t>& operand : operands) finite = finite && format.IsFinite(operand[i]);
    const model::Flags flags = format.IsNan(bits[i]) ? model::kInvalid : model::kOverflow;
    numbers_[static_cast<size_t>(index)][i] = {
        bits[i], finite && !format.IsFinite(bits[i]) ? flags : static_cast<model::Flags>(0)};
  }
}

void Evaluator::ExecuteWide(int index, const model::Environment& environment, const Cases& cases, size_t count) {
  const Instruction& instruction = expression_.At(index);
  std::vector<model::Outcome>& results = numbers_[static_cast<size_t>(index)];
  std::vector<WideBits>& wide = wide_[static_cast<size_t>(index)];
  if (results.size() < count) results.resize(count);
  if (instruction.type.IsWide() && wide.size() < count) wide.resize(count);
  if (instruction.op == Op::kVariable) {
    const std::vector<uint64_t>& low = cases[instruction.value];
    const std::vector<uint64_t>& upper = cases[UpperWordOf(variables_, instruction.value)];
    for (size_t i = 0; i < count; ++i) wide[i] = static_cast<WideBits>(upper[i]) << 64 | low[i];
    return;
  }
  model::Environment own = environment;
  own.mode = instruction.Under(environment.mode);
  const Type& operand = instruction.op == Op::kConstant
                            ? instruction.type
                            : expression_.ArgumentType(instruction, instruction.op == Op::kSelect ? 1 : 0);
  const auto argument = [&](size_t position, size_t i) {
    return instruction.args[position] < 0 ? WideBits{0} : Bits(instruction.args[position], i);
  };
  for (size_t i = 0; i < count; ++i) {
    const model::WideOutcome outcome =
        statement::ExecuteWide(instruction, operand, own, argument(0, i), argument(1, i), argument(2, i));
    if (instruction.type.IsWide()) {
      wide[i] = outcome.bits;
      results[i] = {0, outcome.flags};
    } else {
      results[i] = {static_cast<uint64_t>(outcome.bits), outcome.flags};
    }
  }
}

void Evaluator::ExecuteExact(int index, size_t count) {
  const Instruction& instruction = expression_.program[static_cast<size_t>(index)];
  const auto exact = [&](size_t position, size_t i) -> const ExactReal& {
    return exact_[static_cast<size_t>(instruction.args[position])][i];
  };
  if (instruction.type.kind == Kind::kExact) {
    std::vector<ExactReal>& results = exact_[static_cast<size_t>(index)];
    results.resize(std::max(results.size(), count));
    for (size_t i = 0; i < count; ++i) {
      if (instruction.op == Op::kExactValue) {
        const Type& type = expression_.ArgumentType(instruction, 0);
        results[i] = type.IsWide() ? ExactReal(type.wide, Wide(instruction.args[0], i))
                                   : ExactReal(type.format, Number(instruction.args[0], i));
      } else if (instruction.op == Op::kExactError) {
        const Type& type = expression_.ArgumentType(instruction, 0);
        results[i] = type.IsWide() ? ExactReal::ErrorInUlps(type.wide, Wide(instruction.args[0], i), exact(1, i))
                                   : ExactReal::ErrorInUlps(type.format, Number(instruction.args[0], i), exact(1, i));
      } else if (instruction.op == Op::kSelect) {
        results[i] = Truth(instruction.args[0], i) ? exact(1, i) : exact(2, i);
      } else {
        results[i] = ExactOperation(instruction.op, exact(0, i), instruction.args[1] < 0 ? exact(0, i) : exact(1, i));
      }
    }
    return;
  }
  std::vector<model::Outcome>& results = numbers_[static_cast<size_t>(index)];
  if (results.size() < count) results.resize(count);
  for (size_t i = 0; i < count; ++i) {
    results[i] = {instruction.op == Op::kRounded ? exact(0, i).RoundTo(instruction.type.format)
                                                 : ExactComparison(instruction.op, exact(0, i), exact(1, i)),
                  0};
  }
}

}  // namespace fplab::statement
