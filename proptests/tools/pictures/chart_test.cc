// Charts: what is asked for is in the picture, and text from outside stays text.
// SPDX-License-Identifier: Apache-2.0
#include "tools/pictures/chart.h"

#include <gtest/gtest.h>

#include <limits>

#include "proptests/support/scratch_folder.h"

namespace fplab::tools {
namespace {

// The picture's SVG text.
std::string Drawn(const Figure& figure) {
  ScratchFolder folder;
  const std::string file = folder / "picture.svg";
  Draw(figure, file);
  return Get(file);
}

class Charts : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasGnuplot()) GTEST_SKIP() << "gnuplot is not installed";
  }
};

TEST_F(Charts, TitleAxesAndCurvesAreNamedInThePicture) {
  const Chart chart{.title = "Accuracy",
                    .x_label = "epoch",
                    .y_label = "share / %",
                    .curves = {{.name = "train", .points = {{1, 90}, {2, 95}}}}};
  const std::string svg = Drawn({.charts = {chart, chart}, .columns = 2});
  for (const char* text : {"Accuracy", "epoch", "share / %", "train"}) EXPECT_TRUE(Contains(svg, text)) << text;
}

TEST_F(Charts, TextFromOutsideIsShownAndNotObeyed) {
  ScratchFolder folder;
  const std::string trace = folder / "trace";
  const std::string hostile =
      "it's'; system \"touch " + trace + "\"\nsystem 'touch " + trace + "' `touch " + trace + "` {/=9 x}";
  const std::string svg = Drawn({.charts = {{.title = hostile,
                                             .x_label = hostile,
                                             .y_label = hostile,
                                             .curves = {{.name = hostile, .points = {{0, 0}, {1, 1}}}}}}});
  EXPECT_FALSE(std::filesystem::exists(trace));
  EXPECT_TRUE(Contains(svg, "{/=9 x}"));
}

TEST_F(Charts, NothingToDrawIsAnEmptyPicture) {
  EXPECT_TRUE(Contains(Drawn({.charts = {{.title = "Nothing", .x_label = "x", .y_label = "y"}}}), "Nothing"));
}

TEST_F(Charts, PointsThatAreNoNumbersAreLeftOut) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  const Chart chart{.title = "Gaps",
                    .x_label = "x",
                    .y_label = "y",
                    .log_y = true,
                    .curves = {{.name = "c", .points = {{1, 1}, {2, nan}, {3, infinity}, {4, 0}, {5, 2}}}}};
  EXPECT_TRUE(Contains(Drawn({.charts = {chart}}), "Gaps"));
}

TEST_F(Charts, AFileThatCannotBeWrittenIsNamed) {
  const std::string error = ErrorOf([] { Draw({.charts = {{.title = "t"}}}, "/no/such/folder/picture.svg"); });
  EXPECT_TRUE(Contains(error, "/no/such/folder/picture.svg"));
}

TEST_F(Charts, AFolderThatIsMissingOrInThePicturesPlaceIsRefusedBeforeTheWork) {
  ScratchFolder folder;
  std::filesystem::create_directory(folder / "taken.svg");
  const auto refusal = [](const std::string& file) { return ErrorOf([&] { RequireDrawable("--picture", file); }); };
  EXPECT_TRUE(Contains(refusal("/no/such/folder/a.svg"), "--picture: the folder '/no/such/folder' cannot be written"));
  EXPECT_TRUE(Contains(refusal(folder / "taken.svg"), "taken.svg' is a folder"));
  EXPECT_TRUE(Contains(refusal("a.gif"), "--picture: found 'a.gif'"));
  RequireDrawable("--picture", folder / "free.svg");
  RequireDrawable("--picture", "here.svg");
}

TEST_F(Charts, OnlySvgAndPngAreAccepted) {
  EXPECT_TRUE(Contains(ErrorOf([] { RequireDrawable("--picture", "a.gif"); }), "--picture: found 'a.gif'"));
  RequireDrawable("--picture", "a.svg");
  RequireDrawable("--picture", "a.png");
}

}  // namespace
}  // namespace fplab::tools
