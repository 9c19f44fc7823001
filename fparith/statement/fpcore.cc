// FPCores of a text, and the statement that each makes with a claim.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/fpcore.h>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/statement/fpcore_translator.h>
#include <fplab/fparith/statement/s_expression.h>

namespace fplab::statement {

std::string FpCore::Statement(std::string_view claim) const {
  if (is_truth && !claim.empty()) throw Error("the body is true or false: it takes no claim about its result");
  if (!is_truth && claim.empty()) {
    throw Error("the body is a number: a claim says what about it, such as \"finite(result)\"");
  }
  while (!claim.empty() && claim.front() == ' ') claim.remove_prefix(1);
  std::string text;
  for (const auto& [name_of_value, value] : definitions) {
    text += fmt::format("{}{} = {}", text.empty() ? "let " : ", ", name_of_value, value);
  }
  if (!is_truth) text += fmt::format("{}result = {}", text.empty() ? "let " : ", ", body);
  if (claim.starts_with("let ")) {
    text += fmt::format(", {}", claim.substr(4));
  } else {
    text += fmt::format("{}{}", text.empty() ? "" : " in ", is_truth ? std::string_view(body) : claim);
  }
  // An argument with a format of its own names it where it first stands.
  for (const auto& [argument, own] : annotations) {
    const std::string marked = kArgumentMark + argument + kArgumentMark;
    const size_t first = text.find(marked);
    if (first != std::string::npos) text.replace(first, marked.size(), fmt::format("({}: {})", argument, Name(own)));
  }
  std::erase(text, kArgumentMark);
  return text;
}

std::vector<FpCore> ReadFpCores(std::string_view text) {
  std::vector<std::string> refusals;
  std::vector<FpCore> cores = ReadFpCores(text, refusals);
  if (!refusals.empty()) throw Error("{}", refusals[0]);
  return cores;
}

std::vector<FpCore> ReadFpCores(std::string_view text, std::vector<std::string>& refusals) {
  std::vector<FpCore> cores;
  const std::vector<SExpression> forms = ReadSExpressions(text);
  for (const SExpression& form : forms) {
    if (!form.IsForm("FPCore")) FailAt(form, "found something else, expected (FPCore (ARGUMENTS) ... BODY)");
    try {
      cores.push_back(TranslateFpCore(form));
    } catch (const Error& error) {
      refusals.emplace_back(error.what());
    }
  }
  if (forms.empty()) throw Error("line 1, column 1: no FPCore");
  return cores;
}

}  // namespace fplab::statement
