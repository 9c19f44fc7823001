// Weights that others trained: a safetensors file of linear layers, as PyTorch and JAX write them, in a layout that is
// stated.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_TRAINING_IMPORT_WEIGHTS_H_
#define FPLAB_NETS_TRAINING_IMPORT_WEIGHTS_H_

#include <filesystem>
#include <string_view>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/training/checkpoint.h>

namespace fplab::nets {

// How a weight lies in the file. Of a square one nothing but this tells.
enum class WeightLayout {
  kFplab,  // inputs x outputs, as fplab's own checkpoints and Flax have them
  kTorch,  // outputs x inputs, as torch.nn.Linear has them
};
FPLAB_EXPORT WeightLayout ParseLayout(std::string_view name);  // "fplab", "torch"; else throws Error

// The network of the file's layers, in a checkpoint at step 0 without moments and average.
//
// A layer is a matrix NAME.weight (or NAME.kernel) with its NAME.bias, or without one, which is 0. Layers come in the
// order of their names, of which numbers count as numbers: 0, 2, 10; fc1, fc2. Other tensors may not be there, but
// those of a run's checkpoint, of which layers.* are taken: the weights, not their average.
//
// The configuration is the file's own where it is fplab's, so that a run's weights with one of them changed are what
// the run was; else the post's with these layers. Throws Error, which names file and tensor, for what is no safetensors
// file (DecodeForeignSafetensors) or no chain of layers.
FPLAB_EXPORT Checkpoint ImportWeights(const std::filesystem::path& path, WeightLayout layout);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_TRAINING_IMPORT_WEIGHTS_H_
