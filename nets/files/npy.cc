// Reading the header of .npy files.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/npy.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/files/file_kind.h>

namespace fplab::nets {
namespace {

constexpr std::string_view kNpyMagic = "\x93NUMPY";
constexpr size_t kMaxDimensions = 32;  // NumPy's own limit
constexpr uint64_t kMaxElements = uint64_t{1} << 40;

struct NpyTypeRow {
  std::string_view name, other_name;
  size_t size;
};
// In the order of NpyType.
constexpr std::array<NpyTypeRow, 5> kNpyTypes = {
    {{"|u1", "<u1", 1}, {"<i4", "<i4", 4}, {"<i8", "<i8", 8}, {"<f4", "<f4", 4}, {"<f8", "<f8", 8}}};

// Reads the header's dictionary, which is Python text as NumPy writes it.
class NpyHeaderParser {
 public:
  NpyHeaderParser(std::string_view text, std::string_view name) : text_(text), name_(name) {}

  void Parse(NpyArray& array) {
    bool type = false, order = false, shape = false;
    Take("{");
    while (!Try("}")) {
      const std::string_view key = Quoted();
      Take(":");
      if (key == "descr" && !type) {
        type = true;
        array.type = Type();
      } else if (key == "fortran_order" && !order) {
        order = true;
        if (Try("True"))
          throw Error("{}: fortran_order is True, expected False: rows first (numpy.ascontiguousarray)", name_);
        Take("False");
      } else if (key == "shape" && !shape) {
        shape = true;
        array.shape = Shape();
      } else {
        Refuse();
      }
      if (Try(",")) continue;
      Take("}");
      break;
    }
    SkipBlanks();
    if (!text_.empty() || !type || !order || !shape) Refuse();
  }

 private:
  [[noreturn]] void Refuse() const {
    throw Error("{}: header is damaged, expected {{'descr': ..., 'fortran_order': False, 'shape': (...), }}", name_);
  }

  void SkipBlanks() {
    while (!text_.empty() && (text_.front() == ' ' || text_.front() == '\n')) text_.remove_prefix(1);
  }

  bool Try(std::string_view word) {
    SkipBlanks();
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }

  void Take(std::string_view word) {
    if (!Try(word)) Refuse();
  }

  std::string_view Quoted() {
    Take("'");
    const size_t end = text_.find('\'');
    if (end == std::string_view::npos) Refuse();
    const std::string_view word = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    return word;
  }

  NpyType Type() {
    SkipBlanks();
    if (text_.starts_with('[')) throw Error("{}: descr is a list, expected one element type", name_);
    const std::string_view word = Quoted();
    for (size_t i = 0; i < kNpyTypes.size(); ++i) {
      if (word == kNpyTypes[i].name || word == kNpyTypes[i].other_name) return static_cast<NpyType>(i);
    }
    throw Error("{}: descr is '{}', expected '|u1', '<i4', '<i8', '<f4' or '<f8'", name_, word.substr(0, 20));
  }

  std::vector<uint64_t> Shape() {
    std::vector<uint64_t> shape;
    Take("(");
    while (!Try(")")) {
      SkipBlanks();
      uint64_t extent = 0;
      const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), extent);
      if (error != std::errc() || shape.size() == kMaxDimensions) Refuse();
      text_.remove_prefix(static_cast<size_t>(end - text_.data()));
      shape.push_back(extent);
      if (Try(",")) continue;
      Take(")");
      if (shape.size() == 1) Refuse();  // (3) is a number, (3,) a shape
      break;
    }
    return shape;
  }

  std::string_view text_, name_;
};

// The product of `shape`; none where it is beyond any file's.
std::optional<uint64_t> Elements(const std::vector<uint64_t>& shape) {
  if (std::find(shape.begin(), shape.end(), 0u) != shape.end()) return 0;
  uint64_t product = 1;
  for (const uint64_t extent : shape) {
    if (extent > kMaxElements / product) return std::nullopt;
    product *= extent;
  }
  return product;
}

}  // namespace

std::string_view Name(NpyType type) { return kNpyTypes[static_cast<size_t>(type)].name; }
size_t SizeOf(NpyType type) { return kNpyTypes[static_cast<size_t>(type)].size; }

NpyArray ParseNpy(std::span<const uint8_t> file, std::string_view name) {
  const std::string_view all(reinterpret_cast<const char*>(file.data()), file.size());
  if (!all.starts_with(kNpyMagic)) {
    const std::string kind = KindOf(all);
    throw Error("{}: {}, expected a NumPy array (.npy)", name, kind.empty() ? "does not begin as one" : "is " + kind);
  }
  constexpr size_t kVersionAt = 6, kLengthAt = 8;
  const int version = all.size() > kVersionAt ? file[kVersionAt] : 0;
  if (version != 1 && version != 2) throw Error("{}: .npy format {}, expected 1 or 2", name, version);
  const size_t length_bytes = version == 1 ? 2 : 4;
  const size_t begin = kLengthAt + length_bytes;
  if (file.size() < begin) throw Error("{}: ends within its header", name);
  size_t length = 0;
  for (size_t i = 0; i < length_bytes; ++i) length |= size_t{file[kLengthAt + i]} << (8 * i);
  constexpr size_t kMaxNpyHeader = size_t{1} << 16;
  if (length > kMaxNpyHeader || length > file.size() - begin) {
    throw Error("{}: header length is {}, expected at most {}", name, length,
                std::min(kMaxNpyHeader, file.size() - begin));
  }
  NpyArray array;
  NpyHeaderParser(all.substr(begin, length), name).Parse(array);
  const std::optional<uint64_t> count = Elements(array.shape);
  array.bytes = file.subspan(begin + length);
  if (!count || *count * SizeOf(array.type) != array.bytes.size()) {
    throw Error("{}: {} bytes of data, expected those of ({}) elements '{}'", name, array.bytes.size(),
                fmt::join(array.shape, ", "), Name(array.type));
  }
  array.count = *count;
  return array;
}

}  // namespace fplab::nets
