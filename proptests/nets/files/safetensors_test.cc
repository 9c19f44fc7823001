// Safetensors: tensors come back bit for bit, and a damaged or hostile file is refused in one line.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/safetensors.h>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>
#include <limits>
#include <numeric>

#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

template <typename T>
std::vector<T> AnyElements(size_t count) {
  return *rc::gen::container<std::vector<T>>(count, rc::gen::arbitrary<T>());
}

// Floats of any bit pattern: RapidCheck's own are never subnormal, infinite or NaN.
TensorData AnyData(size_t count) {
  switch (*rc::gen::inRange(0, 4)) {
    case 0: {
      std::vector<float> floats;
      for (uint32_t bits : AnyElements<uint32_t>(count)) floats.push_back(std::bit_cast<float>(bits));
      return floats;
    }
    case 1:
      return AnyElements<uint8_t>(count);
    case 2:
      return AnyElements<int64_t>(count);
    default:
      return AnyElements<uint64_t>(count);
  }
}

std::string AnyText() { return *rc::gen::string<std::string>(); }

// Valid UTF-8 with all that JSON must escape.
std::string AnyName(size_t serial) {
  const std::string odd =
      *rc::gen::element<std::string>("w", "layer.1", "\"quoted\"", "\\", "a\nb", "\u00e9\u2211", " ");
  return odd + std::to_string(serial);
}

Safetensors AnyContent() {
  Safetensors content;
  const size_t count = *rc::gen::inRange<size_t>(0, 5);
  for (size_t i = 0; i < count; ++i) {
    Tensor tensor{
        AnyName(i), *rc::gen::resize(3, rc::gen::container<std::vector<int64_t>>(rc::gen::inRange<int64_t>(0, 5))), {}};
    const int64_t size = std::accumulate(tensor.shape.begin(), tensor.shape.end(), int64_t{1}, std::multiplies<>());
    tensor.data = AnyData(static_cast<size_t>(size));
    content.tensors.push_back(tensor);
  }
  const size_t entries = *rc::gen::inRange<size_t>(0, 4);
  for (size_t i = 0; i < entries; ++i) content.metadata[AnyName(i)] = AnyName(i + 7);
  return content;
}

const Tensor* Find(const Safetensors& content, const std::string& name) {
  const auto at = std::find_if(content.tensors.begin(), content.tensors.end(), [&](auto& t) { return t.name == name; });
  return at == content.tensors.end() ? nullptr : &*at;
}

bool SameContent(const Safetensors& a, const Safetensors& b) {
  return a.metadata == b.metadata && a.tensors.size() == b.tensors.size() &&
         std::all_of(a.tensors.begin(), a.tensors.end(), [&](const Tensor& tensor) {
           const Tensor* other = Find(b, tensor.name);
           return other != nullptr && SameTensor(tensor, *other);
         });
}

// Whether decoding throws Error or gives `content`; anything else it could do fails the test.
bool RefusedOrSame(const std::string& bytes, const Safetensors& content) {
  try {
    return SameContent(DecodeSafetensors(bytes, "file"), content);
  } catch (const Error&) {
    return true;
  }
}

RC_GTEST_PROP(Safetensors, AnyTensorsAndMetadataComeBack, ()) {
  const Safetensors content = AnyContent();
  const std::string bytes = EncodeSafetensors(content);
  const Safetensors decoded = DecodeSafetensors(bytes, "file");
  RC_ASSERT(SameContent(decoded, content));
  RC_ASSERT(EncodeSafetensors(decoded) == bytes);
  RC_ASSERT(TensorDigest(decoded.tensors) == TensorDigest(content.tensors));
}

RC_GTEST_PROP(Safetensors, TheOrderInWhichTensorsAreGivenDoesNotMatter, ()) {
  Safetensors content = AnyContent();
  const std::string bytes = EncodeSafetensors(content);
  std::reverse(content.tensors.begin(), content.tensors.end());
  RC_ASSERT(EncodeSafetensors(content) == bytes);
}

RC_GTEST_PROP(Safetensors, ASingleChangedByteIsRefusedOrChangesNothing, ()) {
  const Safetensors content = AnyContent();
  std::string bytes = EncodeSafetensors(content);
  const size_t at = *rc::gen::inRange<size_t>(0, bytes.size());
  bytes[at] ^= static_cast<char>(*rc::gen::inRange(1, 256));
  RC_ASSERT(RefusedOrSame(bytes, content));
}

RC_GTEST_PROP(Safetensors, ATruncationOrATailIsRefused, (const std::vector<char>& tail)) {
  const std::string bytes = EncodeSafetensors(AnyContent());
  const size_t size = *rc::gen::inRange<size_t>(0, bytes.size());
  RC_ASSERT(Contains(ErrorOf([&] { DecodeSafetensors(bytes.substr(0, size), "file"); }), "file: "));
  RC_PRE(!tail.empty());
  RC_ASSERT(
      Contains(ErrorOf([&] { DecodeSafetensors(bytes + std::string(tail.begin(), tail.end()), "file"); }), "file: "));
}

RC_GTEST_PROP(Safetensors, GarbageIsRefused, ()) {
  const std::string garbage = AnyText();
  RC_ASSERT(Contains(ErrorOf([&] { DecodeSafetensors(garbage, "file"); }), "file: "));
}

TEST(Safetensors, EverySingleFlippedByteOfASmallFileIsRefusedOrChangesNothing) {
  const Safetensors content{{{"w", {2}, std::vector<float>{1, -0.0f}}, {"n", {1}, std::vector<uint8_t>{7}}},
                            {{"step", "200"}}};
  const std::string bytes = EncodeSafetensors(content);
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = bytes;
      flipped[i] ^= static_cast<char>(1 << bit);
      EXPECT_TRUE(RefusedOrSame(flipped, content)) << "byte " << i << " bit " << bit;
    }
  }
}

TEST(Safetensors, TheLayoutIsThatOfTheFormat) {
  const Safetensors content{{{"b", {}, std::vector<uint8_t>{0xab}},
                             {"a", {1, 2}, std::vector<float>{1.0f, 0x1p-149f}},
                             {"z", {1}, std::vector<int64_t>{-2}}},
                            {{"step", "3"}}};
  const std::string bytes = EncodeSafetensors(content);
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  EXPECT_EQ(length % 8, 0u);
  const std::string header = bytes.substr(8, length), data = bytes.substr(8 + length);
  EXPECT_TRUE(header.starts_with("{\"__metadata__\":{\"metadata_sha256\":\""));
  EXPECT_TRUE(Contains(header, "\"step\":\"3\""));
  EXPECT_TRUE(Contains(header, "\"a\":{\"data_offsets\":[8,16],\"dtype\":\"F32\",\"shape\":[1,2]}"));
  EXPECT_TRUE(Contains(header, "\"b\":{\"data_offsets\":[16,17],\"dtype\":\"U8\",\"shape\":[]}"));
  EXPECT_TRUE(Contains(header, "\"z\":{\"data_offsets\":[0,8],\"dtype\":\"I64\",\"shape\":[1]}"));
  EXPECT_EQ(data, std::string("\xfe\xff\xff\xff\xff\xff\xff\xff\x00\x00\x80\x3f\x01\x00\x00\x00\xab", 17));
}

TEST(Safetensors, TheDigestSeesNamesTypesShapesAndBits) {
  const Tensor base{"w", {2, 3}, std::vector<float>{0, 1, 2, 3, 4, 5}};
  const std::string digest = TensorDigest({base});
  Tensor other = base;
  other.name = "v";
  EXPECT_NE(TensorDigest({other}), digest);
  other = base;
  other.shape = {3, 2};
  EXPECT_NE(TensorDigest({other}), digest);
  other = base;
  std::get<std::vector<float>>(other.data)[0] = -0.0f;
  EXPECT_NE(TensorDigest({other}), digest);
  EXPECT_NE(TensorDigest({{"w", {1}, std::vector<int64_t>{1}}}), TensorDigest({{"w", {1}, std::vector<uint64_t>{1}}}));
  EXPECT_NE(TensorDigest({}), digest);
}

// A file with that header text and that much data.
std::string File(std::string_view header, size_t data_size = 0) {
  const uint64_t length = header.size();
  std::string bytes(reinterpret_cast<const char*>(&length), 8);
  return bytes.append(header).append(data_size, '\0');
}
std::string Refusal(const std::string& bytes) {
  return ErrorOf([&] { DecodeSafetensors(bytes, "file"); });
}
std::string Entry(std::string_view dtype, std::string_view shape, std::string_view offsets) {
  return fmt::format(R"({{"dtype":"{}","shape":{},"data_offsets":{}}})", dtype, shape, offsets);
}
std::string OneTensor(std::string_view dtype, std::string_view shape, std::string_view offsets) {
  return "{\"w\":" + Entry(dtype, shape, offsets) + "}";
}

TEST(Safetensors, HeaderLengthsBeyondTheFileOrTheLimitAreRefused) {
  EXPECT_EQ(Refusal(""), "file: size is 0 bytes, expected 8 or more");
  EXPECT_EQ(Refusal(std::string(8, '\xff')), "file: header length is 18446744073709551615, expected at most 0");
  EXPECT_EQ(Refusal(File("{}").substr(0, 9)), "file: header length is 2, expected at most 1");
  EXPECT_EQ(Refusal(File(std::string((1 << 20) + 1, ' '))), "file: header length is 1048577, expected at most 1048576");
}

TEST(Safetensors, HeadersThatAreNotOneObjectAreRefused) {
  EXPECT_TRUE(Contains(Refusal(File("")), "header is not a JSON object"));
  EXPECT_TRUE(Contains(Refusal(File("[]")), "header is not a JSON object"));
  EXPECT_TRUE(Contains(Refusal(File("{\"w\":")), "header is damaged"));
  EXPECT_TRUE(Contains(Refusal(File("{} {}")), "header is damaged"));
  EXPECT_TRUE(Contains(Refusal(File("{\"\xff\":1}")), "header is damaged"));
  EXPECT_TRUE(Contains(Refusal(File("{\"w\":" + std::string(500000, '['))), "nested too deeply"));
}

TEST(Safetensors, DuplicateNamesAreRefused) {
  const std::string entry = Entry("U8", "[1]", "[0,1]");
  EXPECT_EQ(Refusal(File("{\"w\":" + entry + ",\"w\":" + entry + "}", 1)),
            "file: header is an object with \"w\" twice, expected each name once");
  EXPECT_TRUE(Contains(Refusal(File(R"({"__metadata__":{"a":"1","a":"2"}})")), "\"a\" twice"));
}

TEST(Safetensors, TypesShapesAndOffsetsThatDoNotFitAreRefused) {
  EXPECT_TRUE(Contains(Refusal(File(OneTensor("F16", "[1]", "[0,2]"), 2)), "dtype is \"F16\", expected F32, U8"));
  EXPECT_TRUE(Contains(Refusal(File(OneTensor("F32", "[2]", "[0,4]"), 4)), "shape is [2], expected one of 4 bytes"));
  EXPECT_TRUE(Contains(Refusal(File(OneTensor("F32", "[-1]", "[0,4]"), 4)), "shape is -1, expected an integer"));
  EXPECT_TRUE(Contains(Refusal(File(OneTensor("F32", "[1.0]", "[0,4]"), 4)), "shape is 1.0"));
  EXPECT_TRUE(Contains(Refusal(File(OneTensor("F32", "1", "[0,4]"), 4)), "shape is 1, expected an array"));
  EXPECT_TRUE(Contains(Refusal(File(OneTensor("F32", "[1]", "[0]"), 4)), "data_offsets is [0]"));
  EXPECT_TRUE(Contains(Refusal(File(OneTensor("F32", "[1]", "[4,0]"), 4)), "data_offsets is [4,0]"));
  EXPECT_TRUE(Contains(Refusal(File(OneTensor("F32", "[1]", "[0,8]"), 4)), "data_offsets is [0,8]"));
  EXPECT_TRUE(
      Contains(Refusal(File(OneTensor("F32", "[1]", "[4,8]"), 8)), "data_offsets is 4, expected a tensor at 0"));
  EXPECT_TRUE(Contains(Refusal(File(OneTensor("F32", "[1]", "[0,4]"), 8)), "data is 8 bytes, expected 4"));
  EXPECT_TRUE(Contains(Refusal(File(R"({"w":{"dtype":"F32","shape":[]}})")), "expected a name with dtype"));
  EXPECT_TRUE(Contains(Refusal(File(R"({"w":7})")), "tensor \"w\" is 7"));
}

TEST(Safetensors, ShapesWhoseProductWrapsToTheRightSizeAreRefused) {
  // 2^32 * 2^32 * 4 bytes is 0 modulo 2^64.
  EXPECT_TRUE(Contains(Refusal(File(OneTensor("F32", "[4294967296,4294967296]", "[0,0]"))), "shape is"));
  EXPECT_TRUE(Contains(Refusal(File(OneTensor("F32", "[18446744073709551615]", "[0,0]"))), "shape is"));
  EXPECT_TRUE(Contains(Refusal(File(OneTensor("F32", "[0,4294967296,4294967296]", "[0,0]"))), "sha256"));
}

TEST(Safetensors, OverlappingTensorsAreRefused) {
  const std::string header = "{\"a\":" + Entry("U8", "[4]", "[0,4]") + ",\"b\":" + Entry("U8", "[4]", "[2,6]") + "}";
  EXPECT_TRUE(Contains(Refusal(File(header, 6)), "data_offsets is 2, expected a tensor at 4"));
}

TEST(Safetensors, AFileWithoutDigestsOrMetadataOfOtherTypesIsRefused) {
  EXPECT_TRUE(Contains(Refusal(File("{}")), "__metadata__.metadata_sha256 is missing"));
  EXPECT_TRUE(
      Contains(Refusal(File(R"({"__metadata__":{"step":3}})")), "__metadata__.\"step\" is 3, expected a string"));
  EXPECT_TRUE(Contains(Refusal(File(R"({"__metadata__":[]})")), "__metadata__ is []"));
}

TEST(Safetensors, LongAndOddNamesAreQuotedShort) {
  const std::string message = Refusal(File("{\"" + std::string(1000, 'n') + "\\n\":7}"));
  EXPECT_TRUE(Contains(message, "nnn... is 7")) << message;
  EXPECT_LT(message.size(), 200u);
}

TEST(Safetensors, TextThatIsNotUtf8IsRefusedWhenWriting) {
  EXPECT_TRUE(Contains(ErrorOf([] { EncodeSafetensors({{}, {{"path", "\xff"}}}); }), "not valid UTF-8"));
}

TEST(Safetensors, FloatsAreFoundByNameAndShape) {
  const Safetensors content{{{"w", {2}, std::vector<float>{1, 2}}, {"n", {1}, std::vector<uint8_t>{7}}}, {}};
  EXPECT_EQ(content.Floats("w", {2}, "file"), (std::vector<float>{1, 2}));
  EXPECT_EQ(ErrorOf([&] { content.Floats("v", {2}, "file"); }), "file: no tensor v");
  EXPECT_EQ(ErrorOf([&] { content.Floats("w", {1, 2}, "file"); }), "file: tensor w has shape [2], expected [1,2]");
  EXPECT_EQ(ErrorOf([&] { content.Floats("n", {1}, "file"); }), "file: tensor n is of U8, expected F32");
}

RC_GTEST_PROP(Safetensors, AFileHoldsTheEncodedBytes, ()) {
  const ScratchFolder scratch;
  const Safetensors content = AnyContent();
  WriteSafetensors(scratch / "file", content);
  RC_ASSERT(Get(scratch / "file") == EncodeSafetensors(content));
}

TEST(Safetensors, ContentThatCannotBeEncodedLeavesTheOldFileAndNothingElse) {
  const ScratchFolder scratch;
  Put(scratch / "file", "old");
  EXPECT_TRUE(Contains(ErrorOf([&] { WriteSafetensors(scratch / "file", {{}, {{"path", "\xff"}}}); }), "UTF-8"));
  EXPECT_EQ(Get(scratch / "file"), "old");
  EXPECT_EQ(Names(scratch.path()), std::vector<std::string>{"file"});
}

TEST(Safetensors, AFileIsWrittenReadAndNamedInErrors) {
  const ScratchFolder scratch;
  const Safetensors content{{{"w", {1}, std::vector<float>{std::numeric_limits<float>::quiet_NaN()}}}, {{"a", "b"}}};
  WriteSafetensors(scratch / "file", content);
  EXPECT_TRUE(SameContent(ReadSafetensors(scratch / "file"), content));
  Put(scratch / "file", Get(scratch / "file").substr(0, 100));
  EXPECT_TRUE(
      ErrorOf([&] { ReadSafetensors(scratch / "file"); }).starts_with((scratch / "file").string() + ": header"));
  EXPECT_TRUE(Contains(ErrorOf([&] { ReadSafetensors(scratch / "none"); }), "none: cannot read: No such file"));
}

}  // namespace
}  // namespace fplab::nets
