// Exact operations in place of rounded ones, instruction by instruction.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/exact_counterpart.h>

#include <optional>
#include <vector>

namespace fplab::statement {
namespace {

// Numbers that are what they are; what they are made of is not asked about.
bool IsOperand(Op op) {
  return op == Op::kVariable || op == Op::kConstant || op == Op::kFromInteger || op == Op::kFromBits ||
         op == Op::kRounded;
}

// Operations that are an exact one; kFma is two.
std::optional<Op> ExactOpOf(Op op) {
  switch (op) {
    case Op::kAdd:
      return Op::kExactAdd;
    case Op::kSub:
      return Op::kExactSub;
    case Op::kMul:
      return Op::kExactMul;
    case Op::kDiv:
      return Op::kExactDiv;
    case Op::kNegate:
      return Op::kExactNegate;
    case Op::kAbs:
      return Op::kExactAbs;
    case Op::kMin:
    case Op::kMinNum:
    case Op::kMinimum:
    case Op::kMinimumNumber:
      return Op::kExactMin;
    case Op::kMax:
    case Op::kMaxNum:
    case Op::kMaximum:
    case Op::kMaximumNumber:
      return Op::kExactMax;
    default:
      return std::nullopt;
  }
}

// The instructions that are computed with roundings on the way to `root`, in order, and the operands they begin with.
std::vector<int> RoundedPart(const ExpressionBuilder& builder, int root) {
  std::vector<bool> needed(static_cast<size_t>(root) + 1);
  needed.back() = true;
  std::vector<int> part;
  for (int i = root; i >= 0; --i) {
    const Instruction& instruction = builder.At(i);
    if (!needed[static_cast<size_t>(i)]) continue;
    part.insert(part.begin(), i);
    if (IsOperand(instruction.op)) continue;
    for (const int arg : instruction.args) {
      if (arg >= 0 && builder.TypeAt(arg).IsFloat()) needed[static_cast<size_t>(arg)] = true;
    }
  }
  return part;
}

bool HasCounterpart(Op op) {
  return IsOperand(op) || ExactOpOf(op) || op == Op::kFma || op == Op::kConvert || op == Op::kSelect;
}

}  // namespace

int FindWithoutCounterpart(const ExpressionBuilder& builder, int root) {
  for (const int index : RoundedPart(builder, root)) {
    if (!HasCounterpart(builder.At(index).op)) return index;
  }
  return -1;
}

int AppendExactCounterpart(ExpressionBuilder& builder, int root) {
  std::vector<int> exact(static_cast<size_t>(root) + 1, -1);
  for (const int index : RoundedPart(builder, root)) {
    const Instruction instruction = builder.At(index);
    const auto append = [&](Op op, int a, int b = -1, int c = -1) {
      Instruction appended{op, Type::Exact()};
      appended.args = {a, b, c};
      appended.begin = instruction.begin;
      appended.end = instruction.end;
      return builder.Append(appended);
    };
    const auto argument = [&](size_t position) {
      const int arg = instruction.args[position];
      return arg < 0 ? -1 : exact[static_cast<size_t>(arg)];
    };
    int& counterpart = exact[static_cast<size_t>(index)];
    if (IsOperand(instruction.op)) {
      counterpart = append(Op::kExactValue, index);
    } else if (instruction.op == Op::kConvert) {
      counterpart = argument(0);
    } else if (instruction.op == Op::kSelect) {
      counterpart = append(Op::kSelect, instruction.args[0], argument(1), argument(2));
    } else if (instruction.op == Op::kFma) {
      counterpart = append(Op::kExactAdd, append(Op::kExactMul, argument(0), argument(1)), argument(2));
    } else {
      counterpart = append(*ExactOpOf(instruction.op), argument(0), argument(1));
    }
  }
  return exact[static_cast<size_t>(root)];
}

}  // namespace fplab::statement
