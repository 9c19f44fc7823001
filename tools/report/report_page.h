// The parts of a report: what the page of a run or of a sweep says.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_REPORT_REPORT_PAGE_H_
#define FPLAB_TOOLS_REPORT_REPORT_PAGE_H_

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <fplab/kernels/core/workers.h>
#include <fplab/nets/data/dataset.h>
#include <fplab/nets/training/checkpoint.h>
#include "tools/pictures/chart.h"
#include "tools/runs/run_metrics.h"

namespace fplab::tools {

// Draws pictures for a page, one after another, and numbers them. Without gnuplot a sentence stands in a picture's
// place.
class PagePictures {
 public:
  PagePictures();
  ~PagePictures();
  PagePictures(const PagePictures&) = delete;
  PagePictures& operator=(const PagePictures&) = delete;

  bool available() const { return available_; }

  // HTML of the picture that `draw` writes to the SVG file that it is given, or of the sentence that it is missing.
  std::string Add(const std::string& title, const std::function<void(const std::string& file)>& draw);
  std::string Add(const Chart& chart);

 private:
  bool available_;
  int count_ = 0;
  std::filesystem::path folder_;
};

// How to compute what the report evaluates.
struct PageContext {
  PagePictures& pictures;
  kernels::Isa isa;
  kernels::Workers& workers;
  std::string data;                                       // where the data of the runs lie now; empty: where they were
  std::function<void(const std::string& what)> starting;  // told what comes next
};

// The section of a run: HTML. Throws Error for a damaged config.json, metrics.jsonl or checkpoint; what is merely
// missing (metrics, checkpoint, the data set) is left out, and a note says so; data that context.data names have to be
// there and the run's.
std::string RunSection(const std::filesystem::path& folder, const PageContext& context);

// The section of a sweep: HTML. Throws Error for a damaged sweep.json.
std::string SweepSection(const std::filesystem::path& folder, const PageContext& context);

// Curves of the metrics, each field that is known in its chart and each other number in one of its own, for the first
// kMaxOtherCharts of them. Of a list the first kMaxCurves places have a curve; a curve has 2,000 points at most.
inline constexpr size_t kMaxOtherCharts = 24;
inline constexpr size_t kMaxCurves = 64;
struct MetricFigures {
  std::vector<Chart> charts;
  size_t fields_left_out = 0;    // beyond kMaxOtherCharts
  bool places_left_out = false;  // beyond kMaxCurves
};
MetricFigures MetricCharts(const RunMetrics& metrics);

// Images as HTML: test samples that the network gets wrong, and the weights of the first layer's units. Data whose
// features are pixels.
std::string MisclassifiedImages(const nets::Network& network, const nets::Dataset& test, kernels::Isa isa,
                                kernels::Workers& workers);
std::string WeightImages(const nets::Network& network, const nets::Dataset& data);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_REPORT_REPORT_PAGE_H_
