// Whether a statement is true of given operands on the model, and where the error of one that is none points.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_STATEMENT_QUESTIONS_H_
#define FPLAB_PROPTESTS_SUPPORT_STATEMENT_QUESTIONS_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <fplab/fparith/statement/constant_value.h>
#include <fplab/fparith/statement/evaluator.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab {

// One case, of texts for the variables in the order of their appearance.
inline statement::Cases CaseOf(const statement::Expression& expression, const std::vector<std::string>& values) {
  statement::Cases cases;
  for (size_t v = 0; v < expression.variables.size(); ++v) {
    cases.push_back({statement::ConstantValue(values.at(v), expression.variables[v].type)});
  }
  return cases;
}

inline bool TruthOf(const std::string& text, const Format& format, Mode mode, const std::vector<std::string>& values) {
  const statement::Expression expression = statement::ParseExpression(text, format);
  statement::Evaluator evaluator(expression);
  evaluator.Run(statement::Evaluator::Part::kClaim, statement::Target::kModel, model::HardwareEnvironment(mode),
                CaseOf(expression, values), 1);
  return evaluator.Claim(0);
}

// What the parser says of the text.
inline std::string ParseErrorOf(const std::string& text, const Format& format) {
  try {
    statement::ParseExpression(text, format);
  } catch (const statement::ExpressionError& error) {
    return error.what();
  }
  return "no error";
}

inline void ExpectParseError(const std::string& text, const Format& format, const std::string& column,
                             const std::string& part) {
  const std::string error = ParseErrorOf(text, format);
  EXPECT_TRUE(error.starts_with("column " + column + ": ")) << text << ": " << error;
  EXPECT_NE(error.find(part), std::string::npos) << text << ": " << error;
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_STATEMENT_QUESTIONS_H_
