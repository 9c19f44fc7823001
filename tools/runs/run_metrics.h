// Reading metrics.jsonl for tables and charts, whatever fields the run that wrote it knew.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_RUNS_RUN_METRICS_H_
#define FPLAB_TOOLS_RUNS_RUN_METRICS_H_

#include <string>
#include <vector>

#include <fplab/nets/files/run_directory.h>

namespace fplab::tools {

struct RunMetrics {
  std::vector<nets::OrderedJson> lines;  // oldest first
  size_t foreign = 0;                    // lines that are no metrics, which are left out
  bool torn = false;                     // the file ends in a line that was cut short, which is left out
  bool too_long = false;                 // the file has more than nets::kMaxMetricsRead bytes: no line is read
};

// Throws Error as RunDirectory::ReadMetrics, but for a file that is too long.
RunMetrics ReadRunMetrics(const nets::RunDirectory& run);

// The number in a field; NaN if it is missing or holds none.
double Metric(const nets::OrderedJson& line, const std::string& field);
// The numbers in a field that holds a list, by layer for instance; empty if it is missing or no list.
std::vector<double> MetricList(const nets::OrderedJson& line, const std::string& field);

// Whether the last line says that a loss is no longer a number.
bool Diverged(const RunMetrics& metrics);

// Seconds of training up to each line. The clock of a run that was resumed began anew: its times are joined.
std::vector<double> RunSeconds(const std::vector<nets::OrderedJson>& lines);

// "12.34 %", or a dash for NaN.
std::string Percent(double share);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_RUNS_RUN_METRICS_H_
