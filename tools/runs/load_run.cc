// Finding a run's checkpoint and data.
// SPDX-License-Identifier: Apache-2.0
#include "tools/runs/load_run.h"

#include <fplab/fparith/float/error.h>
#include <fplab/nets/files/atomic_file.h>
#include <fplab/nets/training/config_json.h>

namespace fplab::tools {

nets::Checkpoint LoadCheckpoint(const std::string& path) {
  if (!std::filesystem::is_directory(path)) return nets::ReadCheckpoint(path);
  const nets::RunDirectory run = nets::RunDirectory::Open(path);
  if (!run.HasCheckpoint()) throw Error("{}: the run has no checkpoint yet", path);
  return nets::ReadCheckpoint(run.checkpoint_path());
}

nets::TrainTest LoadDataOf(const nets::TrainConfig& config, const std::string& data, kernels::Workers& workers) {
  return nets::LoadData(data.empty() ? config.data : data, {config.train_limit, true, &workers});
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
