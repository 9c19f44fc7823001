// Statements: putting parsed pieces together, and asking about them.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/expression.h>

#include <fplab/fparith/statement/exact_size.h>
#include <fplab/fparith/statement/expression_builder.h>
#include <fplab/fparith/statement/expression_parser.h>

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
  changed = changed || instruction.op == Op::kEqual;
  if (instruction.op == Op::kEqual) instruction.op = Op::kSame;
  return instruction.op == Op::kSame;
}

}  // namespace

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

Expression ParseExpression(std::string_view text, const Format& format, const ExpressionOptions& options) {
  RequireFormat(format);
  if (text.size() > kMaxLength || options.when.size() > kMaxLength) {
    throw ExpressionError(kMaxLength + 1, fmt::format("a statement has {} characters at most", kMaxLength));
  }
  ExpressionBuilder builder;
  ExpressionParser::Names names;
  const auto statement = ExpressionParser(text, 0, "", format, options.signed_zeros, builder, names).ParseStatement();
  Expression expression{format, std::string(text), {}, {}, statement.claim, statement.condition};
  if (!options.when.empty()) {
    expression.text += statement.condition ? " and " : " when ";
    const size_t offset = expression.text.size();
    expression.text += options.when;
    const int extra =
        ExpressionParser(options.when, offset, " of the condition", format, options.signed_zeros, builder, names)
            .ParseCondition();
    const ExpressionBuilder::Span span{offset, expression.text.size()};
    expression.condition = statement.condition ? builder.Add(Op::kAnd, {*statement.condition, extra, -1}, span) : extra;
  }
  expression.program = builder.TakeProgram();
  expression.variables = builder.TakeVariables();
  if (expression.variables.empty()) throw ExpressionError(1, "the statement has no variable to quantify over");
  RequireExactSize(expression);
  return expression;
}

}  // namespace fplab::statement
