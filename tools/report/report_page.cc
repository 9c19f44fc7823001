// The sections of a report.
// SPDX-License-Identifier: Apache-2.0
#include "tools/report/report_page.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/analysis/ablations.h>
#include <fplab/nets/training/config_json.h>
#include "tools/pictures/decision_regions.h"
#include "tools/report/html.h"
#include "tools/runs/run_history.h"
#include "tools/sweep/sweep_table.h"

namespace fplab::tools {
namespace {

std::string Note(const std::string& text) { return fmt::format("<p class=\"note\">{}</p>\n", Escape(text)); }

std::string Heading(const char* text) { return fmt::format("<h3>{}</h3>\n", text); }

// A value of JSON as people write it: a string without quotes.
std::string Plain(const nets::OrderedJson& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.dump(-1, ' ', false, nets::OrderedJson::error_handler_t::replace);
}

std::string Figures(const nets::TrainConfig& config, const nets::OrderedJson& last) {
  const auto figure = [](const char* name, const std::string& value) {
    return fmt::format("<div>{}<b>{}</b></div>\n", name, Escape(value));
  };
  std::string html = "<div class=\"big\">\n";
  html += figure("train", Percent(Metric(last, "train_accuracy")));
  if (const double held_out = Metric(last, "validation_accuracy"); !std::isnan(held_out)) {
    html += figure("validation", Percent(held_out));
  }
  html += figure("test", Percent(Metric(last, "test_accuracy")));
  const double epoch = Metric(last, "epoch"), speed = Metric(last, "samples_per_second");
  html += figure("epochs", fmt::format("{} of {}", std::isnan(epoch) ? 0 : epoch, config.epochs));
  if (!std::isnan(speed)) html += figure("samples a second", fmt::format("{:.0f}", speed));
  if (const double ranks = Metric(last, "ranks"); !std::isnan(ranks)) {
    html += figure("ranks", fmt::format("{:.0f}", ranks));
    html +=
        figure("exchanged a step", fmt::format("{:.2f} MB, {:.2f} ms", 1e-6 * Metric(last, "exchange_bytes_per_step"),
                                               1e3 * Metric(last, "exchange_seconds_per_step")));
  }
  if (const double length = Metric(last, "path_length"); !std::isnan(length)) {
    html += figure("underflow path length", fmt::format("{:.2f}", length));
  }
  return html + "</div>\n";
}

// 2^-N.
std::string ScaleHtml(int exponent) {
  return fmt::format("2<sup>{}{}</sup>", exponent > 0 ? "−" : "", std::abs(exponent));
}

std::string Summary(const nets::TrainConfig& config, const std::optional<nets::Checkpoint>& checkpoint) {
  const nets::NetworkConfig network = nets::TrainedNetwork(config);
  std::string widths;
  for (const int width : network.layers) widths += (widths.empty() ? "" : "-") + fmt::format("{}", width);
  std::string html =
      fmt::format("<p>Estimator {} on {}, network {}, seed {}; matmul {}, element-wise {}, scale {}.</p>\n",
                  Name(config.estimator), Escape(config.data), widths, config.seed, Name(network.matmul_mode),
                  Name(network.elementwise_mode), ScaleHtml(network.scale_exponent));
  if (checkpoint) {
    html += fmt::format("<p class=\"mute\">Step {}, digest <code>{}</code></p>\n", checkpoint->step,
                        nets::ParameterDigest(checkpoint->network));
  }
  return html;
}

std::string ControlsTable(const nets::Checkpoint& checkpoint, const nets::TrainTest& data, const PageContext& context) {
  const auto percent = [](const std::optional<double>& share) { return share ? Percent(*share) : std::string("–"); };
  std::vector<std::vector<std::string>> rows = {{"what is evaluated", "train", "test"}};
  for (const nets::Ablation& control :
       nets::RunAblations(checkpoint, data, context.isa, context.workers, context.starting)) {
    rows.push_back({control.name, percent(control.train), percent(control.test)});
  }
  return HtmlTable(rows);
}

std::string RegionPictures(const nets::Network& network, const nets::TrainTest& data, const PageContext& context) {
  std::string html = "<div class=\"charts\">\n";
  for (const Regions& one : GateOnAndOff(network, data, context.isa, context.workers)) {
    html += context.pictures.Add("Decision regions, " + one.title, [&](const std::string& file) {
      DrawRegions({one}, data.test, 1, context.isa, context.workers, file);
    });
  }
  return html + "</div>\n";
}

// What takes the data set; a note instead where it is not to be had.
std::string Evaluated(const nets::Checkpoint& checkpoint, const PageContext& context) {
  const std::string& place = context.data.empty() ? checkpoint.config.data : context.data;
  context.starting("loading " + place);
  nets::TrainTest data;
  try {
    data = nets::LoadData(place, {checkpoint.config.train_limit, /*allow_download=*/false, &context.workers});
    RequireSameData(checkpoint, DigestsOf(data), place);
  } catch (const Error& error) {
    if (!context.data.empty()) throw;
    return Note(fmt::format("Controls and images are missing, for want of the data set: {}", error.what()));
  }
  const nets::Network network = nets::EvaluatedNetwork(checkpoint);
  std::string html = Heading("Controls") + ControlsTable(checkpoint, data, context);
  if (data.test.features == 2) {
    context.starting("decision regions");
    html += Heading("Decision regions") + RegionPictures(network, data, context);
  }
  const bool images = data.test.image_width > 0 && data.test.image_width * data.test.image_height == data.test.features;
  if (images) {
    context.starting("misclassified samples");
    html += Heading("Misclassified") + MisclassifiedImages(network, data.test, context.isa, context.workers);
    html += Heading("Weights of the first layer") + WeightImages(network, data.test);
  }
  return html;
}

// How the run was begun and gone on with.
std::string HistoryTable(const nets::RunDirectory& run) {
  const std::vector<nets::OrderedJson> lines = ReadHistory(run);
  if (lines.empty()) return {};
  std::vector<std::vector<std::string>> rows = {
      {"at", "command", "fplab", "host", "processor", "instruction set", "threads"}};
  for (const nets::OrderedJson& line : lines) {
    const auto text = [&line](const char* field) {
      return line.contains(field) ? Plain(line[field]) : std::string("–");
    };
    std::string command;
    if (line.contains("command") && line["command"].is_array()) {
      for (const nets::OrderedJson& word : line["command"]) command += (command.empty() ? "" : " ") + Plain(word);
    }
    rows.push_back({text("at"), command, text("version") + " " + text("commit"), text("host"), text("processor"),
                    text("isa"), text("threads")});
  }
  return Heading("History") + HtmlTable(rows);
}

std::string ConfigurationTable(const nets::OrderedJson& config) {
  std::vector<std::vector<std::string>> rows = {{"field", "value"}};
  for (const auto& [field, value] : config.items()) rows.push_back({field, Plain(value)});
  return HtmlTable(rows);
}

}  // namespace

std::string RunSection(const std::filesystem::path& folder, const PageContext& context) {
  const nets::RunDirectory run = nets::RunDirectory::Open(folder);
  const nets::TrainConfig config = nets::TrainConfigFromJson(run.config(), run.config_path().string());
  const RunMetrics metrics = ReadRunMetrics(run);
  std::optional<nets::Checkpoint> checkpoint;
  if (run.HasCheckpoint()) checkpoint = nets::ReadCheckpoint(run.checkpoint_path());

  std::string html = fmt::format("<h2>{}</h2>\n", Escape(folder.string()));
  html += Figures(config, metrics.lines.empty() ? nets::OrderedJson::object() : metrics.lines.back());
  html += Summary(config, checkpoint);
  if (metrics.torn) {
    html +=
        Note(fmt::format("The last line of metrics.jsonl is torn; its {} whole lines are used.", metrics.lines.size()));
  }
  if (metrics.foreign > 0) {
    html += Note(fmt::format("{} of the lines of metrics.jsonl are no metrics and are left out.", metrics.foreign));
  }
  if (Diverged(metrics)) html += Note("Diverged: the loss is no longer a number.");
  const MetricFigures figures = MetricCharts(metrics);
  if (metrics.too_long) {
    html += Note(fmt::format("metrics.jsonl has more than the {} MiB that a report reads: there are no curves.",
                             nets::kMaxMetricsRead >> 20));
  } else if (metrics.lines.empty()) {
    html += Note("The run has no evaluation yet: there are no curves.");
  }
  if (figures.fields_left_out > 0) {
    html += Note(fmt::format("{} more fields of metrics.jsonl have no chart: a page has {} of fields it does not know.",
                             figures.fields_left_out, kMaxOtherCharts));
  }
  if (figures.places_left_out) {
    html += Note(fmt::format("Of longer lists the first {} places have a curve.", kMaxCurves));
  }
  if (!checkpoint) html += Note("The run has no checkpoint yet: controls, images and digest are missing.");
  html += "<div class=\"charts\">\n";
  for (const Chart& chart : figures.charts) html += context.pictures.Add(chart);
  html += "</div>\n";
  if (checkpoint) html += Evaluated(*checkpoint, context);
  return html + HistoryTable(run) + Heading("Configuration") + ConfigurationTable(run.config());
}

std::string SweepSection(const std::filesystem::path& folder, const PageContext& context) {
  const SweepPlan plan = ReadPlan(folder);
  const std::vector<SweepRow> rows = ReadRows(plan, folder);
  std::vector<std::vector<std::string>> table(1);
  for (const SweepAxis& axis : plan.axes) table[0].push_back(axis.name);
  for (const char* head : {"train", "test", "zeros by layer", "state"}) table[0].push_back(head);
  size_t done = 0;
  for (const SweepRow& row : rows) {
    done += row.done;
    table.push_back(row.at);
    std::string zeros;
    for (const double share : MetricList(row.last, "train_zeros")) zeros += fmt::format("{:.1f} %  ", 100 * share);
    table.back().push_back(Percent(Metric(row.last, "train_accuracy")));
    table.back().push_back(Percent(Metric(row.last, "test_accuracy")));
    table.back().push_back(zeros);
    table.back().push_back(row.state);
  }
  std::string html =
      fmt::format("<h2>{}</h2>\n<p>A sweep: {} of {} cells done.</p>\n", Escape(folder.string()), done, rows.size());
  html += "<div class=\"charts\">\n";
  for (const Chart& chart : SweepFigure(plan, rows).charts) html += context.pictures.Add(chart);
  html += "</div>\n" + Heading("Cells") + HtmlTable(table);
  html += Heading("Configuration of the first cell") + ConfigurationTable(ToJson(plan.cells.front().config));
  return html;
}

}  // namespace fplab::tools
