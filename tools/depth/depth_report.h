// What `fplab depth` shows of a grid's finished cells: the table and the picture.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_DEPTH_DEPTH_REPORT_H_
#define FPLAB_TOOLS_DEPTH_DEPTH_REPORT_H_

#include <string>
#include <vector>

#include "tools/depth/depth_grid.h"
#include "tools/pictures/chart.h"

namespace fplab::tools {

// A row per depth, a column per column: training and validation error at the end in percent, the mean over the seeds
// that are finished; a dash where none is.
std::string DepthTable(const DepthGrid& grid, const std::vector<nets::OrderedJson>& lines);

// A chart per column, a colour per depth: training error solid, validation error dashed, over epochs; the mean over
// seeds, on a logarithmic scale. No error counts as half a sample's.
Figure DepthFigure(const DepthGrid& grid, const std::vector<nets::OrderedJson>& lines, const nets::TrainTest& data);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_DEPTH_DEPTH_REPORT_H_
