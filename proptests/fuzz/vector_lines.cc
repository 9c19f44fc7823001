// Fuzzes TestFloat's vector lines: what is read, written and read again is the same.
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "proptests/fuzz/fuzz.h"
#include "tools/vectors/vectors_stream.h"

namespace fplab::fuzz {
namespace {

using tools::VectorBlock;

constexpr const char* kFunctions[] = {"f32_add", "f64_mulAdd", "f16_sqrt", "f32_to_i64", "ui32_to_f16", "f64_lt_quiet"};

// All lines of `text`, up to the first error; whether there was none.
bool ReadAllLines(const std::string& text, const model::Function& function, bool with_expected, VectorBlock& all) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      ::fmemopen(const_cast<char*>(text.data()), text.size(), "r"), std::fclose);
  if (file == nullptr) return false;
  tools::VectorReader reader(file.get(), "input", function, with_expected);
  VectorBlock block;
  return Accepted([&] {
    while (reader.Read(block)) {
      all.a.insert(all.a.end(), block.a.begin(), block.a.end());
      all.b.insert(all.b.end(), block.b.begin(), block.b.end());
      all.c.insert(all.c.end(), block.c.begin(), block.c.end());
      all.expected.insert(all.expected.end(), block.expected.begin(), block.expected.end());
    }
  });
}

void Try(FuzzedDataProvider& input) {
  const model::Function function = model::ParseFunction(input.PickValueInArray(kFunctions));
  const bool with_expected = input.ConsumeBool();
  const std::string text = input.ConsumeRemainingBytesAsString();
  if (text.empty()) return;
  VectorBlock read;
  if (!ReadAllLines(text, function, with_expected, read) || read.size() == 0) return;
  std::vector<model::Outcome> outcomes = read.expected;
  if (!with_expected) outcomes.assign(read.size(), {0, 0});
  std::string written;
  tools::AppendVectorLines(function, read, outcomes, written);
  VectorBlock again;
  Require(ReadAllLines(written, function, /*with_expected=*/true, again), "lines that were written are read");
  Require(again.a == read.a && again.b == read.b && again.c == read.c, "operands are read as they were written");
  Require(again.expected == outcomes, "results and flags are read as they were written");
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  fplab::fuzz::Try(input);
  return 0;
}
