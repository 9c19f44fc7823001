// fplab bound: the largest error of an expression, in ulps, and the operands that attain it.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>
#include <string>

#include <fplab/fparith/identity/error_bound.h>
#include "tools/commands/command.h"
#include "tools/options/arithmetic_options.h"
#include "tools/options/search_options.h"
#include "tools/printing/bound_text.h"
#include "tools/printing/value_text.h"

namespace fplab::tools {
namespace {

struct BoundOptions {
  std::string expression;
  std::string against;
  std::string format = "f32";
  std::string mode = "all";
  std::string on = "model";
  std::string when;
  EffortOptions effort;
  ArithmeticOptions arithmetic;
  bool json = false;
};

int Run(const BoundOptions& options) {
  identity::SearchOptions search;
  search.targets = ParseTargets(options.on);
  search.modes = ParseModes(options.mode, options.on != "model");
  options.effort.Apply(search);
  WatchedSearch watched(options.effort);
  search.progress = watched.Progress();
  const identity::ErrorBounds found =
      identity::BoundError(options.expression, statement::ParseFloatType(options.format), search, options.against,
                           options.when, options.arithmetic.Arithmetic());
  watched.Clear();
  if (options.json) {
    fmt::print("{}\n", BoundJson(found, options.expression, options.format, options.against).dump(2));
  } else {
    fmt::print("{}   ({}, {})\n{}", options.expression, options.format, options.on + options.arithmetic.Text(),
               BoundText(found));
  }
  const bool vacuous = found.bounds[0].judged == 0;
  return watched.StatusOr(vacuous ? kOpen : kDone);
}

}  // namespace

void AddBoundCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<BoundOptions>();
  CLI::App* command = app.add_subcommand(
      "bound", "The largest error of an expression in ulps, in every mode, and where it is attained.");
  command->add_option("expression", options->expression, "Such as \"x*x - y*y\"")->required();
  command->add_option("--against", options->against, "Count steps from this expression instead of the exact value");
  command->add_option("--format", options->format, "f16, bf16, f32, e5m2, e4m3 ...; with --against f64, too")
      ->capture_default_str();
  command->add_option("--mode", options->mode, "none, ftz, daz, ftz+daz, or all four; \"ftz,up\", \"all,up\"")
      ->capture_default_str();
  command->add_option("--on", options->on, "model or hardware")->capture_default_str();
  command->add_option("--when", options->when, "A condition on the operands");
  options->arithmetic.AddTo(*command);
  options->effort.AddTo(*command);
  command->add_flag("--json", options->json, "Print JSON");
  command->footer(
      "Cases in which a result overflows or is NaN are set aside. The exact value is that of the same expression in\n"
      "binary64; an ulp is never less than the least subnormal number. Exit status: 0; 2 wrong input; 3 vacuous.\n"
      "Example: fplab bound \"sqrt(x*x + y*y)\" --format f16 --effort deep");
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace fplab::tools
