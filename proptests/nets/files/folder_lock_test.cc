// Locks of folders: one holder at a time, named to the others; none outlives its holder.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/folder_lock.h>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <optional>
#include <thread>

#include <fplab/nets/files/run_directory.h>
#include "proptests/support/forks.h"
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

std::string Refusal(const std::filesystem::path& folder) {
  return ErrorOf([&] { FolderLock lock(folder); });
}

// A process that holds the lock until it is killed.
class OtherHolder {
 public:
  explicit OtherHolder(const std::filesystem::path& folder) {
    std::array<int, 2> ready;
    if (::pipe(ready.data()) != 0) throw std::runtime_error("no pipe");
    pid_ = ::fork();
    if (pid_ == 0) {
      const FolderLock lock(folder);
      if (::write(ready[1], "x", 1) != 1) ::_exit(1);
      ::pause();
    }
    char byte = 0;
    held_ = ::read(ready[0], &byte, 1) == 1;
    ::close(ready[0]);
    ::close(ready[1]);
  }
  ~OtherHolder() { Kill(); }
  void Kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  pid_t pid() const { return pid_; }
  bool held() const { return held_; }

 private:
  pid_t pid_ = -1;
  bool held_ = false;
};

TEST(FolderLock, IsTakenWhereStandardInputIsClosedToo) {
  const ScratchFolder scratch;
  EXPECT_EQ(InChild([&] {
              ::close(STDIN_FILENO);  // the lock's descriptor is 0
              return Refusal(scratch.path()) == "(no error)" ? 0 : 1;
            }),
            0);
}

TEST(FolderLock, TheSecondIsRefusedWithProcessHostAndTimeOfTheFirst) {
  const ScratchFolder scratch;
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  OtherHolder other(scratch.path());
  ASSERT_TRUE(other.held());
  const std::string message = Refusal(scratch.path());
  EXPECT_TRUE(message.starts_with(fmt::format("{}: is in use by process {} on host {} since 20",
                                              scratch.path().string(), other.pid(), host.data())))
      << message;
  EXPECT_TRUE(message.ends_with(" UTC")) << message;
}

TEST(FolderLock, IsFreeWhenItsHolderIsKilledAndTheNextLeavesNoFile) {
  const ScratchFolder scratch;
  OtherHolder other(scratch.path());
  other.Kill();
  EXPECT_EQ(Names(scratch.path()), std::vector<std::string>{".lock"});
  {
    const FolderLock lock(scratch.path());
    EXPECT_TRUE(Contains(Get(scratch / ".lock"), fmt::format("process {} ", ::getpid())));
  }
  EXPECT_TRUE(Names(scratch.path()).empty());
}

TEST(FolderLock, OneProcessIsRefusedItsOwnFolderToo) {
  const ScratchFolder scratch;
  std::optional<FolderLock> lock(scratch.path());
  EXPECT_TRUE(Contains(Refusal(scratch.path()), fmt::format("process {} ", ::getpid())));
  FolderLock moved = *std::move(lock);
  lock.reset();
  EXPECT_TRUE(Contains(Refusal(scratch.path()), "is in use by"));
}

TEST(FolderLock, ManyThreadsThatTakeItInTurnAreNeverTwo) {
  const ScratchFolder scratch;
  std::atomic<int> holders = 0, taken = 0;
  std::atomic<bool> two = false;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 200; ++i) {
          try {
            const FolderLock lock(scratch.path());
            two = two || ++holders > 1;
            ++taken;
            --holders;
          } catch (const Error&) {
          }
        }
      });
    }
  }
  EXPECT_FALSE(two);
  EXPECT_GT(taken, 0);
  EXPECT_TRUE(Names(scratch.path()).empty());
}

TEST(FolderLock, ProgramsThatAreStartedMeanwhileDoNotInheritIt) {
  const ScratchFolder scratch;
  std::optional<FolderLock> lock(scratch.path());
  std::array<int, 2> started;
  ASSERT_EQ(::pipe2(started.data(), O_CLOEXEC), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::execlp("sleep", "sleep", "1000", nullptr);
    ::_exit(127);
  }
  // Until the child runs its program it holds the lock as well; then its end of the pipe is closed.
  ::close(started[1]);
  char byte = 0;
  EXPECT_EQ(::read(started[0], &byte, 1), 0);
  ::close(started[0]);
  lock.reset();
  EXPECT_EQ(Refusal(scratch.path()), "(no error)");
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST(FolderLock, AChildByForkThatLetsItGoDoesNotTakeItFromItsParent) {
  const ScratchFolder scratch;
  std::optional<FolderLock> lock(scratch.path());
  const pid_t child = ::fork();
  if (child == 0) {
    lock.reset();
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(Contains(Refusal(scratch.path()), "is in use by"));
}

TEST(FolderLock, WhatSomebodyElseWroteIntoTheFileIsShownAsOneLineOfAscii) {
  const ScratchFolder scratch;
  const FolderLock lock(scratch.path());
  Put(scratch / ".lock", "a\x1b[31m\nb\xff" + std::string(100000, 'c'));
  const std::string message = Refusal(scratch.path());
  EXPECT_TRUE(Contains(message, "is in use by a[31mbc")) << message;
  EXPECT_LT(message.size(), 1000u);
  Put(scratch / ".lock", "");
  EXPECT_TRUE(Refusal(scratch.path()).ends_with("is in use by another process"));
}

TEST(FolderLock, AFolderThatIsMissingAndALinkInItsPlaceAreRefused) {
  const ScratchFolder scratch;
  EXPECT_TRUE(Contains(Refusal(scratch / "none"), "none/.lock: cannot lock: No such file"));
  Put(scratch / "precious", "precious");
  std::filesystem::create_symlink(scratch / "precious", scratch / ".lock");
  EXPECT_TRUE(Contains(Refusal(scratch.path()), ".lock: cannot lock: "));
  EXPECT_EQ(Get(scratch / "precious"), "precious");
}

TEST(FolderLock, ARunThatIsHeldIsNeitherCreatedNorResumedButRead) {
  const ScratchFolder scratch;
  RunDirectory run = RunDirectory::Create(scratch / "run", {{"seed", 1}});
  for (const auto& take : {RunDirectory::Resume, +[](const std::filesystem::path& path) {
                             return RunDirectory::Create(path, {{"seed", 2}});
                           }}) {
    EXPECT_TRUE(Contains(ErrorOf([&] { take(run.path()); }), "run: is in use by process "));
  }
  EXPECT_EQ(RunDirectory::Open(run.path()).config().dump(), R"({"seed":1})");
  EXPECT_FALSE(RunDirectory::Open(run.path()).writable());
}

}  // namespace
}  // namespace fplab::nets
