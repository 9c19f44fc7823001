// fplab bench: how fast the kernels are, beside their peers and the machine's limits.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <memory>

#include <fplab/fparith/float/error.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/core/processor_name.h>
#include "bench/suites/machine.h"
#include "tools/bench/bench_compare.h"
#include "tools/bench/bench_topics.h"
#include "tools/bench/machine_watch.h"
#include "tools/commands/command.h"
#include "tools/pictures/chart.h"
#include "tools/terminal/interrupt.h"

namespace fplab::tools {
namespace {

struct BenchCommandOptions {
  std::string topic = "all";
  bool quick = false;
  bool json = false;
  std::string picture;
  std::string compare;
};

struct Topic {
  const char* name;
  BenchJson (*measure)(const BenchOptions&);
  std::string (*table)(const BenchJson&);
};

constexpr Topic kTopics[] = {{"matmul", MeasureMatmul, MatmulTable},
                             {"batch", MeasureBatch, BatchTable},
                             {"elementwise", MeasureElementwise, ElementwiseTable},
                             {"random", MeasureRandom, RandomTable},
                             {"subnormals", MeasureSubnormals, SubnormalsTable},
                             {"training", MeasureTraining, TrainingTable}};

BenchJson Machine() {
  return {{"cpu", kernels::ProcessorName()},
          {"compiler", bench::CompilerName()},
          {"best_isa", Name(kernels::BestIsa())},
          {"load_average", bench::LoadAverage()}};
}

// The comparison, if there is one, and what a reader should know of the figures.
void Conclude(const BenchJson& result, const BenchJson& before) {
  if (!before.is_null()) {
    fmt::print("\n== compared\n{}", CompareTable(result["comparison"]));
    for (const std::string& warning : CompareWarnings(result, before)) fmt::print("note: {}\n", warning);
    return;
  }
  for (const BenchJson& warning : result["watch"]["warnings"]) fmt::print("note: {}\n", warning.get<std::string>());
}

int Run(const BenchCommandOptions& options) {
  const bool all = options.topic == "all";
  if (!options.picture.empty() && !all && options.topic != "matmul") {
    throw Error("--picture: found topic '{}', expected matmul or all", options.topic);
  }
  if (!options.picture.empty()) RequireDrawable("--picture", options.picture);
  const BenchJson before = options.compare.empty() ? BenchJson() : ReadBench(options.compare, options.topic);
  BenchJson result = Machine();
  if (!options.json) {
    fmt::print("{}, {}, best instruction set {}, load average {:.2f}\n", kernels::ProcessorName(),
               bench::CompilerName(), Name(kernels::BestIsa()), result["load_average"].get<double>());
    if (result["load_average"] > 0.5) fmt::print("other work is running: figures for two threads will be too low\n");
  }
  const InterruptGuard interrupt;  // what is measured by then is printed
  MachineWatch watch;
  watch.Look();
  BenchJson matmul;
  for (const Topic& topic : kTopics) {
    if ((!all && options.topic != topic.name) || InterruptGuard::Requested()) continue;
    const BenchJson measured = topic.measure({options.quick, isatty(STDERR_FILENO) != 0, &watch});
    watch.Look();
    if (topic.measure == MeasureMatmul) matmul = measured;
    if (all) {
      result[topic.name] = measured;
    } else {
      result.update(measured);
    }
    if (!options.json) fmt::print("\n== {}\n{}", topic.name, topic.table(measured));
  }
  result["watch"] = watch.Json();
  if (!options.compare.empty()) result["comparison"] = CompareBench(result, before);
  if (!options.json) Conclude(result, before);
  if (!options.picture.empty()) DrawMatmul(matmul, options.picture);
  if (options.json) fmt::print("{}\n", result.dump());
  return InterruptGuard::Requested() ? InterruptGuard::Status() : static_cast<int>(kDone);
}

}  // namespace

void AddBenchCommand(CLI::App& app, int& status) {
  const auto options = std::make_shared<BenchCommandOptions>();
  CLI::App* command = app.add_subcommand("bench", "Measure the kernels beside their peers and the machine's limits.");
  command->footer(
      "Ctrl-C ends after the shape or topic under way, and prints what was measured.\n"
      "Example:\n  fplab bench matmul --quick --picture gflops.svg\n"
      "Example:\n  fplab bench training --json > before.json; fplab bench training --compare before.json");
  command->add_option("topic", options->topic, "matmul, batch, elementwise, random, subnormals, training or all")
      ->check(CLI::IsMember({"matmul", "batch", "elementwise", "random", "subnormals", "training", "all"}))
      ->capture_default_str();
  command->add_flag("--quick", options->quick, "Fewer shapes and repetitions: a minute instead of several");
  command->add_flag("--json", options->json, "Print one JSON object");
  command
      ->add_option("--compare", options->compare,
                   "What an earlier --json printed: every figure beside its own of then, with a confidence interval")
      ->type_name("FILE");
  command->add_option("--picture", options->picture, "Draw GFLOP/s over size into FILE (.svg or .png), by gnuplot")
      ->type_name("FILE");
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace fplab::tools
