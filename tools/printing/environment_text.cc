// What this machine computes with, as text and as JSON.
// SPDX-License-Identifier: Apache-2.0
#include "tools/printing/environment_text.h"

#include <fmt/format.h>

#include <thread>

#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/version.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/core/processor_name.h>
#include <fplab/kernels/matmul/subnormal_cost.h>
#include "tools/runs/run_history.h"

namespace fplab::tools {
namespace {

uint64_t ControlWordOfNewThread() {
  uint64_t word = 0;
  std::thread([&word] { word = ReadControlWord(); }).join();
  return word;
}

}  // namespace

nets::OrderedJson EnvironmentJson() {
  // Before anything computes: these are the words that the process began with, flags included.
  const std::string main_thread = DescribeControlWord(ReadControlWord());
  const std::string new_thread = DescribeControlWord(ControlWordOfNewThread());
  const double slowdown = kernels::SubnormalSlowdown(kernels::BestIsa());
  nets::OrderedJson modes, isas = nets::OrderedJson::array();
  for (Mode mode : kFlushModes) modes[Name(mode)] = HardwareSupports(mode);
  for (kernels::Isa isa : kernels::SupportedIsas()) isas.push_back(Name(isa));
  return {{"version", FPLAB_VERSION},
          {"cpu", kernels::ProcessorName()},
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

std::string EnvironmentText(const nets::OrderedJson& environment) {
  std::string isas, modes;
  for (const auto& isa : environment["isas"]) isas += " " + isa.get<std::string>();
  for (const auto& [mode, supported] : environment["modes"].items()) {
    modes += fmt::format(" {}{}", mode, supported.get<bool>() ? "" : " (no)");
  }
  const auto text = [&environment](const char* field) { return environment[field].get<std::string>(); };
  std::string lines;
  lines += fmt::format("fplab {}, {}\n", text("version"), text("compiler"));
  lines += fmt::format("cpu           {}, {} processors\n", text("cpu"), environment["processors"].get<unsigned>());
  lines += fmt::format("isas         {} (best: {})\n", isas, text("best_isa"));
  lines += fmt::format("modes        {} (each proved by executing it)\n", modes);
  lines += fmt::format("subnormals    a matmul of subnormal products takes {:.1f} times as long\n",
                       environment["subnormal_slowdown"].get<double>());
  lines += fmt::format("{:14}{}\n", text("control_word"), text("main_thread"));
  lines += fmt::format("  new thread  {}\n", text("new_thread"));
  return lines;
}

}  // namespace fplab::tools
