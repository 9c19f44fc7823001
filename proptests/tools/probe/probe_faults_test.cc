// Every fault that was planted in a plug-in is found, a right product is called right, and whatever a library does to
// its process is a line of the report. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include <fplab/fparith/float/error.h>
#include "proptests/support/probe_lines.h"
#include "proptests/support/scratch_folder.h"
#include "tools/probe/real_function.h"

namespace fplab::tools {
namespace {

Strings Probe(const std::string& function, const Strings& topics, const ProbeOptions& options = {},
              const std::string& library = PROBE_products, const std::string& kind = "") {
  ProbeRequest request{.library = library, .function = function, .kind = kind, .topics = topics, .options = options};
  request.loading.seconds = 2;
  return ProbeLines(request);
}

const ProbeOptions kSmall{.shapes = {{5, 6, 40}}, .threads = {1, 2}};

TEST(ProbeFaults, ARightProductIsRightInEveryLine) {
  const Strings lines = Probe("Right", {"order", "reproducibility", "modes", "special-values"}, kSmall);
  const std::string order = Line(lines, "order|5x6x40, 1 thread|");
  EXPECT_TRUE(Says(order, "; fma: fplab's own chain (ascending k, from +0)")) << order;
  EXPECT_TRUE(Says(order, "confirmed on 100 random inputs in all 30 outputs")) << order;
  for (const std::string& line : lines) {
    EXPECT_FALSE(Says(line, "|differs|")) << line;
    EXPECT_FALSE(Says(line, "ignores")) << line;
    EXPECT_FALSE(Says(line, "in part")) << line;
    EXPECT_FALSE(Says(line, "of its own accord")) << line;
    EXPECT_FALSE(Says(line, "skips")) << line;
  }
  EXPECT_TRUE(Says(Line(lines, "control word|calls|"), "|kept|"));
  EXPECT_TRUE(Says(Line(lines, "fma|"), "|yes|"));
  EXPECT_TRUE(Says(Line(lines, "overflow|-max + 2 max"), "|finite|"));
}

TEST(ProbeFaults, AWrongOrderIsFoundWhereverItIs) {
  EXPECT_TRUE(Says(Line(Probe("WrongOrder", {"order"}, kSmall), "order|"), "chain of 40: k = 39, 38, ..., 0; fma|"));
  const std::string end = Line(Probe("WrongAtTheEnd", {"order"}, kSmall), "order|");
  EXPECT_TRUE(Says(end, "chain of 40: k = 0, 1, ..., 37, 39, 38; fma|")) << end;
  const Strings column = Probe("WrongInAColumn", {"order"}, kSmall);
  EXPECT_TRUE(
      Says(Line(column, "order|5x6x40, 1 thread|chain of 40: k = 39"), "5 of 30 outputs: rows 0 to 4, columns 5"));
}

TEST(ProbeFaults, OneFmaAmongRoundedProductsIsFound) {
  const Strings lines = Probe("WithOneFma", {"order"}, kSmall);
  EXPECT_TRUE(Says(Line(lines, "fma|"), "of 40 products the rounding error of a square shows in 1 (fused)"))
      << Line(lines, "fma|");
  EXPECT_TRUE(Says(Line(lines, "order|"), "|confirmed") || Says(Line(lines, "order|"), "; confirmed"));
  EXPECT_FALSE(Says(Line(lines, "order|"), "own chain"));
}

TEST(ProbeFaults, WideSumsAreFoundAndConfirmed) {
  const std::string order = Line(Probe("Wide", {"order"}, kSmall), "order|");
  EXPECT_TRUE(Says(order, "in wider sums; exact products|") && Says(order, "; confirmed on 100")) << order;
}

TEST(ProbeFaults, BitsThatDependOnCircumstancesAreFound) {
  const auto reproducibility = [](const std::string& function, const std::string& topic) {
    return Line(Probe(function, {"reproducibility"}, kSmall), topic);
  };
  EXPECT_TRUE(Says(reproducibility("AnotherEachTime", "runs|"), "|differs|"));
  EXPECT_TRUE(Says(reproducibility("SplitsByThreads", "threads|"), "|differs|"));
  EXPECT_TRUE(Says(reproducibility("ByAlignment", "alignment|"), "|differs|"));
  EXPECT_TRUE(Says(reproducibility("OfFewRowsOtherwise", "batch|"), "products of 1 row against"));
}

TEST(ProbeFaults, FlushingOfItsOwnAccordIsFound) {
  const Strings lines = Probe("Flushes", {"modes"}, kSmall);
  EXPECT_TRUE(Says(Line(lines, "none|16x16x32, 1 thread|"), "of its own accord")) << Line(lines, "none|");
  EXPECT_TRUE(Says(Line(lines, "control word|calls|"), "|kept|"));
}

TEST(ProbeFaults, AControlWordThatIsLeftChangedIsFound) {
  EXPECT_TRUE(Says(Line(Probe("LeavesFlushing", {"modes"}, kSmall), "control word|calls|"),
                   "changed and left changed|called under none: MXCSR 1f80 before, 9fc0 after"));
}

TEST(ProbeFaults, AThreadThatIgnoresTheModeIsFound) {
  const Strings lines = Probe("ThreadsIgnoreTheMode", {"modes"}, kSmall);
  EXPECT_TRUE(Says(Line(lines, "FTZ|16x16x32, 1 thread|"), "|obeys the caller|")) << Line(lines, "FTZ|");
  for (const char* topic : {"FTZ|256x256x64, 2", "DAZ|256x256x64, 2", "rounding|256x256x64, 2"}) {
    const std::string line = Line(lines, topic);
    EXPECT_TRUE(Says(line, "|obeys the caller in part|") && Says(line, "32768 of 65536")) << line;
  }
}

TEST(ProbeFaults, SkippedZerosAndSumsAddedToWhatWasThereAreFound) {
  const Strings lines = Probe("WithoutZeros", {"special-values"}, kSmall);
  EXPECT_TRUE(Says(Line(lines, "0 * infinity|0 in a|"), "skips zeros"));
  EXPECT_TRUE(Says(Line(lines, "0 * infinity|0 in b|"), "|NaN|"));
  EXPECT_TRUE(Says(Line(lines, "NaN|0 in a, NaN in b|"), "lost"));
  EXPECT_TRUE(Says(Line(Probe("Adds", {"special-values"}, kSmall), "old c|"), "|c is read|"));
}

TEST(ProbeFaults, AFunctionThatEndsItsProcessIsReported) {
  EXPECT_TRUE(Says(Line(Probe("Crashes", {"order", "modes"}, kSmall), "ends|"), "|killed by signal 11"));
  EXPECT_TRUE(Says(Line(Probe("Exits", {"order"}, kSmall), "ends|order|"), "|exits with 3|while Exits was asked"));
  EXPECT_TRUE(Says(Line(Probe("Hangs", {"order"}, kSmall), "ends|"), "|no answer for 2 s|"));
  EXPECT_TRUE(Says(Line(Probe("Forks", {"order"}, kSmall), "order|"), "own chain"));
}

TEST(ProbeFaults, WhatItPrintsIsReportedAndGoesNowhere) {
  testing::internal::CaptureStdout();
  const Strings lines = Probe("Prints", {"special-values"}, kSmall);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  const std::string line = Line(lines, "printing|");
  EXPECT_TRUE(Says(line, "bytes while it is called|it begins \"a product")) << line;
}

TEST(ProbeFaults, WhatALibraryDoesWhileItIsLoadedIsReported) {
  EXPECT_TRUE(Says(Line(Probe("half", {}, {}, PROBE_load_exits, "f32"), "loading|"), "|exits with 3|"));
  EXPECT_TRUE(Says(Line(Probe("half", {}, {}, PROBE_load_crashes, "f32"), "loading|"), "|killed by signal 11"));
  EXPECT_TRUE(Says(Line(Probe("half", {}, {}, PROBE_load_hangs, "f32"), "loading|"), "|no answer for 2 s|"));
  const std::string prints = Line(Probe("half", {"order"}, {}, PROBE_load_prints, "f32"), "printing|");
  EXPECT_TRUE(Says(prints, "while it is loaded|it begins \"")) << prints;
  EXPECT_TRUE(Says(Line(Probe("half", {"order"}, {}, PROBE_load_flushes, "f32"), "control word|loading|"),
                   "|changed to ftz+daz|"));
}

TEST(ProbeFaults, AFunctionThatIsWrongAtOneArgumentIsFoundThere) {
  if (!HasRealFunctions()) GTEST_SKIP() << "no MPFR when this was configured";
  const std::string line = Line(Probe("wrong_at_one", {"accuracy"}, {}, PROBE_products, "expf"), "error|none|");
  EXPECT_TRUE(Says(line, "at 0x1p+0 [0x3f800000]")) << line;
  const Strings unknown = Probe("wrong_at_one", {"accuracy"}, {}, PROBE_products, "f32");
  EXPECT_TRUE(Says(Line(unknown, "error|"), "its name does not tell")) << Line(unknown, "error|");
}

TEST(ProbeFaults, WhatIsNotThereIsOneLine) {
  const auto error = [](const std::string& library, const std::string& function, const std::string& kind) {
    return ErrorOf([&] { Probe(function, {"order"}, kSmall, library, kind); });
  };
  EXPECT_TRUE(Says(error("/nowhere.so", "f", ""), "/nowhere.so"));
  EXPECT_TRUE(Says(error(PROBE_products, "nothing", ""), "it has no function \"nothing\""));
  EXPECT_TRUE(Says(error(PROBE_products, "Right", "gemm"), "no kind \"gemm\", expected matmul"));
  EXPECT_TRUE(Says(error(PROBE_load_prints, "", ""), "defines no function that fplab knows"));
  EXPECT_TRUE(Says(Line(Probe("named_product", {"order"}, kSmall), "order|"), "own chain"));
}

}  // namespace
}  // namespace fplab::tools
