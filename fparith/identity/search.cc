// The search loop: batches of cases, admitted and classified once and judged in every mode that is still open.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/search.h>

#include <algorithm>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/identity/case_source.h>
#include <fplab/fparith/identity/judge.h>
#include <fplab/fparith/identity/shrink.h>

namespace fplab::identity {
namespace {

constexpr size_t kBatch = 256;
constexpr uint64_t kProgressInterval = uint64_t{1} << 18;
// Of so many cases the simplest failure is kept, whatever the time.
constexpr uint64_t kSimplestOf = uint64_t{1} << 20;

std::vector<uint64_t> CaseOf(const statement::Cases& cases, size_t i) {
  std::vector<uint64_t> operands(cases.size());
  for (size_t v = 0; v < cases.size(); ++v) operands[v] = cases[v][i];
  return operands;
}

// Moves the admitted cases to the front; returns how many there are.
size_t KeepAdmitted(statement::Cases& cases, const std::vector<bool>& admitted) {
  size_t kept = 0;
  for (size_t i = 0; i < admitted.size(); ++i) {
    if (!admitted[i]) continue;
    for (std::vector<uint64_t>& operands : cases) operands[kept] = operands[i];
    ++kept;
  }
  return kept;
}

bool IsOpen(const SearchResult::Failures& failures, bool all_strata) {
  const std::optional<Stratum> last = LastStratum(failures);
  return !last || *last == Stratum::kSpecial || (all_strata && *last != Stratum::kNoUnderflow);
}

class Searcher {
 public:
  Searcher(const statement::Expression& expression, const SearchOptions& options)
      : expression_(expression),
        options_(options),
        judge_(expression, options),
        source_(expression, options),
        types_(expression.VariableTypes()),
        cases_(expression.variables.size(), std::vector<uint64_t>(kBatch)) {
    result_.exhaustive = source_.exhaustive();
    result_.simplest = source_.exhaustive() && source_.total() <= kSimplestOf;
    result_.outside = source_.outside();
    result_.failures.resize(options.modes.size());
    result_.in_range.resize(options.modes.size());
  }

  SearchResult Run() {
    while (const size_t count = source_.Fill(cases_, kBatch)) {
      const bool keep_simplest = result_.simplest || source_.InFirst();
      result_.tried += count;
      judge_.Admit(cases_, count, admitted_);
      const size_t kept = KeepAdmitted(cases_, admitted_);
      result_.excluded += count - kept;
      if (kept > 0 && !Decide(kept, keep_simplest)) {
        result_.exhaustive = result_.exhaustive && result_.tried == source_.total();
        break;
      }
      if (options_.progress && result_.tried / kProgressInterval != (result_.tried - count) / kProgressInterval) {
        options_.progress(result_.tried, source_.total());
      }
    }
    return std::move(result_);
  }

 private:
  // False if no mode is open any more.
  bool Decide(size_t count, bool keep_simplest) {
    bool open = false;
    std::optional<Rounding> classified;
    for (size_t m = 0; m < options_.modes.size(); ++m) {
      SearchResult::Failures& failures = result_.failures[m];
      if (!keep_simplest && !IsOpen(failures, options_.all_strata)) continue;
      open = true;
      const Mode& mode = options_.modes[m];
      judge_.Decide(mode, cases_, count, outcomes_);
      const bool all_hold =
          std::all_of(outcomes_.begin(), outcomes_.end(), [](auto o) { return o == Judge::Outcome::kHolds; });
      if (all_hold && result_.in_range[m]) continue;
      if (classified != mode.rounding) judge_.Classify(mode.rounding, cases_, count, strata_);
      classified = mode.rounding;
      result_.in_range[m] = result_.in_range[m] || std::any_of(strata_.begin(), strata_.end(),
                                                               [](Stratum s) { return s != Stratum::kSpecial; });
      Record(keep_simplest, failures);
    }
    return open;
  }

  void Record(bool keep_simplest, SearchResult::Failures& failures) {
    for (size_t i = 0; i < outcomes_.size(); ++i) {
      if (outcomes_[i] == Judge::Outcome::kHolds) continue;
      std::optional<Failure>& failure = failures[static_cast<size_t>(strata_[i])];
      if (failure && !keep_simplest) continue;
      std::vector<uint64_t> operands = CaseOf(cases_, i);
      if (failure && !(ComplexityOf(types_, operands) < ComplexityOf(types_, failure->operands))) continue;
      failure = Judge::MakeFailure(outcomes_[i], std::move(operands));
    }
  }

  const statement::Expression& expression_;
  const SearchOptions& options_;
  Judge judge_;
  CaseSource source_;
  std::vector<statement::Type> types_;
  statement::Cases cases_;
  std::vector<bool> admitted_;
  std::vector<Stratum> strata_;
  std::vector<Judge::Outcome> outcomes_;
  SearchResult result_;
};

}  // namespace

std::optional<Stratum> LastStratum(const SearchResult::Failures& failures) {
  for (size_t i = failures.size(); i-- > 0;) {
    if (failures[i]) return static_cast<Stratum>(i);
  }
  return std::nullopt;
}

SearchResult Search(const statement::Expression& expression, const SearchOptions& options) {
  if (options.targets.empty()) throw Error("targets: found none, expected the model, the hardware or both");
  if (options.modes.empty()) throw Error("modes: found none, expected at least one");
  return Searcher(expression, options).Run();
}

}  // namespace fplab::identity
