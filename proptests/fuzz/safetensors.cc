// Fuzzes safetensors: what decodes, encodes to the same bytes, and what is encoded, decodes to the same tensors.
// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <string>
#include <vector>

#include <fplab/nets/files/safetensors.h>
#include "proptests/fuzz/fuzz.h"

namespace fplab::fuzz {
namespace {

using nets::Safetensors;
using nets::Tensor;

void RequireInverse(const Safetensors& content, const std::string& bytes) {
  const Safetensors again = nets::DecodeSafetensors(bytes, "again");
  Require(again.metadata == content.metadata, "metadata survives");
  Require(again.tensors.size() == content.tensors.size(), "every tensor survives");
  Require(nets::EncodeSafetensors(again) == bytes, "what decodes, encodes to the same bytes");
}

void Decode(const std::string& bytes) {
  Safetensors content;
  Accepted([&] { content = nets::DecodeForeignSafetensors(bytes, "input"); });
  if (!Accepted([&] { content = nets::DecodeSafetensors(bytes, "input"); })) return;
  Require(nets::EncodeSafetensors(content) == bytes, "what decodes, encodes to the same bytes");
}

template <typename T>
nets::TensorData Elements(FuzzedDataProvider& input, size_t count) {
  std::vector<T> elements(count);
  for (T& element : elements) {
    const auto bits = input.ConsumeIntegral<uint64_t>();
    std::memcpy(&element, &bits, sizeof(T));
  }
  return elements;
}

// Tensors of any names and shapes, with digests that are right: this is how the fuzzer gets behind them.
void Encode(FuzzedDataProvider& input) {
  Safetensors content;
  std::vector<std::string> names;
  for (int i = input.ConsumeIntegralInRange(0, 4); i > 0; --i) {
    Tensor tensor;
    tensor.name = input.ConsumeRandomLengthString(16);
    for (const std::string& name : names) {
      if (tensor.name == name) return;
    }
    if (tensor.name.empty() || tensor.name == "__metadata__") return;
    names.push_back(tensor.name);
    size_t count = 1;
    for (int d = input.ConsumeIntegralInRange(0, 3); d > 0; --d) {
      tensor.shape.push_back(input.ConsumeIntegralInRange(0, 5));
      count *= static_cast<size_t>(tensor.shape.back());
    }
    switch (input.ConsumeIntegralInRange(0, 3)) {
      case 0:
        tensor.data = Elements<float>(input, count);
        break;
      case 1:
        tensor.data = Elements<uint8_t>(input, count);
        break;
      case 2:
        tensor.data = Elements<int64_t>(input, count);
        break;
      default:
        tensor.data = Elements<uint64_t>(input, count);
    }
    content.tensors.push_back(std::move(tensor));
  }
  for (int i = input.ConsumeIntegralInRange(0, 3); i > 0; --i) {
    const std::string key = input.ConsumeRandomLengthString(8);
    content.metadata[key] = input.ConsumeRandomLengthString(16);
  }
  content.metadata.erase("tensors_sha256");
  content.metadata.erase("metadata_sha256");
  std::string bytes;
  if (Accepted([&] { bytes = nets::EncodeSafetensors(content); })) RequireInverse(content, bytes);
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  if (input.ConsumeBool()) {
    fplab::fuzz::Encode(input);
  } else {
    fplab::fuzz::Decode(input.ConsumeRemainingBytesAsString());
  }
  return 0;
}
