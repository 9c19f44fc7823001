// fplab refute: whether a statement about floating-point numbers holds, and the smallest operands for which it does
// not.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>
#include <fplab/fparith/identity/identity.h>
#include <fplab/fparith/statement/constant_value.h>
#include <fplab/fparith/statement/operands.h>
#include <fplab/fparith/text/nan_text.h>
#include "tools/commands/command.h"
#include "tools/commands/fpcore_questions.h"
#include "tools/commands/function_options.h"
#include "tools/emit/emit_program.h"
#include "tools/options/arithmetic_options.h"
#include "tools/options/constant_list.h"
#include "tools/options/format_names.h"
#include "tools/options/input_lines.h"
#include "tools/options/search_options.h"
#include "tools/printing/finding_text.h"
#include "tools/printing/refinement_text.h"
#include "tools/printing/value_text.h"
#include "tools/terminal/note.h"

namespace fplab::tools {
namespace {

struct RefuteOptions {
  std::string statement;
  std::string file;
  FpCoreOptions fpcore;
  std::vector<std::string> functions;
  std::vector<statement::OutsideFunction> outside;  // the functions, once they are started
  std::string format = "f32";
  std::string mode;
  std::string on = "model";
  std::string when;
  std::string at;
  std::string only_under;
  std::vector<std::string> differs;
  std::string constants;
  bool exists = false;
  std::string emit;
  identity::SearchOptions search;
  EffortOptions effort;
  ArithmeticOptions arithmetic;
  bool signed_zeros = false;
  bool json = false;

  statement::ExpressionOptions Parsing() const { return {signed_zeros, when, outside, arithmetic.Arithmetic()}; }
};

// The operands that --at gives, in the order of the variables.
std::vector<uint64_t> OperandsAt(const statement::Expression& expression, const std::string& at) {
  std::vector<std::optional<WideBits>> values(expression.variables.size());
  for (const std::string& part : CutAtCommas(at)) {
    const size_t equals = part.find('=');
    if (equals == std::string::npos)
      throw Error("--at: found '{}', expected NAME=VALUE, several joined by commas", part);
    const std::string name = Trimmed(std::string_view(part).substr(0, equals));
    const auto variable = std::find_if(expression.variables.begin(), expression.variables.end(),
                                       [&](const statement::Variable& v) { return v.name == name; });
    if (variable == expression.variables.end()) throw Error("--at: the statement has no variable '{}'", name);
    std::optional<WideBits>& value = values[static_cast<size_t>(variable - expression.variables.begin())];
    if (value) throw Error("--at: '{}' is given twice", name);
    const std::string text = part.substr(equals + 1);
    if (variable->type.IsNumber()) value = FindNan(variable->type.format, Trimmed(text));
    if (!value) value = statement::ConstantBits(text, variable->type, fmt::format(" of --at {}", name));
  }
  std::vector<uint64_t> operands(expression.Words());
  for (size_t v = 0; v < values.size(); ++v) {
    if (!values[v]) throw Error("--at: '{}' has no value", expression.variables[v].name);
    statement::SetOperand(expression.VariableTypes(), operands, v, *values[v]);
  }
  return operands;
}

// The program of a counterexample, in the first of the modes in which the statement is false; false if there is none.
bool Emit(const RefuteOptions& options, const statement::Expression& expression, const std::vector<uint64_t>& operands,
          statement::Target target, const std::vector<Mode>& modes) {
  for (const Mode mode : modes) {
    if (identity::TraceClaim(expression, operands, target, mode).back().bits != 0) continue;
    fmt::print("{}", EmitProgram(ParseEmitLanguage(options.emit), expression, operands, target, mode));
    return true;
  }
  return false;
}

int Trace(const RefuteOptions& options, const std::vector<Mode>& modes) {
  const statement::Expression expression =
      statement::ParseExpression(options.statement, statement::ParseFloatType(options.format), options.Parsing());
  const std::vector<uint64_t> operands = OperandsAt(expression, options.at);
  if (!options.emit.empty()) {
    for (const statement::Target target : options.search.targets) {
      if (Emit(options, expression, operands, target, modes)) return kRefuted;
    }
    WriteNote("fplab: the statement is true of these operands in every mode asked about: nothing to emit\n");
    return kDone;
  }
  bool holds = true;
  nlohmann::json traces = nlohmann::json::array();
  for (const statement::Target target : options.search.targets) {
    for (const Mode mode : modes) {
      holds = holds && identity::TraceClaim(expression, operands, target, mode).back().bits != 0;
    }
    if (options.json) {
      traces.push_back(TraceJson(expression, operands, modes, target));
    } else {
      fmt::print("{}   ({}) at {}\n{}", expression.text, Name(expression.format), ShowOperands(expression, operands),
                 TraceText(expression, operands, modes, target));
    }
  }
  if (options.json) fmt::print("{}\n", traces.size() == 1 ? traces[0].dump(2) : traces.dump(2));
  return holds ? kDone : kRefuted;
}

int StatusOf(const identity::Refutation& refutation) {
  if (refutation.search.Judged() == 0) return kOpen;
  return refutation.Holds() ? kDone : kRefuted;
}

identity::Refutation Search(const RefuteOptions& options, const std::string& statement, WatchedSearch& watched) {
  identity::SearchOptions search = options.search;
  search.progress = watched.Progress();
  identity::Refutation refutation =
      identity::Refute(statement, statement::ParseFloatType(options.format), search, options.Parsing());
  watched.Clear();
  return refutation;
}

// The program of the first counterexample that was found.
void EmitFirst(const RefuteOptions& options, const identity::Refutation& refutation) {
  for (const identity::ModeFinding& finding : refutation.findings) {
    if (!finding.failure) continue;
    // Where the truth of two modes is compared, it is false in one of them.
    const std::vector<Mode> modes = {finding.mode, options.search.reference};
    if (Emit(options, refutation.expression, finding.failure->operands, finding.failure->target, modes)) return;
  }
  WriteNote("fplab: no counterexample was found: nothing to emit\n");
}

int RefuteOne(const RefuteOptions& options) {
  WatchedSearch watched(options.effort);
  const identity::Refutation refutation = Search(options, options.statement, watched);
  if (!options.emit.empty()) {
    EmitFirst(options, refutation);
  } else if (options.json) {
    fmt::print("{}\n", FindingJson(refutation, options.search).dump(2));
  } else {
    fmt::print("{}   ({}, {})\n{}", refutation.expression.text, Name(refutation.expression.format),
               options.on + options.arithmetic.Text(), FindingText(refutation, options.search));
  }
  return watched.StatusOr(StatusOf(refutation));
}

// For which constants it holds: a line each, and how many there are of each answer.
int RefuteFor(const RefuteOptions& options) {
  const ConstantList list = ParseConstantList(options.constants);
  const statement::Expression expression =
      statement::ParseExpression(options.statement, statement::ParseFloatType(options.format), options.Parsing());
  const bool known = std::any_of(expression.variables.begin(), expression.variables.end(),
                                 [&](const statement::Variable& variable) { return variable.name == list.name; });
  if (!known) throw Error("--for: the statement has no variable \"{}\"", Printable(list.name));
  WatchedSearch watched(options.effort);
  nlohmann::json answers = nlohmann::json::array();
  size_t holding = 0, asked = 0;
  for (const std::string& constant : list.texts) {
    RefuteOptions one = options;
    one.when =
        fmt::format("{} == ({})", list.name, constant) + (options.when.empty() ? "" : " and (" + options.when + ")");
    const identity::Refutation refutation = Search(one, options.statement, watched);
    if (InterruptGuard::Requested()) break;
    ++asked;
    const bool holds = refutation.Holds();
    holding += holds ? 1 : 0;
    if (options.json) {
      nlohmann::json answer = FindingJson(refutation, options.search);
      answer["constant"] = constant;
      answers.push_back(answer);
      continue;
    }
    std::string line = fmt::format("{} = {:<8}", list.name, constant);
    for (const identity::ModeFinding& finding : refutation.findings) {
      line += fmt::format(" {:<9}", FindingWord(refutation, finding));
      if (finding.failure && refutation.findings.size() == 1) {
        line += ShowOperands(refutation.expression, finding.failure->operands);
      }
    }
    fmt::print("{}\n", line);
  }
  if (options.json) {
    fmt::print("{}\n", answers.dump(2));
  } else {
    fmt::print("refuted for {} of {} constants, not for {}\n", asked - holding, asked, holding);
  }
  const bool found = options.exists ? holding > 0 : holding == asked;
  return watched.StatusOr(found ? kDone : kRefuted);
}

// What may be flushed: is every result of the right side one that the left side may have?
int RefuteRewrite(const RefuteOptions& options, const statement::Freedom& freedom) {
  if (options.on != "model") throw Error("--mode {}: is asked of the model, found --on {}", Name(freedom), options.on);
  const statement::Refinement refinement = statement::RefinementOf(
      statement::ParseExpression(options.statement, statement::ParseFloatType(options.format), options.Parsing()),
      freedom);
  WatchedSearch watched(options.effort);
  identity::SearchOptions search = options.search;
  search.modes = {freedom.mode};
  search.progress = watched.Progress();
  const identity::Refutation refutation = identity::Refute(refinement.expression, search);
  watched.Clear();
  if (options.json) {
    fmt::print("{}\n", RefinementJson(refutation, refinement, freedom).dump(2));
  } else {
    fmt::print("{}   ({}, {})\n{}", refinement.expression.text, Name(refinement.expression.format),
               options.on + options.arithmetic.Text(), RefinementText(refutation, refinement, freedom));
  }
  return watched.StatusOr(StatusOf(refutation));
}

// One line each, and how many of each answer there are.
int RefuteFile(const RefuteOptions& options) {
  int status = kDone;
  std::map<std::string, int> count;
  nlohmann::json list = nlohmann::json::array();
  const std::vector<InputLine> statements = ReadInputLines(options.file, "statements");
  WatchedSearch watched(options.effort);
  for (const auto& [line, text] : statements) {
    try {
      const identity::Refutation refutation = Search(options, text, watched);
      const int own = StatusOf(refutation);
      status = status == kRefuted || own == kDone ? status : own;
      std::string words;
      for (const identity::ModeFinding& finding : refutation.findings) {
        const std::string word = FindingWord(refutation, finding);
        ++count[word];
        words += fmt::format("{:<9} ", word);
        if (finding.failure && refutation.findings.size() == 1 && !options.json) {
          words += ShowOperands(refutation.expression, finding.failure->operands) + "  ";
        }
      }
      if (options.json) {
        list.push_back(FindingJson(refutation, options.search));
      } else {
        fmt::print("{} {}\n", words, text);
      }
    } catch (const Error& error) {
      throw Error("{}: line {}: {}", options.file, line, error.what());
    }
    if (InterruptGuard::Requested()) break;
  }
  if (options.json) {
    fmt::print("{}\n", list.dump(2));
    return watched.StatusOr(status);
  }
  std::string summary = fmt::format("{} statements, {} modes:", statements.size(), options.search.modes.size());
  for (const auto& [word, number] : count) summary += fmt::format(" {} {}", number, word);
  fmt::print("{}\n", summary);
  return watched.StatusOr(status);
}

// The questions of the FPCores, one after another.
int RunFpCores(const RefuteOptions& options);

void RequireEmittable(const RefuteOptions& options) {
  ParseEmitLanguage(options.emit);
  if (!options.file.empty() || !options.fpcore.file.empty() || options.json) {
    throw Error("--emit: takes one statement, without --file, --fpcore and --json");
  }
  if (statement::FindFreedom(options.mode)) {
    throw Error("--emit: a program flushes or does not, found --mode {}", options.mode);
  }
  const model::NanRule nans = options.arithmetic.Arithmetic().nans;
  if (model::KeepsPayloads(nans) && nans != model::HardwareNanRule()) {
    throw Error("--emit: a program returns this machine's NaNs, found --nans {}", Name(nans));
  }
}

int Run(RefuteOptions options) {
  if (!options.emit.empty()) RequireEmittable(options);
  if (options.exists && options.constants.empty()) throw Error("--exists: is about --for");
  if (!options.constants.empty() && (!options.file.empty() || !options.at.empty() || !options.emit.empty())) {
    throw Error("--for: takes one statement, without --file, --at and --emit");
  }
  if (!options.functions.empty()) {
    if (options.on == "model") options.on = "hardware";  // that of the option itself: the model has no such functions
    options.outside = StartFunctions(std::exchange(options.functions, {}));
  }
  if (!options.fpcore.file.empty()) return RunFpCores(options);
  if (!options.fpcore.claim.empty()) throw Error("--claim: is about an FPCore, with --fpcore FILE");
  const bool both = !options.only_under.empty() && !options.differs.empty();
  const bool questions = !options.only_under.empty() || !options.differs.empty();
  if (both || (questions && !options.mode.empty())) {
    throw Error("--mode, --only-under and --differs: expected one of them at most");
  }
  if (options.statement.empty() == options.file.empty()) {
    throw Error("expected a statement, or --file FILE with a statement on each line (- for standard input)");
  }
  if (!options.at.empty() && (questions || !options.file.empty())) {
    throw Error("--at: evaluates one case of one statement, without --file, --only-under and --differs");
  }
  options.search.targets = ParseTargets(options.on);
  options.search.all_values = options.search.all_values || options.arithmetic.AsksOfNans();
  options.effort.Apply(options.search);
  if (const std::optional<statement::Freedom> freedom = statement::FindFreedom(options.mode)) {
    if (!options.file.empty() || !options.at.empty()) throw Error("--mode {}: is asked of one statement", options.mode);
    return RefuteRewrite(options, *freedom);
  }
  const std::string mode = !options.mode.empty() ? options.mode : options.at.empty() ? "none" : "all";
  options.search.modes = ParseModes(mode, options.on != "model");
  if (!options.at.empty()) return Trace(options, options.search.modes);
  TakeQuestion(options.only_under, options.differs, options.search);
  if (!options.constants.empty()) return RefuteFor(options);
  return options.file.empty() ? RefuteOne(options) : RefuteFile(options);
}

int RunFpCores(const RefuteOptions& options) {
  if (!options.statement.empty() || !options.file.empty()) throw Error("--fpcore: stands instead of a statement");
  int status = kDone;
  const FpCoreQuestions questions = ReadFpCoreQuestions(options.fpcore, options.when);
  for (const FpCoreQuestion& question : questions.asked) {
    RefuteOptions one = options;
    one.fpcore = {};
    one.statement = question.statement;
    one.format = question.format;
    one.when = question.when;
    const int own = Run(one);
    status = status == kRefuted || own == kDone ? status : own;
  }
  return questions.StatusOf(status);
}

}  // namespace

void AddRefuteCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<RefuteOptions>();
  CLI::App* command =
      app.add_subcommand("refute", "Searches for the smallest operands for which a statement does not hold.");
  command->add_option("statement", options->statement, "Such as \"(a+b)*c == a*c + b*c when c > 0\"");
  command->add_option("--file", options->file, "Statements, one a line, # for comments; - for standard input");
  options->fpcore.AddTo(*command);
  // An FPCore says its format itself.
  command->add_option("--format", options->format, kFloatTypeNames)
      ->excludes(command->get_option("--fpcore"))
      ->capture_default_str();
  command->add_option("--mode", options->mode,
                      "none, ftz, daz, ftz+daz, or all four; in another direction: \"ftz,up\", \"all,up\"; may-ftz, "
                      "may-ftz+daz, may-ftz+may-daz: may LEFT be rewritten as RIGHT where flushing is allowed? [none]");
  command->add_option("--on", options->on, "model, hardware or both")->capture_default_str();
  command->add_option("--when", options->when, "One more condition on the operands");
  command->add_option("--for", options->constants,
                      "\"c in 3, 1/7, 10..20\": asks about each of these constants in the place of a variable");
  command->add_flag("--exists", options->exists, "With --for: status 0 if it holds for one of them");
  command->add_option("--at", options->at,
                      "Evaluates one case, step by step, in all modes: \"a=0.4*min_normal,b=1/3\"; operands are "
                      "computed in IEEE mode, to nearest-even");
  command->add_option("--only-under", options->only_under, "Fails in this mode, and holds without flushing");
  command->add_option("--function", options->functions,
                      "NAME=LIBRARY.so:SYMBOL: a function that the statement calls by that name, of 1 to 8 floats "
                      "(f32) or doubles (f64); its code runs in a child process, on the hardware alone");
  command->add_option("--differs", options->differs, "True in one of two modes, and false in the other")->expected(2);
  command->add_option("--emit", options->emit,
                      "Prints a counterexample as code that reproduces it: c, c++, python, rust, testfloat");
  options->arithmetic.AddTo(*command);
  options->effort.AddTo(*command);
  command->add_flag("--all-values", options->search.all_values,
                    "Infinities and NaNs too: == takes any NaN for equal, < and <= are false of it; --nans implies it");
  command->add_flag("--signed-zeros", options->signed_zeros, "== tells +0 and -0 apart, as === does");
  command->add_flag("--json", options->json, "Print JSON");
  command->footer(
      "Operators: + - * /, < <= > >=, == (values), === (+0 and -0 differ), != !==, and or not, => (implies), <=> "
      "(iff),\n"
      "c ? x : y, a ~ b within 2 ulp; of integers also % & | ^ ~ << >>.\n"
      "Types: a: f16, n: i32 where a variable first stands; conversions f16(x) bf16(x) f32(x) e5m2(x) e6p10(x)\n"
      "e4m3sat(x) e2m1(x) i32(x) i32_sat(x) u8_wrap(x); bits(a), from_bits(n). x87 f128 e15p80, of variables too, "
      "obey\n"
      "no flushing and have + - * / sqrt fma, minima, comparisons and conversions, on the model.\n"
      "Under the mode: fma sqrt hypot rem fmod ldexp min max min_num minimum minimum_number ceil floor trunc rint "
      "round\n"
      "round_even eq_mode lt_mode le_mode through_wide sum sum_pairs sum_tree dot dot_fma; up(x) down(x) to_zero(x)\n"
      "to_odd(x) ... round in a direction.\n"
      "On bits: abs copysign next_up next_down ulp logb significand isfinite isnan isinf iszero signbit normal "
      "subnormal\n"
      "is_integer power_of_two; flags(x), raises(underflow, x); ulps(a,b); error(a*b) <= 0.5, in ulps of the real "
      "value.\n"
      "Constants: min_normal min_subnormal max eps inf nan. Also: let s = a+b in ..., ieee(...), exact(a+b), "
      "real(...),\n"
      "rounded(...), and a condition after `when`; see fparith/statement/expression.h.\n"
      "A statement that starts with a minus goes after \"--\".\n"
      "Exit status: 0 holds as far as searched, 1 refuted, 2 wrong input, 3 vacuous: nothing meets the condition.\n"
      "Example: fplab refute \"a-b == 0 <=> a == b\" --mode all");
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace fplab::tools
