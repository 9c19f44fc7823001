// Encoding and strict decoding of safetensors files.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/safetensors.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/nets/files/atomic_file.h>
#include <fplab/nets/files/file_kind.h>
#include <fplab/nets/files/sha256.h>

namespace fplab::nets {
namespace {

static_assert(std::endian::native == std::endian::little, "element bytes are copied as they lie in memory");

using Json = nlohmann::json;

constexpr size_t kMaxHeader = size_t{1} << 20;
constexpr size_t kLengthBytes = 8;
constexpr uintmax_t kMaxFile = uintmax_t{1} << 36;
constexpr std::string_view kMetadataKey = "__metadata__";
constexpr const char* kTensorsKey = "tensors_sha256";
constexpr const char* kMetadataDigestKey = "metadata_sha256";

// In the order of the alternatives of TensorData.
struct ElementType {
  std::string_view name;
  uint64_t size;
};
constexpr std::array<ElementType, 4> kElementTypes = {{{"F32", 4}, {"U8", 1}, {"I64", 8}, {"U64", 8}}};

// That others write, held as F32.
constexpr std::array<ElementType, 2> kHalfTypes = {{{"F16", 2}, {"BF16", 2}}};

const ElementType& TypeOf(const Tensor& tensor) { return kElementTypes[tensor.data.index()]; }

std::string_view BytesOf(const Tensor& tensor) {
  return std::visit(
      [](const auto& values) {
        return std::string_view(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0]));
      },
      tensor.data);
}

TensorData MakeData(std::string_view type) {
  if (type == "F32" || type == "F16" || type == "BF16") return std::vector<float>();
  if (type == "U8") return std::vector<uint8_t>();
  if (type == "I64") return std::vector<int64_t>();
  return std::vector<uint64_t>();
}

float FromHalf(uint16_t bits) {
  const uint32_t sign = uint32_t{bits} >> 15 << 31, exponent = bits >> 10 & 0x1f, fraction = bits & 0x3ff;
  if (exponent == 0x1f) return FloatFromBits(sign | 0x7f800000 | fraction << 13);
  if (exponent != 0) return FloatFromBits(sign | (exponent + 112) << 23 | fraction << 13);
  const float magnitude = static_cast<float>(fraction) * 0x1p-24f;  // exact, and no subnormal number
  return sign != 0 ? -magnitude : magnitude;
}

// Wide elements first keeps every tensor aligned to its element size.
bool InFileOrder(const Tensor* a, const Tensor* b) {
  if (TypeOf(*a).size != TypeOf(*b).size) return TypeOf(*a).size > TypeOf(*b).size;
  return a->name < b->name;
}

std::vector<const Tensor*> FileOrder(const std::vector<Tensor>& tensors) {
  std::vector<const Tensor*> order;
  for (const Tensor& tensor : tensors) order.push_back(&tensor);
  std::sort(order.begin(), order.end(), InFileOrder);
  return order;
}

void HashText(Sha256& hash, std::string_view text) {
  hash.UpdateInteger(text.size());
  hash.Update(text);
}

std::string MetadataDigest(const std::map<std::string, std::string>& metadata) {
  Sha256 hash;
  for (const auto& [key, value] : metadata) {
    HashText(hash, key);
    HashText(hash, value);
  }
  return hash.HexDigest();
}

// The number of elements of `shape` times `element_size`, or false when a dimension is negative or the product does not
// fit in 63 bits.
bool ByteCount(const std::vector<int64_t>& shape, uint64_t element_size, uint64_t* bytes) {
  uint64_t product = element_size;
  bool overflow = false;
  for (int64_t dimension : shape) {
    if (dimension < 0) return false;
    overflow |= __builtin_mul_overflow(product, static_cast<uint64_t>(dimension), &product);
  }
  *bytes = product;
  return !overflow && product <= static_cast<uint64_t>(INT64_MAX);
}

void CheckEncodable(const Safetensors& content) {
  std::set<std::string_view> names = {kMetadataKey, ""};
  for (const Tensor& tensor : content.tensors) {
    uint64_t bytes = 0;
    FPLAB_CHECK(names.insert(tensor.name).second, "tensor names are unique, not empty and not __metadata__");
    FPLAB_CHECK(ByteCount(tensor.shape, TypeOf(tensor).size, &bytes) && bytes == BytesOf(tensor).size(),
                "the product of a tensor's shape is its number of elements");
  }
  FPLAB_CHECK(!content.metadata.contains(kTensorsKey) && !content.metadata.contains(kMetadataDigestKey),
              "the digests in the metadata are the writer's");
}

std::string DumpHeader(const Json& header) {
  try {
    return header.dump();
  } catch (const Json::exception&) {
    throw Error("checkpoint: a name or a metadata entry is not valid UTF-8, and JSON holds nothing else");
  }
}

// All that comes before the tensors' bytes: the header and its length.
std::string EncodeHeader(const Safetensors& content) {
  CheckEncodable(content);
  std::map<std::string, std::string> metadata = content.metadata;
  metadata[kTensorsKey] = TensorDigest(content.tensors);
  metadata[kMetadataDigestKey] = MetadataDigest(metadata);

  Json header;
  header[std::string(kMetadataKey)] = metadata;
  uint64_t offset = 0;
  for (const Tensor* tensor : FileOrder(content.tensors)) {
    const uint64_t end = offset + BytesOf(*tensor).size();
    header[tensor->name] = {{"dtype", TypeOf(*tensor).name}, {"shape", tensor->shape}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = DumpHeader(header);
  text.append((kLengthBytes - text.size() % kLengthBytes) % kLengthBytes, ' ');
  FPLAB_CHECK(text.size() <= kMaxHeader, "names, shapes and metadata fit in a header of 1 MiB");

  const uint64_t length = text.size();
  const std::string bytes(reinterpret_cast<const char*>(&length), kLengthBytes);
  return bytes + text;
}

// What JSON text holds, but for its values: ends the parsing at an object with a name twice, and at the level that no
// header has and that could only exhaust memory.
class HeaderShape : public nlohmann::json_sax<Json> {
 public:
  static constexpr size_t kMaxDepth = 4;

  bool too_deep() const { return open_.size() > kMaxDepth; }
  const std::optional<std::string>& twice() const { return twice_; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(size_t) override { return Open(); }
  bool start_array(size_t) override { return Open(); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }
  bool key(string_t& name) override {
    if (open_.back().insert(name).second) return true;
    twice_ = name;
    return false;
  }
  bool parse_error(size_t, const std::string&, const Json::exception&) override { return false; }

 private:
  bool Open() {
    open_.emplace_back();
    return !too_deep();
  }
  bool Close() {
    open_.pop_back();
    return true;
  }

  std::vector<std::set<std::string>> open_;  // the names so far of each object, and none of each array, that is open
  std::optional<std::string> twice_;
};

// Reading: everything below refuses by throwing.
class Decoder {
 public:
  // `foreign`: of whatever program.
  Decoder(std::string_view bytes, std::string_view file, bool foreign)
      : bytes_(bytes), file_(file), foreign_(foreign) {}

  Safetensors Decode() {
    const Json header = ParseHeader();
    Safetensors content;
    std::vector<Range> ranges;  // of the tensors
    for (const auto& [name, entry] : header.items()) {
      if (name == kMetadataKey) {
        content.metadata = ParseMetadata(entry);
      } else {
        content.tensors.push_back(ParseTensor(name, entry, &ranges));
      }
    }
    // Before their data are copied: tensors that overlap could have any number of times the size of the file.
    CheckContiguous(ranges);
    for (size_t i = 0; i < ranges.size(); ++i) {
      const auto& [begin, end] = ranges[i];
      FillData(data_.substr(begin, end - begin), types_[i], &content.tensors[i].data);
    }
    if (!foreign_) CheckDigests(content);
    std::sort(content.tensors.begin(), content.tensors.end(),
              [](const Tensor& a, const Tensor& b) { return InFileOrder(&a, &b); });
    return content;
  }

 private:
  using Range = std::pair<uint64_t, uint64_t>;  // begin and end of a tensor in the data

  [[noreturn]] void Refuse(std::string_view field, std::string_view found, std::string_view expected) const {
    throw Error("{}: {} is {}, expected {}", file_, field, found, expected);
  }

  // What the file says is quoted short and as one line of ASCII.
  static std::string Quote(const Json& value) {
    std::string text = value.dump(-1, ' ', true, Json::error_handler_t::replace);
    if (text.size() > 60) text = text.substr(0, 57) + "...";
    return text;
  }

  Json ParseHeader() {
    const std::string kind = KindOf(bytes_);
    if (!kind.empty() && !bytes_.substr(std::min(bytes_.size(), kLengthBytes)).starts_with('{')) {
      throw Error("{}: is {}, expected a safetensors file", file_, kind);
    }
    if (bytes_.size() < kLengthBytes) Refuse("size", fmt::format("{} bytes", bytes_.size()), "8 or more");
    uint64_t length = 0;
    std::memcpy(&length, bytes_.data(), kLengthBytes);
    const uint64_t limit = std::min<uint64_t>(kMaxHeader, bytes_.size() - kLengthBytes);
    if (length > limit) Refuse("header length", fmt::format("{}", length), fmt::format("at most {}", limit));
    data_ = bytes_.substr(kLengthBytes + length);
    return ParseJson(bytes_.substr(kLengthBytes, length));
  }

  // nlohmann keeps the last of duplicate keys without a word, so they are looked for first. Not by the parser's
  // callback: with one it looks, at each object's end, through all its neighbours.
  Json ParseJson(std::string_view text) const {
    if (!text.starts_with('{')) Refuse("header", "not a JSON object", "one that starts with '{'");
    HeaderShape shape;
    if (!Json::sax_parse(text, &shape)) {
      if (shape.too_deep()) {
        Refuse("header", "nested too deeply", fmt::format("at most {} levels", HeaderShape::kMaxDepth));
      }
      if (shape.twice()) {
        Refuse("header", "an object with " + Quote(Json(*shape.twice())) + " twice", "each name once");
      }
      Refuse("header", "damaged", "valid JSON");
    }
    return Json::parse(text);
  }

  std::map<std::string, std::string> ParseMetadata(const Json& entry) const {
    if (!entry.is_object()) Refuse(kMetadataKey, Quote(entry), "an object of strings");
    std::map<std::string, std::string> metadata;
    for (const auto& [key, value] : entry.items()) {
      if (!value.is_string()) Refuse("__metadata__." + Quote(key), Quote(value), "a string");
      metadata[key] = value.get<std::string>();
    }
    return metadata;
  }

  uint64_t Unsigned(const std::string& field, const Json& value) const {
    const bool fits = value.is_number_unsigned() && value.get<uint64_t>() <= static_cast<uint64_t>(INT64_MAX);
    if (!fits) Refuse(field, Quote(value), "an integer that is not negative");
    return value.get<uint64_t>();
  }

  static const ElementType* FindType(std::span<const ElementType> types, const Json& dtype) {
    const auto found = std::find_if(types.begin(), types.end(),
                                    [&](const ElementType& type) { return dtype == std::string(type.name); });
    return found == types.end() ? nullptr : &*found;
  }

  // All but its data, the range of which it adds to `ranges`, and the type to types_.
  Tensor ParseTensor(const std::string& name, const Json& entry, std::vector<Range>* ranges) {
    const std::string field = "tensor " + Quote(name);
    const bool complete = entry.is_object() && entry.size() == 3 && entry.contains("dtype") &&
                          entry.contains("shape") && entry.contains("data_offsets");
    if (!complete || name.empty()) Refuse(field, Quote(entry), "a name with dtype, shape and data_offsets");

    const Json &dtype = entry["dtype"], &shape = entry["shape"], &offsets = entry["data_offsets"];
    const ElementType* type = FindType(kElementTypes, dtype);
    if (type == nullptr && foreign_) type = FindType(kHalfTypes, dtype);
    if (type == nullptr) {
      Refuse(field + " dtype", Quote(dtype), foreign_ ? "F32, F16, BF16, U8, I64 or U64" : "F32, U8, I64 or U64");
    }
    if (!shape.is_array()) Refuse(field + " shape", Quote(shape), "an array");
    if (!offsets.is_array() || offsets.size() != 2) Refuse(field + " data_offsets", Quote(offsets), "[begin,end]");

    Tensor tensor{name, {}, MakeData(type->name)};
    for (const Json& dimension : shape) {
      tensor.shape.push_back(static_cast<int64_t>(Unsigned(field + " shape", dimension)));
    }
    const uint64_t begin = Unsigned(field + " data_offsets", offsets[0]);
    const uint64_t end = Unsigned(field + " data_offsets", offsets[1]);
    uint64_t size = 0;
    if (end < begin || end > data_.size()) {
      Refuse(field + " data_offsets", Quote(offsets), fmt::format("a range of the {} bytes of data", data_.size()));
    }
    if (!ByteCount(tensor.shape, type->size, &size) || size != end - begin) {
      Refuse(field + " shape", Quote(shape), fmt::format("one of {} bytes of {}", end - begin, type->name));
    }
    ranges->push_back({begin, end});
    types_.push_back(type);
    return tensor;
  }

  // The tensors tile the data: neither gaps nor overlaps.
  void CheckContiguous(std::vector<Range> ranges) const {
    std::sort(ranges.begin(), ranges.end());
    uint64_t offset = 0;
    for (const auto& [begin, end] : ranges) {
      if (begin != offset) Refuse("data_offsets", fmt::format("{}", begin), fmt::format("a tensor at {}", offset));
      offset = end;
    }
    if (offset != data_.size()) Refuse("data", fmt::format("{} bytes", data_.size()), fmt::format("{}", offset));
  }

  static void FillData(std::string_view bytes, const ElementType* type, TensorData* data) {
    if (type->name == "F16" || type->name == "BF16") {
      const bool half = type->name == "F16";
      auto& values = std::get<std::vector<float>>(*data);
      values.resize(bytes.size() / type->size);
      for (size_t i = 0; i < values.size(); ++i) {
        uint16_t bits = 0;
        std::memcpy(&bits, bytes.data() + i * sizeof(bits), sizeof(bits));
        values[i] = half ? FromHalf(bits) : FloatFromBits(uint32_t{bits} << 16);
      }
      return;
    }
    const auto fill = [&](auto& values) {
      values.resize(bytes.size() / sizeof(values[0]));
      if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    };
    std::visit(fill, *data);
  }

  void CheckDigests(Safetensors& content) const {
    std::string stored = content.metadata[kMetadataDigestKey];
    content.metadata.erase(kMetadataDigestKey);
    CheckDigest(kMetadataDigestKey, stored, MetadataDigest(content.metadata));
    stored = content.metadata[kTensorsKey];
    content.metadata.erase(kTensorsKey);
    CheckDigest(kTensorsKey, stored, TensorDigest(content.tensors));
  }

  void CheckDigest(std::string_view key, const std::string& stored, const std::string& computed) const {
    if (stored == computed) return;
    Refuse(fmt::format("__metadata__.{}", key), stored.empty() ? "missing" : Quote(stored),
           computed +
               " (the file is damaged, was changed, or was not written by fplab; weights of elsewhere are read "
               "with --layout)");
  }

  std::string_view bytes_, data_;
  std::string_view file_;
  bool foreign_;
  std::vector<const ElementType*> types_;  // of the tensors, in the order of the ranges
};

}  // namespace

bool SameTensor(const Tensor& a, const Tensor& b) {
  return a.name == b.name && a.shape == b.shape && a.data.index() == b.data.index() && BytesOf(a) == BytesOf(b);
}

const std::vector<float>& Safetensors::Floats(std::string_view name, const std::vector<int64_t>& shape,
                                              std::string_view file) const {
  const auto tensor = std::find_if(tensors.begin(), tensors.end(), [&](const Tensor& t) { return t.name == name; });
  if (tensor == tensors.end()) throw Error("{}: no tensor {}", file, name);
  const auto* floats = std::get_if<std::vector<float>>(&tensor->data);
  if (floats == nullptr) throw Error("{}: tensor {} is of {}, expected F32", file, name, TypeOf(*tensor).name);
  if (tensor->shape != shape) {
    throw Error("{}: tensor {} has shape [{}], expected [{}]", file, name, fmt::join(tensor->shape, ","),
                fmt::join(shape, ","));
  }
  return *floats;
}

std::string TensorDigest(const std::vector<Tensor>& tensors) {
  Sha256 hash;
  for (const Tensor* tensor : FileOrder(tensors)) {
    HashText(hash, tensor->name);
    HashText(hash, TypeOf(*tensor).name);
    hash.UpdateInteger(tensor->shape.size());
    for (int64_t dimension : tensor->shape) hash.UpdateInteger(static_cast<uint64_t>(dimension));
    HashText(hash, BytesOf(*tensor));
  }
  return hash.HexDigest();
}

std::string EncodeSafetensors(const Safetensors& content) {
  std::string bytes = EncodeHeader(content);
  for (const Tensor* tensor : FileOrder(content.tensors)) bytes += BytesOf(*tensor);
  return bytes;
}

Safetensors DecodeSafetensors(std::string_view bytes, std::string_view file) {
  return Decoder(bytes, file, /*foreign=*/false).Decode();
}

Safetensors DecodeForeignSafetensors(std::string_view bytes, std::string_view file) {
  const ScopedGuest guest;
  return Decoder(bytes, file, /*foreign=*/true).Decode();
}

void WriteSafetensors(const std::filesystem::path& path, const Safetensors& content) {
  const std::string header = EncodeHeader(content);
  WriteFileAtomically(path, [&](const ByteSink& sink) {
    sink(header);
    for (const Tensor* tensor : FileOrder(content.tensors)) sink(BytesOf(*tensor));
  });
}

Safetensors ReadSafetensors(const std::filesystem::path& path) {
  return DecodeSafetensors(ReadFile(path, kMaxFile), path.string());
}

Safetensors ReadForeignSafetensors(const std::filesystem::path& path) {
  return DecodeForeignSafetensors(ReadFile(path, kMaxFile), path.string());
}

}  // namespace fplab::nets
