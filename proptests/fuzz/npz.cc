// Fuzzes NumPy's arrays and archives of them: what is read has the size that its header says, and is a data set.
// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <fplab/nets/data/npz_images.h>
#include <fplab/nets/files/npy.h>
#include "proptests/fuzz/fuzz.h"

namespace fplab::fuzz {
namespace {

void TryArray(const std::vector<uint8_t>& bytes) {
  nets::NpyArray array;
  if (!Accepted([&] { array = nets::ParseNpy(bytes, "input"); })) return;
  Require(array.bytes.size() == array.count * nets::SizeOf(array.type), "an array has the size of its elements");
  uint64_t product = 1;
  for (const uint64_t extent : array.shape) product *= extent;
  Require(product == array.count, "the number of elements is the product of the shape");
}

void TryImages(const std::vector<uint8_t>& bytes) {
  nets::TrainTest data;
  if (!Accepted([&] { data = nets::ReadNpzImages(bytes, "input"); })) return;
  nets::Validate(data.train);
  nets::Validate(data.test);
  Require(data.train.classes == data.test.classes && data.train.features == data.test.features, "the parts are alike");
  for (const float value : data.train.x) Require(value >= 0 && value <= 1, "values lie in 0..1");
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  const bool images = input.ConsumeIntegral<uint8_t>() % 2 != 0;
  const auto bytes = input.ConsumeRemainingBytes<uint8_t>();
  if (images) {
    fplab::fuzz::TryImages(bytes);
  } else {
    fplab::fuzz::TryArray(bytes);
  }
  return 0;
}
