// Between a training state and its safetensors file.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/training/checkpoint.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/fparith/version.h>
#include <fplab/nets/files/safetensors.h>
#include <fplab/nets/files/sha256.h>
#include <fplab/nets/training/config_json.h>

namespace fplab::nets {
namespace {

std::vector<float> RowMajor(const kernels::PanelMatrix& matrix) {
  std::vector<float> rows(static_cast<size_t>(matrix.rows()) * static_cast<size_t>(matrix.cols()));
  kernels::FromPanels(matrix.view(), rows.data(), matrix.cols());
  return rows;
}

void AddTensors(const std::string& group, const Parameters& parameters, std::vector<Tensor>& tensors) {
  for (size_t l = 0; l < parameters.size(); ++l) {
    const kernels::PanelMatrix& weight = parameters[l].weight;
    const std::string prefix = fmt::format("{}.{}.", group, l);
    tensors.push_back({prefix + "weight", {weight.rows(), weight.cols()}, RowMajor(weight)});
    const auto bias = parameters[l].bias.begin();
    tensors.push_back({prefix + "bias", {weight.cols()}, std::vector<float>(bias, bias + weight.cols())});
  }
}

Parameters TakeTensors(const std::string& group, const NetworkConfig& config, const Safetensors& content,
                       const std::string& file) {
  // Before memory is taken for them: a small file may claim a large network.
  for (size_t l = 0; l + 1 < config.layers.size(); ++l) {
    const int64_t inputs = config.layers[l], outputs = config.layers[l + 1];
    content.Floats(fmt::format("{}.{}.weight", group, l), {inputs, outputs}, file);
    content.Floats(fmt::format("{}.{}.bias", group, l), {outputs}, file);
  }
  Parameters parameters = ZeroParameters(config);
  for (size_t l = 0; l < parameters.size(); ++l) {
    kernels::PanelMatrix& weight = parameters[l].weight;
    const std::string prefix = fmt::format("{}.{}.", group, l);
    const auto& rows = content.Floats(prefix + "weight", {weight.rows(), weight.cols()}, file);
    kernels::ToPanels(rows.data(), weight.cols(), weight.view());
    const auto& bias = content.Floats(prefix + "bias", {weight.cols()}, file);
    std::copy(bias.begin(), bias.end(), parameters[l].bias.begin());
  }
  return parameters;
}

const std::string& Metadata(const Safetensors& content, const char* key, const std::string& file) {
  const auto found = content.metadata.find(key);
  if (found == content.metadata.end()) throw Error("{}: metadata '{}' is missing", file, key);
  return found->second;
}

template <typename Integer>
Integer MetadataInteger(const Safetensors& content, const char* key, const std::string& file) {
  const std::string& text = Metadata(content, key, file);
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw Error("{}: metadata '{}': found '{}', expected a whole number", file, key, text);
  }
  return value;
}

OrderedJson ParseConfig(const std::string& text, const std::string& file) {
  OrderedJson config = ParseJson(text);
  if (config.is_discarded()) throw Error("{}: metadata 'config' is not JSON of a configuration", file);
  return config;
}

constexpr const char* kTrainData = "train_data_sha256";
constexpr const char* kTestData = "test_data_sha256";
constexpr const char* kInitial = "initial_sha256";
constexpr const char* kFormatKey = "checkpoint_format";
constexpr int kCheckpointFormat = 2;

// Empty if there is none.
std::string OptionalMetadata(const Safetensors& content, const char* key) {
  const auto found = content.metadata.find(key);
  return found == content.metadata.end() ? "" : found->second;
}

// A file without the entry is of format 1.
void RequireKnownFormat(const Safetensors& content, const std::string& file) {
  if (!content.metadata.contains(kFormatKey)) return;
  const int format = MetadataInteger<int>(content, kFormatKey, file);
  if (format >= 1 && format <= kCheckpointFormat) return;
  throw Error("{}: a checkpoint of format {}, which a later fplab wrote; this one ({}) reads formats 1 to {}", file,
              format, FPLAB_VERSION, kCheckpointFormat);
}

void RequireSameDigest(const char* which, const std::string& kept, const std::string& found, std::string_view file) {
  if (kept == found) return;
  throw Error("{}: the {} data are not those of this run: their SHA-256 is {}, the run's have {}", file, which, found,
              kept);
}

}  // namespace

std::string ParameterDigest(const Network& network) {
  Sha256 hash;
  std::vector<float> row;
  const auto add = [&hash](const float* values, size_t count) { hash.Update(values, count * sizeof(float)); };
  for (const LayerParameters& layer : network.parameters) {
    const kernels::ConstPanelView weight = layer.weight.view();
    row.resize(static_cast<size_t>(weight.cols));
    for (int r = 0; r < weight.rows; ++r) {
      kernels::FromPanels(weight.Rows(r, 1), row.data(), 0);
      add(row.data(), row.size());
    }
    add(layer.bias.data(), row.size());
  }
  return hash.HexDigest();
}

Network EvaluatedNetwork(const Checkpoint& checkpoint) {
  if (checkpoint.optimizer.average.empty()) return checkpoint.network;
  return {checkpoint.network.config, checkpoint.optimizer.average};
}

void RequireSameData(const Checkpoint& checkpoint, const DataDigests& digests, std::string_view file) {
  if (checkpoint.data == DataDigests{}) return;
  RequireSameDigest("training", checkpoint.data.train, digests.train, file);
  RequireSameDigest("test", checkpoint.data.test, digests.test, file);
}

void WriteCheckpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  Safetensors content;
  AddTensors("layers", checkpoint.network.parameters, content.tensors);
  AddTensors("first", checkpoint.optimizer.first, content.tensors);
  AddTensors("second", checkpoint.optimizer.second, content.tensors);
  AddTensors("average", checkpoint.optimizer.average, content.tensors);
  content.metadata["config"] = AsGuest([&] { return ToJson(checkpoint.config).dump(); });
  content.metadata["step"] = std::to_string(checkpoint.step);
  content.metadata["seed"] = std::to_string(checkpoint.config.seed);
  content.metadata["digest"] = ParameterDigest(checkpoint.network);
  content.metadata["epoch_loss_bits"] = std::to_string(ToBits(checkpoint.epoch.loss));
  content.metadata["epoch_correct"] = std::to_string(checkpoint.epoch.correct);
  if (checkpoint.data != DataDigests{}) {
    content.metadata[kTrainData] = checkpoint.data.train;
    content.metadata[kTestData] = checkpoint.data.test;
  }
  content.metadata[kFormatKey] = std::to_string(kCheckpointFormat);
  if (!checkpoint.initial.empty()) content.metadata[kInitial] = checkpoint.initial;
  WriteSafetensors(path, content);
}

Checkpoint ReadCheckpoint(const std::filesystem::path& path) {
  const std::string file = path.string();
  const Safetensors content = ReadSafetensors(path);
  RequireKnownFormat(content, file);
  Checkpoint checkpoint;
  checkpoint.config =
      TrainConfigFromJson(ParseConfig(Metadata(content, "config", file), file), file + ": metadata 'config'");
  checkpoint.step = MetadataInteger<int64_t>(content, "step", file);
  if (checkpoint.step < 0) throw Error("{}: metadata 'step': found {}, expected at least 0", file, checkpoint.step);
  checkpoint.epoch.loss = DoubleFromBits(MetadataInteger<uint64_t>(content, "epoch_loss_bits", file));
  checkpoint.epoch.correct = MetadataInteger<int64_t>(content, "epoch_correct", file);
  checkpoint.data = {OptionalMetadata(content, kTrainData), OptionalMetadata(content, kTestData)};
  checkpoint.initial = OptionalMetadata(content, kInitial);

  const NetworkConfig network = TrainedNetwork(checkpoint.config);
  checkpoint.network = {network, TakeTensors("layers", network, content, file)};
  const OptimizerConfig& optimizer = checkpoint.config.optimizer;
  checkpoint.optimizer.first = TakeTensors("first", network, content, file);
  if (optimizer.kind == OptimizerKind::kAdam) {
    checkpoint.optimizer.second = TakeTensors("second", network, content, file);
  }
  if (!IsZero(optimizer.average_decay)) checkpoint.optimizer.average = TakeTensors("average", network, content, file);
  const std::string digest = ParameterDigest(checkpoint.network);
  if (Metadata(content, "digest", file) != digest) {
    throw Error("{}: metadata 'digest' is {}, but the weights have {}", file, Metadata(content, "digest", file),
                digest);
  }
  return checkpoint;
}

}  // namespace fplab::nets
