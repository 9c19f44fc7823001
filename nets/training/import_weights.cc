// From tensors of any names to a network.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/training/import_weights.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/nets/files/safetensors.h>
#include <fplab/nets/training/config_json.h>

namespace fplab::nets {
namespace {

struct ImportedLayer {
  std::string name;  // "fc1", "layers.0", "" of tensors that are called weight and bias alone
  const Tensor* weight = nullptr;
  const Tensor* bias = nullptr;
};

// `text` after the last dot, and before it.
std::pair<std::string, std::string> SplitName(const std::string& text) {
  const size_t dot = text.rfind('.');
  if (dot == std::string::npos) return {"", text};
  return {text.substr(0, dot), text.substr(dot + 1)};
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Where numbers stand in both, by their values.
bool InNaturalOrder(const std::string& a, const std::string& b) {
  size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (IsDigit(a[i]) && IsDigit(b[j])) {
      const auto number = [](const std::string& text, size_t& at) {
        while (at + 1 < text.size() && text[at] == '0' && IsDigit(text[at + 1])) ++at;
        const size_t begin = at;
        while (at < text.size() && IsDigit(text[at])) ++at;
        return text.substr(begin, at - begin);
      };
      const std::string x = number(a, i), y = number(b, j);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i, ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

// The state of an optimiser, and the average, which a checkpoint has beside its layers.
bool IsState(const std::string& name) {
  return name.starts_with("first.") || name.starts_with("second.") || name.starts_with("average.");
}

std::vector<ImportedLayer> FindLayers(const Safetensors& content, const std::string& file) {
  const bool checkpoint = std::any_of(content.tensors.begin(), content.tensors.end(),
                                      [](const Tensor& t) { return t.name.starts_with("layers."); });
  std::vector<ImportedLayer> layers;
  const auto layer_of = [&layers](const std::string& name) -> ImportedLayer& {
    for (ImportedLayer& layer : layers) {
      if (layer.name == name) return layer;
    }
    return layers.emplace_back(ImportedLayer{name, nullptr, nullptr});
  };
  constexpr size_t kMaxTensors = 4096;
  if (content.tensors.size() > kMaxTensors) {
    throw Error("{}: {} tensors, expected at most {}", file, content.tensors.size(), kMaxTensors);
  }
  for (const Tensor& tensor : content.tensors) {
    if (checkpoint && IsState(tensor.name)) continue;
    const auto& [name, part] = SplitName(tensor.name);
    const bool weight = part == "weight" || part == "kernel";
    if (!weight && part != "bias") {
      throw Error("{}: tensor {}: expected linear layers alone, NAME.weight and NAME.bias", file,
                  Printable(tensor.name));
    }
    const size_t dimensions = weight ? 2 : 1;
    if (tensor.shape.size() != dimensions || !std::holds_alternative<std::vector<float>>(tensor.data)) {
      throw Error("{}: tensor {} has shape [{}], expected {} of floating-point numbers: linear layers alone", file,
                  Printable(tensor.name), fmt::join(tensor.shape, ","), weight ? "a matrix" : "a vector");
    }
    const Tensor*& place = weight ? layer_of(name).weight : layer_of(name).bias;
    if (place != nullptr) throw Error("{}: two weights of layer {}", file, Printable(name));
    place = &tensor;
  }
  for (const ImportedLayer& layer : layers) {
    if (layer.weight == nullptr) throw Error("{}: no weight beside {}", file, Printable(layer.bias->name));
  }
  if (layers.empty()) throw Error("{}: no tensor NAME.weight", file);
  std::sort(layers.begin(), layers.end(),
            [](const ImportedLayer& a, const ImportedLayer& b) { return InNaturalOrder(a.name, b.name); });
  return layers;
}

// The widths of the chain that the layers are.
std::vector<int> Widths(const std::vector<ImportedLayer>& layers, WeightLayout layout, const std::string& file) {
  std::vector<int> widths;
  for (const ImportedLayer& layer : layers) {
    const std::vector<int64_t>& shape = layer.weight->shape;
    const bool torch = layout == WeightLayout::kTorch;
    const int64_t inputs = shape[torch ? 1 : 0], outputs = shape[torch ? 0 : 1];
    const std::string name = Printable(layer.weight->name);
    constexpr int64_t kMaxWidth = 65536;
    if (std::min(inputs, outputs) < 1 || std::max(inputs, outputs) > kMaxWidth) {
      throw Error("{}: tensor {} has shape [{},{}], expected 1 to {}", file, name, shape[0], shape[1], kMaxWidth);
    }
    if (!widths.empty() && inputs != widths.back()) {
      throw Error("{}: tensor {} has shape [{},{}], in layout {} {} inputs, expected {} as {} has outputs", file, name,
                  shape[0], shape[1], torch ? "torch" : "fplab", inputs, widths.back(),
                  Printable((&layer - 1)->weight->name));
    }
    if (widths.empty()) widths.push_back(static_cast<int>(inputs));
    widths.push_back(static_cast<int>(outputs));
    if (layer.bias != nullptr && layer.bias->shape[0] != outputs) {
      throw Error("{}: tensor {} has {} elements, expected {} as {} has outputs", file, Printable(layer.bias->name),
                  layer.bias->shape[0], outputs, name);
    }
  }
  return widths;
}

std::optional<TrainConfig> OwnConfig(const Safetensors& content, const std::string& file) {
  const auto found = content.metadata.find("config");
  if (found == content.metadata.end()) return std::nullopt;
  const OrderedJson json = ParseJson(found->second);
  if (!json.is_object() || !json.contains("estimator")) return std::nullopt;
  return TrainConfigFromJson(json, file + ": metadata 'config'");
}

void Fill(const ImportedLayer& from, WeightLayout layout, LayerParameters& to) {
  const auto& weight = std::get<std::vector<float>>(from.weight->data);
  const auto rows = static_cast<size_t>(to.weight.rows()), cols = static_cast<size_t>(to.weight.cols());
  if (layout == WeightLayout::kFplab) {
    kernels::ToPanels(weight.data(), to.weight.cols(), to.weight.view());
  } else {
    std::vector<float> row(cols);
    for (size_t i = 0; i < rows; ++i) {
      for (size_t j = 0; j < cols; ++j) row[j] = weight[j * rows + i];
      kernels::ToPanels(row.data(), 0, to.weight.view().Rows(static_cast<int>(i), 1));
    }
  }
  if (from.bias == nullptr) return;
  const auto& bias = std::get<std::vector<float>>(from.bias->data);
  std::copy(bias.begin(), bias.end(), to.bias.begin());
}

}  // namespace

WeightLayout ParseLayout(std::string_view name) {
  if (name == "fplab") return WeightLayout::kFplab;
  if (name == "torch") return WeightLayout::kTorch;
  throw Error("unknown layout '{}': expected torch (weights are outputs x inputs) or fplab (inputs x outputs)", name);
}

Checkpoint ImportWeights(const std::filesystem::path& path, WeightLayout layout) {
  const ScopedGuest guest;  // paths of the standard library compute
  const std::string file = path.string();
  const Safetensors content = ReadForeignSafetensors(path);
  const std::vector<ImportedLayer> layers = FindLayers(content, file);
  const std::vector<int> widths = Widths(layers, layout, file);
  Checkpoint checkpoint;
  if (const std::optional<TrainConfig> own = OwnConfig(content, file)) {
    if (own->network.layers != widths) {
      throw Error("{}: the layers are {}, the file's configuration says {}", file, fmt::join(widths, ","),
                  fmt::join(own->network.layers, ","));
    }
    checkpoint.config = *own;
  } else {
    checkpoint.config.network.layers = widths;
  }
  checkpoint.network.config = TrainedNetwork(checkpoint.config);
  Validate(checkpoint.network.config);
  checkpoint.network.parameters = ZeroParameters(checkpoint.network.config);
  for (size_t l = 0; l < layers.size(); ++l) Fill(layers[l], layout, checkpoint.network.parameters[l]);
  return checkpoint;
}

}  // namespace fplab::nets
