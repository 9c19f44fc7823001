// Safetensors files whose headers ask for more memory than the file has bytes: refused before any is taken.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <cstring>
#include <new>

#include <fplab/nets/files/safetensors.h>
#include "proptests/support/scratch_folder.h"

namespace {

std::atomic<size_t> allocated{0};  // bytes asked for so far

}  // namespace

// Every allocation of the program goes through these. Inlined, GCC would see free() of what operator new returned.
[[gnu::noinline]] void* operator new(size_t size) {
  allocated += size;
  if (void* memory = ::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { ::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { ::free(memory); }

namespace fplab::nets {
namespace {

std::string File(const std::string& header, size_t data) {
  const uint64_t length = header.size();
  std::string bytes(sizeof(length), '\0');
  std::memcpy(bytes.data(), &length, sizeof(length));
  return bytes + header + std::string(data, '\0');
}

// `tensors` of U8, each with the bytes from 0 to `size`.
std::string Overlapping(int tensors, size_t size) {
  std::string header = "{";
  for (int i = 0; i < tensors; ++i) {
    header +=
        fmt::format(R"({}"{:x}":{{"dtype":"U8","shape":[{}],"data_offsets":[0,{}]}})", i > 0 ? "," : "", i, size, size);
  }
  return File(header + "}", size);
}

// Bytes asked for while `bytes` are decoded and refused with a message that says `reason`.
size_t AllocatedFor(const std::string& bytes, const std::string& reason) {
  const size_t before = allocated;
  const std::string message = ErrorOf([&] { DecodeSafetensors(bytes, "file"); });
  const size_t used = allocated - before;
  EXPECT_TRUE(Contains(message, reason)) << message;
  return used;
}

TEST(SafetensorsMemory, TensorsThatOverlapAreRefusedBeforeTheirDataAreCopied) {
  const std::string bytes = Overlapping(12000, size_t{1} << 20);
  ASSERT_LT(bytes.size(), 2u << 20);
  // In the header's JSON each of 70 bytes makes some 20 allocations of 50 bytes or so, vectors that double among them.
  EXPECT_LT(AllocatedFor(bytes, "data_offsets is 0, expected a tensor at 1048576"), 64 * bytes.size());
  // A large file of few tensors: nothing of the size of its data.
  const std::string large = Overlapping(3, size_t{1} << 26);
  EXPECT_LT(AllocatedFor(large, "data_offsets is 0"), size_t{1} << 16);
}

TEST(SafetensorsMemory, AHeaderOfBracketsOrOfManyNumbersCostsASmallMultipleOfItsSize) {
  const size_t size = size_t{1} << 20;
  EXPECT_LT(AllocatedFor(File("{\"a\":" + std::string(size - 5, '['), 0), "nested too deeply"), 4 * size);
  std::string zeros = R"({"a":{"dtype":"U8","data_offsets":[0,0],"shape":[0)";
  while (zeros.size() + 8 < size) zeros += ",0";
  // A value of JSON has 16 bytes, for two characters; the list doubles and is copied.
  EXPECT_LT(AllocatedFor(File(zeros + "]}}", 0), "sha256"), 100 * size);
}

// Were each name looked for among all before it, or each object's neighbours gone through at its end, this would take
// minutes.
TEST(SafetensorsMemory, AHeaderOfAHundredThousandNamesCostsAsMuchMemoryAndIsRefusedAtTheFirst) {
  const size_t size = size_t{1} << 20;
  std::string header = "{\"0\":{}";
  for (int i = 1; header.size() + 20 < size; ++i) header += fmt::format(",\"{:x}\":{{}}", i);
  // Two nodes of a tree for nine characters, with a string and a map each.
  EXPECT_LT(AllocatedFor(File(header + "}", 0), "expected a name with dtype, shape and data_offsets"), 64 * size);
}

}  // namespace
}  // namespace fplab::nets
