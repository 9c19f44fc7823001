// Curves of several runs in one chart.
// SPDX-License-Identifier: Apache-2.0
#include "tools/report/report_comparison.h"

#include <fmt/format.h>

#include <cmath>

#include <fplab/nets/training/config_json.h>
#include "tools/report/html.h"
#include "tools/report/thinned.h"

namespace fplab::tools {

ComparedRun ReadComparedRun(const std::filesystem::path& folder) {
  const nets::RunDirectory run = nets::RunDirectory::Open(folder);
  return {folder.string(), nets::TrainConfigFromJson(run.config(), run.config_path().string()), ReadRunMetrics(run)};
}

std::string ComparisonTable(const std::vector<ComparedRun>& runs) {
  std::vector<std::vector<std::string>> table = {
      {"run", "estimator", "epochs", "member-samples", "seconds", "train", "test"}};
  const auto number = [](double value, const char* form) {
    return std::isnan(value) ? std::string("–") : fmt::format(fmt::runtime(form), value);
  };
  for (const ComparedRun& run : runs) {
    const nets::OrderedJson last = run.metrics.lines.empty() ? nets::OrderedJson::object() : run.metrics.lines.back();
    const std::vector<double> seconds = RunSeconds(run.metrics.lines);
    table.push_back({run.name, std::string(Name(run.config.estimator)), number(Metric(last, "epoch"), "{}"),
                     number(Metric(last, "member_samples"), "{:.3g}"),
                     seconds.empty() ? "–" : number(seconds.back(), "{:.1f}"), Percent(Metric(last, "train_accuracy")),
                     Percent(Metric(last, "test_accuracy"))});
  }
  return HtmlTable(table);
}

std::vector<Chart> ComparisonCharts(const std::vector<ComparedRun>& runs) {
  const auto chart = [](const char* title, const char* x_label, int log_x) {
    return Chart{.title = title, .x_label = x_label, .y_label = "test accuracy / %", .log_x = log_x};
  };
  Chart epochs = chart("Test accuracy over epochs", "epoch", 0);
  Chart members = chart("Over losses evaluated", "member-samples / million", 10);
  Chart time = chart("Over time", "seconds of training", 10);
  for (const ComparedRun& run : runs) {
    const std::vector<double> seconds = RunSeconds(run.metrics.lines);
    for (Chart* one : {&epochs, &members, &time}) one->curves.push_back({.name = run.name});
    for (size_t i = 0; i < seconds.size(); ++i) {
      const nets::OrderedJson& line = run.metrics.lines[i];
      const double accuracy = 100 * Metric(line, "test_accuracy");
      epochs.curves.back().points.emplace_back(Metric(line, "epoch"), accuracy);
      members.curves.back().points.emplace_back(1e-6 * Metric(line, "member_samples"), accuracy);
      time.curves.back().points.emplace_back(seconds[i], accuracy);
    }
  }
  for (Chart* one : {&epochs, &members, &time}) {
    for (Curve& curve : one->curves) curve.points = Thinned(std::move(curve.points));
  }
  return {epochs, members, time};
}

}  // namespace fplab::tools
