// fplab env: the machine, the modes it has, and the control word this process runs under.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>
#include <thread>

#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/version.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/matmul/subnormal_cost.h>
#include <fplab/nets/files/run_directory.h>
#include "tools/commands/command.h"
#include "tools/printing/conformance_table.h"
#include "tools/runs/run_history.h"

namespace fplab::tools {
namespace {

struct EnvOptions {
  bool json = false;
  bool matrix = false;
};

uint64_t ControlWordOfNewThread() {
  uint64_t word = 0;
  std::thread([&word] { word = ReadControlWord(); }).join();
  return word;
}

nets::OrderedJson Describe() {
  // Before anything computes: these are the words that the process began with, flags included.
  const std::string main_thread = DescribeControlWord(ReadControlWord());
  const std::string new_thread = DescribeControlWord(ControlWordOfNewThread());
  const double slowdown = kernels::SubnormalSlowdown(kernels::BestIsa());
  nets::OrderedJson modes, isas = nets::OrderedJson::array();
  for (Mode mode : kFlushModes) modes[Name(mode)] = HardwareSupports(mode);
  for (kernels::Isa isa : kernels::SupportedIsas()) isas.push_back(Name(isa));
  return {{"version", FPLAB_VERSION},
          {"cpu", ProcessorName()},
          {"processors", std::thread::hardware_concurrency()},
          {"compiler", CompilerName()},
          {"isas", isas},
          {"best_isa", Name(kernels::BestIsa())},
          {"modes", modes},
          {"subnormal_slowdown", slowdown},
          {"subnormals_are_slow", slowdown >= kernels::kSlowSubnormals},
          {"control_word", ControlWordName()},
          {"main_thread", main_thread},
          {"new_thread", new_thread}};
}

void Print(const nets::OrderedJson& environment) {
  std::string isas, modes;
  for (const auto& isa : environment["isas"]) isas += " " + isa.get<std::string>();
  for (const auto& [mode, supported] : environment["modes"].items()) {
    modes += fmt::format(" {}{}", mode, supported.get<bool>() ? "" : " (no)");
  }
  const auto text = [&environment](const char* field) { return environment[field].get<std::string>(); };
  fmt::print("fplab {}, {}\n", text("version"), text("compiler"));
  fmt::print("cpu           {}, {} processors\n", text("cpu"), environment["processors"].get<unsigned>());
  fmt::print("isas         {} (best: {})\n", isas, text("best_isa"));
  fmt::print("modes        {} (each proved by executing it)\n", modes);
  fmt::print("subnormals    a matmul of subnormal products takes {:.1f} times as long\n",
             environment["subnormal_slowdown"].get<double>());
  fmt::print("{:14}{}\n", text("control_word"), text("main_thread"));
  fmt::print("  new thread  {}\n", text("new_thread"));
}

}  // namespace

void AddEnvCommand(CLI::App& app, int& status) {
  const auto options = std::make_shared<EnvOptions>();
  CLI::App* command = app.add_subcommand("env", "What this machine computes with, and in which mode.");
  command->footer("Example:\n  fplab env --json");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->add_flag("--matrix", options->matrix,
                    "Measure which instructions obey FTZ, DAZ and rounding, one line each");
  command->callback([options, &status] {
    nets::OrderedJson environment = Describe();
    if (options->json && options->matrix) environment["matrix"] = ConformanceMatrixJson();
    if (options->json) {
      fmt::print("{}\n", environment.dump());
    } else if (options->matrix) {
      PrintConformanceMatrix();
    } else {
      Print(environment);
    }
    status = kDone;
  });
}

}  // namespace fplab::tools
