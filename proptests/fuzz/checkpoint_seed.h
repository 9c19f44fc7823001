// A small valid checkpoint, which fuzzing starts from.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_FUZZ_CHECKPOINT_SEED_H_
#define FPLAB_PROPTESTS_FUZZ_CHECKPOINT_SEED_H_

#include <filesystem>

#include <fplab/nets/files/safetensors.h>

namespace fplab::fuzz {

// The content of the checkpoint of a network of 2-3-2 units after its first step of Adam; `path` is written.
nets::Safetensors SmallCheckpoint(const std::filesystem::path& path);

}  // namespace fplab::fuzz

#endif  // FPLAB_PROPTESTS_FUZZ_CHECKPOINT_SEED_H_
