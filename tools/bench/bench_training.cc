// fplab bench training: samples a second of each estimator, beside PyTorch.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <string>

#include "bench/suites/suite.h"
#include "tools/bench/bench_run.h"
#include "tools/bench/bench_topics.h"
#include "tools/bench/torch_script.h"
#include "tools/terminal/note.h"

namespace fplab::tools {
namespace {

constexpr double kEpoch = 60000;
constexpr int kTorchThreads = 2;

// What the shell prints, "" if it fails.
std::string OutputOf(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "";
  std::string out;
  std::array<char, 256> part;
  while (std::fgets(part.data(), part.size(), pipe) != nullptr) out += part.data();
  return pclose(pipe) == 0 ? out : "";
}

std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (char c : text) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

// Null if /usr/bin/python3 has no PyTorch.
BenchJson MeasureTorch(int epochs) {
  const std::string python = "/usr/bin/python3 -c ";
  if (OutputOf(python + Quoted("import torch; print(torch.__version__)") + " 2>/dev/null").empty()) return nullptr;
  const std::string out =
      OutputOf(fmt::format("{}{} {} {} 2>/dev/null", python, Quoted(kTorchScript), kTorchThreads, epochs));
  std::array<char, 64> version{};
  int threads = 0;
  double seconds = 0;
  if (std::sscanf(out.c_str(), "PyTorch %63[^,], %d threads: %lf", version.data(), &threads, &seconds) != 3) {
    return nullptr;
  }
  return {{"version", version.data()},
          {"threads", threads},
          {"samples_per_second", kEpoch / seconds},
          {"seconds_per_epoch", seconds}};
}

}  // namespace

BenchJson MeasureTraining(const BenchOptions& options) {
  bench::RegisterTraining();
  if (options.progress) WriteNote("training ...\n");
  BenchRun run(options.quick ? 3 : 7, options.quick ? 0.1 : 0.5);
  run.Run("^(training|bound)/");
  BenchJson rows = BenchJson::array();
  for (const std::string& name : run.Names()) {
    const size_t slash = name.find('/'), second = name.find('/', slash + 1), colon = name.rfind(':');
    const Sample samples = run.Get(name, "samples_per_second");
    if (name.substr(0, slash) == "bound") continue;
    const std::string estimator = name.substr(slash + 1, second - slash - 1);
    const Sample bound = run.Get("bound" + name.substr(slash), "samples_per_second");
    BenchJson share = nullptr;
    if (!bound.empty()) share = samples.Median() / bound.Median();
    rows.push_back({{"estimator", estimator},
                    {"threads", std::stoi(name.substr(colon + 1))},
                    {"samples_per_second", samples.Median()},
                    {"seconds_per_epoch", kEpoch / samples.Median()},
                    {"member_samples_per_second", run.Get(name, "member_samples_per_second").Median()},
                    {"share_of_bound", share},
                    {"spread", samples.Spread()},
                    {"repetitions", samples.values}});
  }
  const BenchJson torch = MeasureTorch(options.quick ? 1 : 5);
  BenchJson absent = BenchJson::array();
  if (torch.is_null()) absent.push_back("PyTorch: /usr/bin/python3 has no module torch that runs");
  return {{"rescaled", bench::TrainingIsRescaled()}, {"rows", rows}, {"pytorch", torch}, {"absent_peers", absent}};
}

std::string TrainingTable(const BenchJson& training) {
  std::string out = "Training steps on the post's network: batch, gradient, update. An epoch has 60,000 samples.\n";
  if (training["rescaled"].get<bool>()) {
    out += "Matmuls at scale 1, because this processor is slow at subnormal products; backprop never has any.\n";
  }
  out += fmt::format("{:<28} {:>7} {:>10} {:>8} {:>12} {:>9} {:>7}\n", "estimator", "threads", "samples/s", "s/epoch",
                     "members/s", "of bound", "spread");
  for (const BenchJson& row : training["rows"]) {
    const BenchJson& share = row["share_of_bound"];
    out += fmt::format(
        "{:<28} {:>7} {:>10.0f} {:>8.2f} {:>12.0f} {:>9} {:>6.1f}%\n", row["estimator"].get<std::string>(),
        row["threads"].get<int>(), row["samples_per_second"].get<double>(), row["seconds_per_epoch"].get<double>(),
        row["member_samples_per_second"].get<double>(),
        share.is_null() ? "" : fmt::format("{:.2f}", share.get<double>()), 100 * row["spread"].get<double>());
  }
  if (const BenchJson& torch = training["pytorch"]; !torch.is_null()) {
    out += fmt::format("{:<28} {:>7} {:>10.0f} {:>8.2f}\n",
                       fmt::format("gated by PyTorch {}", torch["version"].get<std::string>()),
                       torch["threads"].get<int>(), torch["samples_per_second"].get<double>(),
                       torch["seconds_per_epoch"].get<double>());
  }
  for (const auto& reason : training["absent_peers"]) out += fmt::format("  skipped: {}\n", reason.get<std::string>());
  return out;
}

}  // namespace fplab::tools
