// Fuzzes images and labels as pairs of IDX files: what is read of them are the pixels and classes that they hold.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include <fplab/nets/data/idx_reader.h>
#include "proptests/fuzz/fuzz.h"
#include "proptests/support/idx_files.h"

namespace fplab::fuzz {
namespace {

// An array that says of itself what it is, or almost.
std::string Array(FuzzedDataProvider& input, size_t dimensions) {
  std::vector<uint32_t> shape;
  size_t product = 1;
  for (size_t i = 0; i < dimensions; ++i) {
    shape.push_back(input.ConsumeIntegralInRange<uint32_t>(0, 9));
    product *= shape.back();
  }
  if (dimensions == 3 && input.ConsumeBool()) {  // images that are wider than any are taken
    shape = {1, 1, (1u << 14) + input.ConsumeIntegralInRange<uint32_t>(0, 1)};
    product = shape[2];
  }
  std::string data = input.ConsumeBytesAsString(product);
  data.resize(product - std::min<size_t>(product, input.ConsumeIntegralInRange<size_t>(0, 1)), '\3');
  const std::string idx = Idx(shape, data);
  return input.ConsumeBool() ? Gzip(idx) : idx;
}

void Try(FuzzedDataProvider& input) {
  const std::string label_bytes = Array(input, 1), image_bytes = Array(input, 3);
  const auto labels = FileOf("labels", label_bytes);
  auto images = FileOf("images", image_bytes);
  const int elsewhere = input.ConsumeIntegralInRange(0, 15);
  if (elsewhere == 1) images = Folder() / "missing";
  if (elsewhere == 2) images = Folder().path();
  if (elsewhere == 3) images = "/dev/null";
  nets::Dataset data;
  if (!Accepted([&] { data = nets::ReadIdxImages(images, labels); })) return;
  nets::ByteReader label_reader(label_bytes, "labels"), image_reader(image_bytes, "images");
  const nets::IdxArray y = nets::ReadIdx(label_reader, 1), x = nets::ReadIdx(image_reader, 3);
  Require(data.y == y.bytes, "labels are the bytes");
  Require(*std::max_element(data.y.begin(), data.y.end()) + 1 == data.classes, "the largest label is the last class");
  Require(x.shape == std::vector<uint32_t>{y.shape[0], static_cast<uint32_t>(data.image_height),
                                           static_cast<uint32_t>(data.image_width)},
          "there is an image for every label");
  Require(data.features == data.image_height * data.image_width, "a feature is a pixel");
  Require(data.x == nets::ScalePixels(x.bytes), "pixels are the bytes");
  nets::Validate(data);
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  fplab::fuzz::Try(input);
  return 0;
}
