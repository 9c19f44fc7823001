// First bytes and what they tell.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/file_kind.h>

#include <algorithm>
#include <utility>

namespace fplab::nets {
namespace {

using namespace std::string_view_literals;

constexpr std::pair<std::string_view, std::string_view> kSignatures[] = {
    {"PK\x03\x04"sv, "a zip archive"},
    {"\x93NUMPY"sv, "a NumPy array (.npy)"},
    {"\x1f\x8b"sv, "gzip data"},
    {"\xfd\x37zXZ"sv, "xz data"},
    {"BZh"sv, "bzip2 data"},
    {"\x28\xb5\x2f\xfd"sv, "zstd data"},
    {"7z\xbc\xaf\x27\x1c"sv, "a 7z archive"},
    {"Rar!\x1a"sv, "a RAR archive"},
    {"\x89HDF\r\n"sv, "an HDF5 file"},
    {"\x89PNG"sv, "a PNG image"},
    {"\xff\xd8\xff"sv, "a JPEG image"},
    {"\x80\x02"sv, "a Python pickle"},
    {"\x80\x03"sv, "a Python pickle"},
    {"\x80\x04"sv, "a Python pickle"},
    {"\x80\x05"sv, "a Python pickle"},
    {"version https://git-lfs"sv, "a Git LFS pointer, not the file that it stands for"},
};

bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool IsText(char c) { return IsBlank(c) || (c >= ' ' && c <= '~'); }

// Whether `text` begins with `word`, which is in lower case, in whatever case.
bool BeginsAnyCase(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && std::equal(word.begin(), word.end(), text.begin(), [](char w, char t) {
           return w == (t >= 'A' && t <= 'Z' ? static_cast<char>(t - 'A' + 'a') : t);
         });
}

}  // namespace

std::string KindOf(std::string_view head) {
  head = head.substr(0, kKindBytes);
  for (const auto& [signature, kind] : kSignatures) {
    if (head.starts_with(signature)) return std::string(kind);
  }
  const auto begin = std::find_if_not(head.begin(), head.end(), IsBlank);
  if (head.size() >= 4 && begin == head.end()) return "blank text";
  const std::string_view text(begin, head.end());
  for (const std::string_view tag : {"<!doctype html", "<html", "<head", "<body"}) {
    if (BeginsAnyCase(text, tag)) return "an HTML page";
  }
  if (text.starts_with("<?xml")) return "an XML document";
  constexpr size_t kLeast = 4, kQuoted = 40;
  if (text.size() < kLeast || !std::all_of(text.begin(), text.end(), IsText)) return {};
  const auto end = std::find_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; });
  const std::string_view line(text.begin(), end);
  return "text beginning \"" + std::string(line.substr(0, kQuoted)) + (line.size() > kQuoted ? "...\"" : "\"");
}

}  // namespace fplab::nets
