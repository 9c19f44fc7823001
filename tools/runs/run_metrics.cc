// Fields of metrics lines.
// SPDX-License-Identifier: Apache-2.0
#include "tools/runs/run_metrics.h"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <limits>

namespace fplab::tools {
namespace {

double NumberOrNan(const nets::OrderedJson& value) {
  return value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
}

bool EndsWithoutNewline(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file || file.tellg() <= 0) return false;
  file.seekg(-1, std::ios::end);
  return file.get() != '\n';
}

}  // namespace

RunMetrics ReadRunMetrics(const nets::RunDirectory& run) {
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(run.metrics_path(), error);
  if (!error && size > nets::kMaxMetricsRead) return {{}, 0, false, true};
  RunMetrics metrics;
  metrics.lines = run.ReadMetrics(&metrics.foreign);
  metrics.torn = EndsWithoutNewline(run.metrics_path());
  return metrics;
}

double Metric(const nets::OrderedJson& line, const std::string& field) {
  const auto found = line.find(field);
  return found == line.end() ? std::numeric_limits<double>::quiet_NaN() : NumberOrNan(*found);
}

std::vector<double> MetricList(const nets::OrderedJson& line, const std::string& field) {
  std::vector<double> values;
  const auto found = line.find(field);
  if (found == line.end() || !found->is_array()) return values;
  for (const nets::OrderedJson& value : *found) values.push_back(NumberOrNan(value));
  return values;
}

bool Diverged(const RunMetrics& metrics) {
  if (metrics.lines.empty()) return false;
  // What is not finite is null in JSON.
  const nets::OrderedJson& last = metrics.lines.back();
  const auto loss = last.find("train_loss");
  return loss != last.end() && loss->is_null();
}

std::vector<double> RunSeconds(const std::vector<nets::OrderedJson>& lines) {
  std::vector<double> seconds;
  double total = 0, before = 0;
  for (const nets::OrderedJson& line : lines) {
    const double now = Metric(line, "seconds");
    total += now - (now > before ? before : 0);
    before = now;
    seconds.push_back(total);
  }
  return seconds;
}

std::string Percent(double share) { return std::isnan(share) ? "–" : fmt::format("{:.2f} %", 100 * share); }

}  // namespace fplab::tools
