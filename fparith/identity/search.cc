// The search loop: chunks of cases in rounds, each chunk's admitted and classified once and judged in every mode that
// is still open.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/search.h>

#include <algorithm>
#include <array>
#include <bit>
#include <memory>
#include <utility>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/identity/case_source.h>
#include <fplab/fparith/identity/judge.h>
#include <fplab/fparith/identity/shrink.h>

namespace fplab::identity {
namespace {

// Of so many cases the simplest failure is kept, whatever the time.
constexpr uint64_t kSimplestOf = uint64_t{1} << 20;
// Chunks between two looks at what is still open: few at first, so that what fails at once costs little. It is no
// matter of the machine: how many cases are tried is the same on all.
constexpr uint64_t kMostChunks = 64;

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

// What was found out by mode.
struct Findings {
  explicit Findings(size_t modes) : failures(modes), in_range(modes) {}

  uint64_t tried = 0, excluded = 0;
  std::vector<SearchResult::Failures> failures;
  std::vector<bool> in_range;
};

// Searches one chunk at a time, for one thread.
class ChunkSearcher {
 public:
  ChunkSearcher(const statement::Expression& expression, const SearchOptions& options)
      : options_(options),
        judge_(expression, options),
        source_(expression, options),
        types_(expression.VariableTypes()),
        cases_(expression.Words(), std::vector<uint64_t>(kBlockCases)) {
    if (options.accelerator && options.targets.size() == 1 && !expression.NeedsLibm()) {
      blocks_ = options.accelerator->Compile(expression, options.targets[0], options.all_values);
    }
  }

  const CaseSource& source() const { return source_; }
  bool KeepsSimplest(uint64_t chunk) const {
    if (!options_.keep_simplest) return false;
    return (source_.exhaustive() && source_.total() <= kSimplestOf) || source_.IsFirst(chunk);
  }

  // Goes on from what earlier chunks found: only what that leaves open is looked for.
  Findings Search(uint64_t chunk, const Findings& before) {
    before_ = &before;
    Findings findings(options_.modes.size());
    findings.in_range = before.in_range;
    keep_simplest_ = KeepsSimplest(chunk);
    source_.Start(chunk);
    while (const size_t count = source_.Fill(cases_, kBlockCases)) {
      findings.tried += count;
      const bool open = blocks_ ? SearchBlock(count, findings) : SearchCases(count, findings);
      if (!open) break;
    }
    return findings;
  }

 private:
  bool LooksFor(size_t mode, const Findings& findings) const {
    return keep_simplest_ || (IsOpen(before_->failures[mode], options_.all_strata) &&
                              IsOpen(findings.failures[mode], options_.all_strata));
  }

  // False if no mode is open any more; so below.
  bool SearchCases(size_t count, Findings& findings) {
    judge_.Admit(cases_, count, admitted_);
    const size_t kept = KeepAdmitted(cases_, admitted_);
    findings.excluded += count - kept;
    if (kept == 0) return true;
    bool open = false;
    std::optional<Rounding> classified;
    for (size_t m = 0; m < options_.modes.size(); ++m) {
      if (!LooksFor(m, findings)) continue;
      open = true;
      const Mode& mode = options_.modes[m];
      judge_.Decide(mode, cases_, kept, outcomes_);
      const bool all_hold =
          std::all_of(outcomes_.begin(), outcomes_.end(), [](auto o) { return o == Judge::Outcome::kHolds; });
      if (all_hold && findings.in_range[m]) continue;
      if (classified != mode.rounding) judge_.Classify(mode.rounding, cases_, kept, strata_);
      classified = mode.rounding;
      findings.in_range[m] = findings.in_range[m] || std::any_of(strata_.begin(), strata_.end(),
                                                                 [](Stratum s) { return s != Stratum::kSpecial; });
      for (size_t i = 0; i < kept; ++i) {
        if (outcomes_[i] != Judge::Outcome::kHolds) Record(m, i, strata_[i], outcomes_[i], findings);
      }
    }
    return open;
  }

  using Bits = std::array<uint64_t, kBlockCases / 64>;

  bool SearchBlock(size_t count, Findings& findings) {
    blocks_->Load(cases_, 0, count);
    Bits admitted, holds, reference, fails;
    blocks_->Admit(admitted.data());
    size_t kept = 0;
    for (const uint64_t word : admitted) kept += static_cast<size_t>(std::popcount(word));
    findings.excluded += count - kept;
    if (kept == 0) return true;
    bool open = false, has_reference = false;
    std::optional<Rounding> classified;
    for (size_t m = 0; m < options_.modes.size(); ++m) {
      if (!LooksFor(m, findings)) continue;
      open = true;
      const Mode& mode = options_.modes[m];
      blocks_->Claim(mode, holds.data());
      if (options_.question != Question::kFails && !has_reference) {
        blocks_->Claim(options_.reference, reference.data());
        has_reference = true;
      }
      uint64_t any = 0;
      for (size_t w = 0; w < fails.size(); ++w) {
        const uint64_t sought = options_.question == Question::kFails       ? ~holds[w]
                                : options_.question == Question::kFailsOnly ? ~holds[w] & reference[w]
                                                                            : holds[w] ^ reference[w];
        fails[w] = admitted[w] & sought;
        any |= fails[w];
      }
      if (any == 0 && findings.in_range[m]) continue;
      if (classified != mode.rounding) blocks_->Classify(mode.rounding, block_strata_.data());
      classified = mode.rounding;
      RecordBlock(m, count, admitted, fails, findings);
    }
    return open;
  }

  void RecordBlock(size_t m, size_t count, const Bits& admitted, const Bits& fails, Findings& findings) {
    for (size_t i = 0; i < count && !findings.in_range[m]; ++i) {
      if ((admitted[i / 64] >> i % 64 & 1) == 0) continue;
      findings.in_range[m] = StratumOf(m, i) != Stratum::kSpecial;
    }
    for (size_t w = 0; w < fails.size(); ++w) {
      for (uint64_t rest = fails[w]; rest != 0; rest &= rest - 1) {
        const size_t i = w * 64 + static_cast<size_t>(std::countr_zero(rest));
        const uint8_t seen = block_strata_[i];
        if (seen != kUnsureStratum && !keep_simplest_ && findings.failures[m][seen]) continue;
        if (seen == kUnsureStratum && !keep_simplest_ && !IsWanted(findings.failures[m])) continue;
        Record(m, i, StratumOf(m, i), Outcome(), findings);
      }
    }
  }

  // Whether some stratum still lacks a failure.
  static bool IsWanted(const SearchResult::Failures& failures) {
    return std::any_of(failures.begin(), failures.end(), [](const auto& failure) { return !failure; });
  }

  Judge::Outcome Outcome() const {
    return options_.targets[0] == statement::Target::kModel ? Judge::Outcome::kFailsOnModel
                                                            : Judge::Outcome::kFailsOnHardware;
  }

  Stratum StratumOf(size_t m, size_t i) {
    if (block_strata_[i] != kUnsureStratum) return static_cast<Stratum>(block_strata_[i]);
    return judge_.StratumOf(options_.modes[m], CaseOf(cases_, i));
  }

  void Record(size_t m, size_t i, Stratum stratum, Judge::Outcome outcome, Findings& findings) {
    std::optional<Failure>& failure = findings.failures[m][static_cast<size_t>(stratum)];
    if (failure && !keep_simplest_) return;
    std::vector<uint64_t> operands = CaseOf(cases_, i);
    if (failure && !(ComplexityOf(types_, operands) < ComplexityOf(types_, failure->operands))) return;
    // Vectors find failures, but single cases are believed.
    if (blocks_) {
      FPLAB_CHECK(judge_.FailureOf(options_.modes[m], stratum, stratum, operands),
                  "search: a block of cases and a single one are judged alike");
    }
    failure = Judge::MakeFailure(outcome, std::move(operands));
  }

  const SearchOptions& options_;
  Judge judge_;
  CaseSource source_;
  std::unique_ptr<BlockJudge> blocks_;
  std::vector<statement::Type> types_;
  statement::Cases cases_;
  std::vector<bool> admitted_;
  std::vector<Stratum> strata_;
  std::array<uint8_t, kBlockCases> block_strata_;
  std::vector<Judge::Outcome> outcomes_;
  // Of the chunk under way.
  const Findings* before_ = nullptr;
  bool keep_simplest_ = false;
};

// With the numbers that an effort stands for: a sixteenth of them where vectors can't help and a case takes long, for
// exact arithmetic, wide numbers, the C library, functions from outside, and model and hardware side by side.
SearchOptions Resolved(const SearchOptions& options, const statement::Expression& expression) {
  SearchOptions resolved = options;
  // Functions from outside are called by the thread that searches.
  if (!expression.outside.empty()) resolved.accelerator = nullptr;
  if (!options.effort) return resolved;
  const bool exact = std::any_of(expression.program.begin(), expression.program.end(), [](const auto& instruction) {
    return instruction.type.kind == statement::Kind::kExact;
  });
  const bool slow = exact || expression.HasWide() || expression.NeedsLibm() || options.targets.size() > 1;
  const int by_effort[] = {18, 24, 30}, exhaustive_by_effort[] = {22, 26, 33};
  const auto effort = static_cast<size_t>(*options.effort);
  const int less = slow ? 4 : 0;
  resolved.cases = uint64_t{1} << (by_effort[effort] - less);
  resolved.exhaustive_limit = uint64_t{1} << (exhaustive_by_effort[effort] - less);
  return resolved;
}

class Searcher {
 public:
  Searcher(const statement::Expression& expression, const SearchOptions& options)
      : expression_(expression),
        options_(options),
        types_(expression.VariableTypes()),
        searchers_(options.accelerator ? static_cast<size_t>(options.accelerator->Workers()) : 1),
        all_(options.modes.size()) {
    searchers_[0] = std::make_unique<ChunkSearcher>(expression, options);
  }

  SearchResult Run() {
    const CaseSource& source = searchers_[0]->source();
    const uint64_t chunks = source.Chunks();
    all_.tried = options_.after.tried;
    all_.excluded = options_.after.excluded;
    bool stopped = false;
    SearchPart clean = options_.after;
    for (uint64_t done = clean.chunks, size = 1; done < chunks && IsAnyOpen(done) && !stopped;) {
      const uint64_t count = std::min(size, chunks - done);
      SearchRound(done, count);
      done += count;
      if (AreAllOpen()) clean = {done, all_.tried, all_.excluded};
      size = std::min(2 * size, kMostChunks);
      stopped = options_.progress && !options_.progress(all_.tried, source.total());
    }
    SearchResult result;
    result.exhaustive = source.exhaustive() && all_.tried == source.total();
    result.simplest =
        source.total() <= kSimplestOf && result.exhaustive && options_.keep_simplest && options_.after.chunks == 0;
    result.stopped = stopped && all_.tried < source.total();
    result.total = source.total();
    result.tried = all_.tried;
    result.excluded = all_.excluded;
    result.outside = source.outside();
    result.clean = clean;
    result.failures = std::move(all_.failures);
    result.in_range = std::move(all_.in_range);
    return result;
  }

 private:
  bool IsAnyOpen(uint64_t next_chunk) const {
    return searchers_[0]->KeepsSimplest(next_chunk) ||
           std::any_of(all_.failures.begin(), all_.failures.end(), [&](const auto& mode) { return IsModeOpen(mode); });
  }
  bool AreAllOpen() const {
    return std::all_of(all_.failures.begin(), all_.failures.end(), [&](const auto& mode) { return IsModeOpen(mode); });
  }
  bool IsModeOpen(const SearchResult::Failures& failures) const { return IsOpen(failures, options_.all_strata); }

  void SearchRound(uint64_t first, uint64_t count) {
    std::vector<std::optional<Findings>> found(count);
    const auto body = [&](int i, int worker) {
      std::unique_ptr<ChunkSearcher>& searcher = searchers_[static_cast<size_t>(worker)];
      if (!searcher) searcher = std::make_unique<ChunkSearcher>(expression_, options_);
      found[static_cast<size_t>(i)] = searcher->Search(first + static_cast<uint64_t>(i), all_);
    };
    if (options_.accelerator && count > 1) {
      options_.accelerator->ForEach(static_cast<int>(count), body);
    } else {
      for (uint64_t i = 0; i < count; ++i) body(static_cast<int>(i), 0);
    }
    // In the order of the chunks, whoever was first.
    for (uint64_t i = 0; i < count; ++i) Take(*found[i], first + i);
  }

  void Take(const Findings& findings, uint64_t chunk) {
    const bool keep_simplest = searchers_[0]->KeepsSimplest(chunk);
    all_.tried += findings.tried;
    all_.excluded += findings.excluded;
    for (size_t m = 0; m < all_.failures.size(); ++m) {
      all_.in_range[m] = all_.in_range[m] || findings.in_range[m];
      for (size_t s = 0; s < kStrata; ++s) {
        std::optional<Failure>& known = all_.failures[m][s];
        const std::optional<Failure>& found = findings.failures[m][s];
        if (!found) continue;
        const bool simpler =
            known && keep_simplest && ComplexityOf(types_, found->operands) < ComplexityOf(types_, known->operands);
        if (known && !simpler) continue;
        known = found;
        known->chunk = chunk;
      }
    }
  }

  const statement::Expression& expression_;
  const SearchOptions& options_;
  std::vector<statement::Type> types_;
  std::vector<std::unique_ptr<ChunkSearcher>> searchers_;  // by worker
  Findings all_;
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
  const SearchOptions resolved = Resolved(options, expression);
  return Searcher(expression, resolved).Run();
}

}  // namespace fplab::identity
