// fplab regions: the picture of decision regions with the gate on and off.
// SPDX-License-Identifier: Apache-2.0
#include "tools/pictures/decision_regions.h"

#include <fmt/format.h>

#include <memory>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/files/run_directory.h>
#include <fplab/nets/training/checkpoint.h>
#include "tools/commands/command.h"
#include "tools/options/network_options.h"
#include "tools/pictures/chart.h"
#include "tools/runs/load_run.h"

namespace fplab::tools {
namespace {

struct RegionsOptions {
  std::string run;
  std::string picture, data;
  ExecutionOptions execution;
};

int Run(const RegionsOptions& options) {
  options.execution.RequireValid();
  RequireDrawable("--picture", options.picture);
  const nets::RunDirectory run = nets::RunDirectory::Open(options.run);
  if (!run.HasCheckpoint()) throw Error("{}: the run has no checkpoint yet", options.run);
  const nets::Checkpoint checkpoint = nets::ReadCheckpoint(run.checkpoint_path());
  kernels::Workers workers(options.execution.threads);
  const nets::TrainTest data = LoadDataOf(checkpoint.config, options.data, workers);
  RequireSameData(checkpoint, DigestsOf(data), options.run);
  const kernels::Isa isa = options.execution.ParsedIsa();
  const std::vector<Regions> regions = GateOnAndOff(nets::EvaluatedNetwork(checkpoint), data, isa, workers);
  DrawRegions(regions, data.test, 2, isa, workers, options.picture);
  for (const Regions& one : regions) fmt::print("{}\n", one.title);
  fmt::print("picture  {}\n", options.picture);
  return kDone;
}

}  // namespace

void AddRegionsCommand(CLI::App& app, int& status) {
  const auto options = std::make_shared<RegionsOptions>();
  CLI::App* command =
      app.add_subcommand("regions", "Picture of a network's decision regions with the gate on and off.");
  command->footer(
      "For data of two features, drawn by gnuplot.\n"
      "Example:\n"
      "  fplab train --preset spirals && fplab regions runs/spirals-activation-1 --picture regions.svg");
  command->add_option("run", options->run, "A run's folder")->required();
  command->add_option("--picture", options->picture, "The picture's file, .svg or .png")->required();
  command->add_option("--data", options->data, "Where the run's data lie now, if not where they were");
  options->execution.AddTo(*command);
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace fplab::tools
