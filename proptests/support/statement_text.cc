// From programs to text.
// SPDX-License-Identifier: Apache-2.0
#include "proptests/support/statement_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fplab/fparith/text/float_text.h>
#include <fplab/fparith/text/wide_text.h>

namespace fplab {
namespace {

using statement::Expression;
using statement::Instruction;
using statement::Op;

// Operations written between their operands, and as functions. Inside real() the exact ones are written alike.
const std::map<Op, const char*> kInfix = {
    {Op::kAdd, "+"},          {Op::kSub, "-"},           {Op::kMul, "*"},        {Op::kDiv, "/"},
    {Op::kExactAdd, "+"},     {Op::kExactSub, "-"},      {Op::kExactMul, "*"},   {Op::kEqual, "=="},
    {Op::kSame, "==="},       {Op::kLess, "<"},          {Op::kLessEqual, "<="}, {Op::kAnd, "and"},
    {Op::kOr, "or"},          {Op::kExactEqual, "=="},   {Op::kExactLess, "<"},  {Op::kExactLessEqual, "<="},
    {Op::kIntAdd, "+"},       {Op::kIntSub, "-"},        {Op::kIntMul, "*"},     {Op::kIntDiv, "/"},
    {Op::kIntAnd, "&"},       {Op::kIntRemainder, "%"},  {Op::kIntOr, "|"},      {Op::kIntXor, "^"},
    {Op::kIntEqual, "=="},    {Op::kIntShiftLeft, "<<"}, {Op::kIntLess, "<"},    {Op::kIntShiftRight, ">>"},
    {Op::kIntLessEqual, "<="}};
const std::map<Op, const char*> kPrefix = {
    {Op::kNegate, "-"}, {Op::kExactNegate, "-"}, {Op::kNot, "not "}, {Op::kIntNegate, "-"}, {Op::kIntNot, "~"}};
const std::map<Op, const char*> kCalls = {{Op::kFma, "fma"},
                                          {Op::kSqrt, "sqrt"},
                                          {Op::kHypot, "hypot"},
                                          {Op::kRemainder, "rem"},
                                          {Op::kFmod, "fmod"},
                                          {Op::kScale, "ldexp"},
                                          {Op::kMin, "min"},
                                          {Op::kMax, "max"},
                                          {Op::kMinNum, "min_num"},
                                          {Op::kMaxNum, "max_num"},
                                          {Op::kMinimum, "minimum"},
                                          {Op::kMaximum, "maximum"},
                                          {Op::kMinimumNumber, "minimum_number"},
                                          {Op::kMaximumNumber, "maximum_number"},
                                          {Op::kCeil, "ceil"},
                                          {Op::kFloor, "floor"},
                                          {Op::kTrunc, "trunc"},
                                          {Op::kRint, "rint"},
                                          {Op::kRound, "round"},
                                          {Op::kRoundEven, "round_even"},
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
                                          {Op::kSignificand, "significand"},
                                          {Op::kLogB, "logb"},
                                          {Op::kSelect, "select"},
                                          {Op::kBits, "bits"},
                                          {Op::kUlps, "ulps"},
                                          {Op::kEqualInMode, "eq_mode"},
                                          {Op::kLessInMode, "lt_mode"},
                                          {Op::kLessEqualInMode, "le_mode"},
                                          {Op::kIsFinite, "finite"},
                                          {Op::kIsNan, "nan"},
                                          {Op::kIsInfinite, "isinf"},
                                          {Op::kIsZero, "iszero"},
                                          {Op::kIsSignaling, "signaling"},
                                          {Op::kSignBit, "signbit"},
                                          {Op::kIsNormal, "normal"},
                                          {Op::kIsSubnormal, "subnormal"},
                                          {Op::kIsInteger, "is_integer"},
                                          {Op::kIsPowerOfTwo, "power_of_two"},
                                          {Op::kExactAbs, "abs"},
                                          {Op::kExactMin, "min"},
                                          {Op::kExactMax, "max"}};
const std::map<Rounding, const char*> kDirections = {
    {Rounding::kUp, "up"},        {Rounding::kDown, "down"},           {Rounding::kTowardZero, "to_zero"},
    {Rounding::kToOdd, "to_odd"}, {Rounding::kNearestEven, "to_even"}, {Rounding::kNearestAway, "to_away"}};

// The mode that the text around a piece asks for.
struct Context {
  bool ieee = false;
  std::optional<Rounding> rounding;

  friend auto operator<=>(const Context&, const Context&) = default;
};

struct TooLong : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Writer {
 public:
  Writer(const Expression& expression, size_t max_length) : expression_(expression), max_length_(max_length) {}

  std::string Write() {
    std::string body = Text(expression_.claim, {});
    if (expression_.condition) body += " when " + Text(*expression_.condition, {true, std::nullopt});
    return lets_.empty() ? body : fmt::format("let {} in {}", fmt::join(lets_, ", "), body);
  }

 private:
  // What stands in ieee(...), up(...) or in the condition is in that mode without saying so.
  std::string Text(int index, const Context& context) {
    const Instruction& instruction = expression_.At(index);
    const bool under_mode = statement::IsUnderMode(instruction.op);
    const Context own{instruction.ieee, instruction.rounding};
    if (under_mode && own != context) {
      const bool resets = own.ieee != context.ieee || !own.rounding;
      if (resets && context != Context{own.ieee, std::nullopt}) {
        return "ieee(" + Text(index, {true, std::nullopt}) + ")";
      }
      return fmt::format("{}({})", kDirections.at(*own.rounding), Text(index, own));
    }
    std::string text = Operation(instruction, context);
    if (instruction.op >= Op::kExactEqual) text = "real(" + text + ")";
    if (text.size() > max_length_) throw TooLong("statement");
    return text;
  }

  std::string Operation(const Instruction& instruction, const Context& context) {
    const auto argument = [&](size_t i) { return Text(instruction.args[i], context); };
    switch (instruction.op) {
      case Op::kVariable:
        return fmt::format("{}: {}", expression_.variables[instruction.value].name, Name(instruction.type));
      case Op::kConstant:
        return fmt::format("{}({})", Name(instruction.type), ConstantText(instruction));
      case Op::kExactValue:
        return ExactValue(instruction.args[0], context);
      case Op::kRounded:
        return "rounded(" + argument(0) + ")";
      case Op::kFlags:
        throw TooLong("flags of single operations");
      case Op::kConvert:
      case Op::kFromInteger:
      case Op::kIntConvert:
        return fmt::format("{}({})", Name(instruction.type), argument(0));
      case Op::kToInteger: {
        static constexpr const char* kSuffixes[] = {"x86", "sat", "wrap"};
        return fmt::format("{}_{}({})", Name(instruction.type), kSuffixes[instruction.value], argument(0));
      }
      case Op::kFromBits:
        return fmt::format("from_bits({}, {})", argument(0), Name(instruction.type));
      default:
        break;
    }
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

  static std::string ConstantText(const Instruction& constant) {
    if (constant.type.IsWide()) return HexFloat(constant.type.wide, constant.WideValue());
    if (constant.type.IsNumber()) return HexFloat(constant.type.format, constant.value);
    return constant.type.is_signed ? fmt::format("{}", static_cast<int64_t>(constant.value))
                                   : fmt::format("{}", constant.value);
  }

  // Inside real() a computed number has a name: there its text would mean the exact operation.
  std::string ExactValue(int index, const Context& context) {
    const Op op = expression_.At(index).op;
    if (op == Op::kVariable || op == Op::kConstant) return Text(index, context);
    const auto key = std::make_pair(index, context);
    if (const auto found = named_.find(key); found != named_.end()) return found->second;
    const std::string value = Text(index, context);  // first, for it may need names itself
    const std::string name = FreshName();
    lets_.push_back(name + " = " + value);
    named_.emplace(key, name);
    return name;
  }

  std::string FreshName() {
    for (;;) {
      std::string name = fmt::format("t{}", next_name_++);
      const auto& taken = expression_.variables;
      const auto same = [&](const statement::Variable& variable) { return variable.name == name; };
      if (std::find_if(taken.begin(), taken.end(), same) == taken.end()) return name;
    }
  }

  const Expression& expression_;
  size_t max_length_;
  std::vector<std::string> lets_;
  std::map<std::pair<int, Context>, std::string> named_;
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
    if (x.op != y.op || x.type != y.type || x.ieee != y.ieee || x.rounding != y.rounding) return false;
    if (x.op == Op::kVariable) return a_.variables[x.value].name == b_.variables[y.value].name;
    if (x.value != y.value) return false;
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
