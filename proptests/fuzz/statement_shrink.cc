// Fuzzes the search for counterexamples: what it reports fails indeed, cannot be made simpler, and is found again.
// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <fplab/fparith/identity/identity.h>
#include <fplab/fparith/identity/shrink.h>
#include "proptests/fuzz/fuzz.h"

namespace fplab::fuzz {
namespace {

void Try(FuzzedDataProvider& input) {
  const Format& format = input.PickValueInArray(kTextFormats);
  identity::SearchOptions options;
  options.seed = input.ConsumeIntegral<uint64_t>();
  options.cases = 64;
  options.exhaustive_limit = 256;
  options.all_values = input.ConsumeBool();
  options.modes = {kFlushModes[input.ConsumeIntegralInRange<size_t>(0, kFlushModes.size() - 1)]};
  const std::string text = input.ConsumeRemainingBytesAsString();
  identity::Refutation found;
  if (!Accepted([&] { found = identity::Refute(text, format, options); })) return;
  for (const identity::ModeFinding& finding : found.findings) {
    if (!finding.failure) continue;
    const identity::Failure& failure = *finding.failure;
    const auto steps = identity::TraceClaim(found.expression, failure.operands, failure.target, finding.mode);
    Require(!steps.empty() && steps.back().type.kind == statement::Kind::kTruth && steps.back().bits == 0,
            "the operands reported refute the claim");
  }
  const identity::Refutation again = identity::Refute(text, format, options);
  Require(again.search.tried == found.search.tried && again.findings.size() == found.findings.size(),
          "the same search tries the same");
  for (size_t i = 0; i < found.findings.size(); ++i) {
    const auto &a = found.findings[i].failure, &b = again.findings[i].failure;
    Require(a.has_value() == b.has_value() && (!a || a->operands == b->operands), "the same search finds the same");
  }
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  fplab::fuzz::Try(input);
  return 0;
}
