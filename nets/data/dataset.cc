// Choosing a data set by name.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/dataset.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <system_error>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/nets/data/glyphs.h>
#include <fplab/nets/data/mnist.h>
#include <fplab/nets/data/spirals.h>
#include <fplab/nets/files/sha256.h>

namespace fplab::nets {
namespace {

// Evaluated by the compiler, which rounds to nearest whatever the mode at run time.
constexpr std::array<float, 256> kScaledPixels = [] {
  std::array<float, 256> scaled{};
  for (size_t i = 0; i < scaled.size(); ++i) scaled[i] = static_cast<float>(i) / 255.0f;
  return scaled;
}();

TrainTest Load(const std::string& name, const DataOptions& options) {
  if (name == "mnist") return LoadMnist(options.allow_download);
  if (name == "glyphs") {
    GlyphOptions glyphs;
    glyphs.workers = options.workers;
    if (options.train_limit > 0) glyphs.train_count = std::min(glyphs.train_count, options.train_limit);
    return MakeGlyphs(glyphs);
  }
  if (name == "spirals") return MakeSpirals();
  std::error_code error;
  if (std::filesystem::is_directory(name, error)) return ReadMnistFolder(name);
  throw Error("--data {}: expected mnist, glyphs, spirals or a folder that exists", name);
}

}  // namespace

std::string DataDigest(const Dataset& data) {
  Sha256 hash;
  hash.UpdateInteger(data.y.size());
  for (const int size : {data.features, data.classes, data.image_width, data.image_height}) {
    hash.UpdateInteger(static_cast<uint64_t>(size));
  }
  hash.UpdateInteger(data.x.size());
  hash.Update(data.x.data(), data.x.size() * sizeof(float));
  hash.Update(data.y.data(), data.y.size());
  return hash.HexDigest();
}

DataDigests DigestsOf(const TrainTest& data) { return {DataDigest(data.train), DataDigest(data.test)}; }

void Validate(const Dataset& data) {
  if (data.y.size() > static_cast<size_t>(std::numeric_limits<int>::max())) {
    throw Error("data: {} has {} samples, expected fewer", data.name, data.y.size());
  }
  if (data.features < 1) throw Error("data: {} has {} features, expected at least 1", data.name, data.features);
  if (data.classes < 1 || data.classes > 256) {
    throw Error("data: {} has {} classes, expected 1 to 256", data.name, data.classes);
  }
  if (data.x.size() != data.y.size() * static_cast<size_t>(data.features)) {
    throw Error("data: {} has {} values, expected {}: {} samples of {} features", data.name, data.x.size(),
                data.y.size() * static_cast<size_t>(data.features), data.y.size(), data.features);
  }
  const auto wrong = std::find_if(data.y.begin(), data.y.end(), [&](uint8_t label) { return label >= data.classes; });
  if (wrong != data.y.end()) {
    throw Error("data: {}: label {} is {}, expected 0 to {}", data.name, wrong - data.y.begin(), *wrong,
                data.classes - 1);
  }
}

std::vector<float> ScalePixels(std::span<const uint8_t> pixels) {
  std::vector<float> scaled;
  scaled.reserve(pixels.size());
  for (uint8_t pixel : pixels) scaled.push_back(kScaledPixels[pixel]);
  return scaled;
}

TrainTest LoadData(const std::string& name_or_folder, const DataOptions& options) {
  const ScopedGuest guest;  // paths of the standard library compute
  if (options.train_limit < 0) throw Error("--train-limit {}: expected 0 (all) or more", options.train_limit);
  TrainTest data = Load(name_or_folder, options);
  Dataset& train = data.train;
  if (options.train_limit > 0 && options.train_limit < train.count()) {
    const auto count = static_cast<size_t>(options.train_limit);
    train.y.resize(count);
    train.x.resize(count * static_cast<size_t>(train.features));
  }
  return data;
}

}  // namespace fplab::nets
