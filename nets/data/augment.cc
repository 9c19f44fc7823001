// Drawing offsets and moving images by them.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/augment.h>

#include <algorithm>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/error.h>
#include <fplab/kernels/random/random.h>
#include <fplab/nets/random/stream_names.h>

namespace fplab::nets {

void Validate(const AugmentConfig& config) { RequireRanges(config); }

void RequireFit(const AugmentConfig& config, const Dataset& data) {
  if (config.shift == 0) return;
  if (data.image_width == 0) {
    throw Error("shift: found {}, but the samples of {} are not images: expected 0", config.shift, data.name);
  }
  const int side = std::min(data.image_width, data.image_height);
  if (config.shift >= side) {
    throw Error("shift: found {}, expected less than {}, the smaller side of the images of {}", config.shift, side,
                data.name);
  }
}

std::vector<Offset> DrawOffsets(const AugmentConfig& config, int count, uint64_t seed, int epoch, int epochs,
                                kernels::Isa isa) {
  if (config.shift == 0 || epoch >= epochs - config.clean_epochs) return {};
  std::vector<uint32_t> bits(static_cast<size_t>(count));
  kernels::FillBits(ShiftOffsets(seed, epoch), bits.data(), bits.size(), isa);
  const auto side = 2 * static_cast<uint32_t>(config.shift) + 1;
  std::vector<Offset> offsets;
  offsets.reserve(bits.size());
  for (uint32_t word : bits) {
    const auto cell = static_cast<uint32_t>(uint64_t{word} * side * side >> 32);
    offsets.push_back({static_cast<int>(cell % side) - config.shift, static_cast<int>(cell / side) - config.shift});
  }
  return offsets;
}

void ShiftImage(std::span<const float> image, int width, Offset offset, std::span<float> out) {
  FPLAB_CHECK(width > 0 && image.size() == out.size() && image.size() % static_cast<size_t>(width) == 0,
              "shift: two images of the same whole number of rows");
  const int height = static_cast<int>(image.size()) / width;
  std::fill(out.begin(), out.end(), 0.0f);
  const int from = std::max(0, -offset.right), to = std::min(width, width - offset.right);
  if (from >= to) return;
  for (int y = std::max(0, -offset.down); y < std::min(height, height - offset.down); ++y) {
    std::copy_n(image.begin() + y * width + from, to - from,
                out.begin() + (y + offset.down) * width + from + offset.right);
  }
}

}  // namespace fplab::nets
