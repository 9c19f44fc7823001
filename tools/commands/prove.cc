// fplab prove: whether a statement is true of every operand, by trying them all or by a checked proof.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/proof/exhaustion_certificate.h>
#include <fplab/fparith/proof/prove.h>
#include <fplab/fparith/proof/smtlib.h>
#include <fplab/kernels/search/search_accelerator.h>
#include <fplab/nets/files/atomic_file.h>
#include "tools/commands/command.h"
#include "tools/commands/fpcore_questions.h"
#include "tools/commands/prove_catalogue.h"
#include "tools/options/arithmetic_options.h"
#include "tools/options/duration.h"
#include "tools/options/format_names.h"
#include "tools/options/network_options.h"
#include "tools/options/not_negative.h"
#include "tools/printing/finding_text.h"
#include "tools/printing/proof_json.h"
#include "tools/printing/proof_text.h"
#include "tools/printing/refinement_text.h"
#include "tools/printing/value_text.h"
#include "tools/solvers/cross_check.h"
#include "tools/terminal/interrupt.h"

namespace fplab::tools {
namespace {

struct ProveOptions {
  std::string statement;
  FpCoreOptions fpcore;
  std::string format = "f32";
  std::string mode = "all";
  std::string when;
  std::string certificate;
  std::string journal;
  std::string rows;
  std::string smtlib;
  std::string check;
  int conflicts = 1000000;
  double seconds = 0;
  bool catalogue = false;
  bool signed_zeros = false;
  bool json = false;
  ExecutionOptions execution;
  bool cross_check = false;
  CrossCheckOptions others;  // of --cross-check
  proof::ProveOptions prove;
  ArithmeticOptions arithmetic;

  statement::ExpressionOptions Parsing() const { return {signed_zeros, when, {}, arithmetic.Arithmetic()}; }
};

// By mode; empty lists where none was asked for.
using Checks = std::vector<std::vector<CrossCheck>>;

Checks CheckAll(const ProveOptions& options, const proof::Proof& proof) {
  Checks checks(proof.answers.size());
  for (size_t m = 0; options.cross_check && m < checks.size(); ++m) {
    checks[m] = CrossChecks(proof.expression, proof.answers[m], options.others);
  }
  return checks;
}

// Others never decide; but where one differs, nothing is said to be done.
int StatusOf(const proof::Proof& proof, const Checks& checks) {
  int status = kDone;
  for (size_t m = 0; m < proof.answers.size(); ++m) {
    if (proof.answers[m].failure) return kRefuted;
    if (proof.answers[m].answer != proof::Answer::kProved) status = kOpen;
    for (const CrossCheck& check : checks[m]) {
      if (check.comparison == CrossCheck::Comparison::kDiffers) status = kOpen;
    }
  }
  return status;
}

nlohmann::json JsonOf(const ProveOptions& options, const proof::Proof& proof, const Checks& checks) {
  nlohmann::json json = ProofJson(proof, options.prove.every);
  for (size_t m = 0; m < checks.size(); ++m) {
    for (const CrossCheck& check : checks[m]) json["modes"][m]["cross_check"].push_back(Json(check));
  }
  return json;
}

void PrintChecks(const std::vector<CrossCheck>& checks) {
  for (const CrossCheck& check : checks) fmt::print("    {}\n", Line(check));
}

int ProveOne(const ProveOptions& options) {
  const proof::Proof proof = proof::Prove(
      statement::ParseExpression(options.statement, statement::ParseFloatType(options.format), options.Parsing()),
      options.prove);
  const Checks checks = CheckAll(options, proof);
  if (options.json) {
    fmt::print("{}\n", JsonOf(options, proof, checks).dump(2));
    return StatusOf(proof, checks);
  }
  fmt::print("{}   ({}{})\n", proof.expression.text, Name(proof.expression.format), options.arithmetic.Text());
  for (size_t m = 0; m < checks.size(); ++m) {
    fmt::print("{}", ProofLine(proof.expression, proof.answers[m], options.prove.every));
    PrintChecks(checks[m]);
  }
  fmt::print("{}", LiteralLines(proof.expression));
  return StatusOf(proof, checks);
}

// Where flushing is allowed: may LEFT be rewritten as RIGHT?
int ProveRewrite(const ProveOptions& options, const statement::Freedom& freedom) {
  const statement::Refinement refinement = statement::RefinementOf(
      statement::ParseExpression(options.statement, statement::ParseFloatType(options.format), options.Parsing()),
      freedom);
  proof::ProveOptions prove = options.prove;
  prove.modes = {freedom.mode};
  const proof::Proof proof = proof::Prove(refinement.expression, prove);
  const Checks checks = CheckAll(options, proof);
  if (options.json) {
    nlohmann::json json = JsonOf(options, proof, checks);
    json["modes"][0]["mode"] = Name(freedom);
    fmt::print("{}\n", json.dump(2));
    return StatusOf(proof, checks);
  }
  fmt::print("{}   ({}{})\n{}", proof.expression.text, Name(proof.expression.format), options.arithmetic.Text(),
             RewriteProofText(proof.answers[0], refinement, freedom));
  PrintChecks(checks[0]);
  return StatusOf(proof, checks);
}

int ProveFpCores(const ProveOptions& options) {
  int status = kDone;
  const FpCoreQuestions questions = ReadFpCoreQuestions(options.fpcore, options.when);
  for (const FpCoreQuestion& question : questions.asked) {
    ProveOptions one = options;
    one.statement = question.statement;
    one.format = question.format;
    one.when = question.when;
    const int own = ProveOne(one);
    status = status == kRefuted || own == kDone ? status : own;
  }
  return questions.StatusOf(status);
}

// The question of one mode, for other solvers.
void WriteSmtLib(const ProveOptions& options, const std::optional<statement::Freedom>& freedom) {
  if (options.statement.empty() || (!freedom && options.prove.modes.size() != 1)) {
    throw Error("--smtlib: takes one statement and one mode, such as --mode ftz");
  }
  const statement::Expression expression =
      statement::ParseExpression(options.statement, statement::ParseFloatType(options.format), options.Parsing());
  nets::WriteFileAtomically(
      options.smtlib, freedom ? proof::SmtLib(statement::RefinementOf(expression, *freedom).expression, freedom->mode,
                                              options.prove.all_values)
                              : proof::SmtLib(expression, options.prove.modes[0], options.prove.all_values));
}

int Answer(const ProveOptions& options, const std::optional<statement::Freedom>& freedom) {
  if (!options.smtlib.empty()) WriteSmtLib(options, freedom);
  if (!options.fpcore.file.empty()) return ProveFpCores(options);
  if (options.catalogue)
    return ProveCatalogue({options.format, options.journal, options.rows, options.json, options.prove});
  return freedom ? ProveRewrite(options, *freedom) : ProveOne(options);
}

// A certificate of exhaustion, recomputed.
int CheckCertificate(const ProveOptions& options) {
  const proof::ExhaustionCheck check = proof::CheckExhaustionCertificate(options.check);
  const identity::ExhaustionDigest &claimed = check.claimed, &found = check.recomputed;
  const char* answer = !check.Agrees()               ? "is wrong"
                       : !check.Proves()             ? "is right, and proves nothing"
                       : found.fails_by_overflow > 0 ? "is right: proved in range, where no result overflows or is NaN"
                                                     : "is right: proved";
  fmt::print("{}   ({})\n{}: the certificate {}\n", check.statement, check.format, check.mode, answer);
  fmt::print("    {} tuples, {} false, {} by overflow or NaN besides, digest {:016x}\n", found.tuples, found.fails,
             found.fails_by_overflow, found.digest);
  if (!check.Agrees()) {
    fmt::print("    it says {} tuples, {} false, {} by overflow or NaN besides, digest {:016x}\n", claimed.tuples,
               claimed.fails, claimed.fails_by_overflow, claimed.digest);
  }
  return check.Proves() ? kDone : kRefuted;
}

int Run(ProveOptions options) {
  if (!options.check.empty()) {
    if (!options.statement.empty()) throw Error("--check: takes no statement, but the certificate's own");
    return CheckCertificate(options);
  }
  const bool fpcore = !options.fpcore.file.empty();
  if (!options.statement.empty() + options.catalogue + fpcore != 1) {
    throw Error("expected a statement, --fpcore FILE, or --catalogue");
  }
  if (!fpcore && !options.fpcore.claim.empty()) throw Error("--claim: is about an FPCore, with --fpcore FILE");
  const std::optional<statement::Freedom> freedom = statement::FindFreedom(options.mode);
  if (freedom && options.statement.empty()) throw Error("--mode {}: is asked of one statement", options.mode);
  options.prove.every = options.mode == "every" || options.mode.starts_with("every,");
  const std::string modes = options.prove.every ? "all" + options.mode.substr(5) : options.mode;
  if (!freedom) options.prove.modes = ParseModes(modes, false);
  if (options.prove.every && options.cross_check) throw Error("--cross-check: asks of one mode at a time: --mode all");
  if (!options.catalogue && !options.journal.empty()) throw Error("--journal: is the catalogue's, with --catalogue");
  if (!options.catalogue && !options.rows.empty()) throw Error("--rows: are the catalogue's, with --catalogue");
  if (options.catalogue && options.mode != "all")
    throw Error("--catalogue: is about all four modes, found --mode {}", options.mode);
  if (options.catalogue && !options.arithmetic.Text().empty()) {
    throw Error("--catalogue: is about this machine's flushing and the canonical NaN, found{}",
                options.arithmetic.Text().substr(1));
  }
  options.prove.all_values = options.prove.all_values || options.arithmetic.AsksOfNans();
  options.prove.limits.conflicts = options.conflicts;
  if (options.seconds > 0) options.prove.limits.cpu_seconds = options.seconds;
  options.execution.RequireValid();
  options.prove.accelerator =
      std::make_shared<kernels::SearchAccelerator>(options.execution.threads, options.execution.ParsedIsa());
  if (!options.certificate.empty()) {
    options.prove.certificate = options.certificate;
    std::error_code failed;
    std::filesystem::create_directories(options.prove.certificate, failed);
    if (failed) throw Error("{}: {}", options.certificate, failed.message());
  }
  if (options.catalogue && options.cross_check) throw Error("--cross-check: is of a statement, not of the catalogue");
  const InterruptGuard interrupt;
  options.prove.limits.interrupt = options.others.interrupt = &InterruptGuard::Flag();
  options.others.all_values = options.prove.all_values;
  if (options.cross_check) options.others.solvers = FindSmtSolvers(options.others.interrupt);
  if (options.cross_check && options.others.solvers.empty()) {
    throw Error("--cross-check: neither z3 nor cvc5 is on PATH");
  }
  const int status = Answer(options, freedom);
  return InterruptGuard::Requested() ? InterruptGuard::Status() : status;
}

}  // namespace

void AddProveCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<ProveOptions>();
  CLI::App* command = app.add_subcommand(
      "prove", "Whether a statement is true of every operand: by trying them all, or by a proof that was checked.");
  command->add_option("statement", options->statement, "Such as \"a-b == 0 <=> a == b\"; the language of refute");
  options->fpcore.AddTo(*command);
  command->add_flag("--catalogue", options->catalogue,
                    "Every statement of the catalogue, a line each; several formats joined by commas");
  command->add_option(
      "--journal", options->journal,
      "A file that keeps the catalogue's rows as they are done: the same command goes on where it ended");
  command->add_option("--rows", options->rows, "Those of the catalogue from one number to another: 1-85");
  // An FPCore says its format itself.
  command->add_option("--format", options->format, kFloatTypeNames)
      ->excludes(command->get_option("--fpcore"))
      ->capture_default_str();
  command
      ->add_option("--mode", options->mode,
                   "none, ftz, daz, ftz+daz, or all four; \"ftz,up\", \"all,up\"; every: all four by one proof; "
                   "may-ftz, may-ftz+daz, "
                   "may-ftz+may-daz: may LEFT be rewritten as RIGHT?")
      ->capture_default_str();
  command->add_option("--when", options->when, "One more condition on the operands");
  options->arithmetic.AddTo(*command);
  command->add_option("--conflicts", options->conflicts, "Where the solver gives up: a count of its work")
      ->check(NotNegative())
      ->capture_default_str();
  command
      ->add_option("--time", options->seconds, "Where it gives up besides, of processor time a mode: 30, 30s, 2min, 1h")
      ->transform(Duration());
  options->execution.AddTo(*command);
  command->add_option("--certificate", options->certificate,
                      "A folder for what others can check of proofs by SAT: MODE.cnf (DIMACS, with the operands' "
                      "variables) and MODE.drat; of proofs by trying all: MODE.exhaustion, a count and a digest");
  command->add_option("--check", options->check, "A certificate MODE.exhaustion: everything is tried again");
  command->add_option("--smtlib", options->smtlib,
                      "Writes the question of one mode as SMT-LIB, for z3, cvc5 or Bitwuzla, before it is answered");
  command->add_flag("--cross-check", options->cross_check,
                    "Asks z3 and cvc5 too, those on PATH: whether they agree; they decide nothing");
  command->add_option("--cross-check-time", options->others.seconds, "Seconds that each of them gets, a mode")
      ->check(CLI::Range(1u, 86400u))
      ->capture_default_str();
  command->add_flag("--all-values", options->prove.all_values, "Infinities and NaNs too; --nans implies it");
  command->add_flag("--signed-zeros", options->signed_zeros, "== tells +0 and -0 apart, as === does");
  command->add_flag("--json", options->json, "Print JSON");
  command->footer(
      "A proof by SAT is checked before it is believed; a counterexample is confirmed on the exact model. \"In "
      "range\":\n"
      "false of operands for which a result overflows or is NaN, true of all others.\n"
      "Exit status: 0 proved, 1 refuted, 2 wrong input, 3 undecided or vacuous, in some mode asked about.\n"
      "Example: fplab prove \"a-b == 0 <=> a == b\" --format f64");
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace fplab::tools
