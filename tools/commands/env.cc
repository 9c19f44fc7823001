// fplab env: the machine, the modes it has, and the control word this process runs under.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include <fplab/nets/files/ordered_json.h>
#include "tools/commands/command.h"
#include "tools/printing/conformance_table.h"
#include "tools/printing/environment_text.h"

namespace fplab::tools {
namespace {

struct EnvOptions {
  bool json = false;
  bool matrix = false;
};

}  // namespace

void AddEnvCommand(CLI::App& app, int& status) {
  const auto options = std::make_shared<EnvOptions>();
  CLI::App* command = app.add_subcommand("env", "What this machine computes with, and in which mode.");
  command->footer("Example:\n  fplab env --json");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->add_flag("--matrix", options->matrix,
                    "Measure which instructions obey FTZ, DAZ and rounding, one line each");
  command->callback([options, &status] {
    nets::OrderedJson environment = EnvironmentJson();
    if (options->json && options->matrix) environment["matrix"] = ConformanceMatrixJson();
    if (options->json) {
      fmt::print("{}\n", environment.dump());
    } else if (options->matrix) {
      PrintConformanceMatrix();
    } else {
      fmt::print("{}", EnvironmentText(environment));
    }
    status = kDone;
  });
}

}  // namespace fplab::tools
