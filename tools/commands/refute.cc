// fplab refute: whether a statement about floating-point numbers holds, and the smallest operands for which it does
// not.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <fplab/fparith/identity/identity.h>
#include <fplab/fparith/text/float_text.h>
#include "tools/commands/command.h"
#include "tools/printing/value_text.h"
#include "tools/terminal/note.h"

namespace fplab::tools {
namespace {

struct Options {
  std::string statement;
  std::string format = "f32";
  std::string mode = "none";
  std::string on = "model";
  std::string when;
  identity::SearchOptions search;
  bool signed_zeros = false;
  bool json = false;
};

void ShowProgress(uint64_t done, uint64_t total) {
  WriteNote("\r{:.0f} % of {} cases ", 100.0 * static_cast<double>(done) / static_cast<double>(total), total);
}

std::string ShowStep(const identity::Step& step, const Format& format) {
  return step.kind == statement::Kind::kNumber ? ShowValue(format, step.bits) : step.bits != 0 ? "true" : "false";
}

// The evaluation of the counterexample, step by step; what IEEE mode makes of a step beside it where that differs.
std::string StepLines(const statement::Expression& expression, const identity::ModeFinding& finding) {
  const identity::Failure& failure = *finding.failure;
  const std::vector<identity::Step> steps =
      identity::TraceClaim(expression, failure.operands, failure.target, finding.mode);
  const std::vector<identity::Step> ieee = identity::TraceClaim(expression, failure.operands, failure.target, kIeee);
  size_t width = 0;
  for (const identity::Step& step : steps) width = std::max(width, step.text.size());
  width = std::min<size_t>(width, 40);
  std::string lines;
  for (size_t i = 0; i < steps.size(); ++i) {
    lines += fmt::format("    {:<{}}  {}", steps[i].text, width, ShowStep(steps[i], expression.format));
    if (steps[i].flags != 0) lines += fmt::format("  ({})", model::DescribeFlags(steps[i].flags));
    const bool same = steps[i].kind == statement::Kind::kNumber
                          ? expression.format.SameBits(steps[i].bits, ieee[i].bits)
                          : steps[i].bits == ieee[i].bits;
    if (!same) lines += fmt::format("   in IEEE mode {}", ShowStep(ieee[i], expression.format));
    lines += '\n';
  }
  return lines;
}

std::string DisagreementLines(const statement::Expression& expression, const identity::ModeFinding& finding) {
  const std::vector<uint64_t>& operands = finding.failure->operands;
  const std::vector<identity::Step> model =
      identity::TraceClaim(expression, operands, statement::Target::kModel, finding.mode);
  const std::vector<identity::Step> hardware =
      identity::TraceClaim(expression, operands, statement::Target::kHardware, finding.mode);
  std::string lines;
  for (size_t i = 0; i < model.size(); ++i) {
    lines += fmt::format("    {}  model {}, hardware {}\n", model[i].text, ShowStep(model[i], expression.format),
                         ShowStep(hardware[i], expression.format));
  }
  return lines;
}

// What was found in a mode, without its name.
std::string Describe(const identity::Refutation& refutation, const identity::ModeFinding& finding) {
  const identity::SearchResult& search = refutation.search;
  const std::string one = TupleName(refutation.expression.variables.size(), false);
  const std::string many = TupleName(refutation.expression.variables.size(), true);
  if (finding.failure && finding.failure->targets_disagree) {
    return "model and hardware disagree\n" + DisagreementLines(refutation.expression, finding);
  }
  if (finding.failure) {
    return fmt::format("refuted on the {}\n{}", Name(finding.failure->target),
                       StepLines(refutation.expression, finding));
  }
  if (!search.exhaustive) return fmt::format("no counterexample among {} {}\n", search.Judged(), many);
  return fmt::format("holds for every {}: all {} {} were tried\n", one, search.tried, many);
}

// Modes in which the same was found, step by step, share a paragraph.
void PrintFindings(const identity::Refutation& refutation) {
  std::vector<std::string> names, texts;
  for (const identity::ModeFinding& finding : refutation.findings) {
    const std::string text = Describe(refutation, finding);
    const auto same = std::find(texts.begin(), texts.end(), text);
    if (same == texts.end()) {
      names.push_back(Name(finding.mode));
      texts.push_back(text);
    } else {
      names[static_cast<size_t>(same - texts.begin())] += ", " + Name(finding.mode);
    }
  }
  for (size_t i = 0; i < names.size(); ++i) fmt::print("{}: {}", names[i], texts[i]);
}

void PrintCounts(const identity::SearchResult& search, size_t variables) {
  if (search.excluded > 0) {
    fmt::print("{} {} do not meet the condition\n", search.excluded, TupleName(variables, true));
  }
  if (search.set_aside > 0) {
    fmt::print("{} {} set aside, as their IEEE evaluation overflows or makes a NaN (--all-values keeps them)\n",
               search.set_aside, TupleName(variables, true));
  }
}

nlohmann::json StepsJson(const statement::Expression& expression, const identity::Failure& failure, Mode mode) {
  nlohmann::json list = nlohmann::json::array();
  for (const identity::Step& step : identity::TraceClaim(expression, failure.operands, failure.target, mode)) {
    nlohmann::json entry = {{"text", step.text}};
    if (step.kind == statement::Kind::kNumber) {
      entry["value"] = ValueJson(expression.format, step.bits);
      entry["flags"] = model::DescribeFlags(step.flags);
    } else {
      entry["value"] = step.bits != 0;
    }
    list.push_back(entry);
  }
  return list;
}

nlohmann::json Json(const identity::Refutation& refutation) {
  const statement::Expression& expression = refutation.expression;
  nlohmann::json modes = nlohmann::json::array();
  for (const identity::ModeFinding& finding : refutation.findings) {
    nlohmann::json entry = {{"mode", Name(finding.mode)}, {"holds", !finding.failure}};
    if (finding.failure) {
      entry["counterexample"] = {{"operands", OperandsJson(expression, finding.failure->operands)},
                                 {"on", Name(finding.failure->target)},
                                 {"targets_disagree", finding.failure->targets_disagree},
                                 {"steps", StepsJson(expression, *finding.failure, finding.mode)},
                                 {"ieee_steps", StepsJson(expression, *finding.failure, kIeee)}};
    }
    modes.push_back(entry);
  }
  return {{"statement", expression.text},
          {"format", Name(expression.format)},
          {"holds", refutation.Holds()},
          {"exhaustive", refutation.search.exhaustive},
          {"tried", refutation.search.tried},
          {"excluded", refutation.search.excluded},
          {"set_aside", refutation.search.set_aside},
          {"judged", refutation.search.Judged()},
          {"modes", modes}};
}

int Run(Options options) {
  options.search.targets = ParseTargets(options.on);
  options.search.modes = ParseModes(options.mode, options.on != "model");
  const bool terminal = isatty(STDERR_FILENO) != 0;
  if (terminal) options.search.progress = ShowProgress;
  const identity::Refutation refutation = identity::Refute(options.statement, ParseFormat(options.format),
                                                           options.search, {options.signed_zeros, options.when});
  if (terminal) WriteNote("\r\033[K");
  const identity::SearchResult& search = refutation.search;
  if (search.Judged() == 0) {
    throw Error("nothing was judged: of {} {} {} do not meet the condition and {} overflow or make a NaN in IEEE mode",
                search.tried, TupleName(refutation.expression.variables.size(), true), search.excluded,
                search.set_aside);
  }
  if (options.json) {
    fmt::print("{}\n", Json(refutation).dump(2));
  } else {
    fmt::print("{}   ({}, {})\n", refutation.expression.text, Name(refutation.expression.format), options.on);
    PrintFindings(refutation);
    PrintCounts(refutation.search, refutation.expression.variables.size());
  }
  return refutation.Holds() ? kDone : kRefuted;
}

}  // namespace

void AddRefuteCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("refute", "Searches for the smallest operands for which a statement does not hold.");
  command->add_option("statement", options->statement, "Such as \"(a+b)*c == a*c + b*c when c > 0\"")->required();
  command->add_option("--format", options->format, "f16, bf16, f32, f64, e5m2, e4m3, e<exponent bits>p<precision>")
      ->capture_default_str();
  command->add_option("--mode", options->mode, "none, ftz, daz, ftz+daz (also \"ftz,up\"), or all four")
      ->capture_default_str();
  command->add_option("--on", options->on, "model, hardware or both")->capture_default_str();
  command->add_option("--when", options->when, "One more condition on the operands");
  command->add_option("--seed", options->search.seed, "Of the generator of operands")->capture_default_str();
  command->add_option("--cases", options->search.cases, "How many to draw where not all can be tried")
      ->capture_default_str();
  command->add_flag("--all-values", options->search.all_values,
                    "Infinities and NaNs too, and cases that overflow or make a NaN in IEEE mode");
  command->add_flag("--signed-zeros", options->signed_zeros, "== tells +0 and -0 apart, as === does");
  command->add_flag("--json", options->json, "Print JSON");
  command->footer(
      "Operators: + - * /, < <= > >=, == (values), === (+0 and -0 differ), != !==, and or not, => (implies), <=> "
      "(iff).\n"
      "Functions under the mode: fma sqrt min max ceil floor trunc rint eq_mode lt_mode le_mode through_wide.\n"
      "On bits: abs copysign next_up next_down ulp finite normal subnormal power_of_two.\n"
      "Constants: min_normal min_subnormal max eps. Also: let s = a+b in ..., ieee(...), exact(a+b), real(...),\n"
      "rounded(...), and a condition after `when`; see fparith/statement/expression.h.\n"
      "A statement that starts with a minus goes after \"--\".\n"
      "Exit status: 0 holds as far as searched, 1 refuted, 2 wrong input.\n"
      "Example: fplab refute \"a-b == 0 <=> a == b\" --mode all");
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace fplab::tools
