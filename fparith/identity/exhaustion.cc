// Counting and hashing outcomes, block by block.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/exhaustion.h>

#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/identity/case_source.h>
#include <fplab/fparith/identity/judge.h>

namespace fplab::identity {
namespace {

constexpr uint64_t kFnvBasis = 0xcbf29ce484222325, kFnvPrime = 0x100000001b3;

uint64_t HashByte(uint64_t hash, uint64_t byte) { return (hash ^ byte) * kFnvPrime; }

uint64_t HashOf(const statement::Cases& cases, size_t i, uint64_t outcome) {
  uint64_t hash = kFnvBasis;
  for (const std::vector<uint64_t>& words : cases) {
    for (int shift = 0; shift < 64; shift += 8) hash = HashByte(hash, words[i] >> shift & 0xff);
  }
  return HashByte(hash, outcome);
}

}  // namespace

ExhaustionDigest DigestOfAll(const statement::Expression& expression, Mode mode, bool all_values, uint64_t most) {
  SearchOptions options;
  options.modes = {mode};
  options.all_values = all_values;
  options.cases = 0;
  options.exhaustive_limit = most;
  Judge judge(expression, options);
  CaseSource source(expression, options);
  if (!source.exhaustive()) throw Error("\"{}\": more than {} tuples of operands", expression.text, most);
  constexpr size_t kBatch = 1024;
  statement::Cases cases(expression.Words(), std::vector<uint64_t>(kBatch));
  std::vector<bool> admitted;
  std::vector<Stratum> strata;
  std::vector<Judge::Outcome> outcomes;
  ExhaustionDigest result;
  for (uint64_t chunk = 0; chunk < source.Chunks(); ++chunk) {
    source.Start(chunk);
    while (const size_t count = source.Fill(cases, kBatch)) {
      judge.Admit(cases, count, admitted);
      judge.Decide(mode, cases, count, outcomes);
      judge.Classify(mode.rounding, cases, count, strata);
      for (size_t i = 0; i < count; ++i) {
        if (!admitted[i]) continue;
        const bool fails = outcomes[i] != Judge::Outcome::kHolds;
        const bool by_overflow = fails && strata[i] == Stratum::kSpecial;
        ++result.tuples;
        result.fails += fails && !by_overflow ? 1 : 0;
        result.fails_by_overflow += by_overflow ? 1 : 0;
        result.digest += HashOf(cases, i, by_overflow ? 2 : fails ? 0 : 1);
      }
    }
  }
  return result;
}

}  // namespace fplab::identity
