// The table and the picture of the depth experiment.
// SPDX-License-Identifier: Apache-2.0
#include "tools/depth/depth_report.h"

#include <fmt/format.h>

#include <algorithm>

namespace fplab::tools {
namespace {

std::string Title(const std::string& column) {
  if (column == "linear") return "linear, backpropagation";
  if (column == "elu") return "ELU, backpropagation";
  if (column == "tanh") return "tanh, backpropagation";
  return "underflow, evolution strategies";
}

// Mean over the finished seeds of a cell's errors after each epoch; empty if no seed is finished.
std::vector<double> MeanCurve(const std::vector<nets::OrderedJson>& lines, const std::string& column, int depth,
                              const char* field) {
  std::vector<double> sum;
  int count = 0;
  for (const nets::OrderedJson& line : lines) {
    if (line["column"] != column || line["depth"] != depth) continue;
    const nets::OrderedJson& curve = line["curve"];
    sum.resize(std::max(sum.size(), curve.size()));
    for (size_t i = 0; i < curve.size(); ++i) sum[i] += curve[i][field].get<double>();
    ++count;
  }
  for (double& value : sum) value /= std::max(1, count);
  return sum;
}

Curve CurveOf(const std::vector<double>& errors, int samples, int color) {
  Curve curve;
  curve.style = CurveStyle::kLine;
  curve.color = color;
  const double least = 0.5 / std::max(1, samples);
  for (size_t epoch = 0; epoch < errors.size(); ++epoch) {
    curve.points.emplace_back(static_cast<double>(epoch), 100 * std::max(errors[epoch], least));
  }
  return curve;
}

}  // namespace

std::string DepthTable(const DepthGrid& grid, const std::vector<nets::OrderedJson>& lines) {
  std::string table = "layers";
  for (const std::string& column : grid.columns) table += fmt::format("  {:>15}", column);
  table += "\n      ";
  for (size_t i = 0; i < grid.columns.size(); ++i) table += "    train / valid";
  for (int depth : grid.depths) {
    table += fmt::format("\n{:6}", depth);
    for (const std::string& column : grid.columns) {
      const std::vector<double> train = MeanCurve(lines, column, depth, "train_error");
      const std::vector<double> validation = MeanCurve(lines, column, depth, "validation_error");
      if (train.empty()) {
        table += fmt::format("  {:>15}", "-");
      } else {
        table += fmt::format("  {:6.2f} / {:6.2f}", 100 * train.back(), 100 * validation.back());
      }
    }
  }
  return table + "\n";
}

Figure DepthFigure(const DepthGrid& grid, const std::vector<nets::OrderedJson>& lines, const nets::TrainTest& data) {
  Figure figure;
  figure.columns = std::min<int>(2, static_cast<int>(grid.columns.size()));
  const int rows = (static_cast<int>(grid.columns.size()) + figure.columns - 1) / figure.columns;
  figure.width = 480 * figure.columns;
  figure.height = 400 * rows;
  for (const std::string& column : grid.columns) {
    Chart chart;
    chart.title = Title(column) + (grid.normalise && column != "underflow" ? ", normalised" : "");
    chart.x_label = "epochs";
    chart.y_label = "error (%): training solid, validation dashed";
    chart.log_y = true;
    chart.y_min = 0.05;
    chart.y_max = 100;
    int color = 0;
    for (int depth : grid.depths) {
      const std::vector<double> train = MeanCurve(lines, column, depth, "train_error");
      chart.curves.push_back(CurveOf(train, data.train.count(), color));
      chart.curves.back().name = fmt::format("{} layers", depth);
      const std::vector<double> validation = MeanCurve(lines, column, depth, "validation_error");
      chart.curves.push_back(CurveOf(validation, data.test.count(), color++));
      chart.curves.back().style = CurveStyle::kDashed;
    }
    figure.charts.push_back(chart);
  }
  return figure;
}

}  // namespace fplab::tools
