// Zip archives: what was packed comes out, what lies is refused, and no memory is taken for a promise.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/zip_archive.h>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <span>
#include <string>
#include <vector>

#include "proptests/support/scratch_folder.h"
#include "proptests/support/zip_bytes.h"

namespace fplab::nets {
namespace {

MemorySource SourceOf(const std::string& bytes) {
  return MemorySource({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
}

std::string Text(const std::vector<uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

// Reads all members of an archive; the error of the first that fails.
std::string ErrorIn(const std::string& bytes, uint64_t most = 1 << 20) {
  const MemorySource source = SourceOf(bytes);
  return ErrorOf([&] {
    const ZipArchive archive(source, "a.zip");
    for (const ZipMember& member : archive.members()) archive.ReadAll(member, most);
  });
}

RC_GTEST_PROP(ZipArchive, WhatWasPackedComesOut, (const std::vector<std::string>& texts, bool zip64)) {
  std::vector<ZipFile> files;
  for (size_t i = 0; i < texts.size(); ++i) files.push_back({std::to_string(i), texts[i], i % 2 == 0});
  const std::string before = *rc::gen::element<std::string>("", "#!/usr/bin/python\n");
  const std::string bytes = before + ZipBytes::Of(files, zip64);
  const MemorySource source = SourceOf(bytes);
  const ZipArchive archive(source, "a.zip");
  RC_ASSERT(archive.members().size() == files.size());
  for (size_t i = 0; i < files.size(); ++i) {
    const ZipMember& member = archive.members()[i];
    RC_ASSERT(member.name == files[i].name);
    RC_ASSERT(Text(archive.ReadAll(member, 1 << 20)) == files[i].data);
    RC_ASSERT(Text(archive.ReadHead(member, 4)) == files[i].data.substr(0, 4));
  }
}

TEST(ZipArchive, LiesAreRefusedByName) {
  const std::string data(5000, 'x');
  EXPECT_EQ(ErrorIn(ZipBytes::Of({{"a", data}})), "(no error)");
  EXPECT_TRUE(Contains(ErrorIn(ZipBytes::Of({{.name = "a", .data = data, .wrong_crc = true}})), "a.zip(a)"));
  EXPECT_TRUE(Contains(ErrorIn(ZipBytes::Of({{.name = "a", .data = data, .size = 4999}})), "larger than it says"));
  EXPECT_TRUE(Contains(ErrorIn(ZipBytes::Of({{.name = "a", .data = data, .size = 5001}})), "decompressed"));
  EXPECT_TRUE(Contains(ErrorIn(ZipBytes::Of({{.name = "a", .data = data, .deflate = false, .size = 5001}})), "stored"));
  EXPECT_TRUE(Contains(ErrorIn(ZipBytes::Of({{.name = "a", .data = data, .flags = 1}})), "encrypted"));
  EXPECT_TRUE(Contains(ErrorIn(ZipBytes::Of({{.name = "a", .data = data, .method = 93}})), "method 93"));
  EXPECT_TRUE(Contains(ErrorIn("PK"), "no end of a zip archive"));
}

TEST(ZipArchive, PromisesTakeNoMemory) {
  // Two bytes that say they are a gigabyte, and a true gigabyte's thousandth where less is asked for.
  EXPECT_TRUE(Contains(ErrorIn(ZipBytes::Of({{.name = "a", .data = "xx", .size = 1 << 30}}), uint64_t{1} << 30),
                       "can't come of"));
  EXPECT_TRUE(Contains(ErrorIn(ZipBytes::Of({{"a", std::string(2 << 20, 'x')}})), "no more than"));
  // More members than there are bytes for them.
  std::string bytes = ZipBytes::Of({{"a", "x"}}, true);
  bytes.replace(bytes.size() - 22 - 20 - 56 + 32, 8, ZipBytes::Le(uint64_t{1} << 40, 8));
  EXPECT_TRUE(Contains(ErrorIn(bytes), "members, more than"));
}

RC_GTEST_PROP(ZipArchive, DamagedArchivesAreReadOrRefused, (uint32_t seed)) {
  std::string bytes = ZipBytes::Of({{"a", std::string(300, 'x')}, {"b", "stored", false}}, seed % 2 == 0);
  const int changes = *rc::gen::inRange(1, 8);
  for (int i = 0; i < changes; ++i) bytes[*rc::gen::inRange<size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
  if (*rc::gen::arbitrary<bool>()) bytes.resize(*rc::gen::inRange<size_t>(0, bytes.size()));
  ErrorIn(bytes);
}

}  // namespace
}  // namespace fplab::nets
