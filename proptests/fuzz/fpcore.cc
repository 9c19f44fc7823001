// Fuzzes FPCore: what is read is a statement, or is refused in one line; either way in bounded work.
// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <fplab/fparith/statement/expression.h>
#include <fplab/fparith/statement/fpcore.h>
#include "proptests/fuzz/fuzz.h"

namespace fplab::fuzz {
namespace {

void Try(std::string_view text) {
  std::vector<statement::FpCore> cores;
  if (!Accepted([&] { cores = statement::ReadFpCores(text); })) return;
  Require(!cores.empty(), "what is read is one FPCore at least");
  for (const statement::FpCore& core : cores) {
    const std::string asked = core.Statement(core.is_truth ? "" : "isfinite(result)");
    Require(asked.find('\x01') == std::string::npos, "no mark is left in a statement");
    Require(core.condition.find('\x01') == std::string::npos, "no mark is left in a condition");
    statement::Expression expression;
    if (!Accepted([&] { expression = statement::ParseExpression(asked, core.format, {false, core.condition}); })) {
      continue;
    }
    Require(expression.condition.has_value() == !core.condition.empty(), "a precondition is a condition");
  }
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fplab::fuzz::Try(fplab::fuzz::Text(data, size));
  return 0;
}
