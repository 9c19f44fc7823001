// Pictures of a report: charts by gnuplot, images of pixels by PNG.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/files/atomic_file.h>
#include <fplab/nets/network/predict.h>
#include "tools/pictures/png.h"
#include "tools/report/html.h"
#include "tools/report/report_page.h"
#include "tools/report/thinned.h"

namespace fplab::tools {
namespace {

constexpr uintmax_t kMaxPicture = uintmax_t{1} << 26;

// What a chart of metrics shows: fields, and the factor that makes the axis's unit of them.
struct ChartOfFields {
  const char *title, *y_label;
  double factor;
  std::vector<std::pair<const char*, const char*>> curves;  // field and name
};

const std::vector<ChartOfFields>& KnownCharts() {
  static const std::vector<ChartOfFields> charts = {
      {"Accuracy",
       "accuracy / %",
       100,
       {{"train_accuracy", "train"},
        {"validation_accuracy", "validation"},
        {"test_accuracy", "test"},
        {"estimator_accuracy", "in the estimator"}}},
      {"Loss",
       "cross-entropy / nat",
       1,
       {{"train_loss", "train"},
        {"validation_loss", "validation"},
        {"test_loss", "test"},
        {"estimator_loss", "in the estimator"}}},
      {"Outputs that are exactly zero", "share / %", 100, {{"train_zeros", "layer"}}},
      {"Units whose gate is nonlinear", "share / %", 100, {{"train_nonlinear", "layer"}}},
      {"Underflow path length", "nonlinear units on a path", 1, {{"path_length", ""}}},
      {"Learning rate", "learning rate", 1, {{"learning_rate", ""}}},
      {"Losses evaluated", "member-samples / million", 1e-6, {{"member_samples", ""}}},
      {"Speed", "member-samples a second / million", 1e-6, {{"member_samples_per_second", ""}}},
  };
  return charts;
}

std::string AxisOfX(const RunMetrics& metrics) {
  const bool epochs = !metrics.lines.empty() && metrics.lines.back().contains("epoch");
  return epochs ? "epoch" : "step";
}

// A curve for a field that holds numbers, or one for each place of a field that holds lists of them.
std::vector<Curve> CurvesOf(const RunMetrics& metrics, const std::string& field, const std::string& name, double factor,
                            bool& places_left_out) {
  const std::string x = AxisOfX(metrics);
  Curve single{.name = name};
  std::vector<Curve> places;
  for (const nets::OrderedJson& line : metrics.lines) {
    const double at = Metric(line, x), value = Metric(line, field);
    if (!std::isnan(value)) single.points.emplace_back(at, factor * value);
    std::vector<double> list = MetricList(line, field);
    if (list.size() > kMaxCurves) {
      places_left_out = true;
      list.resize(kMaxCurves);
    }
    while (places.size() < list.size()) places.push_back({.name = fmt::format("layer {}", places.size() + 1)});
    for (size_t i = 0; i < list.size(); ++i) {
      if (!std::isnan(list[i])) places[i].points.emplace_back(at, factor * list[i]);
    }
  }
  if (!single.points.empty()) places.push_back(single);
  std::erase_if(places, [](const Curve& curve) { return curve.points.empty(); });
  for (Curve& curve : places) curve.points = Thinned(std::move(curve.points));
  return places;
}

// The cosines that a line lists: one for each step at which it was measured.
Chart CosineChart(const RunMetrics& metrics) {
  Curve curve;
  for (const nets::OrderedJson& line : metrics.lines) {
    const auto found = line.find("cosine");
    if (found == line.end() || !found->is_array()) continue;
    for (const nets::OrderedJson& measured : *found) {
      if (!measured.is_object()) continue;
      const double step = Metric(measured, "step"), cosine = Metric(measured, "all");
      if (!std::isnan(step) && !std::isnan(cosine)) curve.points.emplace_back(step, cosine);
    }
  }
  curve.points = Thinned(std::move(curve.points));
  Chart chart{.title = "Cosine of the estimate and the gated gradient", .x_label = "step", .y_label = "cosine"};
  if (!curve.points.empty()) chart.curves.push_back(curve);
  return chart;
}

Rgb Diverging(float value) {
  const float v = std::clamp(value, -1.0f, 1.0f);
  const Rgb strong = v < 0 ? Rgb{0, 90, 178} : Rgb{200, 70, 0};
  Rgb color;
  for (size_t i = 0; i < 3; ++i)
    color[i] = static_cast<uint8_t>(255 - std::fabs(v) * static_cast<float>(255 - strong[i]));
  return color;
}

// Ink on paper: a feature of 1 is black.
Image ImageOf(const nets::Dataset& data, int sample) {
  Image image(data.image_width, data.image_height, {255, 255, 255});
  const std::span<const float> pixels = data.Sample(sample);
  for (size_t i = 0; i < image.pixels.size(); ++i) {
    const auto ink = static_cast<uint8_t>(255 - std::lround(255 * std::clamp(pixels[i], 0.0f, 1.0f)));
    image.pixels[i] = {ink, ink, ink};
  }
  return image;
}

}  // namespace

PagePictures::PagePictures() : available_(HasGnuplot()) {
  std::string name = (std::filesystem::temp_directory_path() / "fplab-report-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw Error("{}: cannot make a temporary folder", name);
  folder_ = name;
}

PagePictures::~PagePictures() {
  std::error_code error;
  std::filesystem::remove_all(folder_, error);
}

std::string PagePictures::Add(const std::string& title, const std::function<void(const std::string& file)>& draw) {
  if (!available_) {
    return fmt::format("<p class=\"note\">The picture “{}” is missing: gnuplot is not installed.</p>\n", Escape(title));
  }
  const std::string file = folder_ / "picture.svg";
  draw(file);
  return fmt::format("<figure>{}</figure>\n",
                     InlineSvg(nets::ReadFile(file, kMaxPicture), fmt::format("p{}-", ++count_)));
}

std::string PagePictures::Add(const Chart& chart) {
  return Add(chart.title, [&chart](const std::string& file) {
    Draw({.charts = {chart}, .columns = 1, .width = 460, .height = 340}, file);
  });
}

MetricFigures MetricCharts(const RunMetrics& metrics) {
  MetricFigures figures;
  std::vector<Chart>& charts = figures.charts;
  // Of these a curve says nothing.
  std::set<std::string> seen = {"step", "epoch", "seconds", "samples_per_second", "cosine"};
  for (const ChartOfFields& known : KnownCharts()) {
    Chart chart{.title = known.title, .x_label = AxisOfX(metrics), .y_label = known.y_label};
    for (const auto& [field, name] : known.curves) {
      seen.insert(field);
      for (Curve& curve : CurvesOf(metrics, field, name, known.factor, figures.places_left_out)) {
        chart.curves.push_back(std::move(curve));
      }
    }
    if (!chart.curves.empty()) charts.push_back(std::move(chart));
  }
  if (Chart cosine = CosineChart(metrics); !cosine.curves.empty()) charts.push_back(std::move(cosine));
  const size_t known = charts.size();
  for (const nets::OrderedJson& line : metrics.lines) {
    for (const auto& [field, value] : line.items()) {
      if (!(value.is_number() || value.is_array()) || !seen.insert(field).second) continue;
      if (charts.size() - known == kMaxOtherCharts) {
        ++figures.fields_left_out;
        continue;
      }
      Chart chart{.title = field,
                  .x_label = AxisOfX(metrics),
                  .y_label = field,
                  .curves = CurvesOf(metrics, field, "", 1, figures.places_left_out)};
      if (!chart.curves.empty()) charts.push_back(std::move(chart));
    }
  }
  return figures;
}

std::string MisclassifiedImages(const nets::Network& network, const nets::Dataset& test, kernels::Isa isa,
                                kernels::Workers& workers) {
  constexpr int kShown = 60;
  const std::vector<int> classes = nets::Predict(network, test, isa, workers);
  std::string html;
  int wrong = 0;
  for (int i = 0; i < test.count(); ++i) {
    const auto at = static_cast<size_t>(i);
    if (classes[at] == test.y[at] || ++wrong > kShown) continue;
    const std::string given = classes[at] < 0 ? "NaN" : fmt::format("{}", classes[at]);
    html += fmt::format(
        "<figure><img alt=\"sample {}\" title=\"test sample {}\" src=\"{}\"><figcaption>{} → "
        "{}</figcaption></figure>\n",
        i, i, PngUri(ImageOf(test, i)), test.y[at], given);
  }
  return fmt::format(
      "<p class=\"mute\">{} of {} test samples are misclassified{}: label → what the network says.</p>\n"
      "<div class=\"digits\">\n{}</div>\n",
      wrong, test.count(), wrong > kShown ? fmt::format("; the first {}", kShown) : "", html);
}

std::string WeightImages(const nets::Network& network, const nets::Dataset& data) {
  const kernels::PanelMatrix& weight = network.parameters[0].weight;
  const int shown = std::min(weight.cols(), 64), columns = std::min(shown, 8), rows = (shown + columns - 1) / columns;
  const int width = data.image_width + 1, height = data.image_height + 1;
  float scale = std::numeric_limits<float>::min();
  for (int unit = 0; unit < shown; ++unit) {
    for (int i = 0; i < weight.rows(); ++i) scale = std::max(scale, std::fabs(weight.At(i, unit)));
  }
  // Half the greatest weight has the full colour: most are far smaller.
  const float full = 0.5f * scale;
  Image image(columns * width - 1, rows * height - 1, {128, 128, 128});
  for (int unit = 0; unit < shown; ++unit) {
    for (int i = 0; i < weight.rows(); ++i) {
      image.At(unit % columns * width + i % data.image_width, unit / columns * height + i / data.image_width) =
          Diverging(weight.At(i, unit) / full);
    }
  }
  return fmt::format(
      "<p class=\"mute\">Units 1 to {} of {}. Blue is negative, red positive, white zero; full colour at ±{:.3g}.</p>\n"
      "<img class=\"weights\" alt=\"first-layer weights\" src=\"{}\">\n",
      shown, weight.cols(), full, PngUri(image));
}

}  // namespace fplab::tools
