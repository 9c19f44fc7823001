// Runs beside each other: a table, and their test accuracies over what they took.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_REPORT_REPORT_COMPARISON_H_
#define FPLAB_TOOLS_REPORT_REPORT_COMPARISON_H_

#include <filesystem>
#include <string>
#include <vector>

#include <fplab/nets/training/train_config.h>
#include "tools/pictures/chart.h"
#include "tools/runs/run_metrics.h"

namespace fplab::tools {

struct ComparedRun {
  std::string name;  // its folder
  nets::TrainConfig config;
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

#endif  // FPLAB_TOOLS_REPORT_REPORT_COMPARISON_H_
