// Rows of two runs, matched by what they measured.
// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/bench_compare.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <optional>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/files/atomic_file.h>
#include "tools/bench/sample.h"

namespace fplab::tools {
namespace {

constexpr uintmax_t kMostBytes = 64 << 20;

// The figure of a topic's rows, and the fields that say what a row measured.
struct Figure {
  const char* topic;
  const char* field;
  const char* unit;
  bool more_is_faster;
  std::vector<const char*> what;
};

const std::vector<Figure>& Figures() {
  static const std::vector<Figure> figures = {
      {"matmul", "gflops", "GFLOP/s", true, {"m", "n", "k", "threads", "isa"}},
      {"batch", "gflops", "GFLOP/s", true, {"batch", "n", "k", "isa"}},
      {"elementwise", "gitems_per_second", "Gfloat/s", true, {"operation", "isa", "floats"}},
      {"random", "gitems_per_second", "Gnumber/s", true, {"function", "isa"}},
      {"subnormals", "ticks", "ticks", false, {"operation", "operands", "mode"}},
      {"training", "samples_per_second", "samples/s", true, {"estimator", "threads"}}};
  return figures;
}

std::string TextOf(const BenchJson& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_null() ? "" : value.dump();
}

// "512 784 128 1 avx2"; empty if the row is none of the figure.
std::string WhatOf(const Figure& figure, const BenchJson& row) {
  if (!row.is_object() || !row.contains(figure.field) || !row[figure.field].is_number()) return "";
  std::string what;
  for (const char* field : figure.what) {
    if (!row.contains(field)) return "";
    const std::string text = TextOf(row[field]);
    if (!text.empty()) what += (what.empty() ? "" : " ") + text;
  }
  return what;
}

// The rows of a topic in what bench printed, of that topic alone or of all.
const BenchJson* RowsOf(const BenchJson& bench, const Figure& figure) {
  const BenchJson* topic = &bench;
  if (bench.contains(figure.topic)) topic = &bench[figure.topic];
  if (!topic->is_object() || !topic->contains("rows") || !(*topic)["rows"].is_array()) return nullptr;
  const BenchJson& rows = (*topic)["rows"];
  return !rows.empty() && !WhatOf(figure, rows[0]).empty() ? &rows : nullptr;
}

std::map<std::string, const BenchJson*> ByWhat(const Figure& figure, const BenchJson& rows) {
  std::map<std::string, const BenchJson*> by_what;
  for (const BenchJson& row : rows) {
    if (const std::string what = WhatOf(figure, row); !what.empty()) by_what[what] = &row;
  }
  return by_what;
}

// Positive repetitions on record; nullopt if there are none.
std::optional<Sample> Repetitions(const BenchJson& row) {
  if (!row.contains("repetitions") || !row["repetitions"].is_array() || row["repetitions"].empty()) return std::nullopt;
  Sample sample;
  for (const BenchJson& value : row["repetitions"]) {
    if (!value.is_number() || !(value.get<double>() > 0)) return std::nullopt;
    sample.values.push_back(value.get<double>());
  }
  return sample;
}

BenchJson CompareRow(const Figure& figure, const std::string& what, const BenchJson& now, const BenchJson& before) {
  const double value = now[figure.field], old = before[figure.field];
  BenchJson row = {{"topic", figure.topic}, {"what", what}, {"now", value}, {"before", old}, {"unit", figure.unit}};
  std::optional<Sample> faster = Repetitions(now), slower = Repetitions(before);
  if (!figure.more_is_faster) std::swap(faster, slower);
  if (!faster || !slower) {
    row["ratio"] = figure.more_is_faster ? value / old : old / value;
    row["low"] = row["high"] = nullptr;
    row["verdict"] = "unknown";
    return row;
  }
  const RatioInterval interval = RatioOfMedians(*faster, *slower);
  row["ratio"] = interval.ratio;
  row["low"] = interval.low;
  row["high"] = interval.high;
  row["verdict"] = !interval.ExcludesOne() ? "same" : interval.ratio > 1 ? "faster" : "slower";
  return row;
}

std::string Field(const BenchJson& bench, const char* name) {
  return bench.contains(name) ? TextOf(bench[name]) : std::string();
}

}  // namespace

BenchJson ReadBench(const std::string& file, const std::string& topic) {
  BenchJson bench = nets::ParseJson(nets::ReadFile(file, kMostBytes));
  if (bench.is_object()) {
    for (const Figure& figure : Figures()) {
      if ((topic == "all" || topic == figure.topic) && RowsOf(bench, figure) != nullptr) return bench;
    }
  }
  throw Error("'{}': expected what `fplab bench {}--json` prints, with rows of figures", file,
              topic == "all" ? "" : topic + " ");
}

BenchJson CompareBench(const BenchJson& now, const BenchJson& before) {
  BenchJson rows = BenchJson::array(), only_now = BenchJson::array(), only_before = BenchJson::array();
  BenchJson means = BenchJson::object();
  for (const Figure& figure : Figures()) {
    const BenchJson *new_rows = RowsOf(now, figure), *old_rows = RowsOf(before, figure);
    if (new_rows == nullptr || old_rows == nullptr) continue;
    auto old_by_what = ByWhat(figure, *old_rows);
    double logs = 0;
    int count = 0;
    for (const BenchJson& row : *new_rows) {
      const std::string what = WhatOf(figure, row);
      const auto old = old_by_what.find(what);
      if (old == old_by_what.end()) {
        only_now.push_back(what);
        continue;
      }
      rows.push_back(CompareRow(figure, what, row, *old->second));
      old_by_what.erase(old);
      logs += std::log(rows.back()["ratio"].get<double>());
      ++count;
    }
    for (const auto& [what, row] : old_by_what) only_before.push_back(what);
    if (count > 0) means[figure.topic] = std::exp(logs / count);
  }
  return {{"rows", rows},
          {"same_machine", Field(now, "cpu") == Field(before, "cpu")},
          {"only_now", only_now},
          {"only_before", only_before},
          {"geometric_mean", means}};
}

std::string CompareTable(const BenchJson& comparison) {
  std::string out = fmt::format("{:<12} {:<38} {:>12} {:>12} {:<10} {:>6} {:>15}\n", "topic", "what", "before", "now",
                                "", "ratio", "95 % interval");
  for (const BenchJson& row : comparison["rows"]) {
    const std::string interval =
        row["low"].is_null() ? "no repetitions"
                             : fmt::format("{:.3f} to {:.3f}", row["low"].get<double>(), row["high"].get<double>());
    out +=
        fmt::format("{:<12} {:<38} {:>12.4g} {:>12.4g} {:<10} {:>6.3f} {:>15}  {}\n", row["topic"].get<std::string>(),
                    row["what"].get<std::string>(), row["before"].get<double>(), row["now"].get<double>(),
                    row["unit"].get<std::string>(), row["ratio"].get<double>(), interval,
                    row["verdict"] == "same" || row["verdict"] == "unknown" ? "" : row["verdict"].get<std::string>());
  }
  for (const auto& [topic, mean] : comparison["geometric_mean"].items()) {
    int faster = 0, slower = 0, all = 0;
    for (const BenchJson& row : comparison["rows"]) {
      if (row["topic"] != topic) continue;
      ++all;
      if (row["verdict"] == "faster") ++faster;
      if (row["verdict"] == "slower") ++slower;
    }
    out += fmt::format("{}: {:.3f} times as fast in the geometric mean; of {} rows {} faster, {} slower\n", topic,
                       mean.get<double>(), all, faster, slower);
  }
  for (const auto& [list, when] : {std::pair("only_now", "now"), std::pair("only_before", "before")}) {
    const size_t count = comparison[list].size();
    if (count > 0) out += fmt::format("{} row{} measured {} alone\n", count, count == 1 ? "" : "s", when);
  }
  return out;
}

std::vector<std::string> CompareWarnings(const BenchJson& now, const BenchJson& before) {
  std::vector<std::string> warnings;
  for (const auto& [field, name] : {std::pair("cpu", "processor"), std::pair("compiler", "compiler")}) {
    const std::string here = Field(now, field), there = Field(before, field);
    if (here != there) warnings.push_back(fmt::format("another {}: {} before, {} now", name, there, here));
  }
  for (const auto& [bench, when] : {std::pair(&before, "before"), std::pair(&now, "now")}) {
    if (!bench->contains("watch") || !(*bench)["watch"].is_object()) continue;
    for (const BenchJson& warning : (*bench)["watch"].value("warnings", BenchJson::array())) {
      warnings.push_back(fmt::format("{}: {}", when, TextOf(warning)));
    }
  }
  return warnings;
}

}  // namespace fplab::tools
