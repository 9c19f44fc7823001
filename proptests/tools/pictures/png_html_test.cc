// Pieces of reports: images that any PNG reader opens, and text that stays text.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <zlib.h>

#include "proptests/support/scratch_folder.h"
#include "tools/pictures/png.h"
#include "tools/report/html.h"

namespace fplab::tools {
namespace {

uint32_t BigEndian(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  return value;
}

TEST(Png, RowsComeBackFromTheFileAndEveryChunkHasItsChecksum) {
  Image image(3, 2, {1, 2, 3});
  image.At(2, 1) = {250, 0, 9};
  const std::string png = EncodePng(image);
  ASSERT_EQ(png.substr(0, 8), "\x89PNG\r\n\x1a\n");
  std::string types, rows(2 * (1 + 3 * 3), '\0');
  for (size_t at = 8; at < png.size();) {
    const size_t length = BigEndian(png, at);
    const std::string body = png.substr(at + 4, 4 + length);
    EXPECT_EQ(BigEndian(png, at + 8 + length),
              crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size())));
    types += body.substr(0, 4);
    if (body.starts_with("IHDR")) {
      EXPECT_EQ(BigEndian(body, 4), 3u);
      EXPECT_EQ(BigEndian(body, 8), 2u);
    }
    if (body.starts_with("IDAT")) {
      uLongf size = rows.size();
      ASSERT_EQ(uncompress(reinterpret_cast<Bytef*>(rows.data()), &size,
                           reinterpret_cast<const Bytef*>(body.data()) + 4, length),
                Z_OK);
      EXPECT_EQ(size, rows.size());
    }
    at += 12 + length;
  }
  EXPECT_EQ(types, "IHDRIDATIEND");
  EXPECT_EQ(rows, std::string("\0\1\2\3\1\2\3\1\2\3\0\1\2\3\1\2\3\xfa\0\x09", 20));
}

TEST(Base64, AgreesWithTheVectorsOfRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"},
                                                         {"\xff\xfe", "//4="}};
  for (const auto& [bytes, text] : vectors) EXPECT_EQ(Base64(bytes), text);
}

TEST(Html, TextIsEscapedAndBytesThatAreNotUtf8OrControlsAreReplaced) {
  EXPECT_EQ(Escape("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
  EXPECT_EQ(Escape("é\xff"), "é\ufffd");
  EXPECT_EQ(Escape(std::string("\0\x01", 2)), "\ufffd\ufffd");
  const std::string table = HtmlTable({{"<h>", "n"}, {"<c>", "1.5 %"}});
  EXPECT_TRUE(Contains(table, "<th>&lt;h&gt;</th><th class=\"n\">n</th>")) << table;
  EXPECT_TRUE(Contains(table, "<td>&lt;c&gt;</td><td class=\"n\">1.5 %</td>")) << table;
}

TEST(Html, AnSvgFileBecomesAnElementWithIdsOfItsOwn) {
  const std::string svg =
      "<?xml version=\"1.0\"?>\n<svg width=\"1\"\n xmlns=\"u\"\n xmlns:xlink=\"v\"><g id=\"a\"/><g id='b'/>"
      "<use xlink:href='#a'/><path fill=\"url(#b)\"/></svg>";
  EXPECT_EQ(
      InlineSvg(svg, "p1-"),
      "<svg width=\"1\"\n \n ><g id=\"p1-a\"/><g id='p1-b'/><use href='#p1-a'/><path fill=\"url(#p1-b)\"/></svg>");
  EXPECT_EQ(InlineSvg("no picture", "p1-"), "");
}

}  // namespace
}  // namespace fplab::tools
