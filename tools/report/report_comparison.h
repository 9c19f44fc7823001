// Runs beside each other: a table, and their test accuracies over what they took.
#ifndef FPLAB_TOOLS_REPORT_COMPARISON_H_
#define FPLAB_TOOLS_REPORT_COMPARISON_H_

#include <filesystem>
#include <string>
#include <vector>

#include "nets/train_config.h"
#include "tools/chart.h"
#include "tools/run_metrics.h"

namespace fplab::tools {

struct ComparedRun {
  std::string name;  // its folder
  TrainConfig config;
  RunMetrics metrics;
};

// Throws Error for a damaged config.json or metrics.jsonl.
ComparedRun ReadComparedRun(const std::filesystem::path& folder);

// HTML of a table with a row a run.
std::string ComparisonTable(const std::vector<ComparedRun>& runs);

// Test accuracy over epochs, over the member-samples evaluated and over seconds; the latter two by powers of 10, since
// estimators differ by orders of magnitude in what a step costs them.
std::vector<Chart> ComparisonCharts(const std::vector<ComparedRun>& runs);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_REPORT_COMPARISON_H_
