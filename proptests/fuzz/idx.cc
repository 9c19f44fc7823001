// Fuzzes IDX files, plain and gzip: what is read is the array that the header says, however it is asked for, and
// encodes to the same bytes. SPDX-License-Identifier: Apache-2.0
#include <string>

#include <fplab/nets/data/idx_reader.h>
#include "proptests/fuzz/fuzz.h"
#include "proptests/support/idx_files.h"

namespace fplab::fuzz {
namespace {

constexpr size_t kMostBytes = size_t{1} << 24;

void Try(FuzzedDataProvider& input) {
  const int dimensions = input.ConsumeIntegralInRange(1, 3);
  const std::string bytes = input.ConsumeRemainingBytesAsString();
  nets::IdxArray array;
  if (!Accepted([&] {
        nets::ByteReader reader(bytes, "input");
        array = nets::ReadIdx(reader, dimensions);
      })) {
    return;
  }
  uint64_t product = 1;
  for (const uint32_t extent : array.shape) product *= extent;
  Require(array.shape.size() == static_cast<size_t>(dimensions), "the array has the dimensions asked for");
  Require(array.bytes.size() == product, "the array has as many bytes as its shape says");
  nets::ByteReader reader(bytes, "input");
  Require(nets::ReadAll(reader, kMostBytes) == Idx(array.shape, Text(array.bytes.data(), array.bytes.size())),
          "what decodes, encodes to the same bytes");
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  fplab::fuzz::Try(input);
  return 0;
}
