// Loading in a child: whatever the constructors do, there is an answer, it names the limit that ended them, and nothing
// of them stays behind.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/elf_load.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cfenv>
#include <csignal>
#include <string>
#include <vector>

#include <fplab/fparith/mode/control_word.h>
#include "proptests/support/cli_process.h"
#include "proptests/support/scratch_folder.h"
#include "tools/scan/process_tree.h"

namespace fplab::tools {
namespace {

// Loads under short limits and looks that no process was left behind.
LoadReport Load(const std::string& path, LoadLimits limits = {.seconds = 30}) {
  const std::vector<pid_t> before = ChildrenOf(getpid());
  const LoadReport report = LoadInChild(path, limits);
  EXPECT_EQ(ChildrenOf(getpid()), before) << path;
  return report;
}

TEST(ElfLoad, ReportsTheControlWordAndTheObjectsThatCameAlong) {
  const LoadReport plain = Load(SCAN_plain);
  EXPECT_EQ(plain.failure, "");
  EXPECT_EQ(plain.before, plain.after);
  EXPECT_NE(std::find(plain.objects.begin(), plain.objects.end(), SCAN_plain), plain.objects.end());
  const LoadReport sets = Load(SCAN_sets_control_word);
  EXPECT_EQ(sets.failure, "");
  EXPECT_EQ(DecodeMode(sets.before), kIeee);
  EXPECT_EQ(DecodeMode(sets.after), kFtzDaz);
}

TEST(ElfLoad, NamesWhyNothingCouldBeLoaded) {
  ScratchFolder folder;
  EXPECT_TRUE(Contains(Load(Put(folder / "text.so", "text")).failure, "text.so"));
  EXPECT_TRUE(Contains(ErrorOf([&] { LoadInChild(folder / "absent.so"); }), "No such file"));
  EXPECT_EQ(Load(SCAN_load_exits).failure, "its constructors ended the process");
  EXPECT_EQ(Load(SCAN_load_crashes).failure, "loading ended in Segmentation fault");
}

TEST(ElfLoad, ANameWithANewlineForgesNothing) {
  ScratchFolder folder;
  const std::string name = "a\nword 8064 40896\nb\x1b.so";
  const LoadReport whole = Load(Put(folder / name, Get(SCAN_plain)));
  EXPECT_EQ(whole.failure, "");
  EXPECT_EQ(whole.before, whole.after);
  const LoadReport broken = Load(Put(folder / name, "text"));
  EXPECT_TRUE(Contains(broken.failure, "a\\nword 8064 40896\\nb\\x1b.so")) << broken.failure;
}

TEST(ElfLoad, AChildOfAConstructorHoldsNothingUp) {
  EXPECT_EQ(Load(SCAN_load_forks).failure, "");
  EXPECT_EQ(Load(SCAN_load_daemon).failure, "");
}

TEST(ElfLoad, TimeEndsWhateverTheConstructorDoesWithSignals) {
  for (const char* path : {SCAN_load_stops, SCAN_load_ignores_alarm}) {
    EXPECT_EQ(Load(path, {.seconds = 1}).failure, "loading took more than 1 seconds") << path;
  }
}

TEST(ElfLoad, KillingTheGroupKillsNoOneElse) {
  EXPECT_EQ(Load(SCAN_load_kills_group).failure, "loading ended in Terminated");
}

TEST(ElfLoad, ALimitThatEndedItIsNamed) {
  EXPECT_EQ(Load(SCAN_load_burns, {.seconds = 60, .cpu_seconds = 1}).failure,
            "loading took more than 1 seconds of processor time");
  EXPECT_EQ(Load(SCAN_load_writes, {.file_size = 1 << 20}).failure, "it wrote more than 1048576 bytes into a file");
  if (!LimitsMemory()) return;
  const std::string memory = Load(SCAN_load_allocates, {.memory = uint64_t{256} << 20}).failure;
  EXPECT_TRUE(Contains(memory, "its limit is 256 MiB")) << memory;
}

TEST(ElfLoad, TheChildHasNoTerminalAndASessionOfItsOwn) { EXPECT_EQ(Load(SCAN_load_terminal).failure, ""); }

// A host's ignored or blocked signals would otherwise change what a constructor's own signals do.
TEST(ElfLoad, TheHostsSignalsDoNotReachTheChild) {
  sigset_t blocked, was;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  sigprocmask(SIG_BLOCK, &blocked, &was);
  EXPECT_EQ(Load(SCAN_load_kills_group).failure, "loading ended in Terminated");
  sigprocmask(SIG_SETMASK, &was, nullptr);
}

TEST(ElfLoad, TheHostsModeAndFlagsDoNotReachTheChild) {
  std::feraiseexcept(FE_INEXACT);
  EXPECT_EQ(Load(SCAN_plain).before, 0x1f80u);
}

TEST(ElfLoad, ChildrenOfTheHostAreSpared) {
  const pid_t own = fork();
  if (own == 0) {
    for (;;) pause();
  }
  LoadInChild(SCAN_load_forks);
  EXPECT_EQ(waitpid(own, nullptr, WNOHANG), 0);
  kill(own, SIGKILL);
  waitpid(own, nullptr, 0);
}

}  // namespace
}  // namespace fplab::tools
