// Building programs in which equal subexpressions are one instruction.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/expression_builder.h>

#include <algorithm>

namespace fplab::statement {

int ExpressionBuilder::Append(const Instruction& instruction) {
  const auto key = std::make_tuple(instruction.op, instruction.ieee, instruction.args, instruction.value);
  if (const auto found = known_.find(key); found != known_.end()) return found->second;
  if (program_.size() >= kMaxInstructions) {
    throw ExpressionError(instruction.begin + 1,
                          fmt::format("the statement has more than {} operations", kMaxInstructions));
  }
  program_.push_back(instruction);
  const auto index = static_cast<int>(program_.size()) - 1;
  known_.emplace(key, index);
  return index;
}

int ExpressionBuilder::Add(Op op, std::array<int, 3> args, Span span) {
  return Append({op, false, args, 0, span.begin, span.end});
}

int ExpressionBuilder::Constant(uint64_t bits, Span span) {
  return Append({Op::kConstant, false, {-1, -1, -1}, bits, span.begin, span.end});
}

int ExpressionBuilder::Variable(std::string_view name, Span span) {
  const auto found = std::find(variables_.begin(), variables_.end(), name);
  const auto number = static_cast<uint64_t>(found - variables_.begin());
  if (found == variables_.end()) {
    if (variables_.size() >= kMaxVariables) {
      throw ExpressionError(span.begin + 1, fmt::format("\"{}\" is one variable more than {}", name, kMaxVariables));
    }
    variables_.emplace_back(name);
  }
  return Append({Op::kVariable, false, {-1, -1, -1}, number, span.begin, span.end});
}

int ExpressionBuilder::InIeee(int index) {
  const auto count = static_cast<size_t>(index) + 1;
  std::vector<bool> needed(count);
  needed[static_cast<size_t>(index)] = true;
  for (size_t i = count; i-- > 0;) {
    for (int arg : program_[i].args) {
      if (needed[i] && arg >= 0) needed[static_cast<size_t>(arg)] = true;
    }
  }
  std::vector<int> copy(count, -1);
  for (size_t i = 0; i < count; ++i) {
    if (!needed[i]) continue;
    Instruction instruction = program_[i];
    for (int& arg : instruction.args) arg = arg < 0 ? arg : copy[static_cast<size_t>(arg)];
    instruction.ieee = instruction.ieee || IsUnderMode(instruction.op);
    copy[i] = Append(instruction);
  }
  return copy[static_cast<size_t>(index)];
}

int ExpressionBuilder::WasExact(int index, Span span) {
  const Instruction operation = At(index);
  const auto lift = [&](int i) { return Exact(i, span); };
  const auto equal = [&](int a, int b) { return Add(Op::kExactEqual, {a, b, -1}, span); };
  const auto times = [&](int a, int b) { return Add(Op::kExactMul, {a, b, -1}, span); };
  switch (operation.op) {
    case Op::kAdd:
      return equal(lift(index), Add(Op::kExactAdd, {lift(operation.args[0]), lift(operation.args[1]), -1}, span));
    case Op::kSub:
      return equal(lift(index), Add(Op::kExactSub, {lift(operation.args[0]), lift(operation.args[1]), -1}, span));
    case Op::kMul:
      return equal(lift(index), times(lift(operation.args[0]), lift(operation.args[1])));
    case Op::kDiv:
      return equal(times(lift(index), lift(operation.args[1])), lift(operation.args[0]));
    case Op::kSqrt:
      return equal(times(lift(index), lift(index)), lift(operation.args[0]));
    case Op::kFma: {
      const int product = times(lift(operation.args[0]), lift(operation.args[1]));
      return equal(lift(index), Add(Op::kExactAdd, {product, lift(operation.args[2]), -1}, span));
    }
    default:
      return -1;
  }
}

}  // namespace fplab::statement
