// How wide the exact numbers of a statement are.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/search/exact_form.h>

#include <algorithm>
#include <array>
namespace fplab::kernels {
namespace {

using statement::Instruction;
using statement::Op;

// Every value is a multiple of 2^least below 2^above, and has at most `bits` bits.
struct Size {
  ExactForm form = ExactForm::kNone;
  int least = 0, above = 0, bits = 0;
};

Size Single(int least, int above, int bits) {
  bits = std::min(bits, above - least);
  const bool fits = bits <= kBinary64.precision && least >= kBinary64.MinExponent() - kBinary64.FractionBits() &&
                    above <= kBinary64.MaxExponent() + 1;
  return fits ? Size{ExactForm::kSingle, least, above, bits} : Size{};
}

Size OfFormat(const Format& format) {
  // Blocks widen a number by a power of two that binary64 has to hold (exact_arithmetic-inl.h).
  const int widened_by = kBinary64.Bias() - format.Bias();
  if (widened_by > kBinary64.MaxExponent() || widened_by < kBinary64.MinExponent()) return {};
  return Single(format.MinExponent() - format.FractionBits(), format.MaxExponent() + 1, format.precision);
}

Size Sum(const Size& a, const Size& b) {
  const int least = std::min(a.least, b.least), above = std::max(a.above, b.above) + 1;
  const Size single = Single(least, above, above - least);
  if (single.form == ExactForm::kSingle) return single;
  const bool singles = a.form == ExactForm::kSingle && b.form == ExactForm::kSingle;
  if (!singles || above > kBinary64.MaxExponent() + 1) return {};
  return {ExactForm::kPair, least, above, above - least};
}

Size Product(const Size& a, const Size& b) {
  const bool singles = a.form == ExactForm::kSingle && b.form == ExactForm::kSingle;
  return singles ? Single(a.least + b.least, a.above + b.above, a.bits + b.bits) : Size{};
}

// Of one of the two.
Size Either(const Size& a, const Size& b) {
  return {std::max(a.form, b.form), std::min(a.least, b.least), std::max(a.above, b.above), std::max(a.bits, b.bits)};
}

Size SizeOf(const statement::Expression& expression, const Instruction& instruction, const Size& a, const Size& b) {
  switch (instruction.op) {
    case Op::kExactValue:
      return OfFormat(expression.ArgumentType(instruction, 0).format);
    case Op::kExactAdd:
    case Op::kExactSub:
      return Sum(a, b);
    case Op::kExactMul:
      return Product(a, b);
    case Op::kExactNegate:
    case Op::kExactAbs:
    case Op::kRounded:
      return a;
    case Op::kExactMin:
    case Op::kExactMax:
    case Op::kExactEqual:
    case Op::kExactLess:
    case Op::kExactLessEqual:
      return Either(a, b);
    default:
      return {};
  }
}

}  // namespace

std::vector<ExactForm> ExactForms(const statement::Expression& expression) {
  std::vector<Size> sizes;
  std::vector<ExactForm> forms;
  for (const Instruction& instruction : expression.program) {
    std::array<Size, 2> arguments;
    bool held = true;
    for (size_t i = 0; i < arguments.size() && instruction.args[i] >= 0; ++i) {
      arguments[i] = sizes[static_cast<size_t>(instruction.args[i])];
      const bool exact = expression.ArgumentType(instruction, i).kind == statement::Kind::kExact;
      if (exact && arguments[i].form == ExactForm::kNone) held = false;
    }
    const bool of_exact = instruction.type.kind == statement::Kind::kExact || statement::JudgesExact(instruction.op);
    sizes.push_back(of_exact && held ? SizeOf(expression, instruction, arguments[0], arguments[1]) : Size{});
    // To a wide format from two parts would round twice: exact_arithmetic-inl.h.
    const bool twice = instruction.op == Op::kRounded && sizes.back().form == ExactForm::kPair &&
                       instruction.type.format.precision > kBinary64.precision - 2;
    if (twice) sizes.back() = {};
    forms.push_back(sizes.back().form);
  }
  return forms;
}

}  // namespace fplab::kernels
