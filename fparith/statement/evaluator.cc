// Running programs instruction by instruction, each on all cases.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/evaluator.h>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/machine/hardware.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/statement/operations.h>

namespace fplab::statement {
namespace {

// Instructions under `root`, in order.
std::vector<int> Reachable(const Expression& expression, int root) {
  std::vector<bool> needed(expression.program.size());
  needed[static_cast<size_t>(root)] = true;
  std::vector<int> list;
  for (size_t i = needed.size(); i-- > 0;) {
    if (!needed[i]) continue;
    list.push_back(static_cast<int>(i));
    for (int arg : expression.program[i].args) {
      if (arg >= 0) needed[static_cast<size_t>(arg)] = true;
    }
  }
  return {list.rbegin(), list.rend()};
}

}  // namespace

std::string_view Name(Target target) { return target == Target::kModel ? "model" : "hardware"; }

void RequireTarget(const Expression& expression, Target target) {
  for (const Instruction& instruction : expression.program) {
    if (!IsUnderMode(instruction.op) || HasOperation(instruction.op, expression.format, target)) continue;
    throw Error("\"{}\": the {} has no such operation on {}", expression.TextOf(instruction), Name(target),
                Name(expression.format));
  }
}

Evaluator::Evaluator(const Expression& expression)
    : expression_(expression),
      claim_(Reachable(expression, expression.claim)),
      numbers_(expression.program.size()),
      exact_(expression.program.size()) {
  if (expression.condition) condition_ = Reachable(expression, *expression.condition);
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
  if (KindOf(instruction.op) == Kind::kExact || instruction.op >= Op::kExactEqual || instruction.op == Op::kRounded) {
    return ExecuteExact(index, count);
  }
  std::vector<model::Outcome>& results = numbers_[static_cast<size_t>(index)];
  if (results.size() < count) results.resize(count);
  if (IsUnderMode(instruction.op)) {
    const Operands operands = {Operand(instruction, 0, count), Operand(instruction, 1, count),
                               Operand(instruction, 2, count)};
    model::Environment own = environment;
    if (instruction.ieee) own.mode = kIeee;
    const std::span<model::Outcome> out(results.data(), count);
    return target == Target::kModel ? ExecuteOnModel(instruction.op, expression_.format, own, operands, out)
                                    : ExecuteOnHardware(instruction.op, expression_.format, own.mode, operands, out);
  }
  if (instruction.op == Op::kVariable) {
    for (size_t i = 0; i < count; ++i) results[i] = {cases[instruction.value][i], 0};
    return;
  }
  for (size_t i = 0; i < count; ++i) results[i] = {OnBits(instruction, i), 0};
}

uint64_t Evaluator::OnBits(const Instruction& instruction, size_t i) const {
  const Format& format = expression_.format;
  if (instruction.op == Op::kConstant) return instruction.value;
  const uint64_t a = Argument(instruction, 0, i), b = instruction.args[1] < 0 ? 0 : Argument(instruction, 1, i);
  const bool unordered = instruction.args[1] >= 0 && (format.IsNan(a) || format.IsNan(b));
  switch (instruction.op) {
    case Op::kNegate:
      return format.Negate(a);
    case Op::kAbs:
      return format.Magnitude(a);
    case Op::kCopySign:
      return format.Magnitude(a) | (b & format.SignMask());
    case Op::kNextUp:
      return model::NextUp(format, a);
    case Op::kNextDown:
      return model::NextDown(format, a);
    case Op::kUlp:
      return Ulp(format, a);
    case Op::kEqual:
      return format.SameBits(a, b) || (format.IsZero(a) && format.IsZero(b));
    case Op::kSame:
      return format.SameBits(a, b);
    case Op::kLess:
      return !unordered && format.Rank(a) < format.Rank(b);
    case Op::kLessEqual:
      return !unordered && format.Rank(a) <= format.Rank(b);
    case Op::kIsFinite:
      return format.IsFinite(a);
    case Op::kIsNan:
      return format.IsNan(a);
    case Op::kIsNormal:
      return format.IsNormal(a);
    case Op::kIsSubnormal:
      return format.IsSubnormal(a);
    case Op::kIsPowerOfTwo:
      return IsPowerOfTwo(format, a);
    case Op::kNot:
      return a == 0;
    case Op::kAnd:
      return a & b;
    case Op::kOr:
      return a | b;
    default:
      CheckFailed(__FILE__, __LINE__, "an operation on bits");
  }
}

void Evaluator::ExecuteExact(int index, size_t count) {
  const Instruction& instruction = expression_.program[static_cast<size_t>(index)];
  const auto exact = [&](size_t position, size_t i) -> const ExactReal& {
    return exact_[static_cast<size_t>(instruction.args[position])][i];
  };
  if (KindOf(instruction.op) == Kind::kExact) {
    std::vector<ExactReal>& results = exact_[static_cast<size_t>(index)];
    results.resize(std::max(results.size(), count));
    for (size_t i = 0; i < count; ++i) {
      if (instruction.op == Op::kExactValue) {
        results[i] = ExactReal(expression_.format, Argument(instruction, 0, i));
      } else {
        results[i] = ExactOperation(instruction.op, exact(0, i), instruction.args[1] < 0 ? exact(0, i) : exact(1, i));
      }
    }
    return;
  }
  std::vector<model::Outcome>& results = numbers_[static_cast<size_t>(index)];
  if (results.size() < count) results.resize(count);
  for (size_t i = 0; i < count; ++i) {
    results[i] = {instruction.op == Op::kRounded ? exact(0, i).RoundTo(expression_.format)
                                                 : ExactComparison(instruction.op, exact(0, i), exact(1, i)),
                  0};
  }
}

}  // namespace fplab::statement
