// Arrays of an .npz file as images and labels.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/npz_images.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <string_view>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/nets/files/atomic_file.h>
#include <fplab/nets/files/file_kind.h>
#include <fplab/nets/files/npy.h>
#include <fplab/nets/files/zip_archive.h>

namespace fplab::nets {
namespace {

static_assert(std::endian::native == std::endian::little, "elements are copied as they lie in the file");

constexpr uint64_t kMaxArray = uint64_t{1} << 30;
constexpr uint64_t kMaxNpz = uint64_t{1} << 32;
constexpr uint64_t kMaxSamples = INT32_MAX;
constexpr uint64_t kMaxNpzSide = 1 << 14;

// One array and the bytes that it is a view of.
struct NpzArray {
  std::string where;  // "mnist.npz(x_train.npy)"
  std::vector<uint8_t> file;
  NpyArray array;
};

class NpzFile {
 public:
  NpzFile(std::span<const uint8_t> bytes, const std::string& name) : source_(bytes), name_(name), zip_(source_, name) {}

  NpzArray Read(std::string_view key, std::string_view other_key) const {
    const ZipMember* found = nullptr;
    for (const ZipMember& member : zip_.members()) {
      if (member.name != std::string(key) + ".npy" && member.name != std::string(other_key) + ".npy") continue;
      if (found != nullptr) throw Error("{}: two arrays {}, expected one", name_, key);
      found = &member;
    }
    if (found == nullptr) throw Error("{}: no array {} (or {}); {}", name_, key, other_key, Members());
    NpzArray read;
    read.where = name_ + "(" + Printable(found->name) + ")";
    read.file = zip_.ReadAll(*found, kMaxArray);
    read.array = ParseNpy(read.file, read.where);
    return read;
  }

 private:
  std::string Members() const {
    constexpr size_t kShown = 6;
    std::string text = "it holds ";
    for (size_t i = 0; i < std::min(kShown, zip_.members().size()); ++i) {
      text += (i == 0 ? "" : ", ") + Printable(zip_.members()[i].name.substr(0, 60));
    }
    if (zip_.members().empty()) text += "nothing";
    if (zip_.members().size() > kShown) text += fmt::format(" and {} more", zip_.members().size() - kShown);
    return text;
  }

  MemorySource source_;
  std::string name_;
  ZipArchive zip_;
};

template <typename T>
T Element(const NpyArray& array, uint64_t i) {
  T value;
  std::memcpy(&value, array.bytes.data() + i * sizeof(T), sizeof(T));
  return value;
}

// An integer of 0 to 255, or an Error that names its place.
template <typename T>
uint8_t SmallInteger(const NpzArray& read, uint64_t i, const char* what) {
  const T value = Element<T>(read.array, i);
  if (value < 0 || value > 255) throw Error("{}: {} {} is {}, expected 0 to 255", read.where, what, i, value);
  return static_cast<uint8_t>(value);
}

std::vector<uint8_t> Bytes(const NpzArray& read, const char* what) {
  const NpyArray& array = read.array;
  if (array.type == NpyType::kU1) return {array.bytes.begin(), array.bytes.end()};
  std::vector<uint8_t> bytes(array.count);
  for (uint64_t i = 0; i < array.count; ++i) {
    bytes[i] = array.type == NpyType::kI4 ? SmallInteger<int32_t>(read, i, what) : SmallInteger<int64_t>(read, i, what);
  }
  return bytes;
}

// The binary32 number that a binary64 one stands for: itself, or the pixel that was divided by 255 in binary64.
float Narrowed(double value, const NpzArray& read, uint64_t i) {
  const auto narrow = static_cast<float>(value);
  if (static_cast<double>(narrow) == value) return narrow;
  // Rounded to binary64 and then to binary32, a quotient of whole numbers below 2^24 is rounded once (Figueroa 1995).
  if (std::round(value * 255) / 255 == value) return narrow;
  throw Error("{}: value {} is {}, which binary32 does not have: convert the array with astype('float32')", read.where,
              i, value);
}

std::vector<float> Values(const NpzArray& read) {
  const NpyArray& array = read.array;
  if (array.type != NpyType::kF4 && array.type != NpyType::kF8) return ScalePixels(Bytes(read, "pixel"));
  std::vector<float> values(array.count);
  for (uint64_t i = 0; i < array.count; ++i) {
    const double value =
        array.type == NpyType::kF4 ? static_cast<double>(Element<float>(array, i)) : Element<double>(array, i);
    if (!(value >= 0 && value <= 1)) throw Error("{}: value {} is {}, expected 0 to 1", read.where, i, value);
    values[i] = Narrowed(value, read, i);
  }
  return values;
}

// The shape without what of it is a single channel; 2 or 3 dimensions.
std::vector<uint64_t> ImageShape(const NpzArray& read) {
  std::vector<uint64_t> shape = read.array.shape;
  if (shape.size() == 4 && shape[3] == 1) shape.pop_back();
  if (shape.size() == 4 && shape[1] == 1) shape.erase(shape.begin() + 1);
  const bool right = (shape.size() == 2 || shape.size() == 3) && shape[0] >= 1 && shape[0] <= kMaxSamples &&
                     std::all_of(shape.begin() + 1, shape.end(), [](uint64_t n) { return n >= 1; });
  const bool fits = right && (shape.size() == 2 ? shape[1] <= kMaxNpzSide * kMaxNpzSide
                                                : std::max(shape[1], shape[2]) <= kMaxNpzSide);
  if (fits) return shape;
  throw Error(
      "{}: shape is ({}), expected images (N, height, width) of one channel and of at most {} x {}, or (N, "
      "features)",
      read.where, fmt::join(read.array.shape, ", "), kMaxNpzSide, kMaxNpzSide);
}

std::vector<uint8_t> Labels(const NpzArray& read) {
  const std::vector<uint64_t>& shape = read.array.shape;
  if (shape.empty() || shape.size() > 2 || (shape.size() == 2 && shape[1] != 1)) {
    throw Error("{}: shape is ({}), expected (N,): the number of its class for each sample", read.where,
                fmt::join(shape, ", "));
  }
  if (read.array.type == NpyType::kF4 || read.array.type == NpyType::kF8) {
    throw Error("{}: elements are '{}', expected integers", read.where, Name(read.array.type));
  }
  return Bytes(read, "label");
}

Dataset ReadPart(const NpzFile& file, const std::array<std::string_view, 4>& keys) {
  Dataset data;
  std::vector<uint64_t> shape;
  {
    const NpzArray images = file.Read(keys[0], keys[1]);
    shape = ImageShape(images);
    data.x = Values(images);
  }
  const NpzArray labels = file.Read(keys[2], keys[3]);
  data.y = Labels(labels);
  if (data.y.size() != shape[0]) {
    throw Error("{}: {} labels, expected {} as there are images", labels.where, data.y.size(), shape[0]);
  }
  if (shape.size() == 3) {
    data.image_height = static_cast<int>(shape[1]);
    data.image_width = static_cast<int>(shape[2]);
  }
  data.features = static_cast<int>(data.x.size() / data.y.size());
  data.classes = *std::max_element(data.y.begin(), data.y.end()) + 1;
  return data;
}

}  // namespace

TrainTest ReadNpzImages(std::span<const uint8_t> bytes, const std::string& name) {
  const ScopedGuest guest;
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::string kind = KindOf(text);
  if (!kind.empty() && kind != "a zip archive") throw Error("{}: is {}, expected an .npz file", name, kind);
  const NpzFile file(bytes, name);
  TrainTest data;
  data.train = ReadPart(file, {"x_train", "train_images", "y_train", "train_labels"});
  data.test = ReadPart(file, {"x_test", "test_images", "y_test", "test_labels"});
  const Dataset &train = data.train, &test = data.test;
  if (train.features != test.features || train.image_width != test.image_width) {
    throw Error("{}: test samples of {} features ({} x {}), expected {} ({} x {}) as in training", name, test.features,
                test.image_height, test.image_width, train.features, train.image_height, train.image_width);
  }
  data.train.classes = data.test.classes = std::max(train.classes, test.classes);
  data.source = name;
  data.train.name = data.test.name = DataName(name);
  return data;
}

TrainTest ReadNpzImages(const std::filesystem::path& path) {
  const ScopedGuest guest;  // paths of the standard library compute
  const std::string bytes = ReadFile(path, kMaxNpz);
  return ReadNpzImages({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}, path.string());
}

}  // namespace fplab::nets
