// The main function of every test program. A program that starts in any other mode than IEEE was linked with something
// that it must not be linked with (a fast-math start-up routine), so that comes first.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdio>

#include <fplab/fparith/mode/control_word.h>

int main(int argc, char** argv) {
  const uint64_t word = fplab::ReadControlWord();
  if (fplab::DecodeMode(word) != fplab::kIeee) {
    std::fprintf(stderr, "this program started with %s %s\n", fplab::ControlWordName(),
                 fplab::DescribeControlWord(word).c_str());
    return 1;
  }
  // In the style "threadsafe" the program starts itself anew, which it can't where an emulator runs it.
  ::testing::FLAGS_gtest_death_test_style = FPLAB_EMULATED ? "fast" : "threadsafe";
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
