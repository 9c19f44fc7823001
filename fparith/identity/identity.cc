// Search, shrink, and what they say about a statement.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/identity.h>

#include <algorithm>
#include <array>

#include <fplab/fparith/identity/judge.h>
#include <fplab/fparith/identity/shrink.h>

namespace fplab::identity {
namespace {

// Of the failures that are not special, the one to begin with: the simplest.
const Failure& Simplest(const statement::Expression& expression, const SearchResult::Failures& failures, Stratum last) {
  const std::vector<statement::Type> types = expression.VariableTypes();
  const Failure* simplest = &*failures[static_cast<size_t>(last)];
  for (size_t i = static_cast<size_t>(Stratum::kFinite); i < static_cast<size_t>(last); ++i) {
    if (!failures[i] || failures[i]->targets_disagree != simplest->targets_disagree) continue;
    const bool simpler = ComplexityOf(types, failures[i]->operands) < ComplexityOf(types, simplest->operands);
    if (simpler) simplest = &*failures[i];
  }
  return *simplest;
}

ModeFinding FindingOf(Judge& judge, const statement::Expression& expression, Mode mode,
                      const SearchResult::Failures& failures) {
  ModeFinding finding{mode, std::nullopt, Stratum::kFinite, Stratum::kFinite, std::nullopt};
  const std::optional<Stratum> last = LastStratum(failures);
  if (!last) return finding;
  finding.last = *last;
  if (*last == Stratum::kSpecial) {
    finding.stratum = Stratum::kSpecial;
    finding.failure = judge.Shrunk(mode, Stratum::kSpecial, Stratum::kSpecial, *failures[0]);
    return finding;
  }
  finding.failure = judge.Shrunk(mode, Stratum::kFinite, kLastStratum, Simplest(expression, failures, *last));
  // Simpler operands may lie further from underflow than those that were found: what is said follows them.
  finding.stratum = judge.StratumOf(mode, finding.failure->operands);
  finding.last = std::max(*last, finding.stratum);
  if (finding.stratum < *last) {
    finding.last_failure = judge.Shrunk(mode, *last, kLastStratum, *failures[static_cast<size_t>(*last)]);
    finding.last = judge.StratumOf(mode, finding.last_failure->operands);
  }
  return finding;
}

Verdict VerdictFor(Stratum fails_in) {
  return fails_in == Stratum::kFinite         ? Verdict::kHoldsForNormal
         : fails_in == Stratum::kNormalInputs ? Verdict::kNeedsNoUnderflow
                                              : Verdict::kFails;
}

// Marks the verdicts that hold only up to the sign of zero.
void FindSignsOfZero(const statement::Expression& statement, const SearchOptions& options,
                     std::vector<ModeVerdict>& verdicts) {
  const std::optional<statement::Expression> stricter = statement.WithSignedZeros();
  if (!stricter) return;
  SearchOptions rest = options;
  rest.all_strata = false;
  rest.modes.clear();
  for (const ModeVerdict& verdict : verdicts) {
    if (verdict.verdict == Verdict::kHolds) rest.modes.push_back(verdict.mode);
  }
  if (rest.modes.empty()) return;
  const SearchResult found = Search(*stricter, rest);
  Judge judge(*stricter, rest);
  for (size_t m = 0; m < rest.modes.size(); ++m) {
    if (LastStratum(found.failures[m]).value_or(Stratum::kSpecial) == Stratum::kSpecial) continue;
    const auto verdict =
        std::find_if(verdicts.begin(), verdicts.end(), [&](const ModeVerdict& v) { return v.mode == rest.modes[m]; });
    const Stratum stratum = *LastStratum(found.failures[m]);
    verdict->up_to_sign_of_zero = true;
    verdict->failure =
        judge.Shrunk(verdict->mode, stratum, kLastStratum, *found.failures[m][static_cast<size_t>(stratum)]);
  }
}

}  // namespace

bool Refutation::Holds() const {
  return !findings.empty() && search.Judged() > 0 &&
         std::none_of(findings.begin(), findings.end(), [](const ModeFinding& f) { return f.failure.has_value(); });
}

Refutation Refute(std::string_view statement, const Format& format, const SearchOptions& options,
                  const statement::ExpressionOptions& parsing) {
  return Refute(statement::ParseExpression(statement, format, parsing), options);
}

Refutation Refute(const statement::Expression& expression, const SearchOptions& options) {
  Refutation result{expression, {}, {}};
  result.search = Search(result.expression, options);
  Judge judge(result.expression, options);
  for (size_t m = 0; m < options.modes.size(); ++m) {
    result.findings.push_back(FindingOf(judge, result.expression, options.modes[m], result.search.failures[m]));
  }
  return result;
}

std::vector<Step> TraceClaim(const statement::Expression& expression, const std::vector<uint64_t>& operands,
                             statement::Target target, Mode mode) {
  statement::RequireTarget(expression, target);
  const statement::Cases cases = statement::OneCase(operands);
  statement::Evaluator evaluator(expression);
  evaluator.Run(statement::Evaluator::Part::kClaim, target, expression.EnvironmentIn(mode), cases, 1);
  std::vector<Step> steps;
  for (int index : evaluator.InstructionsOf(statement::Evaluator::Part::kClaim)) {
    const statement::Instruction& instruction = expression.program[static_cast<size_t>(index)];
    if (instruction.op == statement::Op::kExactError) {
      steps.push_back({std::string(expression.TextOf(instruction)), statement::Type::Number(kBinary64),
                       evaluator.Exact(index, 0).RoundTo(kBinary64), 0, instruction.ieee});
      continue;
    }
    if (instruction.type.kind == statement::Kind::kExact || instruction.op == statement::Op::kArgument) continue;
    if (instruction.begin == instruction.end) continue;  // a step inside one that the text names
    steps.push_back({std::string(expression.TextOf(instruction)), instruction.type, evaluator.Number(index, 0),
                     evaluator.FlagsOf(index, 0), instruction.ieee,
                     instruction.type.IsWide() ? evaluator.Wide(index, 0) : 0});
  }
  return steps;
}

std::string_view Name(Verdict verdict) {
  static constexpr std::array<std::string_view, 5> kNames = {
      "holds", "holds for normal inputs", "needs no subnormal intermediate", "fails", "nothing was judged"};
  return kNames[static_cast<size_t>(verdict)];
}

char Letter(Verdict verdict) { return "YNUX?"[static_cast<size_t>(verdict)]; }

VerdictTable FindVerdicts(std::string_view statement, const Format& format, const SearchOptions& options) {
  SearchOptions all = options;
  all.all_strata = true;
  VerdictTable table{statement::ParseExpression(statement, format), {}, {}};
  table.search = Search(table.expression, all);
  Judge judge(table.expression, all);
  for (size_t m = 0; m < all.modes.size(); ++m) {
    const Verdict unless_refuted = table.search.Judged() > 0 ? Verdict::kHolds : Verdict::kNothingJudged;
    ModeVerdict verdict{all.modes[m], unless_refuted, false, std::nullopt, std::nullopt};
    const SearchResult::Failures& failures = table.search.failures[m];
    if (failures[0]) {
      verdict.by_overflow = judge.Shrunk(verdict.mode, Stratum::kSpecial, Stratum::kSpecial, *failures[0]);
    }
    const std::optional<Stratum> stratum = LastStratum(failures);
    if (stratum && *stratum != Stratum::kSpecial) {
      verdict.failure = judge.Shrunk(verdict.mode, *stratum, kLastStratum, *failures[static_cast<size_t>(*stratum)]);
      verdict.verdict = VerdictFor(judge.StratumOf(verdict.mode, verdict.failure->operands));
    }
    table.verdicts.push_back(std::move(verdict));
  }
  FindSignsOfZero(table.expression, all, table.verdicts);
  return table;
}

}  // namespace fplab::identity
