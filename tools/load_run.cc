// Finding a run's checkpoint and data.
#include "tools/load_run.h"

#include <filesystem>

#include "fparith/error.h"
#include "nets/run_directory.h"

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

}  // namespace fplab::tools
