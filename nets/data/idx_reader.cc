// Reading and validating IDX files.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/idx_reader.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/error.h>

namespace fplab::nets {
namespace {

constexpr uint64_t kMaxBytes = uint64_t{1} << 30;
constexpr uint32_t kUnsignedByte = 0x08;
constexpr uint32_t kMaxSide = 1 << 14;  // of an image

uint32_t ReadBigEndian(ByteReader& reader, std::string_view field) {
  std::array<uint8_t, 4> b;
  if (reader.Read(b.data(), b.size()) != b.size()) {
    throw Error("{}: ends before its {}: expected the header of an IDX file", reader.name(), field);
  }
  return uint32_t{b[0]} << 24 | uint32_t{b[1]} << 16 | uint32_t{b[2]} << 8 | uint32_t{b[3]};
}

// Returns the product of the dimensions after comparing it with what the file can hold.
uint64_t PromisedBytes(const ByteReader& reader, const std::vector<uint32_t>& shape) {
  const std::string promise = fmt::format("{}", fmt::join(shape, " x "));
  uint64_t product = 1;
  for (uint32_t dimension : shape) {
    if (dimension == 0)
      throw Error("{}: header promises {} bytes, expected no empty dimension", reader.name(), promise);
    // Three dimensions below 2^32 do not fit in 64 bits, but a product that stays below 2^30 does before each step.
    product = product > kMaxBytes ? product : product * dimension;
  }
  if (product > kMaxBytes) {
    throw Error("{}: header promises {} bytes, expected at most {}", reader.name(), promise, kMaxBytes);
  }
  const uint64_t header = 4 + 4 * shape.size();
  const uint64_t available = reader.max_size() < header ? 0 : reader.max_size() - header;
  const bool fits = reader.compressed() ? product <= available : product == available;
  if (!fits) {
    throw Error("{}: header promises {} bytes, the file holds {}{}", reader.name(), promise,
                reader.compressed() ? "at most " : "", available);
  }
  return product;
}

}  // namespace

IdxArray ReadIdx(ByteReader& reader, int dimensions) {
  FPLAB_CHECK(dimensions >= 1 && dimensions <= 3, "1 to 3 dimensions");
  const uint32_t magic = ReadBigEndian(reader, "magic number");
  const uint32_t expected = kUnsignedByte << 8 | static_cast<uint32_t>(dimensions);
  if (magic != expected) {
    throw Error("{}: magic number is {:#010x}, expected {:#010x} (unsigned bytes in {} dimension{})", reader.name(),
                magic, expected, dimensions, dimensions == 1 ? "" : "s");
  }
  IdxArray array;
  for (int i = 0; i < dimensions; ++i) {
    array.shape.push_back(ReadBigEndian(reader, fmt::format("dimension {}", i)));
  }
  const uint64_t promised = PromisedBytes(reader, array.shape);

  // A gzip stream may still hold less than promised, so memory grows with what has come out of it.
  constexpr uint64_t kChunk = uint64_t{1} << 20;
  while (array.bytes.size() < promised) {
    const size_t before = array.bytes.size();
    array.bytes.resize(reader.compressed() ? std::min(promised, 2 * before + kChunk) : promised);
    const size_t got = reader.Read(array.bytes.data() + before, array.bytes.size() - before);
    if (before + got == array.bytes.size()) continue;
    throw Error("{}: data ends after {} bytes, the header promises {}", reader.name(), before + got, promised);
  }
  uint8_t extra = 0;
  if (reader.Read(&extra, 1) != 0)
    throw Error("{}: bytes follow the {} that the header promises", reader.name(), promised);
  return array;
}

IdxArray ReadIdx(const std::filesystem::path& path, int dimensions) {
  ByteReader reader(path);
  return ReadIdx(reader, dimensions);
}

Dataset ReadIdxImages(const std::filesystem::path& images_path, const std::filesystem::path& labels_path, int classes) {
  FPLAB_CHECK(classes >= 1 && classes <= 256, "1 to 256 classes");
  IdxArray labels = ReadIdx(labels_path, 1);
  const IdxArray images = ReadIdx(images_path, 3);
  if (images.shape[0] != labels.shape[0]) {
    throw Error("{}: {} labels, expected {} as there are images in {}", labels_path.string(), labels.shape[0],
                images.shape[0], images_path.string());
  }
  if (std::max(images.shape[1], images.shape[2]) > kMaxSide) {
    throw Error("{}: images of {} x {} pixels, expected at most {} x {}", images_path.string(), images.shape[1],
                images.shape[2], kMaxSide, kMaxSide);
  }
  const auto wrong = std::find_if(labels.bytes.begin(), labels.bytes.end(), [&](uint8_t y) { return y >= classes; });
  if (wrong != labels.bytes.end()) {
    throw Error("{}: label {} is {}, expected 0 to {}", labels_path.string(), wrong - labels.bytes.begin(), *wrong,
                classes - 1);
  }
  Dataset data;
  data.classes = classes;
  data.image_height = static_cast<int>(images.shape[1]);
  data.image_width = static_cast<int>(images.shape[2]);
  data.features = data.image_width * data.image_height;
  data.x = ScalePixels(images.bytes);
  data.y = std::move(labels.bytes);
  return data;
}

}  // namespace fplab::nets
