// The search loop: batches of cases, classified once and judged in every mode that is still open.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/search.h>

#include <algorithm>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/identity/judge.h>
#include <fplab/fparith/identity/operand_generator.h>

namespace fplab::identity {
namespace {

constexpr size_t kBatch = 256;
constexpr uint64_t kProgressInterval = uint64_t{1} << 18;

// Produces the tuples of operands, batch by batch.
class CaseSource {
 public:
  CaseSource(const statement::Expression& expression, const SearchOptions& options)
      : format_(expression.format), all_values_(options.all_values), generator_(expression.format, options.seed) {
    const size_t arity = expression.variables.size();
    power_of_two_.resize(arity);
    if (expression.condition) MarkPowersOfTwo(expression, *expression.condition);
    const uint64_t values = all_values_ ? format_.Mask() : 2 * format_.MaxFinite() + 1;  // less one
    const uint64_t limit = std::max(options.cases, options.exhaustive_limit);
    total_ = 1;
    exhaustive_ = true;
    for (size_t v = 0; v < arity && exhaustive_; ++v) {
      exhaustive_ = values < limit && total_ <= limit / (values + 1);
      total_ *= values + 1;
    }
    if (!exhaustive_) total_ = options.cases;
    counters_.assign(arity, 0);
  }

  bool exhaustive() const { return exhaustive_; }
  uint64_t total() const { return total_; }

  size_t Fill(statement::Cases& cases) {
    const size_t count = std::min<uint64_t>(kBatch, total_ - done_);
    for (size_t i = 0; i < count; ++i) exhaustive_ ? Next(cases, i) : Draw(cases, i);
    done_ += count;
    return count;
  }

 private:
  // Variables of which a condition joined by `and` says power_of_two(v): others would hardly ever be admitted.
  void MarkPowersOfTwo(const statement::Expression& expression, int index) {
    const statement::Instruction& instruction = expression.program[static_cast<size_t>(index)];
    if (instruction.op == statement::Op::kAnd) {
      MarkPowersOfTwo(expression, instruction.args[0]);
      MarkPowersOfTwo(expression, instruction.args[1]);
    }
    if (instruction.op != statement::Op::kIsPowerOfTwo) return;
    const statement::Instruction& operand = expression.program[static_cast<size_t>(instruction.args[0])];
    if (operand.op == statement::Op::kVariable) power_of_two_[operand.value] = true;
  }

  uint64_t Enumerated(uint64_t number) const {
    if (all_values_) return number;
    return number / 2 | (number % 2 != 0 ? format_.SignMask() : 0);
  }

  void Next(statement::Cases& cases, size_t i) {
    const uint64_t last = all_values_ ? format_.Mask() : 2 * format_.MaxFinite() + 1;
    for (size_t v = 0; v < counters_.size(); ++v) cases[v][i] = Enumerated(counters_[v]);
    for (uint64_t& counter : counters_) {
      if (counter++ < last) return;
      counter = 0;
    }
  }

  void Draw(statement::Cases& cases, size_t i) {
    // Half of the tuples have every operand in the same relation to the first: statements of three and more operands
    // get to the edge of underflow in all their products at once.
    const bool shared = generator_.random().OneIn(2);
    const auto relation = generator_.PickRelation();
    for (size_t v = 0; v < counters_.size(); ++v) {
      uint64_t& operand = cases[v][i];
      if (power_of_two_[v]) {
        operand = generator_.PowerOfTwo();
      } else if (all_values_) {
        operand = generator_.AnyPattern();
      } else if (v == 0) {
        operand = generator_.Value();
      } else if (shared) {
        operand = generator_.Related(cases[0][i], relation);
      } else {
        const auto other = static_cast<size_t>(generator_.random().Between(0, static_cast<int>(v) - 1));
        operand = generator_.Related(cases[other][i], generator_.PickRelation());
      }
    }
  }

  const Format format_;
  const bool all_values_;
  OperandGenerator generator_;
  std::vector<bool> power_of_two_;
  bool exhaustive_ = false;
  uint64_t total_ = 0, done_ = 0;
  std::vector<uint64_t> counters_;
};

std::vector<uint64_t> CaseOf(const statement::Cases& cases, size_t i) {
  std::vector<uint64_t> operands(cases.size());
  for (size_t v = 0; v < cases.size(); ++v) operands[v] = cases[v][i];
  return operands;
}

// Moves the admitted cases to the front; returns how many there are.
size_t KeepAdmitted(statement::Cases& cases, std::vector<Judge::Class>& classes, SearchResult& result) {
  size_t kept = 0;
  for (size_t i = 0; i < classes.size(); ++i) {
    if (classes[i].standing == Judge::Standing::kExcluded) ++result.excluded;
    if (classes[i].standing == Judge::Standing::kSetAside) ++result.set_aside;
    if (classes[i].standing != Judge::Standing::kAdmitted) continue;
    for (std::vector<uint64_t>& operands : cases) operands[kept] = operands[i];
    classes[kept++] = classes[i];
  }
  return kept;
}

void Record(const std::vector<Judge::Outcome>& outcomes, const std::vector<Judge::Class>& classes,
            const statement::Cases& cases, std::array<std::optional<Failure>, 3>& failures) {
  for (size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i] == Judge::Outcome::kHolds) continue;
    std::optional<Failure>& failure = failures[static_cast<size_t>(classes[i].stratum)];
    if (!failure) failure = Judge::MakeFailure(outcomes[i], CaseOf(cases, i));
  }
}

bool IsOpen(const std::array<std::optional<Failure>, 3>& failures, bool all_strata) {
  if (all_strata) return !failures[static_cast<size_t>(Stratum::kNoUnderflow)];
  return !failures[0] && !failures[1] && !failures[2];
}

}  // namespace

SearchResult Search(const statement::Expression& expression, const SearchOptions& options) {
  if (options.targets.empty()) throw Error("targets: found none, expected the model, the hardware or both");
  if (options.modes.empty()) throw Error("modes: found none, expected at least one");
  Judge judge(expression, options);
  CaseSource source(expression, options);
  SearchResult result;
  result.exhaustive = source.exhaustive();
  result.failures.resize(options.modes.size());
  statement::Cases cases(expression.variables.size(), std::vector<uint64_t>(kBatch));
  std::vector<Judge::Class> classes;
  std::vector<Judge::Outcome> outcomes;
  while (const size_t count = source.Fill(cases)) {
    result.tried += count;
    judge.Classify(cases, count, classes);
    const size_t kept = KeepAdmitted(cases, classes, result);
    bool open = false;
    for (size_t m = 0; m < options.modes.size(); ++m) {
      if (!IsOpen(result.failures[m], options.all_strata)) continue;
      open = true;
      judge.Decide(options.modes[m], cases, kept, outcomes);
      Record(outcomes, classes, cases, result.failures[m]);
    }
    if (!open) {
      result.exhaustive = result.exhaustive && result.tried == source.total();
      break;
    }
    if (options.progress && result.tried / kProgressInterval != (result.tried - count) / kProgressInterval) {
      options.progress(result.tried, source.total());
    }
  }
  return result;
}

}  // namespace fplab::identity
