// A run as the subcommands take it: one to look at, as its folder or a checkpoint file; or one of many to go on with.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_RUNS_LOAD_RUN_H_
#define FPLAB_TOOLS_RUNS_LOAD_RUN_H_

#include <filesystem>
#include <string>

#include <fplab/nets/data/dataset.h>
#include <fplab/nets/files/run_directory.h>
#include <fplab/nets/training/checkpoint.h>

namespace fplab::tools {

// Throws Error that begins with `path`: no run, none with a checkpoint, or one that can't be read.
nets::Checkpoint LoadCheckpoint(const std::string& path);

// The data that the run was trained on, or `data` if that is not empty. Throws Error as LoadData.
nets::TrainTest LoadDataOf(const nets::TrainConfig& config, const std::string& data, kernels::Workers& workers);

// Throws Error unless `digests` are those of the data that the run was trained on. For data that the run names, not the
// user: the same name may have come to mean others.
void RequireTrainedOn(const std::string& run, const nets::Checkpoint& checkpoint, const nets::DataDigests& digests);

// The run in `folder`: opened if it was begun before (then `begun`), else created. Throws Error if it was begun with
// another configuration.
nets::RunDirectory OpenOrCreateRun(const std::filesystem::path& folder, const nets::TrainConfig& config, bool& begun);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_RUNS_LOAD_RUN_H_
