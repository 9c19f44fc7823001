// IDX files: what is written comes back, everything else is refused in one line, and no header can make memory grow.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/idx_reader.h>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <numeric>

#include "proptests/support/idx_files.h"
#include "proptests/support/scratch_folder.h"

namespace {
size_t largest_allocation = 0;
}

// Every allocation of this program passes here, so that a test can ask for the largest. Inlined, GCC takes the pairs
// for mismatched.
[[gnu::noinline]] void* operator new(size_t size) {
  largest_allocation = std::max(largest_allocation, size);
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace fplab::nets {
namespace {

IdxArray Parse(std::string_view bytes, int dimensions) {
  ByteReader reader(bytes, "memory");
  return ReadIdx(reader, dimensions);
}

std::string Refusal(std::string_view bytes, int dimensions) {
  return ErrorOf([&] { Parse(bytes, dimensions); });
}

struct Sample {
  std::vector<uint32_t> shape;
  std::string data;
};

Sample AnySample() {
  Sample sample;
  const int dimensions = *rc::gen::inRange(1, 4);
  sample.shape = *rc::gen::container<std::vector<uint32_t>>(dimensions, rc::gen::inRange<uint32_t>(1, 12));
  const auto size = std::accumulate(sample.shape.begin(), sample.shape.end(), 1u, std::multiplies<>());
  sample.data = *rc::gen::container<std::string>(size, rc::gen::arbitrary<char>());
  return sample;
}

RC_GTEST_PROP(Idx, AnArrayComesBackFromAPlainFileAndFromGzip, ()) {
  const Sample sample = AnySample();
  const int dimensions = static_cast<int>(sample.shape.size());
  const std::string plain = Idx(sample.shape, sample.data);
  const size_t split = *rc::gen::inRange<size_t>(0, plain.size() + 1);
  const std::string two_members = Gzip(plain.substr(0, split)) + Gzip(plain.substr(split));
  for (const std::string& bytes : {plain, Gzip(plain), two_members}) {
    const IdxArray array = Parse(bytes, dimensions);
    RC_ASSERT(array.shape == sample.shape);
    RC_ASSERT(std::string(array.bytes.begin(), array.bytes.end()) == sample.data);
  }
}

RC_GTEST_PROP(Idx, EveryTruncationIsRefused, ()) {
  const Sample sample = AnySample();
  const std::string plain = Idx(sample.shape, sample.data);
  for (const std::string& bytes : {plain, Gzip(plain)}) {
    const size_t size = *rc::gen::inRange<size_t>(0, bytes.size());
    RC_ASSERT(Contains(Refusal(bytes.substr(0, size), static_cast<int>(sample.shape.size())), "memory: "));
  }
}

RC_GTEST_PROP(Idx, TrailingBytesAreRefused, (const std::vector<char>& tail)) {
  RC_PRE(!tail.empty());
  const std::string plain = Idx({2, 3}, "abcdef"), extra(tail.begin(), tail.end());
  for (const std::string& bytes : {plain + extra, Gzip(plain) + extra, Gzip(plain + extra)}) {
    RC_ASSERT(Contains(Refusal(bytes, 2), "memory: "));
  }
}

RC_GTEST_PROP(Idx, AFlippedByteOfAGzipFileIsRefusedOrChangesNothing, ()) {
  const Sample sample = AnySample();
  std::string bytes = Gzip(Idx(sample.shape, sample.data));
  bytes[*rc::gen::inRange<size_t>(2, bytes.size())] ^= static_cast<char>(*rc::gen::inRange(1, 256));
  try {
    const IdxArray array = Parse(bytes, static_cast<int>(sample.shape.size()));
    RC_ASSERT(array.shape == sample.shape);
    RC_ASSERT(std::string(array.bytes.begin(), array.bytes.end()) == sample.data);
  } catch (const Error&) {
  }
}

RC_GTEST_PROP(Idx, GarbageIsRefused, (const std::string& garbage)) {
  RC_ASSERT(Contains(Refusal(garbage, 3), "memory: "));
  RC_ASSERT(Contains(Refusal("\x1f\x8b" + garbage, 3), "memory: gzip data "));
}

TEST(Idx, AHeaderThatPromisesTwoToThe31ImagesAllocatesNothingLarge) {
  const std::string plain = Idx({1u << 31, 28, 28}, std::string(784, 'x'));
  const std::string zipped = Gzip(plain), zipped_large = Gzip(Idx({1u << 31, 28, 28}, std::string(10 << 20, 'x')));
  largest_allocation = 0;
  EXPECT_EQ(Refusal(plain, 3), "memory: header promises 2147483648 x 28 x 28 bytes, expected at most 1073741824");
  EXPECT_EQ(Refusal(zipped, 3), "memory: header promises 2147483648 x 28 x 28 bytes, expected at most 1073741824");
  EXPECT_EQ(Refusal(zipped_large, 3), Refusal(zipped, 3));
  EXPECT_LT(largest_allocation, size_t{1} << 20);
}

TEST(Idx, DimensionsWhoseProductWrapsAreRefused) {
  EXPECT_TRUE(Contains(Refusal(IdxHeader({1u << 31, 1u << 31, 4}), 3), "2147483648 x 2147483648 x 4"));
  EXPECT_TRUE(Contains(Refusal(IdxHeader({0xffffffff, 0xffffffff, 0xffffffff}), 3), "expected at most"));
}

TEST(Idx, MoreThanTheFileCanHoldIsRefusedBeforeAllocation) {
  const std::string plain = Idx({1000000, 28, 28}, "x"), zipped = Gzip(plain);
  largest_allocation = 0;
  EXPECT_EQ(Refusal(plain, 3), "memory: header promises 1000000 x 28 x 28 bytes, the file holds 1");
  EXPECT_TRUE(Contains(Refusal(zipped, 3), "header promises 1000000 x 28 x 28 bytes, the file holds at most"));
  EXPECT_LT(largest_allocation, size_t{1} << 20);
}

TEST(Idx, AGzipBombIsReadNoFurtherThanItsHeaderSays) {
  const std::string bomb = Gzip(Idx({10}, std::string(64 << 20, '\0')));
  largest_allocation = 0;
  EXPECT_EQ(Refusal(bomb, 1), "memory: bytes follow the 10 that the header promises");
  EXPECT_LT(largest_allocation, size_t{2} << 20);
}

TEST(Idx, AWrongMagicNumberIsNamed) {
  const std::string labels = Idx({3}, "abc");
  EXPECT_EQ(Refusal(labels, 3),
            "memory: magic number is 0x00000801, expected 0x00000803 (unsigned bytes in 3 dimensions)");
  const std::string floats = BigEndian(0x0d01) + BigEndian(1) + "abcd";
  EXPECT_TRUE(Contains(Refusal(floats, 1), "0x00000d01, expected 0x00000801"));
}

TEST(Idx, AnEmptyFileAndAnEmptyDimensionAreRefused) {
  EXPECT_TRUE(Contains(Refusal("", 1), "ends before its magic number"));
  EXPECT_TRUE(Contains(Refusal(Idx({0}, ""), 1), "empty dimension"));
  EXPECT_TRUE(Contains(Refusal(Idx({5, 0, 28}, ""), 3), "empty dimension"));
}

TEST(Idx, AFolderAMissingFileAndAPipeAreRefused) {
  const ScratchFolder scratch;
  EXPECT_TRUE(Contains(ErrorOf([&] { ReadIdx(scratch.path(), 1); }), "is a folder, expected a file"));
  const std::string missing = ErrorOf([&] { ReadIdx(scratch / "missing", 1); });
  EXPECT_TRUE(Contains(missing, (scratch / "missing").string())) << missing;
  ASSERT_EQ(::mkfifo((scratch / "pipe").c_str(), 0600), 0);
  EXPECT_TRUE(Contains(ErrorOf([&] { ReadIdx(scratch / "pipe", 1); }), "not a regular file"));
}

class IdxImages : public ::testing::Test {
 protected:
  std::string Refuse(const std::string& images, const std::string& labels) {
    Put(scratch_ / "images", images);
    Put(scratch_ / "labels", labels);
    return ErrorOf([&] { ReadIdxImages(scratch_ / "images", scratch_ / "labels"); });
  }
  ScratchFolder scratch_;
};

TEST_F(IdxImages, PixelsBecomeCorrectlyRoundedFractionsOf255) {
  std::string all(256, '\0');
  std::iota(all.begin(), all.end(), '\0');
  Put(scratch_ / "images", Idx({4, 16, 4}, all));
  Put(scratch_ / "labels", Gzip(Idx({4}, std::string("\0\x09\x03\x01", 4))));
  const Dataset data = ReadIdxImages(scratch_ / "images", scratch_ / "labels");
  EXPECT_EQ(data.count(), 4);
  EXPECT_EQ(data.features, 64);
  EXPECT_EQ(data.image_height, 16);
  EXPECT_EQ(data.image_width, 4);
  EXPECT_EQ(data.classes, 10);
  EXPECT_EQ(data.y, (std::vector<uint8_t>{0, 9, 3, 1}));
  ASSERT_EQ(data.x.size(), 256u);
  for (int i = 0; i < 256; ++i) {
    // Rounding a quotient first to 53 >= 2*24+2 bits and then to 24 is rounding it once (Figueroa 1995).
    EXPECT_EQ(data.x[static_cast<size_t>(i)], static_cast<float>(i / 255.0));
  }
  EXPECT_EQ(data.Sample(1)[0], data.x[64]);
}

TEST_F(IdxImages, CountsThatDifferAreRefused) {
  const std::string message = Refuse(Idx({2, 1, 1}, "ab"), Idx({3}, std::string(3, '\0')));
  EXPECT_TRUE(Contains(message, "labels: 3 labels, expected 2")) << message;
}

TEST_F(IdxImages, AbsurdlyWideImagesAreRefused) {
  const std::string message = Refuse(Idx({1, 1, 20000}, std::string(20000, 'x')), Idx({1}, std::string(1, '\0')));
  EXPECT_TRUE(Contains(message, "images of 1 x 20000 pixels")) << message;
}

TEST_F(IdxImages, ImagesAndLabelsInterchangedAreRefused) {
  EXPECT_TRUE(Contains(Refuse(Idx({1}, "a"), Idx({1, 1, 1}, "b")), "labels: magic number is 0x00000803"));
}

}  // namespace
}  // namespace fplab::nets
