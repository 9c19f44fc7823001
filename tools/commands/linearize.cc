// fplab linearize: a trained network's gates made linear, those that do least first, and the accuracy that is left.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/analysis/linearize.h>
#include "tools/commands/command.h"
#include "tools/options/network_options.h"
#include "tools/pictures/chart.h"
#include "tools/runs/load_run.h"
#include "tools/terminal/interrupt.h"
#include "tools/terminal/progress_line.h"

namespace fplab::tools {
namespace {

struct LinearizeOptions {
  std::vector<std::string> runs;
  std::string data, picture;
  nets::LinearizeConfig linearize;
  int tune_epochs = 1;
  ExecutionOptions execution;
  bool json = false;
};

// What became of one run: without fine-tuning, and with.
struct Curves {
  std::string run;
  nets::Checkpoint checkpoint;
  std::vector<nets::LinearizePoint> plain, tuned;
};

std::vector<Curves> LoadRuns(const LinearizeOptions& options) {
  std::vector<Curves> all;
  for (const std::string& run : options.runs) {
    all.push_back({run, LoadCheckpoint(run), {}, {}});
    const nets::TrainConfig &first = all.front().checkpoint.config, &config = all.back().checkpoint.config;
    if (options.data.empty() && (config.data != first.data || config.train_limit != first.train_limit)) {
      throw Error("{}: trained on {} (train limit {}), {} on {} ({}): runs of one table share their data", run,
                  config.data, config.train_limit, all.front().run, first.data, first.train_limit);
    }
  }
  return all;
}

std::string ProgressText(const std::string& run, const char* what, const nets::LinearizeProgress& p) {
  std::string text = fmt::format("{}, {}: {} of {} gates left", run, what, p.gates, p.all_gates);
  if (p.tune_step) text += fmt::format("  tuning {}/{}", *p.tune_step + 1, p.tune_steps);
  if (p.last != nullptr) {
    text += fmt::format("  train {:.2f} %  test {:.2f} %", 100 * p.last->train_accuracy, 100 * p.last->test_accuracy);
  }
  return text;
}

void RunAll(const LinearizeOptions& options, std::vector<Curves>& all) {
  kernels::Workers workers(options.execution.threads);
  const nets::TrainTest data = LoadDataOf(all.front().checkpoint.config, options.data, workers);
  if (options.data.empty()) {
    const nets::DataDigests digests = DigestsOf(data);
    for (const Curves& curves : all) RequireTrainedOn(curves.run, curves.checkpoint, digests);
  }
  ProgressLine line(!options.json);
  for (Curves& curves : all) {
    const auto run = [&](const char* what, int tune_epochs) {
      nets::LinearizeConfig config = options.linearize;
      config.tune_epochs = tune_epochs;
      return nets::Linearize(
          curves.checkpoint, data, config, options.execution.ParsedIsa(), workers,
          [&](const nets::LinearizeProgress& p) { line.Show([&] { return ProgressText(curves.run, what, p); }); },
          InterruptGuard::Requested);
    };
    curves.plain = run("as it is", 0);
    if (options.tune_epochs > 0) curves.tuned = run("fine-tuned", options.tune_epochs);
  }
}

nets::OrderedJson ToJson(const std::vector<nets::LinearizePoint>& points) {
  nets::OrderedJson list = nets::OrderedJson::array();
  for (const nets::LinearizePoint& point : points) {
    list.push_back({{"gates", point.gates},
                    {"gates_by_layer", point.gates_by_layer},
                    {"train_accuracy", point.train_accuracy},
                    {"test_accuracy", point.test_accuracy},
                    {"path_length", point.path_length}});
  }
  return list;
}

void PrintJson(const LinearizeOptions& options, const std::vector<Curves>& all, bool finished) {
  nets::OrderedJson out = {{"finished", finished},
                           {"levels", options.linearize.levels},
                           {"effect_samples", options.linearize.effect_samples},
                           {"tune_epochs", options.tune_epochs},
                           {"tune_rate", options.linearize.tune_rate},
                           {"runs", nets::OrderedJson::array()}};
  for (const Curves& curves : all) {
    out["runs"].push_back({{"run", curves.run},
                           {"step", curves.checkpoint.step},
                           {"digest", nets::ParameterDigest(curves.checkpoint.network)},
                           {"plain", ToJson(curves.plain)},
                           {"tuned", ToJson(curves.tuned)}});
  }
  fmt::print("{}\n", OneLine(out));
}

std::string Accuracies(const nets::LinearizePoint& point) {
  return fmt::format("{:8.2f} % {:8.2f} % {:6.2f}", 100 * point.train_accuracy, 100 * point.test_accuracy,
                     point.path_length);
}

void PrintTable(const LinearizeOptions& options, const Curves& curves) {
  fmt::print("{} after step {}, the gates with the least effect on the logits made linear first\n", curves.run,
             curves.checkpoint.step);
  fmt::print("  {:>10}  {:20}  {:^28}", "gates left", "by layer", "as it is: train, test, path");
  if (options.tune_epochs > 0) fmt::print("  {:^28}", fmt::format("tuned {} epoch(s) a level", options.tune_epochs));
  fmt::print("\n");
  for (size_t i = 0; i < curves.plain.size(); ++i) {
    const nets::LinearizePoint& point = curves.plain[i];
    fmt::print("  {:>10}  {:20}  {:>28}", point.gates, fmt::format("{}", fmt::join(point.gates_by_layer, " ")),
               Accuracies(point));
    if (i < curves.tuned.size()) fmt::print("  {:>28}", Accuracies(curves.tuned[i]));
    fmt::print("\n");
  }
}

Curve TestCurve(const std::string& name, const std::vector<nets::LinearizePoint>& points, CurveStyle style,
                size_t color) {
  Curve curve{name, {}, style};
  curve.color = static_cast<int>(color);
  for (const nets::LinearizePoint& point : points) curve.points.emplace_back(point.gates, 100 * point.test_accuracy);
  return curve;
}

void DrawPicture(const std::vector<Curves>& all, const std::string& file) {
  Chart chart{"Gates made linear, least effect first", "gates left", "test accuracy, %"};
  for (size_t i = 0; i < all.size(); ++i) {
    const std::string name = fmt::format("{}, step {}", all[i].run, all[i].checkpoint.step);
    if (!all[i].plain.empty()) {
      chart.curves.push_back(TestCurve(name, all[i].plain, CurveStyle::kLineAndPoints, i));
    }
    if (!all[i].tuned.empty()) {
      chart.curves.push_back(TestCurve(name + ", rest fine-tuned", all[i].tuned, CurveStyle::kDashed, i));
    }
  }
  Figure figure;
  figure.charts.push_back(std::move(chart));
  Draw(figure, file);
}

int Run(const LinearizeOptions& options) {
  options.execution.RequireValid();
  nets::LinearizeConfig config = options.linearize;
  config.tune_epochs = options.tune_epochs;
  Validate(config);
  if (!options.picture.empty()) RequireDrawable("--picture", options.picture);
  std::vector<Curves> all = LoadRuns(options);
  const InterruptGuard interrupt;
  RunAll(options, all);
  const bool finished = !InterruptGuard::Requested();
  if (options.json) {
    PrintJson(options, all, finished);
  } else {
    for (const Curves& curves : all) PrintTable(options, curves);
    if (!finished) fmt::print("stopped: the levels that were finished\n");
  }
  const bool any = !all.front().plain.empty();
  if (!options.picture.empty() && any) DrawPicture(all, options.picture);
  return finished ? static_cast<int>(kDone) : InterruptGuard::Status();
}

}  // namespace

void AddLinearizeCommand(CLI::App& app, int& status) {
  const auto options = std::make_shared<LinearizeOptions>();
  CLI::App* command = app.add_subcommand("linearize", "Make a trained network's gates linear, least effect first.");
  command->footer(
      "Examples:\n"
      "  fplab linearize runs/mnist-activation-1 --picture linearize.svg\n"
      "  fplab linearize early.safetensors runs/mnist-activation-1 --tune 0    early in training against late\n"
      "A linear gate: the unit's element-wise operations run without flushing. The effect of a gate is the mean\n"
      "squared change of the logits when it alone is made linear. Ctrl-C ends with the levels that were finished.");
  command->add_option("runs", options->runs, "Runs' folders, or checkpoint files")->required();
  command->add_option("--data", options->data, "Other data than the runs were trained on");
  command->add_option("--levels", options->linearize.levels, "Equal portions in which the gates go")
      ->capture_default_str();
  command
      ->add_option("--effect-samples", options->linearize.effect_samples,
                   "Training samples on which effects are measured, again at every level")
      ->capture_default_str();
  command
      ->add_option("--tune", options->tune_epochs,
                   "Epochs of evolution strategies on the rest after each level, as a second curve; 0: none")
      ->capture_default_str();
  command->add_option("--tune-rate", options->linearize.tune_rate, "Peak learning rate of that")->capture_default_str();
  command->add_option("--picture", options->picture,
                      "Draw test accuracy over gates left into FILE (.svg or .png), by gnuplot");
  command->add_flag("--json", options->json, "Print one JSON object");
  options->execution.AddTo(*command);
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace fplab::tools
