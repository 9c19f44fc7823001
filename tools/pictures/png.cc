// PNG's chunks, with zlib's deflate.
// SPDX-License-Identifier: Apache-2.0
#include "tools/pictures/png.h"

#include <zlib.h>

#include <fplab/fparith/float/error.h>

namespace fplab::tools {
namespace {

std::string BigEndian(uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>((value >> shift) & 0xff);
  return bytes;
}

std::string Chunk(std::string_view type, std::string_view data) {
  const std::string body = std::string(type) + std::string(data);
  const auto* bytes = reinterpret_cast<const Bytef*>(body.data());
  return BigEndian(static_cast<uint32_t>(data.size())) + body +
         BigEndian(static_cast<uint32_t>(crc32(0, bytes, static_cast<uInt>(body.size()))));
}

std::string Deflate(std::string_view raw) {
  uLongf size = compressBound(raw.size());
  std::string packed(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(raw.data()), raw.size(),
                Z_BEST_COMPRESSION) != Z_OK) {
    throw Error("an image cannot be compressed");
  }
  packed.resize(size);
  return packed;
}

}  // namespace

std::string EncodePng(const Image& image) {
  std::string raw;
  for (size_t i = 0; i < image.pixels.size(); ++i) {
    if (i % static_cast<size_t>(image.width) == 0) raw += '\0';  // each row begins with its filter: none
    for (const uint8_t channel : image.pixels[i]) raw += static_cast<char>(channel);
  }
  // Depth 8, colour type 2 (true colour), deflate, adaptive filters, not interlaced.
  const std::string header = BigEndian(static_cast<uint32_t>(image.width)) +
                             BigEndian(static_cast<uint32_t>(image.height)) + std::string("\x08\x02\x00\x00\x00", 5);
  return "\x89PNG\r\n\x1a\n" + Chunk("IHDR", header) + Chunk("IDAT", Deflate(raw)) + Chunk("IEND", "");
}

std::string Base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t count = std::min<size_t>(3, bytes.size() - i);
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j) group = group << 8 | (j < count ? static_cast<uint8_t>(bytes[i + j]) : 0u);
    for (size_t j = 0; j < 4; ++j) text += j <= count ? kDigits[group >> (18 - 6 * j) & 63] : '=';
  }
  return text;
}

std::string PngUri(const Image& image) { return "data:image/png;base64," + Base64(EncodePng(image)); }

}  // namespace fplab::tools
