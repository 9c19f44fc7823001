// TestFloat's lines: what is read is what is written, and everything malformed is refused by line.
// SPDX-License-Identifier: Apache-2.0
#include "tools/vectors/vectors_stream.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <string>

#include <fplab/fparith/float/error.h>

namespace fplab::tools {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

File FileOf(const std::string& text) {
  File file(std::tmpfile(), std::fclose);
  std::fwrite(text.data(), 1, text.size(), file.get());
  std::rewind(file.get());
  return file;
}

std::string ErrorOf(const char* function, const std::string& text, bool with_expected) {
  const File file = FileOf(text);
  VectorReader reader(file.get(), "input", model::ParseFunction(function), with_expected);
  VectorBlock block;
  try {
    while (reader.Read(block)) {
    }
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(VectorsStream, LinesWithEitherLineEndAndEitherCaseAreRead) {
  const File file = FileOf("3F800000 40000000 40400000 00\r\n3f800000 bf800000 00000000 1f");
  VectorReader reader(file.get(), "input", model::ParseFunction("f32_add"), true);
  VectorBlock block;
  ASSERT_TRUE(reader.Read(block));
  ASSERT_EQ(block.size(), 2u);
  EXPECT_EQ(block.b[0], 0x40000000u);
  EXPECT_EQ(block.expected[0], (model::Outcome{0x40400000, 0}));
  EXPECT_EQ(block.expected[1], (model::Outcome{0, 0x1f}));
  EXPECT_FALSE(reader.Read(block));
}

TEST(VectorsStream, ManyBlocksKeepTheirLineNumbers) {
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += "3F800000\n";
  const File file = FileOf(text);
  VectorReader reader(file.get(), "input", model::ParseFunction("f32_sqrt"), false);
  VectorBlock block;
  uint64_t lines = 0;
  while (reader.Read(block)) {
    EXPECT_EQ(block.first_line, lines + 1);
    lines += block.size();
  }
  EXPECT_EQ(lines, 300'000u);
}

TEST(VectorsStream, WrittenLinesAreTestFloats) {
  VectorBlock block;
  block.a = {0x3f90eb5825d6851e};
  block.b = {0xc3e0080080000000};
  std::string text;
  AppendVectorLines(model::ParseFunction("f64_add"), block, {{0xc3e0080080000000, model::kInexact | model::kDenormal}},
                    text);
  EXPECT_EQ(text, "3F90EB5825D6851E C3E0080080000000 C3E0080080000000 01\n");
  text.clear();
  block = {};
  block.a = {0x3c00};
  block.b = {0x3c00};
  AppendVectorLines(model::ParseFunction("f16_eq"), block, {{1, 0}}, text);
  EXPECT_EQ(text, "3C00 3C00 1 00\n");
}

TEST(VectorsStream, MalformedLinesAreRefusedByLineAndColumn) {
  EXPECT_EQ(ErrorOf("f32_add", "", false), "");
  EXPECT_NE(ErrorOf("f32_add", "3F800000 40000000\nzz\n", false).find("input: line 2: operand 1"), std::string::npos);
  EXPECT_NE(ErrorOf("f32_add", "3F800000\n", false).find("column 9"), std::string::npos);
  EXPECT_NE(ErrorOf("f32_add", "3F800000  40000000\n", false).find("operand 2"), std::string::npos);
  EXPECT_NE(ErrorOf("f32_add", "3F800000 40000000 \n", false).find("column 18"), std::string::npos);
  EXPECT_NE(ErrorOf("f32_add", "3F800000 40000000 40400000 00\n", false).find("to end at column 18"),
            std::string::npos);
  EXPECT_NE(ErrorOf("f32_add", "3F800000 40000000 40400000 0\n", true).find("flags"), std::string::npos);
  EXPECT_NE(ErrorOf("f32_add", "3F800000 40000000\n\n", false).find("line 2"), std::string::npos);
  EXPECT_NE(ErrorOf("e5p10_sqrt", "ffff\n", false).find("operand 1 has a bit beyond 7FFF"), std::string::npos);
  EXPECT_NE(ErrorOf("f32_add", "3F800000 40000000 40400000 41\n", true).find("the flags field has a bit beyond 1F"),
            std::string::npos);
  EXPECT_NE(ErrorOf("f16_eq", "3C00 3C00 2 00\n", true).find("the result has a bit beyond 1"), std::string::npos);
  // A gigabyte without a line end must not be kept; what is printed of a line is short and printable.
  const std::string error = ErrorOf("f32_sqrt", std::string(5'000'000, '\x01'), false);
  EXPECT_NE(error.find("line 1"), std::string::npos);
  EXPECT_LT(error.size(), 200u);
}

}  // namespace
}  // namespace fplab::tools
