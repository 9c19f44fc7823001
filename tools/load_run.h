// A trained run as the subcommands that look at one take it: a run's folder, or a checkpoint file.
#ifndef FPLAB_TOOLS_LOAD_RUN_H_
#define FPLAB_TOOLS_LOAD_RUN_H_

#include <string>

#include "nets/checkpoint.h"
#include "nets/dataset.h"

namespace fplab::tools {

// Throws Error that begins with `path`: no run, none with a checkpoint, or one that can't be read.
Checkpoint LoadCheckpoint(const std::string& path);

// The data that the run was trained on, or `data` if that is not empty.
TrainTest LoadDataOf(const TrainConfig& config, const std::string& data);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_LOAD_RUN_H_
