// What the cells of a sweep have come to: rows for a table, and the picture.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SWEEP_SWEEP_TABLE_H_
#define FPLAB_TOOLS_SWEEP_SWEEP_TABLE_H_

#include <filesystem>
#include <string>
#include <vector>

#include "tools/pictures/chart.h"
#include "tools/runs/run_metrics.h"
#include "tools/sweep/sweep_plan.h"

namespace fplab::tools {

struct SweepRow {
  std::vector<std::string> at;  // a value for each axis
  std::string name;             // of the cell
  std::string state;            // "done", "stopped after epoch 4", "not begun", or what is wrong
  bool done = false;
  bool diverged = false;                                 // done, with a loss that is no longer a number
  nets::OrderedJson last = nets::OrderedJson::object();  // the last metrics line; empty before the first
};

// A row for each cell, from its folder alone. A cell whose folder can't be read has the reason as its state.
std::vector<SweepRow> ReadRows(const SweepPlan& plan, const std::filesystem::path& folder);

// Accuracy and the share of exact zeros over the first axis of numbers (other than the seed), a curve for each
// combination of the other axes, means over the seeds. Shows the cells that are done.
Figure SweepFigure(const SweepPlan& plan, const std::vector<SweepRow>& rows);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SWEEP_SWEEP_TABLE_H_
