// Search, then exhaustion or SAT, mode by mode.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/prove.h>

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <utility>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/identity/judge.h>
#include <fplab/fparith/proof/certificate.h>
#include <fplab/fparith/proof/decide.h>
#include <fplab/fparith/proof/exhaustion_certificate.h>
#include <fplab/fparith/proof/statement_circuit.h>
#include <fplab/fparith/proof/sweep.h>

namespace fplab::proof {
namespace {

using identity::Failure;
using identity::Stratum;

double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

constexpr int kBriefConflicts = 20000;
// Where all operands can be tried instead.
constexpr int kFewConflicts = 2000;

// Whether overflow and NaN results are let in.
enum class Range : bool { kAll, kNoOverflow };

// One question to the solver: is there a case, admitted by the condition and in range, for which the claim is false?
class Question {
 public:
  // With `covers`, operations are unknown results that lemmas are about: unsatisfiable is an answer then, satisfiable
  // is none.
  Question(const statement::Expression& expression, const ProveOptions& options, Mode mode, Range range,
           std::optional<OperationLemmas::Covers> covers = std::nullopt)
      : expression_(expression), operands_(StatementCircuit::Operands(aig_, expression)) {
    if (covers) lemmas_.emplace(aig_, *covers);
    mode_ = CircuitMode::Of(expression.EnvironmentIn(mode));
    if (options.every) {
      mode_.flush_outputs = aig_.Input();
      mode_.flush_inputs = aig_.Input();
    }
    StatementCircuit steps(aig_, expression, operands_, mode_, Lemmas());
    const Lit claim = steps.At(expression.claim).Truth();
    if (!options.all_values) {
      for (size_t v = 0; v < operands_.size(); ++v) {
        const statement::Type& type = expression.variables[v].type;
        if (type.is_scale) asserted_.push_back(!AndOf(aig_, operands_[v]));
        if (type.IsNumber()) asserted_.push_back(FloatCircuit(aig_, type.format, {}).IsFinite(operands_[v]));
      }
    }
    if (expression.condition) asserted_.push_back(steps.At(*expression.condition).Truth());
    if (range == Range::kNoOverflow) AssertRange(mode);
    negated_ = !claim;
    rewritten_ = steps.rewritten();
    if (!lemmas_) return;
    for (const Lit constraint : lemmas_->Constraints()) asserted_.push_back(constraint);
    if (HasLemmas()) rewritten_ += (rewritten_.empty() ? "" : "; ") + lemmas_->Text();
  }

  // The formula as it is for a while; then its equal parts first, which helps where both sides multiply.
  Decision Ask(const SatLimits& limits) const {
    Decision decision = AskPlainly(limits, kBriefConflicts);
    const bool interrupted = limits.interrupt != nullptr && *limits.interrupt;
    const bool spent = limits.conflicts && *limits.conflicts <= kBriefConflicts;
    if (decision.verdict != SatVerdict::kUnknown || interrupted || spent) return decision;
    return DecideBySweeping(aig_, asserted_, negated_, {.sat = limits});
  }
  // Only what hashing and folding have shown.
  Decision AskStructure(const SatLimits& limits) const {
    const bool settled = negated_ == kFalse || std::find(asserted_.begin(), asserted_.end(), kFalse) != asserted_.end();
    return settled ? AskPlainly(limits, kFewConflicts) : Decision();
  }
  Decision AskBriefly(const SatLimits& limits) const { return AskPlainly(limits, kFewConflicts); }
  // The formula as it is, for so long.
  Decision AskPlainly(const SatLimits& limits, int conflicts) const {
    SatLimits brief = limits;
    brief.conflicts = std::min(limits.conflicts.value_or(conflicts), conflicts);
    std::vector<Lit> all = asserted_;
    all.push_back(negated_);
    return Decide(aig_, all, brief);
  }
  // Whether the question is about anything: some case is admitted and in range.
  Decision AskAsked(const SatLimits& limits) const { return Decide(aig_, asserted_, limits); }

  // Whether some operation is an unknown result.
  bool HasLemmas() const { return lemmas_ && !lemmas_->empty(); }
  // What was rewritten, and what is known by lemmas alone; empty: nothing.
  const std::string& rewritten() const { return rewritten_; }

  std::vector<uint64_t> OperandsOf(const Decision& decision) const {
    Simulation simulation(aig_);
    simulation.Run(decision.inputs);
    std::vector<uint64_t> values;
    for (size_t v = 0; v < operands_.size(); ++v) {
      const statement::Type& type = expression_.variables[v].type;
      const uint64_t value = ValueOf(simulation, operands_[v]);
      values.push_back(type.IsInteger() ? type.Wrap(value) : value);
    }
    return values;
  }

  // The mode in which it is satisfiable.
  Mode ModeOf(const Decision& decision) const {
    Simulation simulation(aig_);
    simulation.Run(decision.inputs);
    return {mode_.rounding, (simulation[mode_.flush_outputs] & 1) != 0, (simulation[mode_.flush_inputs] & 1) != 0};
  }

  std::vector<NamedWord> Names() const {
    std::vector<NamedWord> names;
    if (mode_.flush_outputs.node() != 0) names = {{"ftz", {mode_.flush_outputs}}, {"daz", {mode_.flush_inputs}}};
    for (size_t v = 0; v < operands_.size(); ++v) names.push_back({expression_.variables[v].name, operands_[v]});
    return names;
  }

 private:
  OperationLemmas* Lemmas() { return lemmas_ ? &*lemmas_ : nullptr; }

  // As identity::Stratum does: of the evaluation without flushing, in the direction of the mode.
  void AssertRange(Mode mode) {
    const model::Environment gradual = expression_.EnvironmentIn({mode.rounding, false, false});
    StatementCircuit steps(aig_, expression_, operands_, CircuitMode::Of(gradual), Lemmas());
    steps.At(expression_.claim);
    for (size_t i = 0; i < expression_.program.size(); ++i) {
      const statement::Instruction& instruction = expression_.program[i];
      const bool is_leaf = instruction.op == statement::Op::kVariable || instruction.op == statement::Op::kConstant;
      if (is_leaf || !instruction.type.IsNumber() || !steps.Has(static_cast<int>(i))) continue;
      const StatementCircuit::Step& step = steps.At(static_cast<int>(i));
      asserted_.push_back(!step.overflow);
      asserted_.push_back(!FloatCircuit(aig_, instruction.type.format, {}).IsNan(step.bits));
    }
  }

  const statement::Expression& expression_;
  Aig aig_;
  std::vector<Word> operands_;
  std::optional<OperationLemmas> lemmas_;
  std::string rewritten_;
  CircuitMode mode_;
  std::vector<Lit> asserted_;
  Lit negated_;  // the claim's opposite
};

class Prover {
 public:
  Prover(const statement::Expression& expression, const ProveOptions& options)
      : expression_(expression), options_(options), search_(SearchFor(options)), judge_(expression, search_) {}

  std::vector<ModeAnswer> Run() {
    const double begin = CpuSeconds();
    result_ = identity::Search(expression_, search_);
    const double share = (CpuSeconds() - begin) / static_cast<double>(options_.modes.size());
    if (options_.every) {
      const double start = CpuSeconds();
      ModeAnswer answer = AnswerInEvery();
      answer.cpu_seconds = CpuSeconds() - start + share * static_cast<double>(options_.modes.size());
      return {answer};
    }
    std::vector<ModeAnswer> answers;
    for (size_t m = 0; m < options_.modes.size(); ++m) {
      answers.push_back({options_.modes[m], Answer::kUndecided, "", std::nullopt, share});
      TakeSearch(m, result_, answers[m]);
      if (result_.exhaustive && IsProved(answers[m])) WriteExhaustion(answers[m].mode);
    }
    const bool can_try_all = CanTryAll();
    ForUndecided(answers, [&](size_t m) { AskInTurn(m, &Question::AskStructure, answers[m]); });
    ForUndecided(answers, [&](size_t m) { AskOfLemmas(m, answers[m]); });
    if (can_try_all) {
      ForUndecided(answers, [&](size_t m) { AskInTurn(m, &Question::AskBriefly, answers[m]); });
      TryAll(answers);
    }
    ForUndecided(answers, [&](size_t m) { AskInTurn(m, &Question::Ask, answers[m]); });
    return answers;
  }

 private:
  static identity::SearchOptions SearchFor(const ProveOptions& options) {
    identity::SearchOptions search;
    search.modes = options.modes;
    search.all_values = options.all_values;
    search.cases = options.cases;
    search.exhaustive_limit = options.exhaustive_limit;
    search.seed = options.seed;
    return search;
  }

  // Of a failure that is special, that answers nothing for what is in range; of another, the answer.
  void TakeFailure(Mode mode, const Failure& found, const std::string& how, ModeAnswer& answer) {
    if (judge_.StratumOf(mode, found.operands) == Stratum::kSpecial) {
      answer.failure = judge_.Shrunk(mode, Stratum::kSpecial, Stratum::kSpecial, found);
      return;
    }
    answer.failure = judge_.Shrunk(mode, Stratum::kFinite, identity::kLastStratum, found);
    answer.answer = Answer::kRefuted;
    answer.how = how;
  }

  // With the time that each takes.
  template <typename Body>
  static void ForUndecided(std::vector<ModeAnswer>& answers, const Body& body) {
    for (size_t m = 0; m < answers.size(); ++m) {
      if (answers[m].answer != Answer::kUndecided) continue;
      const double start = CpuSeconds();
      body(m);
      answers[m].cpu_seconds += CpuSeconds() - start;
    }
  }

  // What a search says of its mode `m`.
  void TakeSearch(size_t m, const identity::SearchResult& result, ModeAnswer& answer) {
    const identity::SearchResult::Failures& failures = result.failures[m];
    const std::string search = fmt::format("{}{} cases tried", result.exhaustive ? "all " : "", result.tried);
    if (const std::optional<Stratum> last = identity::LastStratum(failures)) {
      TakeFailure(answer.mode, *failures[static_cast<size_t>(*last)], search, answer);
      if (answer.answer == Answer::kRefuted) return;
    }
    if (!result.exhaustive) return;
    answer.how = search;
    answer.answer = result.Judged() == 0 ? Answer::kVacuous
                    : !answer.failure    ? Answer::kProved
                    : result.in_range[m] ? Answer::kProvedInRange
                                         : Answer::kRefuted;
  }

  // Whether the accelerator's vectors judge the statement, and there are few enough tuples.
  bool CanTryAll() const {
    if (!options_.accelerator) return false;
    int bits = 0;
    for (const statement::Variable& variable : expression_.variables) {
      bits += variable.type.IsNumber() ? variable.type.format.Width() : variable.type.width;
    }
    const bool few = bits < 64 && (uint64_t{1} << bits) <= options_.full_limit;
    return few && options_.accelerator->Compile(expression_, statement::Target::kModel, options_.all_values) != nullptr;
  }

  // In the modes that are undecided, all at once.
  void TryAll(std::vector<ModeAnswer>& answers) {
    std::vector<size_t> open;
    identity::SearchOptions search = search_;
    search.modes.clear();
    for (size_t m = 0; m < answers.size(); ++m) {
      if (answers[m].answer != Answer::kUndecided) continue;
      open.push_back(m);
      search.modes.push_back(answers[m].mode);
    }
    if (open.empty()) return;
    const double begin = CpuSeconds();
    const double share = 1 / static_cast<double>(open.size());
    search.exhaustive_limit = options_.full_limit;
    search.all_strata = false;
    search.accelerator = options_.accelerator;
    search.progress = [&](uint64_t, uint64_t) {
      const bool interrupted = options_.limits.interrupt != nullptr && *options_.limits.interrupt;
      const bool late = options_.limits.cpu_seconds && (CpuSeconds() - begin) * share >= *options_.limits.cpu_seconds;
      return !interrupted && !late;
    };
    const identity::SearchResult result = identity::Search(expression_, search);
    for (size_t i = 0; i < open.size(); ++i) {
      ModeAnswer& answer = answers[open[i]];
      TakeSearch(i, result, answer);
      // A digest is computed case by case, which would take a hundred times as long.
      if (IsProved(answer) && !options_.certificate.empty()) answer.how += ", too many for a certificate";
      answer.cpu_seconds += share * (CpuSeconds() - begin);
    }
  }

  using Means = Decision (Question::*)(const SatLimits&) const;

  void AskInTurn(size_t m, Means means, ModeAnswer& answer) {
    if (!answer.failure) AskSolver(m, Range::kAll, means, answer);
    // A counterexample by overflow says nothing of what is in range.
    const bool decided = answer.answer != Answer::kUndecided;
    if (answer.failure && !decided) AskSolver(m, Range::kNoOverflow, means, answer);
  }

  // Whether lemmas are enough: without looking into any operation first, then into sums.
  void AskOfLemmas(size_t m, ModeAnswer& answer) {
    // Whether any operands meet the condition is asked of circuits.
    if (!IsInRange(m)) return;
    for (const Range range : {Range::kAll, Range::kNoOverflow}) {
      if ((range == Range::kAll) == answer.failure.has_value()) continue;
      for (const auto covers : {OperationLemmas::Covers::kAll, OperationLemmas::Covers::kAllButSums}) {
        try {
          const Question question(expression_, options_, answer.mode, range, covers);
          if (!question.HasLemmas()) break;
          const Decision decision = question.AskPlainly(options_.limits, kBriefConflicts);
          if (decision.verdict != SatVerdict::kUnsatisfiable) continue;
          TakeProof(m, range, question, decision, answer);
          return;
        } catch (const Error&) {
          return;  // an operation without a circuit: said of it where circuits are asked
        }
      }
    }
  }

  // A failure in one mode is one of all.
  ModeAnswer AnswerInEvery() {
    ModeAnswer answer{options_.modes[0], Answer::kUndecided, "", std::nullopt, 0};
    const std::string search = fmt::format("{}{} cases tried", result_.exhaustive ? "all " : "", result_.tried);
    for (size_t m = 0; m < options_.modes.size(); ++m) {
      const std::optional<Stratum> last = identity::LastStratum(result_.failures[m]);
      if (!last || (answer.failure && *last == Stratum::kSpecial)) continue;
      answer.mode = options_.modes[m];
      TakeFailure(answer.mode, *result_.failures[m][static_cast<size_t>(*last)], search, answer);
      if (answer.answer == Answer::kRefuted) return answer;
    }
    if (result_.exhaustive) {
      answer.how = search + ", in each mode";
      answer.answer = result_.Judged() == 0 ? Answer::kVacuous
                      : !answer.failure     ? Answer::kProved
                      : IsInRange(0)        ? Answer::kProvedInRange
                                            : Answer::kRefuted;
      for (size_t m = 0; IsProved(answer) && m < options_.modes.size(); ++m) WriteExhaustion(options_.modes[m]);
      return answer;
    }
    AskOfLemmas(0, answer);
    if (answer.answer == Answer::kUndecided) AskInTurn(0, &Question::Ask, answer);
    return answer;
  }

  static bool IsProved(const ModeAnswer& answer) {
    return answer.answer == Answer::kProved || answer.answer == Answer::kProvedInRange;
  }

  // Whether some case that was judged is in range; flushing is no part of that.
  bool IsInRange(size_t m) const {
    return options_.every ? std::any_of(result_.in_range.begin(), result_.in_range.end(), [](bool in) { return in; })
                          : result_.in_range[m];
  }

  void AskSolver(size_t m, Range range, Means means, ModeAnswer& answer) {
    const Mode mode = options_.modes[m];
    std::optional<Question> question;
    try {
      question.emplace(expression_, options_, mode, range);
    } catch (const Error& error) {
      answer.how = error.what();
      return;
    }
    const Decision decision = ((*question).*means)(options_.limits);
    switch (decision.verdict) {
      case SatVerdict::kUnknown:
        answer.how = fmt::format("SAT, {} clauses: {}", decision.cnf.clauses, decision.why);
        return;
      case SatVerdict::kSatisfiable:
        answer.mode = question->ModeOf(decision);
        Refute(answer.mode, range, question->OperandsOf(decision), answer);
        return;
      case SatVerdict::kUnsatisfiable:
        TakeProof(m, range, *question, decision, answer);
    }
  }

  void TakeProof(size_t m, Range range, const Question& question, const Decision& decision, ModeAnswer& answer) {
    answer.answer = range == Range::kAll ? Answer::kProved : Answer::kProvedInRange;
    answer.how = decision.by_structure
                     ? "both sides are the same circuit"
                     : fmt::format("SAT, {} clauses, {} conflicts, a proof of {} bytes checked", decision.cnf.clauses,
                                   decision.answer.learned_clauses, decision.answer.proof.size());
    if (!question.rewritten().empty()) answer.how = question.rewritten() + "; " + answer.how;
    // True of nothing is no proof.
    if (!IsInRange(m) && question.AskAsked(options_.limits).verdict == SatVerdict::kUnsatisfiable) {
      answer.answer = range == Range::kAll ? Answer::kVacuous : Answer::kRefuted;
    }
    if (!options_.certificate.empty()) WriteFiles(answer.mode, range, question, decision);
  }

  void Refute(Mode mode, Range range, const std::vector<uint64_t>& operands, ModeAnswer& answer) {
    const auto failure = judge_.FailureOf(mode, Stratum::kSpecial, identity::kLastStratum, operands);
    if (!failure) throw Error("\"{}\" in mode {}: circuit and model differ", expression_.text, Name(mode));
    TakeFailure(mode, *failure, "SAT, confirmed by the model", answer);
    if (range == Range::kNoOverflow && answer.answer != Answer::kRefuted) {
      throw Error("\"{}\" in mode {}: circuit and model differ in what overflows", expression_.text, Name(mode));
    }
  }

  void WriteExhaustion(Mode mode) const {
    if (options_.certificate.empty()) return;
    WriteExhaustionCertificate(options_.certificate / (Name(mode) + ".exhaustion"), expression_, mode,
                               options_.all_values);
  }

  void WriteFiles(Mode mode, Range range, const Question& question, const Decision& decision) const {
    const std::string which = options_.every ? "every" : Name(mode);
    const std::string name = which + (range == Range::kAll ? "" : "-in-range");
    std::vector<std::string> remarks = {
        expression_.text,
        fmt::format("format {}, mode {}, flush semantics {}", Name(expression_.format), which,
                    model::FlushText(expression_.arithmetic)),
        options_.all_values ? "operands: every bit pattern" : "operands: finite numbers",
        "satisfiable exactly if an operand that meets the condition makes the statement false"};
    if (range == Range::kNoOverflow)
      remarks.emplace_back("and no result, computed without flushing, overflows or is NaN");
    if (!question.rewritten().empty()) remarks.push_back("rewritten or known by lemmas: " + question.rewritten());
    if (decision.by_structure) remarks.emplace_back("empty: the negated statement is the constant false after hashing");
    WriteCertificate(options_.certificate / (name + ".cnf"), options_.certificate / (name + ".drat"), decision.cnf,
                     decision.answer.proof, question.Names(), remarks);
  }

  const statement::Expression& expression_;
  const ProveOptions& options_;
  identity::SearchOptions search_;
  identity::Judge judge_;
  identity::SearchResult result_;
};

// In one direction.
bool AreFlushModes(const std::vector<Mode>& modes) {
  return std::equal(modes.begin(), modes.end(), kFlushModes.begin(), kFlushModes.end(), [&](Mode mode, Mode flushing) {
    flushing.rounding = modes[0].rounding;
    return mode == flushing;
  });
}

}  // namespace

std::string_view Name(Answer answer) {
  static constexpr std::array<std::string_view, 5> kNames = {"proved", "proved in range", "refuted", "undecided",
                                                             "vacuous"};
  return kNames[static_cast<size_t>(answer)];
}

bool Proof::Proved() const {
  if (answers.empty()) return false;
  for (const ModeAnswer& answer : answers) {
    if (answer.answer != Answer::kProved) return false;
  }
  return true;
}

Proof Prove(std::string_view statement, const Format& format, const ProveOptions& options,
            const statement::ExpressionOptions& parsing) {
  return Prove(statement::ParseExpression(statement, format, parsing), options);
}

Proof Prove(const statement::Expression& expression, const ProveOptions& options) {
  if (options.modes.empty()) throw Error("modes: found none, expected at least one");
  if (options.every && !AreFlushModes(options.modes)) throw Error("every: expected the four flushing modes");
  Proof proof{expression, {}};
  statement::RequireTarget(proof.expression, statement::Target::kModel);
  proof.answers = Prover(proof.expression, options).Run();
  return proof;
}

}  // namespace fplab::proof
