// Finding a run's checkpoint and data.
// SPDX-License-Identifier: Apache-2.0
#include "tools/runs/load_run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>
#include <fplab/nets/files/atomic_file.h>
#include <fplab/nets/training/config_json.h>
#include <fplab/nets/training/import_weights.h>

namespace fplab::tools {

nets::Checkpoint LoadCheckpoint(const std::string& path) {
  if (!std::filesystem::is_directory(path)) return nets::ReadCheckpoint(path);
  const nets::RunDirectory run = nets::RunDirectory::Open(path);
  if (!run.HasCheckpoint()) throw Error("{}: the run has no checkpoint yet", path);
  return nets::ReadCheckpoint(run.checkpoint_path());
}

nets::Checkpoint LoadWeights(const std::string& path, const std::string& layout, const std::vector<int>& layers) {
  nets::Checkpoint checkpoint =
      layout.empty() ? LoadCheckpoint(path) : nets::ImportWeights(path, nets::ParseLayout(layout));
  const std::vector<int>& found = checkpoint.network.config.layers;
  if (!layers.empty() && found != layers) {
    throw Error("--layers: {} has layers {}, expected {}", path, fmt::join(found, ","), fmt::join(layers, ","));
  }
  return checkpoint;
}

std::filesystem::path DefaultRunFolder(const nets::TrainConfig& config) {
  return fmt::format("runs/{}-{}-{}", nets::DataName(config.data), Name(config.estimator), config.seed);
}

nets::TrainTest LoadDataOf(const nets::TrainConfig& config, const std::string& data, kernels::Workers& workers) {
  try {
    nets::TrainTest loaded = nets::LoadData(data.empty() ? config.data : data, {config.train_limit, true, &workers});
    WriteNotes(loaded);
    return loaded;
  } catch (const Error& error) {
    if (!data.empty() || config.data == "mnist") throw;
    throw Error("{}; where the run's data lie elsewhere now, name the place with --data", error.what());
  }
}

void WriteNotes(const nets::TrainTest& data) {
  for (const std::string& note : data.notes) fmt::print(stderr, "fplab: {}: {}\n", Printable(data.train.name), note);
}

void RequireTrainedOn(const std::string& run, const nets::Checkpoint& checkpoint, const nets::DataDigests& digests) {
  try {
    RequireSameData(checkpoint, digests, run);
  } catch (const Error& error) {
    throw Error("{}; name them with --data to take them all the same", error.what());
  }
}

nets::RunDirectory OpenOrCreateRun(const std::filesystem::path& folder, const nets::TrainConfig& config, bool& begun) {
  begun = nets::Exists(folder / "config.json");
  if (!begun) return nets::RunDirectory::Create(folder, ToJson(config));
  nets::RunDirectory run = nets::RunDirectory::Resume(folder);
  if (!(nets::TrainConfigFromJson(run.config(), run.config_path().string()) == config)) {
    throw Error("{}: was begun with other settings than are asked for", run.config_path().string());
  }
  return run;
}

}  // namespace fplab::tools
