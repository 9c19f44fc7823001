// For every way in which a library is known to come to switch, one that does beside one that looks alike and does not:
// the first is never called clean, the second never anything else, and loading them agrees.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>
#include <ostream>
#include <set>
#include <string>

#include <fplab/fparith/mode/control_word.h>
#include "tools/scan/elf_load.h"
#include "tools/scan/elf_startup.h"

namespace fplab::tools {
namespace {

struct Pair {
  const char* name;
  const char* switches;
  const char* innocent;
};
void PrintTo(const Pair& pair, std::ostream* out) { *out << pair.name; }
constexpr Pair kPairs[] = {SCAN_PAIRS};

// What is called through pointers, or loaded while the program runs, can't be decided by reading.
const std::set<std::string> kBeyondReading = {"pointer", "pointer_restoring", "virtual_function", "loads_library",
                                              "by_name"};

std::string Why(const StartupReport& report) {
  std::string text = Name(report.verdict);
  for (const std::string& reason : report.reasons) text += "; " + reason;
  return text;
}

bool LoadingSwitches(const std::string& path) {
  const LoadReport report = LoadInChild(path, {.seconds = 60});
  EXPECT_EQ(report.failure, "") << path;
  const Mode after = DecodeMode(report.after);
  return after.flush_outputs || after.flush_inputs;
}

class ScanPairs : public testing::TestWithParam<Pair> {};

TEST_P(ScanPairs, TheOneThatSwitchesIsFoundOrNamedUndecided) {
  const StartupReport report = ExamineStartup(GetParam().switches);
  const bool decidable = !kBeyondReading.contains(GetParam().name);
  EXPECT_EQ(report.verdict, decidable ? Verdict::kSwitches : Verdict::kUndecided) << Why(report);
}

TEST_P(ScanPairs, WhatSwitchesIsCalledByItsName) {
  const std::map<std::string, std::string> others = {
      {"environment", "call"}, {"fxrstor", "FXRSTOR"}, {"xrstor", "XRSTOR"}, {"vldmxcsr", "VLDMXCSR"}};
  const auto other = others.find(GetParam().name);
  for (const StartupFinding& finding : ExamineStartup(GetParam().switches).findings) {
    EXPECT_EQ(finding.by, other == others.end() ? "LDMXCSR" : other->second);
  }
}

TEST_P(ScanPairs, TheLookAlikeIsClean) {
  const StartupReport report = ExamineStartup(GetParam().innocent);
  EXPECT_EQ(report.verdict, Verdict::kClean) << Why(report);
}

TEST_P(ScanPairs, LoadingAgrees) {
  const std::string name = GetParam().name;
  if ((name == "vldmxcsr" || name == "xrstor") && !__builtin_cpu_supports("avx")) GTEST_SKIP() << "needs AVX";
  EXPECT_TRUE(LoadingSwitches(GetParam().switches));
  EXPECT_FALSE(LoadingSwitches(GetParam().innocent));
}

INSTANTIATE_TEST_SUITE_P(All, ScanPairs, testing::ValuesIn(kPairs),
                         [](const auto& pair) { return std::string(pair.param.name); });

}  // namespace
}  // namespace fplab::tools
