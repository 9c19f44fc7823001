// fplab regions: the picture of decision regions with the gate on and off.
#include "tools/regions.h"

#include <fmt/format.h>

#include <memory>

#include "fparith/error.h"
#include "nets/checkpoint.h"
#include "tools/chart.h"
#include "tools/command.h"
#include "tools/network_options.h"

namespace fplab::tools {
namespace {

struct Options {
  std::string run;
  std::string picture;
  ExecutionOptions execution;
};

int Run(const Options& options) {
  options.execution.RequireValid();
  RequirePicture("--picture", options.picture);
  const RunDirectory run = RunDirectory::Open(options.run);
  if (!run.HasCheckpoint()) throw Error("{}: the run has no checkpoint yet", options.run);
  const Checkpoint checkpoint = ReadCheckpoint(run.checkpoint_path());
  const TrainTest data = LoadData(checkpoint.config.data, {checkpoint.config.train_limit, true});
  Workers workers(options.execution.threads);
  const Isa isa = options.execution.ParsedIsa();
  const std::vector<Regions> regions = GateOnAndOff(EvaluatedNetwork(checkpoint), data, isa, workers);
  DrawRegions(regions, data.test, 2, isa, workers, options.picture);
  for (const Regions& one : regions) fmt::print("{}\n", one.title);
  fmt::print("picture  {}\n", options.picture);
  return kDone;
}

}  // namespace

void AddRegionsCommand(CLI::App& app, int& status) {
  const auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("regions", "Picture of a network's decision regions with the gate on and off.");
  command->footer(
      "For data of two features, drawn by gnuplot.\n"
      "Example:\n"
      "  fplab train --preset spirals && fplab regions runs/spirals-activation-1 --picture regions.svg");
  command->add_option("run", options->run, "A run's folder")->required();
  command->add_option("--picture", options->picture, "The picture's file, .svg or .png")->required();
  options->execution.AddTo(*command);
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace fplab::tools
