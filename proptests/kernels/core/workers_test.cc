// Workers: every iteration runs once, in the mode asked for, whatever the threads were made with.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <memory>
#include <mutex>
#include <set>
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

// Runs a loop whose bodies wait for each other: it ends only if as many run at the same time as there are workers.
// Returns the workers that took part.
std::set<int> Meet(Workers& workers) {
  std::barrier<> all(workers.count());
  std::mutex mutex;
  std::set<int> met;
  workers.For(workers.count(), kIeee, [&](int, int worker) {
    all.arrive_and_wait();
    const std::lock_guard lock(mutex);
    met.insert(worker);
  });
  return met;
}

TEST(Workers, AsManyBodiesRunAtTheSameTimeAsThereAreWorkersEvenBesideOtherPools) {
  std::vector<std::unique_ptr<Workers>> pools;
  for (int threads : {2, 2, 2, 5, 1, 17}) pools.push_back(std::make_unique<Workers>(threads));
  for (int round = 0; round < 20; ++round) {
    for (const auto& workers : pools) EXPECT_EQ(static_cast<int>(Meet(*workers).size()), workers->count());
  }
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> callers;  // as the cells of a sweep
    for (const auto& workers : pools) {
      callers.emplace_back([&wrong, &pool = *workers] {
        for (int round = 0; round < 20; ++round) wrong += static_cast<int>(Meet(pool).size()) != pool.count();
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

TEST(Workers, ABodyMayRunALoopOfOtherWorkers) {
  Workers outer(3);
  std::vector<std::unique_ptr<Workers>> inner;
  for (int w = 0; w < outer.count(); ++w) inner.push_back(std::make_unique<Workers>(2));
  std::atomic<int> runs = 0, wrong = 0;
  outer.For(30, HardwareFlushModes().back(), [&](int, int worker) {
    inner[static_cast<size_t>(worker)]->For(10, kIeee, [&](int, int) {
      if (ObservedMode() != kIeee) ++wrong;
      ++runs;
    });
    if (ObservedMode() != HardwareFlushModes().back()) ++wrong;
  });
  EXPECT_EQ(runs, 300);
  EXPECT_EQ(wrong, 0);
}

TEST(Workers, ALoopInsideALoopOfTheSameWorkersAborts) {
  for (int threads : {1, 2}) {
    for (int inner_count : {0, 1, 4}) {
      EXPECT_DEATH(
          {
            Workers workers(threads);
            workers.For(3, kIeee, [&](int, int) { workers.For(inner_count, kIeee, [](int, int) {}); });
          },
          "check failed: Workers::For: a loop of these workers is running");
    }
  }
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
  for (int threads : {0, -1, 4097}) {
    EXPECT_THROW(Workers workers(threads), Error) << threads;
    EXPECT_THROW(Workers::RequireCount(threads), Error) << threads;
  }
  for (int threads : {1, 2, 4096}) Workers::RequireCount(threads);
}

TEST(Workers, TheCallersControlWordIsAsBeforeAfterEveryLoop) {
  for (int threads : kThreadCounts) {
    Workers workers(threads);
    for (Mode ambient : HardwareModes()) {
      const ScopedMode guard(ambient);
      const uint64_t before = ReadControlWord() & ModeMask();
      for (Mode mode : HardwareModes()) {
        workers.For(10, mode, [](int, int) {});
        EXPECT_EQ(ReadControlWord() & ModeMask(), before) << Name(mode) << " under " << Name(ambient);
      }
    }
  }
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
