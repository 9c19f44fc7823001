// From programs to text.
// SPDX-License-Identifier: Apache-2.0
#include "proptests/support/statement_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fplab/fparith/text/float_text.h>

namespace fplab {
namespace {

using statement::Expression;
using statement::Instruction;
using statement::Kind;
using statement::KindOf;
using statement::Op;

// Operations written between their operands, and as functions. Inside real() the exact ones are written alike.
const std::map<Op, const char*> kInfix = {
    {Op::kAdd, "+"},      {Op::kSub, "-"},         {Op::kMul, "*"},        {Op::kDiv, "/"},
    {Op::kExactAdd, "+"}, {Op::kExactSub, "-"},    {Op::kExactMul, "*"},   {Op::kEqual, "=="},
    {Op::kSame, "==="},   {Op::kLess, "<"},        {Op::kLessEqual, "<="}, {Op::kAnd, "and"},
    {Op::kOr, "or"},      {Op::kExactEqual, "=="}, {Op::kExactLess, "<"},  {Op::kExactLessEqual, "<="}};
const std::map<Op, const char*> kPrefix = {{Op::kNegate, "-"}, {Op::kExactNegate, "-"}, {Op::kNot, "not "}};
const std::map<Op, const char*> kCalls = {{Op::kFma, "fma"},
                                          {Op::kSqrt, "sqrt"},
                                          {Op::kMin, "min"},
                                          {Op::kMax, "max"},
                                          {Op::kCeil, "ceil"},
                                          {Op::kFloor, "floor"},
                                          {Op::kTrunc, "trunc"},
                                          {Op::kRint, "rint"},
                                          {Op::kThroughWide, "through_wide"},
                                          {Op::kThroughF16c, "through_f16c"},
                                          {Op::kThroughBf16, "through_bf16"},
                                          {Op::kLibmLog, "libm_log"},
                                          {Op::kLibmExp, "libm_exp"},
                                          {Op::kLibmStrtod, "libm_strtod"},
                                          {Op::kAbs, "abs"},
                                          {Op::kCopySign, "copysign"},
                                          {Op::kNextUp, "next_up"},
                                          {Op::kNextDown, "next_down"},
                                          {Op::kUlp, "ulp"},
                                          {Op::kEqualInMode, "eq_mode"},
                                          {Op::kLessInMode, "lt_mode"},
                                          {Op::kLessEqualInMode, "le_mode"},
                                          {Op::kIsFinite, "finite"},
                                          {Op::kIsNan, "nan"},
                                          {Op::kIsNormal, "normal"},
                                          {Op::kIsSubnormal, "subnormal"},
                                          {Op::kIsPowerOfTwo, "power_of_two"},
                                          {Op::kExactAbs, "abs"},
                                          {Op::kExactMin, "min"},
                                          {Op::kExactMax, "max"}};

struct TooLong : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Writer {
 public:
  Writer(const Expression& expression, size_t max_length) : expression_(expression), max_length_(max_length) {}

  std::string Write() {
    std::string body = Text(expression_.claim, /*in_ieee=*/false);
    if (expression_.condition) body += " when " + Text(*expression_.condition, /*in_ieee=*/true);
    return lets_.empty() ? body : fmt::format("let {} in {}", fmt::join(lets_, ", "), body);
  }

 private:
  // What stands in ieee(...), or in the condition, is in IEEE mode without saying so.
  std::string Text(int index, bool in_ieee) {
    const Instruction& instruction = expression_.program[static_cast<size_t>(index)];
    if (instruction.ieee && !in_ieee) return "ieee(" + Text(index, true) + ")";
    const bool opens_real = KindOf(instruction.op) == Kind::kTruth && instruction.op >= Op::kExactEqual;
    std::string text = Operation(instruction, in_ieee);
    if (opens_real) text = "real(" + text + ")";
    if (text.size() > max_length_) throw TooLong("statement");
    return text;
  }

  std::string Operation(const Instruction& instruction, bool in_ieee) {
    const auto argument = [&](size_t i) { return Text(instruction.args[i], in_ieee); };
    if (instruction.op == Op::kVariable) return expression_.variables[instruction.value];
    if (instruction.op == Op::kConstant) return HexFloat(expression_.format, instruction.value);
    if (instruction.op == Op::kExactValue) return ExactValue(instruction.args[0], in_ieee);
    if (instruction.op == Op::kRounded) return "rounded(" + argument(0) + ")";
    if (const auto infix = kInfix.find(instruction.op); infix != kInfix.end()) {
      return fmt::format("({} {} {})", argument(0), infix->second, argument(1));
    }
    if (const auto prefix = kPrefix.find(instruction.op); prefix != kPrefix.end()) {
      return fmt::format("({}{})", prefix->second, argument(0));
    }
    std::vector<std::string> arguments;
    for (int i = 0; i < instruction.Arity(); ++i) arguments.push_back(argument(static_cast<size_t>(i)));
    return fmt::format("{}({})", kCalls.at(instruction.op), fmt::join(arguments, ", "));
  }

  // Inside real() a computed number has a name: there its text would mean the exact operation.
  std::string ExactValue(int index, bool in_ieee) {
    const Op op = expression_.program[static_cast<size_t>(index)].op;
    if (op == Op::kVariable || op == Op::kConstant) return Text(index, in_ieee);
    const auto key = std::make_pair(index, in_ieee);
    if (const auto found = named_.find(key); found != named_.end()) return found->second;
    const std::string value = Text(index, in_ieee);  // first, for it may need names itself
    const std::string name = FreshName();
    lets_.push_back(name + " = " + value);
    named_.emplace(key, name);
    return name;
  }

  std::string FreshName() {
    for (;;) {
      std::string name = fmt::format("t{}", next_name_++);
      const auto& taken = expression_.variables;
      if (std::find(taken.begin(), taken.end(), name) == taken.end()) return name;
    }
  }

  const Expression& expression_;
  size_t max_length_;
  std::vector<std::string> lets_;
  std::map<std::pair<int, bool>, std::string> named_;
  int next_name_ = 0;
};

class Comparer {
 public:
  Comparer(const Expression& a, const Expression& b) : a_(a), b_(b) {}

  bool Same(int i, int j) {
    if (i < 0 || j < 0) return i < 0 && j < 0;
    const auto [found, is_new] = known_.emplace(std::make_pair(i, j), false);
    if (!is_new) return found->second;
    return known_[{i, j}] = SameInstruction(a_.program[static_cast<size_t>(i)], b_.program[static_cast<size_t>(j)]);
  }

 private:
  bool SameInstruction(const Instruction& x, const Instruction& y) {
    if (x.op != y.op || x.ieee != y.ieee) return false;
    if (x.op == Op::kVariable) return a_.variables[x.value] == b_.variables[y.value];
    if (x.op == Op::kConstant) return x.value == y.value;
    for (size_t k = 0; k < x.args.size(); ++k) {
      if (!Same(x.args[k], y.args[k])) return false;
    }
    return true;
  }

  const Expression &a_, &b_;
  std::map<std::pair<int, int>, bool> known_;
};

}  // namespace

std::optional<std::string> StatementText(const Expression& expression, size_t max_length) {
  try {
    return Writer(expression, max_length).Write();
  } catch (const TooLong&) {
    return std::nullopt;
  }
}

bool SameStatement(const Expression& a, const Expression& b) {
  Comparer comparer(a, b);
  return a.format == b.format && comparer.Same(a.claim, b.claim) &&
         comparer.Same(a.condition.value_or(-1), b.condition.value_or(-1));
}

}  // namespace fplab
