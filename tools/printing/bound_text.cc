// The largest error of an expression, as lines and as JSON.
// SPDX-License-Identifier: Apache-2.0
#include "tools/printing/bound_text.h"

#include <fmt/format.h>

#include "tools/printing/value_text.h"

namespace fplab::tools {
namespace {

std::string ErrorLine(const statement::Expression& expression, const identity::LargestError& largest, bool exhaustive) {
  std::string line = fmt::format("{} {:.6g} ulp", exhaustive ? "at most" : "at least", largest.ulps);
  if (!largest.operands.empty()) line += ", for " + ShowOperands(expression, largest.operands);
  return line + "\n";
}

}  // namespace

std::string BoundText(const identity::ErrorBounds& found) {
  const statement::Expression& expression = found.expression;
  const std::string many = TupleName(expression.variables.size(), true);
  std::string text;
  for (const identity::ModeBound& bound : found.bounds) {
    if (bound.judged == 0) {
      text += fmt::format("{}: vacuous: nothing meets the condition\n", Name(bound.mode));
      continue;
    }
    text += fmt::format("{}: {}", Name(bound.mode), ErrorLine(expression, bound.in_range, bound.exhaustive));
    if (bound.no_underflow.operands != bound.in_range.operands) {
      text += "    where nothing underflows " + ErrorLine(expression, bound.no_underflow, bound.exhaustive);
    }
    text += bound.stopped      ? fmt::format("    stopped: the largest among {} {} so far\n", bound.judged, many)
            : bound.exhaustive ? fmt::format("    all {} {} were tried\n", bound.judged, many)
                               : fmt::format("    the largest among {} {}\n", bound.judged, many);
  }
  return text;
}

nlohmann::json BoundJson(const identity::ErrorBounds& found, const std::string& expression, const std::string& format,
                         const std::string& against) {
  const auto largest = [&](const identity::LargestError& error) {
    nlohmann::json json = {{"ulps", error.ulps}};
    if (!error.operands.empty()) json["operands"] = OperandsJson(found.expression, error.operands);
    return json;
  };
  nlohmann::json modes = nlohmann::json::array();
  for (const identity::ModeBound& bound : found.bounds) {
    modes.push_back({{"mode", Name(bound.mode)},
                     {"in_range", largest(bound.in_range)},
                     {"no_underflow", largest(bound.no_underflow)},
                     {"exhaustive", bound.exhaustive},
                     {"stopped", bound.stopped},
                     {"judged", bound.judged}});
  }
  nlohmann::json json = {{"expression", expression}, {"format", format}, {"modes", modes}};
  if (!against.empty()) json["against"] = against;
  return json;
}

}  // namespace fplab::tools
