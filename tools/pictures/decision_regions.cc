// Decision regions by evaluating the network on a grid of points.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/network/accuracy.h>
#include <fplab/nets/network/predict.h>
#include "tools/pictures/chart.h"
#include "tools/pictures/decision_regions.h"

namespace fplab::tools {
namespace {

constexpr int kGrid = 240;  // points a side

// Light for the plane, strong for the points; classes beyond the last begin anew.
constexpr const char* kLight[] = {"#bcd9ee", "#f7cfae", "#b5e3d3", "#efd5e4", "#f8e2b0", "#d5edfb", "#dddddd"};
constexpr const char* kStrong[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#444444"};

struct Range {
  float low = -1, high = 1;

  float At(int i) const { return low + (high - low) * static_cast<float>(i) / (kGrid - 1); }
};

// Of one coordinate of the points, with a margin.
Range RangeOf(const nets::Dataset& points, size_t coordinate) {
  if (points.count() == 0) return {};
  Range range{points.x[coordinate], points.x[coordinate]};
  for (size_t i = coordinate; i < points.x.size(); i += 2) {
    range.low = std::min(range.low, points.x[i]);
    range.high = std::max(range.high, points.x[i]);
  }
  const float margin = std::max(0.15f * (range.high - range.low), 1e-6f);
  return {range.low - margin, range.high + margin};
}

nets::Dataset GridOf(const nets::Dataset& points, const Range& x, const Range& y) {
  nets::Dataset grid;
  grid.name = points.name;
  grid.features = 2;
  grid.classes = points.classes;
  for (int row = 0; row < kGrid; ++row) {
    for (int column = 0; column < kGrid; ++column) {
      grid.x.push_back(x.At(column));
      grid.x.push_back(y.At(row));
      grid.y.push_back(0);
    }
  }
  return grid;
}

std::string Palette(int classes) {
  std::string colors;
  for (int c = 0; c < classes; ++c) {
    colors += fmt::format("{}{} '{}'", c == 0 ? "" : ", ", c, kLight[static_cast<size_t>(c) % std::size(kLight)]);
  }
  return fmt::format("set palette maxcolors {} defined ({})\nset cbrange [-0.5:{}]\nunset colorbox\n", classes, colors,
                     classes - 0.5);
}

std::string PointBlocks(const nets::Dataset& points) {
  std::string blocks;
  for (int c = 0; c < points.classes; ++c) {
    blocks += fmt::format("$class_{} << EOD\nNaN NaN\n", c);
    for (int i = 0; i < points.count(); ++i) {
      if (points.y[static_cast<size_t>(i)] != c) continue;
      blocks += fmt::format("{:.6g} {:.6g}\n", points.Sample(i)[0], points.Sample(i)[1]);
    }
    blocks += "EOD\n";
  }
  return blocks;
}

}  // namespace

std::vector<Regions> GateOnAndOff(const nets::Network& network, const nets::TrainTest& data, kernels::Isa isa,
                                  kernels::Workers& workers) {
  std::vector<Regions> regions = {{"gate on", network}, {"gate off", network}};
  regions[1].network.config.elementwise_mode = kIeee;
  for (Regions& one : regions) {
    one.title += fmt::format(": test accuracy {:.1f} %", 100 * Evaluate(one.network, data.test, isa, workers).accuracy);
  }
  return regions;
}

void DrawRegions(const std::vector<Regions>& regions, const nets::Dataset& points, int columns, kernels::Isa isa,
                 kernels::Workers& workers, const std::string& file) {
  if (points.features != 2) throw Error("regions: {} has {} features, expected 2", points.name, points.features);
  const Range x = RangeOf(points, 0), y = RangeOf(points, 1);
  const nets::Dataset grid = GridOf(points, x, y);
  const int rows = (static_cast<int>(regions.size()) + columns - 1) / columns;
  std::string script = Palette(points.classes) + PointBlocks(points);
  script += fmt::format("set xrange [{}:{}]\nset yrange [{}:{}]\nset size ratio -1\n", x.low, x.high, y.low, y.high);
  script += "set xlabel 'first feature'\nset ylabel 'second feature'\nset key outside bottom center horizontal\n";
  if (regions.size() > 1) script += fmt::format("set multiplot layout {},{}\n", rows, columns);
  for (size_t r = 0; r < regions.size(); ++r) {
    const std::vector<int> classes = nets::Predict(regions[r].network, grid, isa, workers);
    script += fmt::format("set title {}\n$plane_{} << EOD\n", GnuplotText(regions[r].title), r);
    for (int i = 0; i < grid.count(); ++i) {
      script +=
          fmt::format("{:.6g} {:.6g} {}\n", grid.Sample(i)[0], grid.Sample(i)[1], classes[static_cast<size_t>(i)]);
    }
    script += fmt::format("EOD\nplot $plane_{} using 1:2:3 with image notitle", r);
    for (int c = 0; c < points.classes; ++c) {
      script += fmt::format(", $class_{} using 1:2 with points pt 7 ps 0.25 lc rgb '{}' title 'class {}'", c,
                            kStrong[static_cast<size_t>(c) % std::size(kStrong)], c);
    }
    script += "\n";
  }
  DrawScript(script, 480 * columns, 520 * rows, file);
}

}  // namespace fplab::tools
