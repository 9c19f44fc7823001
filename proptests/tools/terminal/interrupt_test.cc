// Signals that ask long work to stop: noted once, obeyed the second time, ignored where they were, put back as found.
// SPDX-License-Identifier: Apache-2.0
#include "tools/terminal/interrupt.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>
#include <optional>
#include <thread>

namespace fplab::tools {
namespace {

constexpr int kStopping[] = {SIGINT, SIGTERM, SIGHUP};

void Handler(int) {}

TEST(Interrupt, TheFirstSignalIsNotedWithTheStatusThatShellsGiveIt) {
  for (const int signal : kStopping) {
    const InterruptGuard guard;
    EXPECT_FALSE(InterruptGuard::Requested());
    EXPECT_EQ(InterruptGuard::Status(), 0);
    std::raise(signal);
    EXPECT_TRUE(InterruptGuard::Requested());
    EXPECT_EQ(InterruptGuard::Status(), 128 + signal);
  }
}

TEST(Interrupt, ASignalThatReachesAnotherThreadIsSeenByAll) {
  const InterruptGuard guard;
  std::thread([] { std::raise(SIGTERM); }).join();
  EXPECT_EQ(InterruptGuard::Status(), 128 + SIGTERM);
}

TEST(Interrupt, TheSecondSignalOfWhicheverKindEndsTheProgram) {
  for (const int first : kStopping) {
    for (const int second : kStopping) {
      EXPECT_EXIT(
          {
            const InterruptGuard guard;
            std::raise(first);
            std::raise(second);
          },
          testing::KilledBySignal(second), "");
    }
  }
}

TEST(Interrupt, AnIgnoredSignalStaysIgnored) {
  for (const int signal : kStopping) {
    std::signal(signal, SIG_IGN);
    {
      const InterruptGuard guard;
      std::raise(signal);
      EXPECT_FALSE(InterruptGuard::Requested());
    }
    EXPECT_EQ(std::signal(signal, SIG_DFL), SIG_IGN);
  }
}

TEST(Interrupt, TheHandlersFoundArePutBack) {
  for (const int signal : kStopping) {
    std::signal(signal, Handler);
    { const InterruptGuard guard; }
    EXPECT_EQ(std::signal(signal, SIG_DFL), &Handler);
  }
}

}  // namespace
}  // namespace fplab::tools
