// Threads of a sweep: every number once, and what is thrown anywhere comes out on the caller's thread.
// SPDX-License-Identifier: Apache-2.0
#include "tools/sweep/cell_threads.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

namespace fplab::tools {
namespace {

void DoNothing() {}

// The message of what RunWatched throws; "" if nothing.
std::string Thrown(size_t count, int threads, std::atomic<bool>& stop, const std::function<void(size_t)>& body,
                   const std::function<void()>& watch) {
  try {
    RunWatched(count, threads, stop, body, watch);
  } catch (const std::exception& error) {
    return error.what();
  } catch (int number) {
    return std::to_string(number);
  }
  return "";
}

TEST(RunWatched, CallsTheBodyOnceForEachNumberWhateverTheThreads) {
  for (const int threads : {1, 2, 7, 100}) {
    std::array<std::atomic<int>, 50> calls{};
    std::atomic<bool> stop = false;
    RunWatched(
        calls.size(), threads, stop, [&](size_t i) { ++calls[i]; }, DoNothing);
    for (const std::atomic<int>& count : calls) EXPECT_EQ(count, 1);
    EXPECT_FALSE(stop);
  }
  std::atomic<bool> stop = false;
  RunWatched(
      0, 3, stop, [](size_t) { FAIL(); }, DoNothing);
}

TEST(RunWatched, WhatABodyThrowsComesOutWhenTheOthersHaveEndedAndNoOtherBegins) {
  for (const int threads : {1, 3}) {
    std::atomic<bool> stop = false;
    std::atomic<int> running = 0, begun = 0;
    const auto body = [&](size_t i) {
      ++begun;
      ++running;
      if (i == 2) {
        --running;
        throw std::runtime_error("number 2");
      }
      // The others of the first round go on until they are asked to stop.
      while (begun >= threads && i > 2 && !stop) std::this_thread::yield();
      --running;
    };
    EXPECT_EQ(Thrown(1000, threads, stop, body, DoNothing), "number 2");
    EXPECT_TRUE(stop);
    EXPECT_EQ(running, 0);
    EXPECT_LT(begun, 1000);
  }
}

TEST(RunWatched, OfSeveralExceptionsOneComesOutOfWhateverType) {
  std::atomic<bool> stop = false;
  EXPECT_EQ(Thrown(
                4, 4, stop, [](size_t) { throw 7; }, DoNothing),
            "7");
}

TEST(RunWatched, WhatTheWatcherThrowsStopsTheBodiesAndComesOut) {
  std::atomic<bool> stop = false;
  std::atomic<int> running = 0;
  const auto until_stopped = [&](size_t) {
    ++running;
    while (!stop) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    --running;
  };
  EXPECT_EQ(Thrown(3, 3, stop, until_stopped, [] { throw std::runtime_error("no terminal"); }), "no terminal");
  EXPECT_EQ(running, 0);
}

TEST(RunWatched, AStopEndsItWithoutTheNumbersThatAreLeft) {
  std::atomic<bool> stop = false;
  std::atomic<int> calls = 0;
  RunWatched(
      1000, 2, stop,
      // The fifth caller may be held up before it stops the rest: the sixth, on the other thread, stops them then.
      [&](size_t) {
        if (++calls >= 5) stop = true;
      },
      DoNothing);
  EXPECT_GE(calls, 5);
  EXPECT_LE(calls, 6);
}

TEST(RunWatched, ItsThreadsLeaveSignalsToTheCallerWhoseMaskIsAsItWas) {
  sigset_t before, after;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  std::atomic<bool> stop = false, blocked = false;
  const auto look = [&](size_t) {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    blocked = sigismember(&mask, SIGINT) == 1 && sigismember(&mask, SIGTERM) == 1;
  };
  RunWatched(1, 1, stop, look, DoNothing);
  EXPECT_TRUE(blocked);
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  EXPECT_EQ(sigismember(&before, SIGINT), sigismember(&after, SIGINT));
}

}  // namespace
}  // namespace fplab::tools
