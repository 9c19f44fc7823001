// A run as the subcommands take it: one to look at, as its folder or a checkpoint file; or one of many to go on with.
#ifndef FPLAB_TOOLS_LOAD_RUN_H_
#define FPLAB_TOOLS_LOAD_RUN_H_

#include <filesystem>
#include <string>

#include "nets/checkpoint.h"
#include "nets/dataset.h"
#include "nets/run_directory.h"

namespace fplab::tools {

// Throws Error that begins with `path`: no run, none with a checkpoint, or one that can't be read.
Checkpoint LoadCheckpoint(const std::string& path);

// The data that the run was trained on, or `data` if that is not empty.
TrainTest LoadDataOf(const TrainConfig& config, const std::string& data);

// The run in `folder`: opened if it was begun before (then `begun`), else created. Throws Error if it was begun with
// another configuration.
RunDirectory OpenOrCreateRun(const std::filesystem::path& folder, const TrainConfig& config, bool& begun);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_LOAD_RUN_H_
