// Operands for the tests of kernels/.
// SPDX-License-Identifier: Apache-2.0
#include "proptests/support/kernel_data.h"

#include <fmt/format.h>

#include <string>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/text/bits_text.h>

namespace fplab {
namespace {

uint32_t SignOf(WordSource& source) { return source.Below(2) << 31; }

// A random fraction, half of the time with few bits set at one end or the other, so that sums and products round at
// ties, and carry across exponents.
uint32_t DrawFraction(WordSource& source) {
  const uint32_t fraction = source.Below(1u << 23);
  switch (source.Below(6)) {
    case 0:
      return fraction & (0x7fffffu << source.Below(23)) & 0x7fffff;
    case 1:
      return source.Below(4);
    case 2:
      return 0x7fffff - source.Below(4);
    default:
      return fraction;
  }
}

// Exponent field uniform in [low, high].
float DrawMagnitude(WordSource& source, uint32_t low, uint32_t high) {
  const uint32_t field = low + source.Below(high - low + 1);
  return FloatFromBits(SignOf(source) | field << 23 | DrawFraction(source));
}

float DrawSpecial(WordSource& source) {
  constexpr uint32_t kPatterns[] = {0x00000000, 0x00000000, 0x7f800000, 0x7fc00000, 0x7f800001, 0x7fbfffff};
  return FloatFromBits(SignOf(source) | kPatterns[source.Below(std::size(kPatterns))]);
}

float DrawSubnormal(WordSource& source) {
  switch (source.Below(8)) {
    case 0:
      return FloatFromBits(SignOf(source));
    case 1:
    case 2:  // lifts a subnormal into the normal range, or sinks a normal number
      return DrawMagnitude(source, 127 - 3, 127 + 24);
    default:
      return FloatFromBits(SignOf(source) | DrawFraction(source) >> source.Below(23));
  }
}

float DrawBoundary(WordSource& source) {
  constexpr uint32_t kCentres[] = {0x00000004, 0x00400000, 0x00800000, 0x00800000, 0x01000000,
                                   0x3f000000, 0x3f800000, 0x3f800000, 0x40000000, 0x7f7ffffb};
  const uint32_t centre =
      source.Below(3) == 0 ? (1 + source.Below(254)) << 23 : kCentres[source.Below(std::size(kCentres))];
  return FloatFromBits(SignOf(source) | (centre + source.Below(9) - 4));
}

}  // namespace

uint64_t WordSource::Next() {
  uint64_t z = state_ += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

std::string_view Name(Palette palette) {
  constexpr std::string_view kNames[] = {"ordinary", "subnormal", "underflow", "boundary", "mixed", "everything"};
  return kNames[static_cast<int>(palette)];
}

float DrawFloat(WordSource& source, Palette palette) {
  switch (palette) {
    case Palette::kOrdinary:
      return DrawMagnitude(source, 127 - 4, 127 + 4);
    case Palette::kSubnormal:
      return DrawSubnormal(source);
    case Palette::kUnderflow:
      return DrawMagnitude(source, 127 - 66, 127 - 61);
    case Palette::kBoundary:
      return DrawBoundary(source);
    case Palette::kMixed:
      return DrawMagnitude(source, 0, 254);
    case Palette::kEverything:
      return source.Below(8) == 0 ? DrawSpecial(source) : FloatFromBits(static_cast<uint32_t>(source.Next() >> 32));
  }
  return 0.0f;
}

std::vector<float> DrawFloats(WordSource& source, Palette palette, size_t count) {
  std::vector<float> values(count);
  for (float& x : values) x = DrawFloat(source, palette);
  return values;
}

kernels::PanelMatrix DrawPanels(WordSource& source, Palette palette, int rows, int cols) {
  kernels::PanelMatrix matrix(rows, cols);
  for (float& x : matrix.buffer()) x = FloatFromBits(0x7f800001);
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < cols; ++c) matrix.At(r, c) = DrawFloat(source, palette);
  }
  return matrix;
}

bool SameMatrix(kernels::ConstPanelView found, kernels::ConstPanelView expected, std::string* difference) {
  if (found.rows != expected.rows || found.cols != expected.cols) {
    *difference = "shapes differ";
    return false;
  }
  for (int r = 0; r < found.rows; ++r) {
    for (int c = 0; c < found.cols; ++c) {
      if (SameBits(found.At(r, c), expected.At(r, c))) continue;
      *difference =
          fmt::format("({}, {}): found {}, expected {}", r, c, Shown(found.At(r, c)), Shown(expected.At(r, c)));
      return false;
    }
  }
  return true;
}

bool SameArray(const std::vector<float>& found, const std::vector<float>& expected, std::string* difference) {
  if (found.size() != expected.size()) {
    *difference = "sizes differ";
    return false;
  }
  for (size_t i = 0; i < found.size(); ++i) {
    if (SameBits(found[i], expected[i])) continue;
    *difference = fmt::format("[{}]: found {}, expected {}", i, Shown(found[i]), Shown(expected[i]));
    return false;
  }
  return true;
}

}  // namespace fplab
