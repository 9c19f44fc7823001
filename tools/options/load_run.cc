// Finding a run's checkpoint and data.
#include "tools/load_run.h"

#include "fparith/error.h"

namespace fplab::tools {

Checkpoint LoadCheckpoint(const std::string& path) {
  if (!std::filesystem::is_directory(path)) return ReadCheckpoint(path);
  const RunDirectory run = RunDirectory::Open(path);
  if (!run.HasCheckpoint()) throw Error("{}: the run has no checkpoint yet", path);
  return ReadCheckpoint(run.checkpoint_path());
}

TrainTest LoadDataOf(const TrainConfig& config, const std::string& data) {
  return LoadData(data.empty() ? config.data : data, {config.train_limit, true});
}

RunDirectory OpenOrCreateRun(const std::filesystem::path& folder, const TrainConfig& config, bool& begun) {
  std::error_code error;
  begun = std::filesystem::exists(folder / "config.json", error);
  if (!begun) return RunDirectory::Create(folder, ToJson(config));
  RunDirectory run = RunDirectory::Open(folder);
  if (!(TrainConfigFromJson(run.config(), run.config_path().string()) == config)) {
    throw Error("{}: was begun with other settings than are asked for", run.config_path().string());
  }
  return run;
}

}  // namespace fplab::tools
