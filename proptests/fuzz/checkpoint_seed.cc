// A network trained for one step.
// SPDX-License-Identifier: Apache-2.0
#include "proptests/fuzz/checkpoint_seed.h"

#include <fplab/nets/training/checkpoint.h>
#include <fplab/nets/training/config_json.h>

namespace fplab::fuzz {

nets::Safetensors SmallCheckpoint(const std::filesystem::path& path) {
  nets::Checkpoint checkpoint;
  checkpoint.config = nets::Preset("spirals", nets::EstimatorKind::kActivation);
  checkpoint.config.network.layers = {2, 3, 2};
  checkpoint.step = 1;
  const nets::NetworkConfig network = nets::TrainedNetwork(checkpoint.config);
  checkpoint.network = nets::InitialNetwork(network, /*seed=*/1, kernels::BestIsa());
  checkpoint.optimizer.first = nets::ZeroParameters(network);
  checkpoint.optimizer.second = nets::ZeroParameters(network);
  if (checkpoint.config.optimizer.average_decay > 0) checkpoint.optimizer.average = checkpoint.network.parameters;
  nets::WriteCheckpoint(path, checkpoint);
  return nets::ReadSafetensors(path);
}

}  // namespace fplab::fuzz
