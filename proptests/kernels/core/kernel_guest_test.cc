// Kernels as guests: the same bits in every host program, nothing traps, and the host's state comes back to the bit.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/kernels/core/workers.h>
#include <fplab/kernels/layers/elementwise.h>
#include <fplab/kernels/layers/exp_log.h>
#include <fplab/kernels/layers/loss.h>
#include <fplab/kernels/layers/member_columns.h>
#include <fplab/kernels/layers/nonlinearity.h>
#include <fplab/kernels/layers/optimizer_step.h>
#include <fplab/kernels/layers/reductions.h>
#include <fplab/kernels/layers/select.h>
#include <fplab/kernels/matmul/matmul.h>
#include <fplab/kernels/matmul/parallel_matmul.h>
#include <fplab/kernels/matmul/prepared_matmul.h>
#include <fplab/kernels/matmul/subnormal_cost.h>
#include <fplab/kernels/random/gaussian_noise.h>
#include <fplab/kernels/random/random.h>
#include "proptests/support/forks.h"
#include "proptests/support/host_states.h"
#include "proptests/support/kernel_data.h"
#include "proptests/support/sanitizers.h"

namespace fplab::kernels {
namespace {

constexpr int kRows = 40, kCols = 40;

// Operands of every kind, and a place for results. Made before the host's state is set: a test computes nothing there.
struct Desk {
  Desk() {
    WordSource source(11);
    // Ordinary numbers beside those that underflow, overflow and are subnormal.
    a = DrawPanels(source, Palette::kUnderflow, kRows, kCols);
    b = DrawPanels(source, Palette::kMixed, kRows, kCols);
    values = DrawFloats(source, Palette::kMixed, 1024);
    values[3] = 0;
    out = PanelMatrix(kRows, kCols);
    for (float x : values) magnitudes.push_back(__builtin_fabsf(x));
    labels.assign(64, 7);
  }

  PanelMatrix a, b, out;
  std::vector<float> values, magnitudes;
  std::vector<float> first = std::vector<float>(1024), second = std::vector<float>(1024);
  std::vector<int32_t> labels;
  std::vector<int32_t> counts = std::vector<int32_t>(kRows);
};

struct Entry {
  const char* name;
  std::function<void(Desk&, Isa)> run;
};

// Every kernel that computes. Results go to the desk's `out`, `first` and `second`.
std::vector<Entry> Entries() {
  return {
      {"matmul",
       [](Desk& d, Isa isa) {
         MatmulTransposed(d.a.view(), d.b.view(), d.out.view(), {isa, kIeee});
       }},
      {"matmul that flushes",
       [](Desk& d, Isa isa) {
         MatmulTransposed(d.a.view(), d.b.view(), d.out.view(), {isa, HardwareFlushModes().back()});
       }},
      {"matmul from init",
       [](Desk& d, Isa isa) {
         MatmulTransposedFrom(d.out.view(), d.a.view(), d.b.view(), d.out.view(), {isa, kIeee});
       }},
      {"row-major matmul",
       [](Desk& d, Isa isa) {
         Matmul({d.values.data(), 16, kRows, kRows}, d.b.view(), {d.first.data(), 16, kCols, kCols}, {isa, kIeee});
       }},
      {"scale",
       [](Desk& d, Isa isa) {
         Scale(d.a.view(), 0.1f, d.out.view(), {isa, kIeee});
       }},
      {"add bias",
       [](Desk& d, Isa isa) {
         AddBias(d.a.view(), d.values.data(), d.out.view(), {isa, kIeee});
       }},
      {"add bias and scale",
       [](Desk& d, Isa isa) {
         AddBiasScale(d.a.view(), d.values.data(), 0x1p-125f, d.out.view(), {isa, kIeee});
       }},
      {"add",
       [](Desk& d, Isa isa) {
         Add(d.a.view(), d.b.view(), d.out.view(), {isa, kIeee});
       }},
      {"exp", [](Desk& d, Isa isa) { Exp(d.values.data(), d.first.data(), d.first.size(), isa); }},
      {"log", [](Desk& d, Isa isa) { Log(d.values.data(), d.first.data(), d.first.size(), isa); }},
      {"loss and gradient",
       [](Desk& d, Isa isa) {
         SoftmaxCrossEntropyGradient(d.b.view(), d.labels.data(), d.first.data(), d.out.view(), isa);
       }},
      {"sum", [](Desk& d, Isa isa) { d.first[0] = Sum(d.values.data(), d.values.size(), isa); }},
      {"column sums", [](Desk& d, Isa isa) { ColumnSums(d.b.view(), d.first.data(), isa); }},
      {"count zeros", [](Desk& d, Isa isa) { d.counts[0] = static_cast<int32_t>(CountZeros(d.a.view(), isa)); }},
      {"count correct",
       [](Desk& d, Isa isa) { d.counts[0] = static_cast<int32_t>(CountCorrect(d.b.view(), d.labels.data(), isa)); }},
      {"count differences", [](Desk& d, Isa isa) { CountDifferences(d.a.view(), d.b.view(), d.counts.data(), isa); }},
      {"elu", [](Desk& d, Isa isa) { ApplyNonlinearity(Nonlinearity::kElu, d.b.view(), d.out.view(), isa); }},
      {"tanh", [](Desk& d, Isa isa) { ApplyNonlinearity(Nonlinearity::kTanh, d.b.view(), d.out.view(), isa); }},
      {"normalise", [](Desk& d, Isa isa) { NormaliseColumns(d.a.view(), d.out.view(), d.first.data(), isa); }},
      {"adam",
       [](Desk& d, Isa isa) {
         Adam({0.1f, 0.9f, 0.999f, 1e-8f, 1.5f, 1.25f}, d.values.data(), d.out.buffer().data(), d.first.data(),
              d.second.data(), 1024, isa);
       }},
      {"sgd",
       [](Desk& d, Isa isa) { SgdMomentum(0.1f, 0.9f, d.values.data(), d.first.data(), d.second.data(), 1024, isa); }},
      {"moving average", [](Desk& d, Isa isa) { MoveAverage(0.998f, d.values.data(), d.first.data(), 1024, isa); }},
      {"member dots",
       [](Desk& d, Isa isa) {
         MemberDots(d.b.view(), {d.values.data(), kRows, 8, 4}, d.first.data(), {isa, kIeee});
       }},
      {"normal deviates",
       [](Desk& d, Isa isa) {
         FillNormals({1, {2, 3, 4}}, 0.1f, d.first.data(), d.first.size(), isa);
       }},
      {"perturb",
       [](Desk& d, Isa isa) {
         PerturbByNormals({1, {2, 3, 4}}, 0.1f, d.values.data(), d.first.data(), d.second.data(), 1024, isa);
       }},
      {"sum of normals",
       [](Desk& d, Isa isa) {
         SumOfNormals({1, {2, 3, 4}}, d.magnitudes.data(), 3, 0, d.first.data(), 1024, isa);
       }},
  };
}

// The bits of what an entry left on a new desk.
std::vector<uint32_t> Bits(const Desk& desk) {
  std::vector<uint32_t> bits;
  for (float x : desk.out.buffer()) bits.push_back(ToBits(x));
  for (float x : desk.first) bits.push_back(ToBits(x));
  for (float x : desk.second) bits.push_back(ToBits(x));
  for (int32_t x : desk.counts) bits.push_back(static_cast<uint32_t>(x));
  return bits;
}

TEST(KernelGuest, EveryKernelGivesTheSameBitsInEveryHostAndLeavesItAsItIs) {
  for (Isa isa : SupportedIsas()) {
    for (const Entry& entry : Entries()) {
      Desk expected;
      entry.run(expected, isa);
      for (const HostState& state : HostStates()) {
        Desk desk;
        EXPECT_TRUE(LeavesHostAsItIs(state, [&] { entry.run(desk, isa); }))
            << entry.name << " in a host " << state.name;
        EXPECT_EQ(Bits(desk), Bits(expected)) << entry.name << " in a host " << state.name << ", " << Name(isa);
      }
    }
  }
}

TEST(KernelGuest, AProductAmongWorkersMadeInTheHostsStateGivesTheSameBits) {
  WordSource source(12);
  const PanelMatrix a = DrawPanels(source, Palette::kUnderflow, 100, 200),
                    b = DrawPanels(source, Palette::kMixed, 100, 96);
  PanelMatrix expected(200, 96);
  MatmulTransposed(a.view(), b.view(), expected.view(), {BestIsa(), kIeee});
  for (const HostState& state : HostStates()) {
    PanelMatrix out(200, 96);
    EXPECT_TRUE(LeavesHostAsItIs(state, [&] {
      Workers workers(3);  // its threads begin in the host's state
      MatmulTransposed(workers, a.view(), b.view(), out.view(), {BestIsa(), kIeee});
    })) << state.name;
    std::string difference;
    EXPECT_TRUE(SameMatrix(out.view(), expected.view(), &difference)) << state.name << ": " << difference;
  }
}

[[gnu::noinline]] float Divide(const volatile float* a, const volatile float* b) { return *a / *b; }

TEST(KernelGuest, ABodyOfALoopMayRaiseWhatTheHostTrapsAndTheFlagsStayBehind) {
  const volatile float one = 1, zero = 0, three = 3;
  for (const HostState& state : HostStates()) {
    std::array<uint32_t, 40> thirds{}, infinities{};
    std::array<bool, 40> masked{};
    EXPECT_TRUE(LeavesHostAsItIs(state, [&] {
      Workers workers(3);
      workers.For(40, kIeee, [&](int i, int) {
        const auto at = static_cast<size_t>(i);
        masked[at] = ComputesAsGuest(ModeBits(kIeee));
        thirds[at] = ToBits(Divide(&one, &three));
        infinities[at] = ToBits(Divide(&one, &zero));
      });
    })) << state.name;
    for (size_t i = 0; i < thirds.size(); ++i) {
      ASSERT_TRUE(masked[i]) << state.name;
      ASSERT_EQ(thirds[i], 0x3eaaaaabu) << state.name;
      ASSERT_EQ(infinities[i], 0x7f800000u) << state.name;
    }
  }
}

TEST(KernelGuest, APreparedProductGivesTheSameBitsInEveryHost) {
  Desk expected;
  MatmulTransposed(expected.a.view(), expected.b.view(), expected.out.view(), {BestIsa(), kIeee});
  for (const HostState& state : HostStates()) {
    Desk desk;
    const PreparedMatmul product(MatmulLayout::kPanels, kRows, kCols, kRows, {BestIsa(), kIeee});
    HostView before, after;
    {
      const ScopedHostState host(state);
      before = ViewHost();
      product(desk.a.buffer().data(), desk.b.buffer().data(), desk.out.buffer().data());
      after = ViewHost();
    }
    EXPECT_EQ(Bits(desk), Bits(expected)) << state.name;
    // What its header says: in a host that computes in the product's mode the product's flags stay up, and no other.
    if (state.mode == kIeee && state.traps == 0) {
      EXPECT_EQ(after.flags & ~(FE_INEXACT | FE_OVERFLOW | FE_UNDERFLOW | FE_INVALID), before.flags & FE_DIVBYZERO);
      EXPECT_EQ(after.x87_control, before.x87_control) << state.name;
      continue;
    }
    EXPECT_EQ(after, before) << state.name;
  }
}

TEST(KernelGuest, PreparedProductsInsideAGuardGiveTheFlagsBackToo) {
  Desk desk;
  const PreparedMatmul product(MatmulLayout::kPanels, kRows, kCols, kRows, {BestIsa(), kIeee});
  for (const HostState& state : HostStates()) {
    EXPECT_TRUE(LeavesHostAsItIs(state, [&] {
      const ScopedGuest guard;
      product(desk.a.buffer().data(), desk.b.buffer().data(), desk.out.buffer().data());
    })) << state.name;
  }
}

TEST(KernelGuest, TheCostOfSubnormalNumbersIsMeasuredInEveryHost) {
  for (const HostState& state : HostStates()) {
    double slowdown = 0;
    EXPECT_TRUE(LeavesHostAsItIs(state, [&] { slowdown = SubnormalSlowdown(BestIsa()); })) << state.name;
    EXPECT_GT(slowdown, 0) << state.name;
  }
}

TEST(KernelGuest, WorkersWorkOnInTheChildOfAForkAndEndThere) {
  if (!ChildrenStartThreads()) GTEST_SKIP() << "a child of a process with threads can't start threads here";
  for (int threads : {1, 3}) {
    auto workers = std::make_unique<Workers>(threads);
    workers->For(50, kIeee, [](int, int) {});
    const auto count_runs = [&] {
      std::atomic<int> runs = 0;
      for (int round = 0; round < 20; ++round) workers->For(50, kIeee, [&](int, int) { ++runs; });
      return runs.load();
    };
    EXPECT_EQ(InChild([&] {
                // Two children deep; then they end, of which a join would wait for ever.
                const int inner = InChild([&] { return count_runs() == 1000 ? 7 : 8; });
                const bool right = inner == 7 && count_runs() == 1000;
                workers.reset();
                return right ? 7 : 8;
              }),
              7)
        << threads << " threads";
    EXPECT_EQ(InChild([&] {
                workers.reset();  // without a loop
                return 7;
              }),
              7);
    EXPECT_EQ(count_runs(), 1000);
  }
}

TEST(KernelGuest, AForkInsideABodyThatComesBackFromItAbortsAndDoesNotHang) {
  if (kThreadSanitizer) GTEST_SKIP() << "ThreadSanitizer has a say in what the child does";
  Workers workers(3);
  std::atomic<int> aborted = 0, children = 0;
  workers.For(6, kIeee, [&](int, int) {
    const pid_t child = fork();
    if (child == 0) {
      alarm(60);
      close(STDERR_FILENO);
      return;
    }
    int status = 0;
    waitpid(child, &status, 0);
    ++children;
    aborted += WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
  });
  EXPECT_EQ(children, 6);
  EXPECT_EQ(aborted, 6);
}

}  // namespace
}  // namespace fplab::kernels
