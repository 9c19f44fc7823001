// What a search found out about a statement, as lines and as JSON.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PRINTING_FINDING_TEXT_H_
#define FPLAB_TOOLS_PRINTING_FINDING_TEXT_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <fplab/fparith/identity/identity.h>

namespace fplab::tools {

// Modes in which the same was found share a paragraph; counts and literals that were rounded follow.
std::string FindingText(const identity::Refutation& refutation, const identity::SearchOptions& options);

// One line: "refuted", "no counterexample", "holds (proved)", "vacuous", by mode.
std::string FindingWord(const identity::Refutation& refutation, const identity::ModeFinding& finding);

// What became of literals that their format does not hold, a line each.
std::string LiteralLines(const statement::Expression& expression);

nlohmann::json FindingJson(const identity::Refutation& refutation, const identity::SearchOptions& options);

// The evaluation of one case step by step, in each mode; modes with the same steps share a paragraph.
std::string TraceText(const statement::Expression& expression, const std::vector<uint64_t>& operands,
                      const std::vector<Mode>& modes, statement::Target target);
nlohmann::json TraceJson(const statement::Expression& expression, const std::vector<uint64_t>& operands,
                         const std::vector<Mode>& modes, statement::Target target);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PRINTING_FINDING_TEXT_H_
