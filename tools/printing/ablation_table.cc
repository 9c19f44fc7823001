// Running controls over seeds and printing them.
// SPDX-License-Identifier: Apache-2.0
#include "tools/printing/ablation_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/analysis/ablations.h>
#include <fplab/nets/training/config_json.h>
#include "tools/runs/load_run.h"
#include "tools/terminal/progress_line.h"

namespace fplab::tools {
namespace {

// Accuracies of one control over the runs.
struct Spread {
  double mean = 0, least = 0, most = 0;
};

Spread SpreadOf(const std::vector<double>& values) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  return {std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size()), *least, *most};
}

struct Row {
  nets::Ablation first;  // of the first run
  std::vector<double> train, test, lambda;
};

// Throws Error unless the runs are one experiment under several seeds.
void RequireOnlySeedsDiffer(const std::vector<std::string>& runs, const std::vector<nets::Checkpoint>& checkpoints) {
  for (size_t i = 1; i < runs.size(); ++i) {
    for (const auto& [field, expected, found] : nets::Differences(checkpoints.front().config, checkpoints[i].config)) {
      if (field == "seed" || field == "evaluate_every") continue;  // when a run is evaluated changes nothing of it
      throw Error("{}: has {} = {}, {} has {}: a mean is over runs that differ in their seed alone", runs[i], field,
                  nets::ShortText(found), runs.front(), nets::ShortText(expected));
    }
    if (checkpoints[i].step != checkpoints.front().step) {
      throw Error("{}: stands at step {}, {} at {}: a mean is over runs that are equally far", runs[i],
                  checkpoints[i].step, runs.front(), checkpoints.front().step);
    }
    for (size_t j = 0; j < i; ++j) {
      if (checkpoints[i].config.seed != checkpoints[j].config.seed) continue;
      throw Error("{}: has seed {}, as {}: the same run counts once", runs[i], checkpoints[i].config.seed, runs[j]);
    }
  }
}

std::vector<Row> RunAll(const std::vector<std::string>& runs, const std::vector<nets::Checkpoint>& checkpoints,
                        const nets::TrainTest& data, kernels::Isa isa, kernels::Workers& workers, bool json) {
  ProgressLine line(!json);
  std::vector<Row> rows;
  for (size_t i = 0; i < runs.size(); ++i) {
    const std::vector<nets::Ablation> controls = nets::RunAblations(
        checkpoints[i], data, isa, workers,
        [&](const std::string& name) { line.Show([&] { return fmt::format("{}: {}", runs[i], name); }); });
    rows.resize(controls.size());
    for (size_t c = 0; c < controls.size(); ++c) {
      const nets::Ablation& control = controls[c];
      if (i == 0) rows[c].first = control;
      if (!control.train) continue;
      rows[c].train.push_back(*control.train);
      rows[c].test.push_back(*control.test);
      if (control.lambda) rows[c].lambda.push_back(*control.lambda);
    }
  }
  return rows;
}

nets::OrderedJson ToJson(const std::vector<double>& values) {
  const Spread spread = SpreadOf(values);
  return {{"mean", spread.mean}, {"least", spread.least}, {"most", spread.most}, {"runs", values}};
}

void PrintJson(const std::vector<std::string>& runs, const std::vector<nets::Checkpoint>& checkpoints,
               const std::vector<Row>& rows) {
  nets::OrderedJson out = {{"runs", nets::OrderedJson::array()}, {"step", checkpoints.front().step}};
  for (size_t i = 0; i < runs.size(); ++i) {
    out["runs"].push_back({{"run", runs[i]},
                           {"seed", checkpoints[i].config.seed},
                           {"digest", nets::ParameterDigest(checkpoints[i].network)}});
  }
  for (const Row& row : rows) {
    nets::OrderedJson& control = out["controls"][row.first.id];
    control["name"] = row.first.name;
    if (row.train.empty()) {
      control["train"] = control["test"] = nullptr;
      continue;
    }
    control["train"] = ToJson(row.train);
    control["test"] = ToJson(row.test);
    if (!row.lambda.empty()) control["lambda"] = row.lambda;
  }
  fmt::print("{}\n", OneLine(out));
}

std::string Cell(const std::vector<double>& values) {
  if (values.empty()) return "-";
  const Spread spread = SpreadOf(values);
  const std::string mean = fmt::format("{:.2f} %", 100 * spread.mean);
  if (values.size() == 1) return mean;
  return fmt::format("{} ({:.2f} to {:.2f})", mean, 100 * spread.least, 100 * spread.most);
}

std::string Remark(const Row& row) {
  if (row.train.empty()) return "  not on this machine, or no such layer";
  if (row.lambda.empty()) return "";
  const auto [least, most] = std::minmax_element(row.lambda.begin(), row.lambda.end());
  return *least == *most ? fmt::format("  lambda {:g}", *least) : fmt::format("  lambda {:g} to {:g}", *least, *most);
}

void PrintTable(const std::vector<std::string>& runs, const std::vector<nets::Checkpoint>& checkpoints,
                const std::vector<Row>& rows) {
  fmt::print("{} after step {}", runs.front(), checkpoints.front().step);
  if (runs.size() > 1) fmt::print(" and {} more seeds: mean (least to most)", runs.size() - 1);
  fmt::print("\n");
  const int width = runs.size() > 1 ? 26 : 9;
  fmt::print("  {:48}{:>{}}{:>{}}\n", "", "train", width, "test", width);
  for (const Row& row : rows) {
    fmt::print("  {:48}{:>{}}{:>{}}{}\n", row.first.name, Cell(row.train), width, Cell(row.test), width, Remark(row));
  }
}

}  // namespace

void PrintAblations(const std::vector<std::string>& runs, const std::string& data, const ExecutionOptions& execution,
                    bool json) {
  std::vector<nets::Checkpoint> checkpoints;
  for (const std::string& run : runs) checkpoints.push_back(LoadCheckpoint(run));
  RequireOnlySeedsDiffer(runs, checkpoints);
  kernels::Workers workers(execution.threads);
  const nets::TrainTest samples = LoadDataOf(checkpoints.front().config, data, workers);
  if (data.empty()) {
    const nets::DataDigests digests = DigestsOf(samples);
    for (size_t i = 0; i < runs.size(); ++i) RequireTrainedOn(runs[i], checkpoints[i], digests);
  }
  const std::vector<Row> rows = RunAll(runs, checkpoints, samples, execution.ParsedIsa(), workers, json);
  if (json) {
    PrintJson(runs, checkpoints, rows);
  } else {
    PrintTable(runs, checkpoints, rows);
  }
}

}  // namespace fplab::tools
