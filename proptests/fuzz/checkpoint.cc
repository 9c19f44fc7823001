// Fuzzes checkpoints whose digests are right: metadata and tensors of any content are refused in one line, or written
// again as they were read.
// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <variant>

#include <fplab/nets/files/safetensors.h>
#include <fplab/nets/training/checkpoint.h>
#include <fplab/nets/training/config_json.h>
#include "proptests/fuzz/checkpoint_seed.h"
#include "proptests/fuzz/fuzz.h"

namespace fplab::fuzz {
namespace {

void Damage(FuzzedDataProvider& input, nets::Safetensors& content) {
  const size_t at = input.ConsumeIntegralInRange<size_t>(0, content.tensors.size() - 1);
  nets::Tensor& tensor = content.tensors[at];
  switch (input.ConsumeIntegralInRange(0, 4)) {
    case 0:
      content.tensors.erase(content.tensors.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 1:
      tensor.name += input.ConsumeRandomLengthString(4);
      break;
    case 2: {
      auto* floats = std::get_if<std::vector<float>>(&tensor.data);
      if (floats != nullptr && !floats->empty()) (*floats)[0] = input.ConsumeFloatingPoint<float>();
      break;
    }
    case 3:
      tensor.data = std::vector<uint8_t>(static_cast<size_t>(input.ConsumeIntegralInRange(0, 9)));
      tensor.shape = {static_cast<int64_t>(std::get<std::vector<uint8_t>>(tensor.data).size())};
      break;
    default:
      break;
  }
}

void Try(FuzzedDataProvider& input) {
  static const nets::Safetensors whole = SmallCheckpoint(Folder() / "seed.safetensors");
  nets::Safetensors content = whole;
  if (input.ConsumeBool()) Damage(input, content);
  while (input.remaining_bytes() > 0) {
    const auto key = input.PickValueInArray({"config", "step", "seed", "digest", "epoch_loss_bits", "epoch_correct",
                                             "train_data_sha256", "test_data_sha256"});
    if (input.ConsumeBool()) {
      content.metadata.erase(key);
    } else {
      content.metadata[key] = input.ConsumeRandomLengthString(4096);
    }
  }
  std::string bytes;
  if (!Accepted([&] { bytes = nets::EncodeSafetensors(content); })) return;
  const auto path = FileOf("checkpoint.safetensors", bytes);
  nets::Checkpoint read;
  if (!Accepted([&] { read = nets::ReadCheckpoint(path); })) return;
  nets::WriteCheckpoint(Folder() / "again.safetensors", read);
  const nets::Checkpoint again = nets::ReadCheckpoint(Folder() / "again.safetensors");
  Require(again.config == read.config && again.step == read.step, "a checkpoint is read as it was written");
  Require(nets::ParameterDigest(again.network) == nets::ParameterDigest(read.network), "weights survive");
  Require(nets::ParameterDigest(nets::EvaluatedNetwork(again)) == nets::ParameterDigest(nets::EvaluatedNetwork(read)),
          "what is evaluated survives");
  nets::RequireSameData(again, read.data, "again");
  const bool other = Accepted([&] { nets::RequireSameData(read, {read.data.train, read.data.test + "0"}, "read"); });
  Require(other == (read.data == nets::DataDigests{}), "other data are refused where the checkpoint keeps digests");
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  fplab::fuzz::Try(input);
  return 0;
}
