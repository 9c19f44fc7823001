// Statements: putting parsed pieces together, and asking about them.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/expression.h>

#include <algorithm>
#include <set>
#include <utility>

#include <fplab/fparith/statement/elaborator.h>
#include <fplab/fparith/statement/exact_size.h>
#include <fplab/fparith/statement/expression_builder.h>
#include <fplab/fparith/statement/lexer.h>
#include <fplab/fparith/statement/operands.h>
#include <fplab/fparith/statement/statement_parser.h>
#include <fplab/fparith/statement/vocabulary.h>

namespace fplab::statement {
namespace {

constexpr size_t kMaxLength = 1 << 20;

// Turns the equations that `index` joins by `and` into ===. False if there is anything else under it.
bool TellZerosApart(std::vector<Instruction>& program, int index, bool& changed) {
  Instruction& instruction = program[static_cast<size_t>(index)];
  if (instruction.op == Op::kAnd) {
    return TellZerosApart(program, instruction.args[0], changed) &&
           TellZerosApart(program, instruction.args[1], changed);
  }
  if (instruction.op == Op::kIntEqual) return true;
  changed = changed || instruction.op == Op::kEqual;
  if (instruction.op == Op::kEqual) instruction.op = Op::kSame;
  return instruction.op == Op::kSame;
}

void RequireNames(const std::vector<OutsideFunction>& functions) {
  std::set<std::string_view> names;
  for (const OutsideFunction& function : functions) {
    const Token token = NextToken(function.name, 0);
    if (token.kind != TokenKind::kName || token.text != function.name) {
      throw Error("function \"{}\": expected a name of letters, digits and underscores", function.name);
    }
    if (IsReserved(function.name)) throw Error("function \"{}\": the language has this word already", function.name);
    if (!names.insert(function.name).second) throw Error("function \"{}\" is given twice", function.name);
  }
}

}  // namespace

Mode Instruction::Under(Mode mode) const {
  if (ieee) mode = kIeee;
  mode.flush_outputs = mode.flush_outputs && !keeps_outputs;
  mode.flush_inputs = mode.flush_inputs && !keeps_inputs;
  if (rounding) mode.rounding = *rounding;
  return mode;
}

std::vector<int> InstructionsUnder(const std::vector<Instruction>& program, int root) {
  std::vector<bool> needed(static_cast<size_t>(root) + 1);
  needed.back() = true;
  std::vector<int> list;
  for (size_t i = needed.size(); i-- > 0;) {
    if (!needed[i]) continue;
    list.push_back(static_cast<int>(i));
    for (const int arg : program[i].args) {
      if (arg >= 0) needed[static_cast<size_t>(arg)] = true;
    }
  }
  return {list.rbegin(), list.rend()};
}

model::Environment Expression::EnvironmentIn(Mode mode) const {
  model::Environment environment = arithmetic;
  environment.mode = mode;
  return environment;
}

std::vector<Type> Expression::VariableTypes() const {
  std::vector<Type> types;
  for (const Variable& variable : variables) types.push_back(variable.type);
  return types;
}

size_t Expression::Words() const { return WordsOf(VariableTypes()); }

bool Expression::IsWide(const Instruction& instruction) const {
  if (instruction.type.IsWide()) return true;
  return std::any_of(instruction.args.begin(), instruction.args.end(),
                     [&](int arg) { return arg >= 0 && At(arg).type.IsWide(); });
}

bool Expression::HasWide() const {
  return std::any_of(program.begin(), program.end(), [](const Instruction& i) { return i.type.IsWide(); });
}

std::optional<Expression> Expression::WithSignedZeros() const {
  Expression result = *this;
  bool changed = false;
  // An equation may also be part of the condition: there it keeps its meaning, as an instruction of its own.
  if (!TellZerosApart(result.program, claim, changed) || !changed) return std::nullopt;
  if (condition) {
    const auto offset = static_cast<int>(result.program.size());
    for (Instruction instruction : program) {
      for (int& arg : instruction.args) arg = arg < 0 ? arg : arg + offset;
      result.program.push_back(instruction);
    }
    result.condition = *condition + offset;
  }
  return result;
}

std::string_view Expression::TextOf(const Instruction& instruction) const {
  return std::string_view(text).substr(instruction.begin, instruction.end - instruction.begin);
}

bool Expression::NeedsLibm() const {
  for (const Instruction& instruction : program) {
    if (IsLibm(instruction.op)) return true;
  }
  return false;
}

bool Expression::HasHardwareFlushing() const {
  model::Environment hardware = model::HardwareEnvironment(arithmetic.mode);
  hardware.nans = arithmetic.nans;
  return arithmetic == hardware;
}

bool Expression::TellsNansApart() const {
  const auto is_leaf = [&](int index) {
    return index < 0 || At(index).op == Op::kVariable || At(index).op == Op::kConstant;
  };
  return std::any_of(program.begin(), program.end(), [&](const Instruction& instruction) {
    const bool looks = instruction.op == Op::kBits || instruction.op == Op::kSignBit || instruction.op == Op::kCopySign;
    return looks && !std::all_of(instruction.args.begin(), instruction.args.end(), is_leaf);
  });
}

bool Expression::NeedsNanRule() const {
  if (!model::KeepsPayloads(arithmetic.nans)) return false;
  return TellsNansApart() || std::any_of(program.begin(), program.end(),
                                         [](const Instruction& instruction) { return instruction.op == Op::kFlags; });
}

Expression ParseExpression(std::string_view text, const Type& format, const ExpressionOptions& options) {
  if (format.IsWide()) {
    RequireFormat(format.wide);
  } else {
    RequireFormat(format.format);
  }
  RequireNames(options.outside);
  if (text.size() > kMaxLength || options.when.size() > kMaxLength) {
    throw ExpressionError(kMaxLength + 1, fmt::format("a statement has {} characters at most", kMaxLength));
  }
  const Syntax syntax = StatementParser(text, 0, "").ParseStatement();
  ExpressionBuilder builder;
  Elaborator elaborator(format, options.signed_zeros, builder);
  elaborator.SetOutside(options.outside);
  for (const Let& let : syntax.lets) elaborator.Define(let);
  constexpr Elaborator::Context kUnderMode{}, kInIeee{true, std::nullopt, false};
  Expression expression{format, std::string(text), {}, {}, elaborator.Truth(syntax.claim, kUnderMode), {}, {},
                        {},     options.arithmetic};
  if (syntax.condition) expression.condition = elaborator.Truth(*syntax.condition, kInIeee);
  if (!options.when.empty()) {
    expression.text += syntax.condition ? " and " : " when ";
    const size_t offset = expression.text.size();
    expression.text += options.when;
    const std::string where = " of the condition";
    const Node when = StatementParser(options.when, offset, where).ParseAlone();
    elaborator.SetOrigin(offset, where);
    const int extra = elaborator.Truth(when, kInIeee);
    if (expression.condition) {
      Instruction both{Op::kAnd, Type::Truth()};
      both.args = {*expression.condition, extra, -1};
      both.begin = offset;
      both.end = expression.text.size();
      expression.condition = builder.Append(both);
    } else {
      expression.condition = extra;
    }
  }
  expression.program = builder.TakeProgram();
  expression.variables = builder.TakeVariables();
  expression.inexact_literals = elaborator.TakeInexactLiterals();
  expression.outside = options.outside;
  RequireExactSize(expression);
  return expression;
}

}  // namespace fplab::statement
