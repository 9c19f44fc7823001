// Constant expressions: elaborated like a claim, evaluated on one case.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/constant_value.h>

#include <string>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/statement/elaborator.h>
#include <fplab/fparith/statement/evaluator.h>
#include <fplab/fparith/statement/exact_size.h>
#include <fplab/fparith/statement/expression.h>
#include <fplab/fparith/statement/expression_builder.h>
#include <fplab/fparith/statement/statement_parser.h>

namespace fplab::statement {

WideBits ConstantBits(std::string_view text, const Type& type, std::string_view where) {
  const Node node = StatementParser(text, 0, where).ParseAlone();
  ExpressionBuilder builder;
  Elaborator elaborator(type.IsFloat() ? type : Type::Number(kBinary64), /*signed_zeros=*/false, builder);
  elaborator.SetOrigin(0, std::string(where));
  Expression expression;
  expression.format = type;
  expression.text = text;
  expression.claim = elaborator.Value(node, {true, std::nullopt, false}, type);
  if (builder.TypeAt(expression.claim) != type) {
    throw ExpressionError(
        node.begin + 1,
        fmt::format("this is {}, and {} is expected", Name(builder.TypeAt(expression.claim)), Name(type)), where);
  }
  expression.program = builder.TakeProgram();
  expression.variables = builder.TakeVariables();
  if (!expression.variables.empty()) {
    throw ExpressionError(
        node.begin + 1, fmt::format("\"{}\" has no value: a number is expected", expression.variables[0].name), where);
  }
  RequireTarget(expression, Target::kModel);
  RequireExactSize(expression);
  Evaluator evaluator(expression);
  evaluator.Run(Evaluator::Part::kClaim, Target::kModel, model::HardwareEnvironment(kIeee), {}, 1);
  return evaluator.Bits(expression.claim, 0);
}

uint64_t ConstantValue(std::string_view text, const Type& type, std::string_view where) {
  FPLAB_CHECK(!type.IsWide(), "a wide number has more than 64 bits");
  return static_cast<uint64_t>(ConstantBits(text, type, where));
}

}  // namespace fplab::statement
