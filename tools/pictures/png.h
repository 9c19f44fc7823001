// Small images for web pages: PNG files in memory, as data URIs.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PICTURES_PNG_H_
#define FPLAB_TOOLS_PICTURES_PNG_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fplab::tools {

using Rgb = std::array<uint8_t, 3>;

struct Image {
  Image(int w, int h, Rgb fill) : width(w), height(h), pixels(static_cast<size_t>(w) * static_cast<size_t>(h), fill) {}

  Rgb& At(int x, int y) { return pixels[static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)]; }

  int width, height;
  std::vector<Rgb> pixels;  // row by row from the top
};

// The bytes of a PNG file (W3C Portable Network Graphics, 2nd edition): 8 bits a channel, true colour. The image has at
// least one pixel.
std::string EncodePng(const Image& image);

// RFC 4648, with padding.
std::string Base64(std::string_view bytes);

// "data:image/png;base64,..."
std::string PngUri(const Image& image);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PICTURES_PNG_H_
