// Claim: a statement of fplab's language (fparith/statement/expression.h) about named operands, judged by the exact
// model in any mode. The machine's arithmetic has no part in it.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_PROPERTY_CLAIM_H_
#define FPLAB_PROPTESTS_PROPERTY_CLAIM_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/mode.h>
#include <fplab/fparith/statement/evaluator.h>
#include <fplab/fparith/statement/expression.h>
#include <fplab/fparith/statement/value_type.h>
#include <fplab/proptests/property/named_bits.h>

namespace fplab::proptests {

class Claim {
 public:
  // Parses `text`, whose variables are among the operands of `at` (their values do not matter) and the result, if there
  // is one. Throws Error that quotes the text: for its grammar, for a variable that the case does not have, or has in
  // another format, and for functions that the model lacks.
  Claim(const std::string& text, const NamedBits& at, const std::optional<Result>& result = {})
      : expression_(Parsed(text, at.format)) {
    for (const statement::Variable& variable : expression_.variables) {
      const std::optional<size_t> operand = IndexOf(at, variable.name);
      const bool is_result = !operand && result && variable.name == kResultName;
      if (!operand && !is_result) {
        throw Error("\"{}\": found the name \"{}\", expected one of{}{}", text, variable.name, NamesOf(at),
                    result ? std::string(" ") + kResultName : "");
      }
      const statement::Type type = statement::Type::Number(is_result ? result->format : at.format);
      if (!(variable.type == type)) {
        throw Error("\"{}\": found {} as {}, expected {}", text, variable.name, statement::Name(variable.type),
                    statement::Name(type));
      }
    }
  }

  const statement::Expression& expression() const { return expression_; }

  // Whether it is true, its operations computed by the model in `mode`; so it is where its own condition (`when`) is
  // false. Preconditions: operands and result as they were given to the constructor, but for their values.
  bool IsTrue(const NamedBits& at, Mode mode, const std::optional<Result>& result = {}) const {
    statement::Evaluator evaluator(expression_);
    return Run(evaluator, at, mode, result);
  }

  // The value that a variable of the statement has in the case.
  static uint64_t ValueOf(const std::string& name, const NamedBits& at, const std::optional<Result>& result) {
    const std::optional<size_t> operand = IndexOf(at, name);
    return operand ? at.operands[*operand].bits : result->bits;
  }

  // What a claim "result === value" compares the result with; precondition: it is one.
  uint64_t ValueBesideResult(const NamedBits& at, Mode mode, const Result& result) const {
    statement::Evaluator evaluator(expression_);
    Run(evaluator, at, mode, result);
    const statement::Instruction& same = expression_.At(expression_.claim);
    const statement::Instruction& first = expression_.At(same.args[0]);
    const bool first_is_result =
        first.op == statement::Op::kVariable && expression_.variables[first.value].name == kResultName;
    return evaluator.Number(same.args[first_is_result ? 1 : 0], 0);
  }

 private:
  bool Run(statement::Evaluator& evaluator, const NamedBits& at, Mode mode, const std::optional<Result>& result) const {
    std::vector<uint64_t> values;
    for (const statement::Variable& variable : expression_.variables) {
      values.push_back(ValueOf(variable.name, at, result));
    }
    const statement::Cases cases = statement::OneCase(values);
    using statement::Evaluator, statement::Target;
    if (expression_.condition) {
      evaluator.Run(Evaluator::Part::kCondition, Target::kModel, expression_.EnvironmentIn(kIeee), cases, 1);
      if (!evaluator.Truth(*expression_.condition, 0)) return true;
    }
    evaluator.Run(Evaluator::Part::kClaim, Target::kModel, expression_.EnvironmentIn(mode), cases, 1);
    return evaluator.Claim(0);
  }

  static statement::Expression Parsed(const std::string& text, const Format& format) {
    try {
      statement::Expression expression = statement::ParseExpression(text, format);
      statement::RequireTarget(expression, statement::Target::kModel);
      return expression;
    } catch (const Error& error) {
      throw Error("\"{}\": {}", text, error.what());
    }
  }

  static std::optional<size_t> IndexOf(const NamedBits& at, const std::string& name) {
    const auto found = std::find_if(at.operands.begin(), at.operands.end(),
                                    [&](const NamedValue& operand) { return operand.name == name; });
    if (found == at.operands.end()) return std::nullopt;
    return static_cast<size_t>(found - at.operands.begin());
  }
  static std::string NamesOf(const NamedBits& at) {
    std::string names;
    for (const NamedValue& operand : at.operands) names += " " + operand.name;
    return names;
  }

  statement::Expression expression_;
};

}  // namespace fplab::proptests

#endif  // FPLAB_PROPTESTS_PROPERTY_CLAIM_H_
