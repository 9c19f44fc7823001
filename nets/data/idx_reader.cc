// Reading and validating IDX files.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/idx_reader.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/nets/files/file_kind.h>
#include <fplab/nets/files/sha256.h>

namespace fplab::nets {
namespace {

constexpr uint64_t kMaxBytes = uint64_t{1} << 30;
constexpr uint32_t kUnsignedByte = 0x08, kInteger = 0x0c;  // types of elements
constexpr uint32_t kMaxSide = 1 << 14;                     // of an image

uint32_t ReadBigEndian(ByteReader& reader, std::string_view field) {
  std::array<uint8_t, 4> b;
  if (reader.Read(b.data(), b.size()) != b.size()) {
    throw Error("{}: ends before its {}: expected the header of an IDX file", reader.name(), field);
  }
  return uint32_t{b[0]} << 24 | uint32_t{b[1]} << 16 | uint32_t{b[2]} << 8 | uint32_t{b[3]};
}

// What an array may be.
struct IdxKind {
  uint32_t type;
  int dimensions;

  uint32_t magic() const { return type << 8 | static_cast<uint32_t>(dimensions); }
  uint64_t element_size() const { return type == kInteger ? 4 : 1; }
  std::string text() const {
    return fmt::format("{} in {} dimension{}", type == kInteger ? "32-bit integers" : "unsigned bytes", dimensions,
                       dimensions == 1 ? "" : "s");
  }
};

// Of `kinds` the one that the file says it is, the first being what is asked for by name.
const IdxKind& ReadKind(ByteReader& reader, std::span<const IdxKind> kinds) {
  const uint32_t magic = ReadBigEndian(reader, "magic number");
  for (const IdxKind& kind : kinds) {
    if (magic == kind.magic()) return kind;
  }
  std::string head;
  for (int shift = 24; shift >= 0; shift -= 8) head += static_cast<char>(magic >> shift);
  head.resize(kKindBytes);
  head.resize(4 + reader.Read(reinterpret_cast<uint8_t*>(head.data()) + 4, kKindBytes - 4));
  const std::string kind = KindOf(head);
  const std::string found = kind.empty() ? fmt::format("magic number is {:#010x}", magic) : "is " + kind;
  throw Error("{}: {}, expected {}{:#010x} ({})", reader.name(), found,
              kind.empty() ? "" : "an IDX file: magic number ", kinds.front().magic(), kinds.front().text());
}

// Returns the product of the dimensions and an element's size after comparing it with what the file can hold.
uint64_t PromisedBytes(const ByteReader& reader, const std::vector<uint32_t>& shape, uint64_t element_size) {
  const std::string promise = fmt::format("{}{}", fmt::join(shape, " x "), element_size == 1 ? "" : " x 4");
  uint64_t product = element_size;
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

// The bytes of all elements, as they lie in the file.
IdxArray ReadArray(ByteReader& reader, const IdxKind& kind) {
  IdxArray array;
  for (int i = 0; i < kind.dimensions; ++i) {
    array.shape.push_back(ReadBigEndian(reader, fmt::format("dimension {}", i)));
  }
  const uint64_t promised = PromisedBytes(reader, array.shape, kind.element_size());

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

// The first of each row of 32-bit integers.
std::vector<uint8_t> FirstColumn(const IdxArray& array, const std::string& name) {
  constexpr size_t kBytes = 4;
  const size_t rows = array.shape[0], stride = array.bytes.size() / rows;
  std::vector<uint8_t> labels(rows);
  for (size_t i = 0; i < rows; ++i) {
    uint32_t label = 0;
    for (size_t b = 0; b < kBytes; ++b) label = label << 8 | array.bytes[i * stride + b];
    if (label > UINT8_MAX) {
      throw Error("{}: label {} is {}, expected 0 to {}", name, i, static_cast<int32_t>(label), UINT8_MAX);
    }
    labels[i] = static_cast<uint8_t>(label);
  }
  return labels;
}

void HashBigEndian(Sha256& hash, uint32_t value) {
  const std::array<uint8_t, 4> bytes = {static_cast<uint8_t>(value >> 24), static_cast<uint8_t>(value >> 16),
                                        static_cast<uint8_t>(value >> 8), static_cast<uint8_t>(value)};
  hash.Update(bytes.data(), bytes.size());
}

}  // namespace

IdxArray ReadIdx(ByteReader& reader, int dimensions) {
  FPLAB_CHECK(dimensions >= 1 && dimensions <= 3, "1 to 3 dimensions");
  const IdxKind kind{kUnsignedByte, dimensions};
  return ReadArray(reader, ReadKind(reader, {&kind, 1}));
}

IdxArray ReadIdx(const std::filesystem::path& path, int dimensions) {
  ByteReader reader(path);
  return ReadIdx(reader, dimensions);
}

std::vector<uint8_t> ReadIdxLabels(ByteReader& reader) {
  constexpr std::array<IdxKind, 3> kKinds = {{{kUnsignedByte, 1}, {kInteger, 1}, {kInteger, 2}}};
  const IdxKind& kind = ReadKind(reader, kKinds);
  IdxArray array = ReadArray(reader, kind);
  return kind.type == kInteger ? FirstColumn(array, reader.name()) : std::move(array.bytes);
}

Dataset ReadIdxImages(const std::filesystem::path& images_path, const std::filesystem::path& labels_path) {
  ByteReader label_reader(labels_path);
  std::vector<uint8_t> labels = ReadIdxLabels(label_reader);
  const IdxArray images = ReadIdx(images_path, 3);
  if (images.shape[0] != labels.size()) {
    throw Error("{}: {} labels, expected {} as there are images in {}", labels_path.string(), labels.size(),
                images.shape[0], images_path.string());
  }
  if (std::max(images.shape[1], images.shape[2]) > kMaxSide) {
    throw Error("{}: images of {} x {} pixels, expected at most {} x {}", images_path.string(), images.shape[1],
                images.shape[2], kMaxSide, kMaxSide);
  }
  Dataset data;
  data.classes = *std::max_element(labels.begin(), labels.end()) + 1;
  data.image_height = static_cast<int>(images.shape[1]);
  data.image_width = static_cast<int>(images.shape[2]);
  data.features = data.image_width * data.image_height;
  data.x = ScalePixels(images.bytes);
  data.y = std::move(labels);
  return data;
}

IdxDigests DigestsAsIdx(const Dataset& data) {
  const ScopedGuest guest;
  std::vector<uint8_t> pixels(data.x.size());
  for (size_t i = 0; i < pixels.size(); ++i) {
    const float scaled = data.x[i] * 255.0f;
    if (!(scaled >= 0 && scaled <= 255)) return {};
    pixels[i] = static_cast<uint8_t>(std::lround(scaled));
  }
  if (data.image_width == 0 || ScalePixels(pixels) != data.x) return {};
  const auto count = static_cast<uint32_t>(data.count());
  Sha256 images, labels;
  for (const uint32_t word : {kUnsignedByte << 8 | 3, count, static_cast<uint32_t>(data.image_height),
                              static_cast<uint32_t>(data.image_width)}) {
    HashBigEndian(images, word);
  }
  images.Update(pixels.data(), pixels.size());
  for (const uint32_t word : {kUnsignedByte << 8 | 1, count}) HashBigEndian(labels, word);
  labels.Update(data.y.data(), data.y.size());
  return {images.HexDigest(), labels.HexDigest()};
}

}  // namespace fplab::nets
