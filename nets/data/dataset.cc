// Choosing a data set by name.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/dataset.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <string_view>
#include <system_error>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/nets/data/glyphs.h>
#include <fplab/nets/data/idx_reader.h>
#include <fplab/nets/data/image_folder.h>
#include <fplab/nets/data/mnist.h>
#include <fplab/nets/data/npz_images.h>
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

constexpr std::array<std::string_view, 3> kNamedSets = {"mnist", "glyphs", "spirals"};

// What a place holds goes by the place's name, which may be that of MNIST.
void NoteOtherThanMnist(TrainTest& data) {
  std::string name = data.train.name;
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (name == "mnist" && !IsMnist(data)) data.notes.push_back("these are not the original files of MNIST");
}

// A class that no sample has is one output too many, which training puts to rest: what the labels are stays.
void NoteLabels(TrainTest& data) {
  const auto least = [](const Dataset& set) {
    return set.y.empty() ? 0 : int{*std::min_element(set.y.begin(), set.y.end())};
  };
  const int first = std::min(least(data.train), least(data.test));
  if (first == 0) return;
  data.notes.push_back(fmt::format("its labels are {} to {}: no sample has one below", first, data.train.classes - 1));
}

TrainTest LoadPlace(const std::string& place) {
  std::error_code error;
  const std::filesystem::path path(place);
  TrainTest data;
  if (std::filesystem::is_directory(path, error)) {
    data = ReadImageFolder(path);
  } else if (std::filesystem::exists(path, error)) {
    data = ReadNpzImages(path);
  } else if (path.has_filename() && HoldsImages(path.has_parent_path() ? path.parent_path() : ".")) {
    data = ReadImageFolder(path);
  } else {
    throw Error("--data {}: expected mnist, glyphs, spirals, or a folder or an .npz file that exists", place);
  }
  NoteOtherThanMnist(data);
  NoteLabels(data);
  return data;
}

TrainTest Load(const std::string& name, const DataOptions& options) {
  if (name == "mnist") return LoadMnist(options.allow_download);
  if (name == "glyphs") {
    GlyphOptions glyphs;
    glyphs.workers = options.workers;
    if (options.train_limit > 0) glyphs.train_count = std::min(glyphs.train_count, options.train_limit);
    return MakeGlyphs(glyphs);
  }
  if (name == "spirals") return MakeSpirals();
  return LoadPlace(name);
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

std::string DataName(const std::string& name_or_place) {
  const ScopedGuest guest;  // paths of the standard library compute
  if (std::find(kNamedSets.begin(), kNamedSets.end(), name_or_place) != kNamedSets.end()) return name_or_place;
  std::error_code error;
  std::filesystem::path path = std::filesystem::absolute(name_or_place, error).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  if (path.extension() == ".npz") path = path.stem();
  const std::string name = path.filename().string();
  return name.empty() || name == "/" ? "data" : name;
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
