// fplab scan: libraries that change the control word are found by what their constructors do, others are not, and
// damaged files are named as such.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstring>
#include <string>

#include <fplab/fparith/mode/control_word.h>
#include "proptests/support/cli_process.h"
#include "proptests/support/scratch_folder.h"
#include "tools/scan/elf_load.h"
#include "tools/scan/elf_startup.h"
#include "tools/scan/elf_x86_decode.h"

namespace fplab::tools {
namespace {

struct Flushing {
  bool outputs = false, inputs = false;
  friend bool operator==(const Flushing&, const Flushing&) = default;
};

Flushing FoundIn(const std::string& path) {
  Flushing found;
  for (const StartupFinding& finding : ExamineStartup(path).findings) {
    found.outputs = found.outputs || finding.flush_outputs;
    found.inputs = found.inputs || finding.flush_inputs;
  }
  return found;
}

// What loading the library does, as another process sees it.
Flushing ChangedByLoading(const std::string& path) {
  const LoadReport report = LoadInChild(path, {.seconds = 60});
  EXPECT_EQ(report.failure, "") << path;
  const Mode before = DecodeMode(report.before), after = DecodeMode(report.after);
  EXPECT_EQ(before, kIeee);
  return {after.flush_outputs, after.flush_inputs};
}

TEST(Scan, FindsWhatConstructorsDoToTheControlWord) {
  EXPECT_EQ(FoundIn(SCAN_plain), (Flushing{false, false}));
  EXPECT_EQ(FoundIn(SCAN_sets_control_word), (Flushing{true, true}));
  EXPECT_EQ(FoundIn(SCAN_sets_by_call), (Flushing{false, true}));
  EXPECT_EQ(FoundIn(SCAN_sets_ftz_only), (Flushing{true, false}));
  EXPECT_EQ(FoundIn(SCAN_restores), (Flushing{false, false}));
}

TEST(Scan, ReadingAgreesWithLoading) {
  for (const char* path :
       {SCAN_plain, SCAN_fast_math, SCAN_sets_control_word, SCAN_sets_by_call, SCAN_sets_ftz_only, SCAN_restores}) {
    EXPECT_EQ(FoundIn(path), ChangedByLoading(path)) << path;
  }
}

TEST(Scan, FindsALibraryLinkedWithFastMath) {
  if (ChangedByLoading(SCAN_fast_math) == Flushing{}) GTEST_SKIP() << "this compiler adds no start-up routine";
  const StartupReport report = ExamineStartup(SCAN_fast_math);
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_TRUE(report.findings[0].flush_outputs && report.findings[0].flush_inputs);
  EXPECT_FALSE(report.findings[0].symbol.empty());
  EXPECT_NE(report.findings[0].instruction, 0u);
}

TEST(Scan, NeedsNoSymbols) {
  const StartupReport report = ExamineStartup(std::string(SCAN_sets_control_word) + ".stripped");
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].symbol, "");
  EXPECT_TRUE(report.findings[0].flush_outputs && report.findings[0].flush_inputs);
}

TEST(Scan, NeedsNoSectionHeaders) {
  ScratchFolder folder;
  std::string bytes = Get(SCAN_sets_control_word);
  std::memset(bytes.data() + offsetof(Elf64_Ehdr, e_shoff), 0, sizeof(Elf64_Off));
  EXPECT_EQ(FoundIn(Put(folder / "bare.so", bytes)), (Flushing{true, true}));
}

TEST(Scan, DamagedAndForeignFilesAreNamedForWhatTheyAre) {
  ScratchFolder folder;
  const std::string whole = Get(SCAN_sets_control_word);
  const auto error = [&](const std::string& bytes) {
    const std::string path = Put(folder / "file", bytes);
    return ErrorOf([&] { ExamineStartup(path); });
  };
  EXPECT_TRUE(Contains(error(""), "not an ELF file"));
  EXPECT_TRUE(Contains(error("#!/bin/sh\n"), "not an ELF file"));
  EXPECT_TRUE(Contains(error(whole.substr(0, 10)), "truncated"));
  EXPECT_TRUE(Contains(error(whole.substr(0, 60)), "truncated"));
  EXPECT_TRUE(Contains(error(whole.substr(0, 200)), "truncated"));
  EXPECT_TRUE(Contains(error(whole.substr(0, whole.size() / 2)), "truncated"));
  EXPECT_TRUE(Contains(error(whole.substr(0, whole.size() - 1)), "truncated"));
  EXPECT_TRUE(Contains(ErrorOf([&] { ExamineStartup(folder / "absent"); }), "No such file"));
  EXPECT_TRUE(Contains(ErrorOf([&] { ExamineStartup(folder.path()); }), "not a regular file"));
  std::string other = whole;
  other[offsetof(Elf64_Ehdr, e_machine)] = 40;
  EXPECT_EQ(ExamineStartup(Put(folder / "file", other)).not_examined, "machine 40");
}

TEST(Scan, EveryTruncationIsSeenOrHarmless) {
  ScratchFolder folder;
  const std::string whole = Get(SCAN_sets_control_word);
  for (size_t size = 0; size < whole.size(); size += 97) {
    const std::string path = Put(folder / "file", whole.substr(0, size));
    EXPECT_THROW(ExamineStartup(path), Error) << size;
  }
}

// Whatever the bytes say, the answer is a report or an error. The headers and tables are where lies hurt.
RC_GTEST_PROP(Scan, HostileFilesNeitherCrashNorHang, ()) {
  static const std::string whole = Get(SCAN_sets_by_call);
  static const ScratchFolder folder;
  std::string bytes = whole;
  const int changes = *rc::gen::inRange(1, 20);
  for (int i = 0; i < changes; ++i) {
    const bool in_headers = *rc::gen::arbitrary<bool>();
    const auto at = *rc::gen::inRange<size_t>(0, in_headers ? 0x300 : bytes.size() - 8);
    if (*rc::gen::arbitrary<bool>()) {
      bytes[at] = *rc::gen::arbitrary<char>();
    } else {
      const auto value = *rc::gen::element<uint64_t>(0, 1, ~uint64_t{0}, uint64_t{1} << 63, bytes.size(), 0x7fffffff);
      std::memcpy(&bytes[at], &value, sizeof value);
    }
  }
  const std::string path = Put(folder / "hostile", bytes);
  try {
    ExamineStartup(path);
  } catch (const Error&) {
  }
}

RC_GTEST_PROP(Scan, DecodedInstructionsAreNeverLongerThanTheirBytes, (const std::vector<uint8_t>& code)) {
  X86Instruction instruction;
  if (DecodeX86(code.data(), code.size(), instruction)) {
    RC_ASSERT(instruction.length >= 1);
    RC_ASSERT(instruction.length <= std::min<size_t>(code.size(), 15));
  }
}

CliResult Fplab(const std::vector<std::string>& arguments) {
  ScratchFolder folder;
  CliOptions options;
  options.folder = folder.path();
  return RunCli(arguments, options);
}

TEST(ScanCommand, ExitStatusSaysWhatWasFound) {
  EXPECT_EQ(Fplab({"scan", SCAN_plain}).status, 0);
  EXPECT_EQ(Fplab({"scan", SCAN_plain, SCAN_sets_control_word}).status, 1);
  EXPECT_EQ(Fplab({"scan", "/dev/null"}).status, 2);
  EXPECT_EQ(Fplab({"scan"}).status, 2);
  ScratchFolder folder;
  const CliResult text = Fplab({"scan", Put(folder / "a.txt", "text")});
  EXPECT_EQ(text.status, 2);
  EXPECT_TRUE(Contains(text.err, "not an ELF file"));
}

TEST(ScanCommand, DirectoriesPassOverWhatIsNoElfFileAndCountIt) {
  ScratchFolder folder;
  Put(folder / "a.txt", "text");
  Put(folder / "deep/er/b.so", Get(SCAN_plain));
  const CliResult clean = Fplab({"scan", folder.path()});
  EXPECT_EQ(clean.status, 0);
  EXPECT_EQ(clean.err, "");
  EXPECT_TRUE(Contains(clean.out, "1 not ELF"));
  Put(folder / "deep/er/c.so", Get(SCAN_sets_ftz_only));
  const CliResult found = Fplab({"scan", folder.path()});
  EXPECT_EQ(found.status, 1);
  EXPECT_TRUE(Contains(found.out, "sets FTZ"));
}

TEST(ScanCommand, LoadsOnlyWhenTold) {
  const CliResult read = Fplab({"scan", SCAN_sets_control_word});
  EXPECT_FALSE(Contains(read.out, "loading"));
  const CliResult loaded = Fplab({"scan", "--load", SCAN_sets_control_word});
  EXPECT_EQ(loaded.status, 1);
  EXPECT_TRUE(Contains(loaded.out, "loading it changes MXCSR from 1f80 to 9fc0"));
  const CliResult harmless = Fplab({"scan", "--load", SCAN_plain});
  EXPECT_EQ(harmless.status, 0);
  EXPECT_TRUE(Contains(harmless.out, "loading it leaves the mode of MXCSR at 1f80 (none)")) << harmless.out;
}

}  // namespace
}  // namespace fplab::tools
