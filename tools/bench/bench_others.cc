// fplab bench elementwise, random and subnormals.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "bench/suites/machine.h"
#include "bench/suites/suite.h"
#include "tools/bench/bench_run.h"
#include "tools/bench/bench_topics.h"
#include "tools/terminal/note.h"

namespace fplab::tools {
namespace {

constexpr double kGiga = 1e-9;

BenchRun RunTopic(const BenchOptions& options, const std::string& topic) {
  if (options.progress) WriteNote("{} ...\n", topic);
  BenchRun run(options.quick ? 3 : 7, options.quick ? 0.005 : 0.02);
  run.Run("^(" + topic + "/|ceiling/.*/threads:1$)");
  return run;
}

// Names of the topic's own benchmarks.
std::vector<std::string> NamesOf(const BenchRun& run, const std::string& topic) {
  std::vector<std::string> names;
  for (const std::string& name : run.Names()) {
    if (name.starts_with(topic + "/")) names.push_back(name);
  }
  return names;
}

// Multiplications of a benchmark over those of the ceiling; null where its instruction set has none.
BenchJson ShareOfCeiling(const BenchRun& run, const std::string& name, const std::string& isa) {
  const Sample ceiling = run.Get("ceiling/" + isa + "/threads:1", "FLOPS");
  if (ceiling.empty()) return {};
  return run.Get(name, "multiplies").Median() / (ceiling.Median() / 2);
}

std::string Percent(const BenchJson& share) {
  return share.is_null() ? "-" : fmt::format("{:.1f}%", 100 * share.get<double>());
}

// "a/b/c" to {"a", "b", "c"}; "std::..." holds no slash.
std::vector<std::string> Split(const std::string& name) {
  std::vector<std::string> parts(1);
  for (char c : name) {
    if (c == '/') {
      parts.emplace_back();
    } else {
      parts.back().push_back(c);
    }
  }
  return parts;
}

}  // namespace

BenchJson MeasureElementwise(const BenchOptions& options) {
  bench::RegisterCeiling();
  bench::RegisterElementwise(options.quick);
  const BenchRun run = RunTopic(options, "elementwise");
  BenchJson rows = BenchJson::array();
  for (const std::string& name : NamesOf(run, "elementwise")) {
    const std::vector<std::string> parts = Split(name);  // elementwise, operation, [isa,] floats:<n>
    const Sample bytes = run.Get(name, "bytes_per_second");
    const double copy = run.Get("elementwise/copy/" + parts.back(), "bytes_per_second").Median();
    rows.push_back({{"operation", parts[1]},
                    {"isa", parts.size() == 4 ? BenchJson(parts[2]) : BenchJson()},
                    {"floats", std::stoi(parts.back().substr(parts.back().find(':') + 1))},
                    {"gbytes_per_second", bytes.Median() * kGiga},
                    {"gitems_per_second", run.Get(name, "items_per_second").Median() * kGiga},
                    {"share_of_copy", bytes.Median() / copy},
                    {"share_of_ceiling", ShareOfCeiling(run, name, parts[2])},
                    {"spread", bytes.Spread()},
                    {"repetitions", Scaled(run.Get(name, "items_per_second"), kGiga)}});
  }
  return {{"rows", rows}};
}

BenchJson MeasureRandom(const BenchOptions& options) {
  bench::RegisterCeiling();
  bench::RegisterRandom();
  const BenchRun run = RunTopic(options, "random");
  const double standard = run.Get("random/std::normal_distribution<float>", "items_per_second").Median();
  BenchJson rows = BenchJson::array();
  for (const std::string& name : NamesOf(run, "random")) {
    const std::vector<std::string> parts = Split(name);
    const Sample items = run.Get(name, "items_per_second");
    rows.push_back({{"function", parts[1]},
                    {"isa", parts.size() == 3 ? BenchJson(parts[2]) : BenchJson()},
                    {"gitems_per_second", items.Median() * kGiga},
                    {"ratio_to_standard_library", items.Median() / standard},
                    {"share_of_ceiling", ShareOfCeiling(run, name, parts.back())},
                    {"spread", items.Spread()},
                    {"repetitions", Scaled(items, kGiga)}});
  }
  return {{"rows", rows}};
}

BenchJson MeasureSubnormals(const BenchOptions& options) {
  bench::RegisterSubnormals();
  const BenchRun run = RunTopic(options, "subnormals");
  BenchJson rows = BenchJson::array();
  for (const std::string& name : NamesOf(run, "subnormals")) {
    const std::vector<std::string> parts = Split(name);
    rows.push_back({{"operation", parts[1]},
                    {"operands", parts[2]},
                    {"mode", parts[3]},
                    {"ticks", run.Get(name, "ticks").Median()},
                    {"ns", run.Get(name, "ns").Median()},
                    {"subnormal_operands", run.Get(name, "subnormal_operands").Median()},
                    {"subnormal_results", run.Get(name, "subnormal_results").Median()},
                    {"spread", run.Get(name, "ticks").Spread()},
                    {"repetitions", run.Get(name, "ticks").values}});
  }
  return {{"ticks_per_ns", bench::TicksPerNanosecond()}, {"rows", rows}};
}

std::string ElementwiseTable(const BenchJson& elementwise) {
  std::string out =
      "Shares of the two limits. copy: bytes it must read and write, over a copy of as many floats. mul: its "
      "multiplications\nand multiply-adds, over the multiply-add ceiling.\n";
  out += fmt::format("{:<28} {:<7} {:>9} {:>8} {:>9} {:>7} {:>6} {:>6}\n", "operation", "isa", "floats", "GB/s",
                     "Gfloat/s", "copy", "mul", "spread");
  for (const BenchJson& row : elementwise["rows"]) {
    out += fmt::format("{:<28} {:<7} {:>9} {:>8.1f} {:>9.3f} {:>6.1f}% {:>6} {:>5.1f}%\n",
                       row["operation"].get<std::string>(), row["isa"].is_null() ? "" : row["isa"].get<std::string>(),
                       row["floats"].get<int>(), row["gbytes_per_second"].get<double>(),
                       row["gitems_per_second"].get<double>(), 100 * row["share_of_copy"].get<double>(),
                       Percent(row["share_of_ceiling"]), 100 * row["spread"].get<double>());
  }
  return out;
}

std::string RandomTable(const BenchJson& random) {
  std::string out = "mul: multiplications and multiply-adds, over the multiply-add ceiling.\n";
  out += fmt::format("{:<34} {:<9} {:>10} {:>22} {:>6} {:>6}\n", "function", "isa", "Gnumber/s",
                     "times std::normal (mt19937)", "mul", "spread");
  for (const BenchJson& row : random["rows"]) {
    out += fmt::format("{:<34} {:<9} {:>10.4f} {:>27.1f} {:>6} {:>5.1f}%\n", row["function"].get<std::string>(),
                       row["isa"].is_null() ? "" : row["isa"].get<std::string>(),
                       row["gitems_per_second"].get<double>(), row["ratio_to_standard_library"].get<double>(),
                       Percent(row["share_of_ceiling"]), 100 * row["spread"].get<double>());
  }
  return out;
}

std::string SubnormalsTable(const BenchJson& subnormals) {
  std::vector<std::string> modes;
  std::vector<const BenchJson*> lines;  // the first row of each operation and kind of operands
  std::map<std::string, double> ticks;
  const auto key = [](const BenchJson& row, const std::string& mode) {
    return row["operation"].get<std::string>() + "/" + row["operands"].get<std::string>() + "/" + mode;
  };
  for (const BenchJson& row : subnormals["rows"]) {
    const std::string mode = row["mode"];
    if (std::find(modes.begin(), modes.end(), mode) == modes.end()) modes.push_back(mode);
    if (mode == modes.front()) lines.push_back(&row);
    ticks[key(row, mode)] = row["ticks"];
  }
  std::string out = fmt::format("Ticks of the {:.3f} GHz counter an operation (matmul: a multiply-add), by mode.\n",
                                subnormals["ticks_per_ns"].get<double>());
  out += fmt::format("{:<7} {:<19} {:>9} {:>8}", "", "", "subnormal", "share of");
  for (size_t i = 0; i < modes.size(); ++i) out += fmt::format(" {:>9}", "");
  out += fmt::format("\n{:<7} {:<19} {:>9} {:>8}", "", "", "operands", "results");
  for (const std::string& mode : modes) out += fmt::format(" {:>9}", mode);
  out += "\n";
  for (const BenchJson* row : lines) {
    out += fmt::format("{:<7} {:<19} {:>8.0f}% {:>7.0f}%", (*row)["operation"].get<std::string>(),
                       (*row)["operands"].get<std::string>(), 100 * (*row)["subnormal_operands"].get<double>(),
                       100 * (*row)["subnormal_results"].get<double>());
    for (const std::string& mode : modes) out += fmt::format(" {:>9.3f}", ticks[key(*row, mode)]);
    out += "\n";
  }
  return out;
}

}  // namespace fplab::tools
