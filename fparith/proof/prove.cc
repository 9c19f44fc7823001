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
#include <fplab/fparith/proof/statement_circuit.h>
#include <fplab/fparith/proof/sweep.h>

namespace fplab::proof {
namespace {

using identity::Failure;
using identity::Stratum;

double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

constexpr int kBriefConflicts = 20000;

// Whether overflow and NaN results are let in.
enum class Range : bool { kAll, kNoOverflow };

// One question to the solver: is there a case, admitted by the condition and in range, for which the claim is false?
class Question {
 public:
  Question(const statement::Expression& expression, const ProveOptions& options, Mode mode, Range range)
      : expression_(expression), operands_(StatementCircuit::Operands(aig_, expression)) {
    const model::Environment environment = expression.EnvironmentIn(mode);
    StatementCircuit steps(aig_, expression, operands_, CircuitMode::Of(environment));
    const Lit claim = steps.At(expression.claim).Truth();
    if (!options.all_values) {
      for (size_t v = 0; v < operands_.size(); ++v) {
        const statement::Type& type = expression.variables[v].type;
        if (type.IsNumber()) asserted_.push_back(FloatCircuit(aig_, type.format, {}).IsFinite(operands_[v]));
      }
    }
    if (expression.condition) asserted_.push_back(steps.At(*expression.condition).Truth());
    if (range == Range::kNoOverflow) AssertRange(mode);
    negated_ = !claim;
  }

  // The formula as it is for a while; then its equal parts first, which helps where both sides multiply.
  Decision Ask(const SatLimits& limits) const {
    SatLimits brief = limits;
    brief.conflicts = std::min(limits.conflicts.value_or(kBriefConflicts), kBriefConflicts);
    std::vector<Lit> all = asserted_;
    all.push_back(negated_);
    Decision decision = Decide(aig_, all, brief);
    const bool interrupted = limits.interrupt != nullptr && *limits.interrupt;
    const bool spent = limits.conflicts && *limits.conflicts <= kBriefConflicts;
    if (decision.verdict != SatVerdict::kUnknown || interrupted || spent) return decision;
    return DecideBySweeping(aig_, asserted_, negated_, {.sat = limits});
  }
  // Whether the question is about anything: some case is admitted and in range.
  Decision AskAsked(const SatLimits& limits) const { return Decide(aig_, asserted_, limits); }

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

  std::vector<NamedWord> Names() const {
    std::vector<NamedWord> names;
    for (size_t v = 0; v < operands_.size(); ++v) names.push_back({expression_.variables[v].name, operands_[v]});
    return names;
  }

 private:
  // As identity::Stratum does: of the evaluation without flushing, in the direction of the mode.
  void AssertRange(Mode mode) {
    const model::Environment gradual = expression_.EnvironmentIn({mode.rounding, false, false});
    StatementCircuit steps(aig_, expression_, operands_, CircuitMode::Of(gradual));
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
    std::vector<ModeAnswer> answers;
    for (size_t m = 0; m < options_.modes.size(); ++m) {
      const double start = CpuSeconds();
      answers.push_back(AnswerIn(m));
      answers.back().cpu_seconds = share + CpuSeconds() - start;
    }
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

  ModeAnswer AnswerIn(size_t m) {
    const Mode mode = options_.modes[m];
    const identity::SearchResult::Failures& failures = result_.failures[m];
    ModeAnswer answer{mode, Answer::kUndecided, "", std::nullopt, 0};
    const std::string search = fmt::format("{}{} cases tried", result_.exhaustive ? "all " : "", result_.tried);
    if (const std::optional<Stratum> last = identity::LastStratum(failures)) {
      TakeFailure(mode, *failures[static_cast<size_t>(*last)], search, answer);
      if (answer.answer == Answer::kRefuted) return answer;
    }
    if (result_.exhaustive) {
      answer.how = search;
      answer.answer = result_.Judged() == 0 ? Answer::kVacuous
                      : !answer.failure     ? Answer::kProved
                      : result_.in_range[m] ? Answer::kProvedInRange
                                            : Answer::kRefuted;
      return answer;
    }
    if (!answer.failure) AskSolver(m, Range::kAll, answer);
    // A counterexample by overflow says nothing of what is in range.
    const bool decided = answer.answer != Answer::kUndecided;
    if (answer.failure && !decided) AskSolver(m, Range::kNoOverflow, answer);
    return answer;
  }

  void AskSolver(size_t m, Range range, ModeAnswer& answer) {
    const Mode mode = options_.modes[m];
    std::optional<Question> question;
    try {
      question.emplace(expression_, options_, mode, range);
    } catch (const Error& error) {
      answer.how = error.what();
      return;
    }
    const Decision decision = question->Ask(options_.limits);
    switch (decision.verdict) {
      case SatVerdict::kUnknown:
        answer.how = fmt::format("SAT, {} clauses: {}", decision.cnf.clauses, decision.why);
        return;
      case SatVerdict::kSatisfiable:
        Refute(mode, range, question->OperandsOf(decision), answer);
        return;
      case SatVerdict::kUnsatisfiable:
        break;
    }
    answer.answer = range == Range::kAll ? Answer::kProved : Answer::kProvedInRange;
    answer.how = decision.by_structure
                     ? "both sides are the same circuit"
                     : fmt::format("SAT, {} clauses, {} conflicts, a proof of {} bytes checked", decision.cnf.clauses,
                                   decision.answer.learned_clauses, decision.answer.proof.size());
    // True of nothing is no proof.
    if (!result_.in_range[m] && question->AskAsked(options_.limits).verdict == SatVerdict::kUnsatisfiable) {
      answer.answer = range == Range::kAll ? Answer::kVacuous : Answer::kRefuted;
    }
    if (!options_.certificate.empty()) WriteFiles(mode, range, *question, decision);
  }

  void Refute(Mode mode, Range range, const std::vector<uint64_t>& operands, ModeAnswer& answer) {
    const auto failure = judge_.FailureOf(mode, Stratum::kSpecial, identity::kLastStratum, operands);
    if (!failure) throw Error("\"{}\" in mode {}: circuit and model differ", expression_.text, Name(mode));
    TakeFailure(mode, *failure, "SAT, confirmed by the model", answer);
    if (range == Range::kNoOverflow && answer.answer != Answer::kRefuted) {
      throw Error("\"{}\" in mode {}: circuit and model differ in what overflows", expression_.text, Name(mode));
    }
  }

  void WriteFiles(Mode mode, Range range, const Question& question, const Decision& decision) const {
    const std::string name = Name(mode) + (range == Range::kAll ? "" : "-in-range");
    std::vector<std::string> remarks = {
        expression_.text,
        fmt::format("format {}, mode {}, flush semantics {}", Name(expression_.format), Name(mode),
                    model::FlushText(expression_.arithmetic)),
        options_.all_values ? "operands: every bit pattern" : "operands: finite numbers",
        "satisfiable exactly if an operand that meets the condition makes the statement false"};
    if (range == Range::kNoOverflow)
      remarks.emplace_back("and no result, computed without flushing, overflows or is NaN");
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
  Proof proof{expression, {}};
  statement::RequireTarget(proof.expression, statement::Target::kModel);
  proof.answers = Prover(proof.expression, options).Run();
  return proof;
}

}  // namespace fplab::proof
