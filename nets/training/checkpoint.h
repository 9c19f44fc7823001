// Checkpoint: the whole state of a training run between two steps, as a safetensors file.
//
// Tensors: "layers.L.weight" (inputs x outputs) and "layers.L.bias"; the optimiser's "first.L...." and "second.L....";
// "average.L...." if an average is kept. Metadata: "config" (the JSON of config_json.h), "step", "seed", "digest"
// (ParameterDigest), "checkpoint_format" (2; version 0.1 wrote none), "train_data_sha256" and "test_data_sha256"
// (DataDigest; version 0.1 wrote none), "initial_sha256" of a run that began from given weights (their
// ParameterDigest), and the running sums of the epoch under way. SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_TRAINING_CHECKPOINT_H_
#define FPLAB_NETS_TRAINING_CHECKPOINT_H_

#include <filesystem>
#include <string>
#include <string_view>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/data/dataset.h>
#include <fplab/nets/training/train_config.h>

namespace fplab::nets {

struct Checkpoint {
  TrainConfig config;
  int64_t step = 0;  // steps taken
  Network network;
  OptimizerState optimizer;
  StepStatistics epoch;  // summed over the steps of the epoch under way
  DataDigests data;      // of what the run is trained on; empty if the file keeps none, as those of version 0.1
  std::string initial;   // ParameterDigest of the weights that the run was given to begin from; empty: it drew them
};

// SHA-256 of the parameters of a network, as hexadecimal: of the bytes of weights and biases, layer by layer,
// row-major.
FPLAB_EXPORT std::string ParameterDigest(const Network& network);

// The network that evaluation uses: the average of the parameters where one is kept, else the parameters.
FPLAB_EXPORT Network EvaluatedNetwork(const Checkpoint& checkpoint);

// Throws Error, which begins with `file` and names both digests, unless `digests` are those of the data that the run
// was trained on: other samples, other labels, another order are other data, a new name is not. A checkpoint that keeps
// no digests is taken as it is.
FPLAB_EXPORT void RequireSameData(const Checkpoint& checkpoint, const DataDigests& digests, std::string_view file);

// The bytes written are a function of the checkpoint alone. Throws Error if it can't be written; then the file is as it
// was.
FPLAB_EXPORT void WriteCheckpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

// Throws Error, naming file and field, for a file that is damaged, of another shape than its configuration says, or
// whose digest does not match; and both formats for one that a later version wrote.
FPLAB_EXPORT Checkpoint ReadCheckpoint(const std::filesystem::path& path);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_TRAINING_CHECKPOINT_H_
