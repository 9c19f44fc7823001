// Data of a training by several ranks: each reads them itself, or has them from the first.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_OPTIONS_SHARED_DATA_H_
#define FPLAB_TOOLS_OPTIONS_SHARED_DATA_H_

#include <string>

#include <fplab/kernels/core/workers.h>
#include <fplab/nets/data/dataset.h>
#include <fplab/nets/ranks/ranks.h>
#include <fplab/nets/training/train_config.h>

namespace fplab::tools {

// The first rank loads them as LoadDataOf (load_run.h) and says what is odd about them. The others look where it was
// told to look, fetch nothing, and have from the first what they do not find; whether they have found the same is for
// the caller to ask. Throws Error as LoadDataOf, on the first rank.
nets::TrainTest LoadDataTogether(const nets::TrainConfig& config, const std::string& place, kernels::Workers& workers,
                                 nets::Ranks& ranks);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_OPTIONS_SHARED_DATA_H_
