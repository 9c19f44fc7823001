// The picture of `fplab bench matmul`: GFLOP/s over size, by gnuplot.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tools/bench/bench_topics.h"
#include "tools/pictures/chart.h"

namespace fplab::tools {
namespace {

using BySize = std::map<int, double>;  // GFLOP/s

// What a row's figures are multiplied by to be drawn. The clock drifts from shape to shape: a figure is drawn as it
// would be at the clock of the ceiling that the picture shows, the median over all shapes.
double ClockFactor(const BenchJson& matmul, const BenchJson& row) {
  const double ceiling = matmul["ceilings"][row["isa"].get<std::string>() + "/threads:1"];
  return ceiling * row["share_of_ceiling"].get<double>() / row["gflops"].get<double>();
}

// Ours by instruction set, then the peers: squares on one thread.
std::vector<std::pair<std::string, BySize>> CurvesOf(const BenchJson& matmul) {
  std::vector<std::pair<std::string, BySize>> curves;
  const auto add = [&curves](const std::string& name, int size, double gflops) {
    auto found = std::find_if(curves.begin(), curves.end(), [&](const auto& curve) { return curve.first == name; });
    if (found == curves.end()) found = curves.insert(curves.end(), {name, {}});
    found->second[size] = gflops;
  };
  for (const bool ours : {true, false}) {
    for (const BenchJson& row : matmul["rows"]) {
      const int size = row["m"];
      if (row["n"] != size || row["k"] != size || row["threads"] != 1) continue;
      const double factor = ClockFactor(matmul, row);
      if (ours) {
        add("fplab " + row["isa"].get<std::string>(), size, factor * row["gflops"].get<double>());
      } else {
        for (const auto& [name, gflops] : row["peers"].items()) add(name, size, factor * gflops.get<double>());
      }
    }
  }
  return curves;
}

}  // namespace

void DrawMatmul(const BenchJson& matmul, const std::string& file) {
  const double ceiling = matmul["ceiling_gflops"];
  Chart chart{.title = "Matrix product, binary32, one thread",
              .x_label = "M = N = K",
              .y_label = "GFLOP/s",
              .log_x = 2,
              .y_min = 0,
              .y_max = ceiling,
              .curves = {}};
  const auto curves = CurvesOf(matmul);
  for (const auto& [name, by_size] : curves) {
    Curve curve{.name = name, .points = {by_size.begin(), by_size.end()}, .width = name == "fplab avx512" ? 3.0 : 1.0};
    chart.curves.push_back(std::move(curve));
  }
  if (!curves.empty()) {
    int least = curves[0].second.begin()->first, most = least;
    for (const auto& [name, by_size] : curves) {
      least = std::min(least, by_size.begin()->first);
      most = std::max(most, by_size.rbegin()->first);
    }
    chart.curves.push_back({.name = fmt::format("ceiling {:.1f}", ceiling),
                            .points = {{least, ceiling}, {most, ceiling}},
                            .style = CurveStyle::kLine,
                            .width = 2,
                            .color = 6});
  }
  Draw({.charts = {chart}}, file);
}

}  // namespace fplab::tools
