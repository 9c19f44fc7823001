// Workers: every iteration runs once, in the mode asked for, whatever the threads were made with.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/kernels/core/workers.h>
#include <fplab/kernels/layers/elementwise.h>
#include "proptests/support/kernel_data.h"

namespace fplab::kernels {
namespace {

constexpr int kThreadCounts[] = {1, 2, 3, 5};

[[gnu::noinline]] float Multiply(const volatile float* a, const volatile float* b) { return *a * *b; }

// The mode that the thread really computes in, rounding direction included.
Mode ObservedMode() {
  const volatile float min_normal = 0x1p-126f, half = 0.5f, subnormal = 0x1p-127f, four = 4.0f;
  const volatile float above_one = 0x1.000002p0f, below = -0x1.000002p0f;
  Mode mode = kIeee;
  mode.flush_outputs = IsZero(Multiply(&min_normal, &half));
  mode.flush_inputs = IsZero(Multiply(&subnormal, &four));
  // (1 + 2^-23)^2 is 1 + 2^-22 + 2^-46: nearest is down.
  const bool positive_up = ToBits(Multiply(&above_one, &above_one)) == 0x3f800003;
  const bool negative_away = ToBits(Multiply(&above_one, &below)) == 0xbf800003;
  if (positive_up) mode.rounding = Rounding::kUp;
  if (negative_away) mode.rounding = Rounding::kDown;
  return mode;
}

TEST(Workers, EveryIterationRunsOnceOnAWorkerOfItsOwn) {
  for (int threads : kThreadCounts) {
    Workers workers(threads);
    EXPECT_EQ(workers.count(), threads);
    for (int count : {0, 1, 2, 3, 7, 1000}) {
      std::vector<std::atomic<int>> runs(static_cast<size_t>(count));
      std::vector<std::atomic<int>> busy(static_cast<size_t>(threads));
      std::atomic<int> wrong = 0;
      workers.For(count, kIeee, [&](int i, int worker) {
        if (worker < 0 || worker >= threads || busy[worker].exchange(1) != 0) ++wrong;
        ++runs[i];
        busy[worker] = 0;
      });
      EXPECT_EQ(wrong, 0) << threads << " threads";
      for (const auto& run : runs) ASSERT_EQ(run, 1) << threads << " threads, " << count << " iterations";
    }
  }
}

// The pool has the threads it was asked for: two iterations that wait for each other meet. Some loop of many must show
// it; which one is the scheduler's affair.
TEST(Workers, ThreadsTakePartAtTheSameTime) {
  Workers workers(2);
  std::atomic<bool> met = false;
  for (int loop = 0; loop < 100 && !met; ++loop) {
    std::atomic<int> present = 0;
    workers.For(2, kIeee, [&](int, int) {
      if (++present == 2) met = true;
      for (int wait = 0; wait < 100 && !met; ++wait) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      --present;
    });
  }
  EXPECT_TRUE(met);
}

TEST(Workers, APoolMadeBeforeAGuardComputesInTheModeAskedForInEveryTask) {
  for (int threads : kThreadCounts) {
    Workers workers(threads);
    workers.For(50, kIeee, [](int, int) {});  // the threads exist now, with their own control words
    for (Mode ambient : HardwareFlushModes()) {
      for (Mode mode : HardwareModes()) {
        if (mode.rounding == Rounding::kTowardZero) continue;  // observed as nearest on the products above
        std::atomic<int> wrong = 0;
        Mode after;
        {
          const ScopedMode guard(ambient);
          workers.For(20, mode, [&](int, int) {
            if (ObservedMode() != mode || CurrentMode() != mode) ++wrong;
          });
          after = ObservedMode();
        }
        EXPECT_EQ(wrong, 0) << Name(mode) << " under " << Name(ambient) << ", " << threads << " threads";
        EXPECT_EQ(after, ambient);
      }
    }
  }
}

TEST(Workers, ATaskThatLeavesAnotherModeBehindDoesNotReachTheNextTask) {
  if (!HardwareSupports(kFtzDaz)) GTEST_SKIP() << "this machine does not flush";
  for (int threads : kThreadCounts) {
    Workers workers(threads);
    std::atomic<int> wrong = 0;
    workers.For(200, kIeee, [&](int, int) {
      if (ObservedMode() != kIeee) ++wrong;
      const ScopedMode inner(kFtzDaz);
      if (ObservedMode() != kFtzDaz) ++wrong;
    });
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(ObservedMode(), kIeee);
  }
}

TEST(Workers, AnExceptionOfABodyComesOutAndThePoolStaysUsable) {
  for (int threads : kThreadCounts) {
    Workers workers(threads);
    for (int round = 0; round < 3; ++round) {
      try {
        workers.For(100, HardwareFlushModes().back(), [](int i, int) {
          if (i == 37) throw std::runtime_error("iteration 37");
        });
        FAIL() << "nothing was thrown";
      } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "iteration 37");
      }
      EXPECT_EQ(ObservedMode(), kIeee);
      std::atomic<int> runs = 0;
      workers.For(10, kIeee, [&](int, int) { ++runs; });
      EXPECT_EQ(runs, 10);
    }
  }
}

TEST(Workers, AModeThatTheMachineLacksIsRefusedAndNothingRuns) {
  const Mode away{Rounding::kNearestAway, false, false};
  for (int threads : kThreadCounts) {
    Workers workers(threads);
    std::atomic<int> runs = 0;
    EXPECT_THROW(workers.For(10, away, [&](int, int) { ++runs; }), Error);
    EXPECT_EQ(runs, 0);
  }
}

TEST(Workers, ImpossibleNumbersOfThreadsAreRefused) {
  for (int threads : {0, -1, 4097}) EXPECT_THROW(Workers workers(threads), Error) << threads;
}

TEST(Workers, KernelsReturnTheSameBitsForEveryNumberOfThreads) {
  WordSource source(9);
  const PanelMatrix in = DrawPanels(source, Palette::kSubnormal, 33, 300);
  const std::vector<float> bias = DrawFloats(source, Palette::kSubnormal, 33);
  for (Mode mode : HardwareFlushModes()) {
    PanelMatrix want(33, 300);
    AddBiasScale(in.view(), bias.data(), 0.75f, want.view(), {Isa::kFallback, mode});
    for (int threads : kThreadCounts) {
      Workers workers(threads);
      PanelMatrix out(33, 300);
      workers.For(out.view().panels(), mode, [&](int p, int) {
        AddBiasScale(in.view().Panels(p, 1), bias.data(), 0.75f, out.view().Panels(p, 1), {BestIsa(), mode});
      });
      std::string difference;
      EXPECT_TRUE(SameMatrix(out.view(), want.view(), &difference)) << threads << " threads: " << difference;
    }
  }
}

}  // namespace
}  // namespace fplab::kernels
