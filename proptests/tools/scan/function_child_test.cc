// Functions called in a child: their results are those of the mode, and whatever they do, there is an answer in one
// line and nothing of them stays behind. SPDX-License-Identifier: Apache-2.0
#include "tools/scan/function_child.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>
#include "proptests/support/scratch_folder.h"
#include "tools/scan/process_tree.h"

namespace fplab::tools {
namespace {

using Operands = std::vector<std::vector<uint64_t>>;

uint64_t Bits(float x) { return ToBits(x); }

// What one call with `arguments` gives, or the error; nothing may be left of it.
std::string ErrorOfCall(const std::string& symbol, const Operands& operands, unsigned seconds = 30) {
  const std::vector<pid_t> before = ChildrenOf(getpid());
  const std::string error = ErrorOf([&] {
    FunctionChild child(SCAN_functions, symbol, {.seconds = seconds});
    child.Run(kBinary32, kIeee, operands);
  });
  EXPECT_EQ(ChildrenOf(getpid()), before) << symbol;
  return error;
}

TEST(FunctionChild, GivesTheResultsOfEachModeWhateverTheCallBeforeLeft) {
  FunctionChild lerp(SCAN_functions, "lerp");
  const Operands operands = {{Bits(1), Bits(0x1p-140f)}, {Bits(3), Bits(0)}, {Bits(0.5f), Bits(0)}};
  EXPECT_EQ(lerp.Run(kBinary32, kIeee, operands), (std::vector<uint64_t>{Bits(2), Bits(0x1p-140f)}));
  EXPECT_EQ(lerp.Run(kBinary32, kFtzDaz, operands), (std::vector<uint64_t>{Bits(2), Bits(0)}));
  EXPECT_EQ(lerp.Run(kBinary32, kIeee, operands), (std::vector<uint64_t>{Bits(2), Bits(0x1p-140f)}));
  const Mode up{Rounding::kUp, false, false};
  EXPECT_EQ(lerp.Run(kBinary32, up, {{Bits(1)}, {Bits(0x1.000002p0f)}, {Bits(0x1p-20f)}}),
            (std::vector<uint64_t>{Bits(0x1.000002p0f)}));
  FunctionChild leaves(SCAN_functions, "leaves_a_mode");
  const std::vector<uint64_t> subnormals(3, Bits(0x1p-140f));
  EXPECT_EQ(leaves.Run(kBinary32, kIeee, {subnormals}), leaves.Run(kBinary32, kIeee, {subnormals}));
  EXPECT_EQ(CurrentMode(), kIeee);
}

TEST(FunctionChild, TakesFloatsAndDoublesAndUpToEightOfThem) {
  FunctionChild doubles(SCAN_functions, "lerp_of_doubles");
  EXPECT_EQ(doubles.Run(kBinary64, kIeee, {{ToBits(1.0)}, {ToBits(4.0)}, {ToBits(0.25)}}),
            (std::vector<uint64_t>{ToBits(1.75)}));
  Operands eight;
  for (int i = 0; i < 8; ++i) eight.push_back({Bits(static_cast<float>(i))});
  FunctionChild first(SCAN_functions, "first_of_eight"), last(SCAN_functions, "last_of_eight");
  EXPECT_EQ(first.Run(kBinary32, kIeee, eight), (std::vector<uint64_t>{Bits(0)}));
  EXPECT_EQ(last.Run(kBinary32, kIeee, eight), (std::vector<uint64_t>{Bits(7)}));
}

TEST(FunctionChild, TakesMoreOperandsThanAPipeHolds) {
  FunctionChild lerp(SCAN_functions, "lerp");
  const std::vector<uint64_t> many(100'000, Bits(1.5f));
  EXPECT_EQ(lerp.Run(kBinary32, kIeee, {many, many, many}), many);
}

TEST(FunctionChild, SaysInOneLineWhyThereIsNoResult) {
  EXPECT_NE(ErrorOfCall("crashes", {{0}}).find("crashes: ended in Segmentation fault"), std::string::npos);
  EXPECT_NE(ErrorOfCall("exits", {{0}}).find("exits: ended its process"), std::string::npos);
  EXPECT_NE(ErrorOfCall("hangs", {{0}}, 1).find("hangs: took more than 1 seconds"), std::string::npos);
  EXPECT_NE(ErrorOfCall("absent", {{0}}).find("undefined symbol: absent"), std::string::npos);
  EXPECT_EQ(ErrorOfCall("forks", {{0}}), "(no error)");
  EXPECT_NE(ErrorOf([] { FunctionChild("/nowhere.so", "f"); }).find("No such file"), std::string::npos);
  const ScratchFolder folder;
  EXPECT_NE(ErrorOf([&] { FunctionChild(Put(folder / "text.so", "text").string(), "f"); }).find("text.so"),
            std::string::npos);
}

TEST(FunctionChild, OneThatEndsSparesTheOthers) {
  FunctionChild lerp(SCAN_functions, "first_of_eight");
  const Operands eight(8, {Bits(3)});
  { FunctionChild other(SCAN_functions, "lerp"); }
  EXPECT_EQ(lerp.Run(kBinary32, kIeee, eight), (std::vector<uint64_t>{Bits(3)}));
  FunctionChild crashes(SCAN_functions, "crashes");
  EXPECT_THROW(crashes.Run(kBinary32, kIeee, {{0}}), Error);
  EXPECT_EQ(lerp.Run(kBinary32, kIeee, eight), (std::vector<uint64_t>{Bits(3)}));
}

TEST(FunctionChild, AfterACrashEveryCallIsRefused) {
  FunctionChild child(SCAN_functions, "crashes");
  const std::string first = ErrorOf([&] { child.Run(kBinary32, kIeee, {{0}}); });
  EXPECT_NE(first.find("Segmentation fault"), std::string::npos) << first;
  EXPECT_NE(ErrorOf([&] { child.Run(kBinary32, kIeee, {{0}}); }).find("Segmentation fault"), std::string::npos);
}

}  // namespace
}  // namespace fplab::tools
