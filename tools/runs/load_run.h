// A run as the subcommands take it: one to look at, as its folder or a checkpoint file; or one of many to go on with.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_RUNS_LOAD_RUN_H_
#define FPLAB_TOOLS_RUNS_LOAD_RUN_H_

#include <filesystem>
#include <string>
#include <vector>

#include <fplab/nets/data/dataset.h>
#include <fplab/nets/files/run_directory.h>
#include <fplab/nets/training/checkpoint.h>

namespace fplab::tools {

// Of the option --layout.
inline constexpr const char* kLayoutHelp =
    "The file is not a run's: its layers are NAME.weight and NAME.bias in the order of their names, torch (outputs x "
    "inputs) or fplab (inputs x outputs); no digest is asked for";

// Throws Error that begins with `path`: no run, none with a checkpoint, or one that can't be read.
nets::Checkpoint LoadCheckpoint(const std::string& path);

// Weights to look at or to begin from: of a run's folder or checkpoint file as eval takes them (LoadCheckpoint), or
// where `layout` is not empty of a file of weights in that layout (import_weights.h). `layers`, if it is not empty, are
// the widths expected. Throws Error.
nets::Checkpoint LoadWeights(const std::string& path, const std::string& layout, const std::vector<int>& layers);

// Where a run goes whose user names no folder: "runs/DATA-ESTIMATOR-SEED".
std::filesystem::path DefaultRunFolder(const nets::TrainConfig& config);

// The data that the run was trained on, from the place that it names or from `data` if that is not empty. Throws Error
// as LoadData; one for the run's own place says that another can be named. What is odd about the data is said on
// standard error.
nets::TrainTest LoadDataOf(const nets::TrainConfig& config, const std::string& data, kernels::Workers& workers);

// Says on standard error what is odd about data.
void WriteNotes(const nets::TrainTest& data);

// Throws Error unless `digests` are those of the data that the run was trained on. For data that the run names, not the
// user: the same name may have come to mean others.
void RequireTrainedOn(const std::string& run, const nets::Checkpoint& checkpoint, const nets::DataDigests& digests);

// The run in `folder`: opened if it was begun before (then `begun`), else created. Throws Error if it was begun with
// another configuration.
nets::RunDirectory OpenOrCreateRun(const std::filesystem::path& folder, const nets::TrainConfig& config, bool& begun);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_RUNS_LOAD_RUN_H_
