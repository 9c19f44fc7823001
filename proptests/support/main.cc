// The main function of every test program. A program that starts in any other mode than IEEE was linked with something
// that it must not be linked with (a fast-math start-up routine), so that comes first.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include <fplab/fparith/mode/control_word.h>

namespace {

// RapidCheck takes its seed from RC_PARAMS: what the caller set, the soak's (moved_seed.h), or the pinned one.
void ChooseSeed() {
  const char* soak = std::getenv("FPLAB_TEST_SEED");
  const std::string seed = soak == nullptr ? "20170929" : soak;
  setenv("RC_PARAMS", ("seed=" + seed).c_str(), /*overwrite=*/0);
}

// Names the soak's seed when a test fails, for it to be run again.
class SeedPrinter : public testing::EmptyTestEventListener {
  void OnTestEnd(const testing::TestInfo& test) override {
    const char* soak = std::getenv("FPLAB_TEST_SEED");
    if (soak != nullptr && test.result()->Failed()) std::printf("FPLAB_TEST_SEED=%s\n", soak);
  }
};

}  // namespace

int main(int argc, char** argv) {
  ChooseSeed();
  const uint64_t word = fplab::ReadControlWord();
  if (fplab::DecodeMode(word) != fplab::kIeee) {
    std::fprintf(stderr, "this program started with %s %s\n", fplab::ControlWordName(),
                 fplab::DescribeControlWord(word).c_str());
    return 1;
  }
  // In the style "threadsafe" the program starts itself anew, which it can't where an emulator runs it.
  ::testing::FLAGS_gtest_death_test_style = FPLAB_EMULATED ? "fast" : "threadsafe";
  ::testing::InitGoogleTest(&argc, argv);
  testing::UnitTest::GetInstance()->listeners().Append(new SeedPrinter);
  return RUN_ALL_TESTS();
}
