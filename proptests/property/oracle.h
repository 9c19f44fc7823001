// The exact model as oracle for a function of the user's own: AgreesWith and Satisfies, requirements in fplab's
// language of statements (fparith/statement/expression.h), in which the function's return value is called "result".
//
//   InEveryMode(at, lerp, AgreesWith("a + t*(b-a)"));
//   InEveryMode(at, gap, AgreesWith("a-b").And("result == 0 => a == b"));
//   InEveryMode(at, mean, Satisfies("min(a,b) <= result and result <= max(a,b)"));
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_PROPERTY_ORACLE_H_
#define FPLAB_PROPTESTS_PROPERTY_ORACLE_H_

#include <fmt/format.h>

#include <string>
#include <utility>

#include <fplab/fparith/float/format.h>
#include <fplab/fparith/mode/mode.h>
#include <fplab/proptests/property/claim.h>
#include <fplab/proptests/property/judgement.h>
#include <fplab/proptests/property/named_bits.h>
#include <fplab/proptests/property/value_text.h>

namespace fplab::proptests {

// The name of the result where a statement has it first: with its format, if that is not the operands'.
inline std::string ResultText(const NamedBits& at, const Result& result) {
  return result.format == at.format ? kResultName : fmt::format("{}: {}", kResultName, Name(result.format));
}

// A claim about operands and result is true. Comparisons judge values, in no mode; what is computed in the claim is
// computed by the model, in the mode that the function ran in.
class Satisfies {
 public:
  explicit Satisfies(std::string claim) : claim_(std::move(claim)) {}

  // Of InEveryMode. Throws as Claim does.
  Judgement operator()(const NamedBits& at, const Result& result, Mode mode) const {
    Judgement judgement{true, "", claim_};
    judgement.holds = Claim(claim_, at, result).IsTrue(at, mode, result);
    if (!judgement.holds) {
      judgement.message =
          fmt::format("found     {}\nexpected  {}", ValueText(result.format, result.bits), judgement.statement);
    }
    return judgement;
  }

 private:
  std::string claim_;
};

// The result is, to the bit, what the model computes of `formula` in the mode that the function ran in: each operation
// rounded and flushed on its own, in the order written. A fused or reassociated operation, or one that ignores the
// mode, is found out.
class AgreesWith {
 public:
  explicit AgreesWith(std::string formula) : formula_(std::move(formula)) {}

  // Beyond that, a claim about operands and result.
  AgreesWith And(std::string claim) const {
    AgreesWith both = *this;
    both.claim_ = std::move(claim);
    return both;
  }

  // Of InEveryMode. Throws as Claim does.
  Judgement operator()(const NamedBits& at, const Result& result, Mode mode) const {
    const std::string statement = fmt::format("{} === ({})", ResultText(at, result), formula_);
    const Claim same(statement, at, result);
    if (!same.IsTrue(at, mode, result)) {
      return {false,
              fmt::format("found     {}\nexpected  {}, the model's {}", ValueText(result.format, result.bits),
                          ValueText(result.format, same.ValueBesideResult(at, mode, result)), formula_),
              statement};
    }
    if (claim_.empty()) return {true, "", statement};
    Judgement judgement = Satisfies(claim_)(at, result, mode);
    // The model computes the result itself.
    judgement.statement = fmt::format("let {} = {} in {}", kResultName, formula_, claim_);
    return judgement;
  }

 private:
  std::string formula_, claim_;
};

}  // namespace fplab::proptests

#endif  // FPLAB_PROPTESTS_PROPERTY_ORACLE_H_
