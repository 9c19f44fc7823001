// Rows from run directories, and curves from rows.
// SPDX-License-Identifier: Apache-2.0
#include "tools/sweep/sweep_table.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/files/atomic_file.h>

namespace fplab::tools {
namespace {

constexpr size_t kNoAxis = static_cast<size_t>(-1);

std::optional<double> Number(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(value)) return std::nullopt;
  return value;
}

SweepRow ReadRow(const SweepCell& cell, const std::filesystem::path& folder) {
  SweepRow row{.at = cell.at, .name = cell.name, .state = "not begun"};
  try {
    if (!nets::Exists(folder / cell.name / "config.json")) return row;
    const nets::RunDirectory run = nets::RunDirectory::Open(folder / cell.name);
    const RunMetrics metrics = ReadRunMetrics(run);
    row.state = metrics.too_long ? "metrics.jsonl is too long to be read" : "begun";
    if (metrics.lines.empty()) return row;
    row.last = metrics.lines.back();
    const double epoch = Metric(row.last, "epoch");
    row.done = run.HasCheckpoint() && epoch == cell.config.epochs;
    row.diverged = row.done && Diverged(metrics);
    row.state = row.diverged ? "diverged" : row.done ? "done" : fmt::format("stopped after epoch {}", epoch);
  } catch (const Error& problem) {
    row.state = problem.what();
  }
  return row;
}

// Means by x of what the seeds of one curve came to.
struct Series {
  std::map<double, std::vector<double>> values;

  void Add(double x, double y) {
    if (!std::isnan(y)) values[x].push_back(y);
  }
  std::vector<std::pair<double, double>> Means() const {
    std::vector<std::pair<double, double>> points;
    for (const auto& [x, ys] : values) {
      double sum = 0;
      for (const double y : ys) sum += y;
      points.emplace_back(x, sum / static_cast<double>(ys.size()));
    }
    return points;
  }
  std::vector<std::pair<double, double>> All() const {
    std::vector<std::pair<double, double>> points;
    for (const auto& [x, ys] : values) {
      for (const double y : ys) points.emplace_back(x, y);
    }
    return points;
  }
};

struct Group {
  std::string name;
  Series train, test;
  std::vector<Series> zeros;  // by layer
};

// The first axis whose values are numbers; the seed only if there is no other.
size_t AxisOfX(const SweepPlan& plan) {
  size_t seed = kNoAxis;
  for (size_t i = 0; i < plan.axes.size(); ++i) {
    bool numbers = true;
    for (const std::string& value : plan.axes[i].values) numbers = numbers && Number(value).has_value();
    if (!numbers) continue;
    if (plan.axes[i].name != "seed") return i;
    seed = i;
  }
  return seed;
}

std::string GroupName(const SweepPlan& plan, const SweepRow& row, size_t x_axis) {
  std::string name;
  for (size_t i = 0; i < plan.axes.size(); ++i) {
    if (i == x_axis || plan.axes[i].name == "seed") continue;
    name += (name.empty() ? "" : ", ") + plan.axes[i].name + " " + row.at[i];
  }
  return name;
}

std::vector<Group> Groups(const SweepPlan& plan, const std::vector<SweepRow>& rows, size_t x_axis) {
  std::vector<Group> groups;
  std::map<std::string, size_t> by_name;
  for (size_t r = 0; r < rows.size(); ++r) {
    const SweepRow& row = rows[r];
    if (!row.done) continue;
    const bool has_x = x_axis != kNoAxis;
    const std::string name = has_x ? GroupName(plan, row, x_axis) : "";
    const auto [found, is_new] = by_name.emplace(name, groups.size());
    if (is_new) groups.push_back({name, {}, {}, {}});
    Group& group = groups[found->second];
    const double x = has_x ? *Number(row.at[x_axis]) : static_cast<double>(r + 1);
    group.train.Add(x, 100 * Metric(row.last, "train_accuracy"));
    group.test.Add(x, 100 * Metric(row.last, "test_accuracy"));
    const std::vector<double> zeros = MetricList(row.last, "train_zeros");
    if (group.zeros.size() < zeros.size()) group.zeros.resize(zeros.size());
    for (size_t l = 0; l < zeros.size(); ++l) group.zeros[l].Add(x, 100 * zeros[l]);
  }
  return groups;
}

std::string Joined(const std::string& group, const std::string& curve) {
  return group.empty() ? curve : group + ": " + curve;
}

bool SweepsSeeds(const SweepPlan& plan, size_t x_axis) {
  for (size_t i = 0; i < plan.axes.size(); ++i) {
    if (i != x_axis && plan.axes[i].name == "seed" && plan.axes[i].values.size() > 1) return true;
  }
  return false;
}

}  // namespace

std::vector<SweepRow> ReadRows(const SweepPlan& plan, const std::filesystem::path& folder) {
  std::vector<SweepRow> rows;
  for (const SweepCell& cell : plan.cells) rows.push_back(ReadRow(cell, folder));
  return rows;
}

Figure SweepFigure(const SweepPlan& plan, const std::vector<SweepRow>& rows) {
  const size_t x_axis = AxisOfX(plan);
  const std::string x_label = x_axis == kNoAxis ? "cell, in the order of the table" : plan.axes[x_axis].name;
  const std::vector<Group> groups = Groups(plan, rows, x_axis);
  const bool seeds = SweepsSeeds(plan, x_axis);
  Chart accuracy{.title = seeds ? "Accuracy (line: mean of the seeds)" : "Accuracy",
                 .x_label = x_label,
                 .y_label = "accuracy / %"};
  Chart zeros{.title = "Outputs that are exactly zero", .x_label = x_label, .y_label = "share / %", .y_min = 0};
  int color = 0, zero_color = 0;
  for (const Group& group : groups) {
    accuracy.curves.push_back({.name = Joined(group.name, "test"), .points = group.test.Means(), .color = color});
    accuracy.curves.push_back({.name = Joined(group.name, "train"),
                               .points = group.train.Means(),
                               .style = CurveStyle::kDashed,
                               .color = color});
    if (seeds) accuracy.curves.push_back({.points = group.test.All(), .style = CurveStyle::kPoints, .color = color});
    ++color;
    // Of many networks, the first layer alone: a curve for each layer of each would hide them all.
    const size_t layers = groups.size() == 1 ? group.zeros.size() : std::min<size_t>(1, group.zeros.size());
    for (size_t l = 0; l < layers; ++l) {
      zeros.curves.push_back({.name = Joined(group.name, fmt::format("layer {}", l + 1)),
                              .points = group.zeros[l].Means(),
                              .color = zero_color++});
    }
  }
  return {.charts = {accuracy, zeros}, .columns = 1, .width = 560, .height = 720};
}

}  // namespace fplab::tools
