// Rewrites and their counterexamples as text.
// SPDX-License-Identifier: Apache-2.0
#include "tools/printing/refinement_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/printing/value_text.h"

namespace fplab::tools {
namespace {

// Each different result of some instructions once.
std::vector<WideBits> ResultsOf(const statement::Expression& expression, const std::vector<int>& ways,
                                const statement::Freedom& freedom, const std::vector<uint64_t>& operands) {
  statement::Evaluator evaluator(expression);
  evaluator.Run(statement::Evaluator::Part::kClaim, statement::Target::kModel, expression.EnvironmentIn(freedom.mode),
                statement::OneCase(operands), 1);
  std::vector<WideBits> results;
  for (const int way : ways) {
    const WideBits result = evaluator.Bits(way, 0);
    if (std::find(results.begin(), results.end(), result) == results.end()) results.push_back(result);
  }
  return results;
}

std::string SideText(const statement::Expression& expression, const std::vector<int>& ways,
                     const statement::Freedom& freedom, const std::vector<uint64_t>& operands) {
  const statement::Type& type = expression.At(ways[0]).type;
  std::string text = fmt::format("    {} may give", expression.TextOf(expression.At(ways[0])));
  bool first = true;
  for (const WideBits result : ResultsOf(expression, ways, freedom, operands)) {
    text += fmt::format("{}{}", first ? " " : " or ", ShowValue(type, result));
    first = false;
  }
  return text + "\n";
}

nlohmann::json SideJson(const statement::Expression& expression, const std::vector<int>& ways,
                        const statement::Freedom& freedom, const std::vector<uint64_t>& operands) {
  nlohmann::json list = nlohmann::json::array();
  for (const WideBits result : ResultsOf(expression, ways, freedom, operands)) {
    list.push_back(ValueJson(expression.At(ways[0]).type, result));
  }
  return list;
}

}  // namespace

std::string WaysText(const statement::Refinement& refinement, const statement::Freedom& freedom,
                     const std::vector<uint64_t>& operands) {
  const statement::Expression& expression = refinement.expression;
  return fmt::format("    {}\n", ShowOperands(expression, operands)) +
         SideText(expression, refinement.left, freedom, operands) +
         SideText(expression, refinement.right, freedom, operands);
}

std::string RefinementText(const identity::Refutation& refutation, const statement::Refinement& refinement,
                           const statement::Freedom& freedom) {
  const identity::SearchResult& search = refutation.search;
  const std::string many = TupleName(refinement.expression.variables.size(), true);
  std::string text = Name(freedom) + ": ";
  const identity::ModeFinding& finding = refutation.findings[0];
  if (search.Judged() == 0) {
    text += "vacuous: nothing meets the condition\n";
  } else if (finding.failure) {
    text += "refuted: the right side may give what the left side may not\n" +
            WaysText(refinement, freedom, finding.failure->operands);
  } else if (search.exhaustive) {
    text += fmt::format("the right side gives nothing that the left side may not: all {} {} were tried\n",
                        search.Judged(), many);
  } else {
    text += fmt::format("no counterexample among {} {}\n", search.Judged(), many);
  }
  if (search.stopped) text += fmt::format("stopped after {} of {} {}\n", search.tried, search.total, many);
  return text;
}

nlohmann::json RefinementJson(const identity::Refutation& refutation, const statement::Refinement& refinement,
                              const statement::Freedom& freedom) {
  const identity::SearchResult& search = refutation.search;
  nlohmann::json json = {{"statement", refinement.expression.text},
                         {"format", Name(refinement.expression.format)},
                         {"mode", Name(freedom)},
                         {"holds", refutation.Holds()},
                         {"exhaustive", search.exhaustive},
                         {"judged", search.Judged()},
                         {"stopped", search.stopped}};
  const identity::ModeFinding& finding = refutation.findings[0];
  if (finding.failure) {
    const std::vector<uint64_t>& operands = finding.failure->operands;
    json["counterexample"] = {{"operands", OperandsJson(refinement.expression, operands)},
                              {"left", SideJson(refinement.expression, refinement.left, freedom, operands)},
                              {"right", SideJson(refinement.expression, refinement.right, freedom, operands)}};
  }
  return json;
}

}  // namespace fplab::tools
