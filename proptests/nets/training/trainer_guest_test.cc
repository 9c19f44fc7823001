// Training as a guest: the same run in every host program, beside its forks and its signal handlers.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/kernels/matmul/matmul.h>
#include <fplab/kernels/matmul/parallel_matmul.h>
#include <fplab/nets/training/checkpoint.h>
#include "proptests/support/forks.h"
#include "proptests/support/host_states.h"
#include "proptests/support/kernel_data.h"
#include "proptests/support/scratch_folder.h"
#include "proptests/support/trainer_cases.h"

namespace fplab::nets {
namespace {

// What a run is, without the time that it took.
std::string Essence(const TrainResult& result) {
  std::string text = result.digest;
  for (double x : {result.train_accuracy, result.test_accuracy, result.train_loss, result.test_loss}) {
    text += " " + std::to_string(ToBits(x));
  }
  return text;
}

TrainResult TrainWith(const TrainConfig& config, const TrainTest& data, int threads) {
  TrainOptions options;
  options.threads = threads;
  return Train(config, data, options);
}

TEST(TrainerGuest, ARunIsTheSameInEveryHostWhichStaysAsItIs) {
  const TrainTest data = TrainerData();
  for (const TrainerCase& c : TrainerCases()) {
    const std::string expected = Essence(TrainWith(c.config, data, 2));
    for (const HostState& state : HostStates()) {
      TrainResult result;
      EXPECT_TRUE(LeavesHostAsItIs(state, [&] { result = TrainWith(c.config, data, 2); })) << c.name << state.name;
      EXPECT_EQ(Essence(result), expected) << c.name << " in a host " << state.name;
    }
  }
}

TEST(TrainerGuest, ARunStoppedAndResumedInEveryHostLeavesTheSameFiles) {
  const TrainTest data = TrainerData();
  TrainerCase c = TrainerCases().front();
  // Neither is a binary64: reading them back depends on a direction of rounding.
  std::get<ActivationConfig>(c.config.estimator).sigma = 0.1f;
  c.config.optimizer.learning_rate = 0.003f;
  const RunFiles expected = TrainInScratch(c.config, data);
  for (const HostState& state : HostStates()) {
    const ScratchFolder scratch;
    const std::filesystem::path folder = scratch / "run";
    std::optional<RunDirectory> run;
    TrainResult result;
    bool same = false;
    EXPECT_TRUE(LeavesHostAsItIs(state, [&] {
      RunDirectory::Create(folder, ToJson(c.config));
      run = RunDirectory::Resume(folder);
      const TrainConfig config = TrainConfigFromJson(run->config(), "config.json");
      TrainOptions options;
      options.max_steps = 4;
      Train(config, data, options, &*run);
      options.max_steps = 0;
      result = Train(config, data, options, &*run, true);
      const Checkpoint left = ReadCheckpoint(run->checkpoint_path());
      WriteCheckpoint(run->checkpoint_path(), left);
      same = ParameterDigest(left.network) == result.digest && run->HasCheckpoint() && run->ReadMetrics().size() == 2;
    })) << state.name;
    EXPECT_TRUE(same) << state.name;
    const RunFiles found = FilesOf(*run, result);
    EXPECT_EQ(found.result.digest, expected.result.digest) << state.name;
    EXPECT_EQ(found.checkpoint, expected.checkpoint) << state.name;
    EXPECT_EQ(found.metrics, expected.metrics) << state.name;
  }
}

TEST(TrainerGuest, CallbacksComputeInIeeeModeAndWhatTheyLeaveBehindReachesNothing) {
  const TrainTest data = TrainerData();
  const TrainConfig config = TrainerCases().front().config;
  const std::string expected = Essence(TrainWith(config, data, 2));
  for (const HostState& state : HostStates()) {
    int elsewhere = 0;
    TrainOptions options;
    options.threads = 2;
    const auto turn_upward = [&] {
      elsewhere += !ComputesAsGuest(ModeBits(kIeee));
      std::fesetround(FE_UPWARD);
    };
    options.progress = [&](const TrainProgress&) { turn_upward(); };
    options.stop = [&] {
      turn_upward();
      return false;
    };
    TrainResult result;
    EXPECT_TRUE(LeavesHostAsItIs(state, [&] { result = Train(config, data, options); })) << state.name;
    EXPECT_EQ(elsewhere, 0) << state.name;
    EXPECT_EQ(Essence(result), expected) << state.name;
  }
}

TEST(TrainerGuest, AChildOfAForkTrainsToTheSameBitsAfterItsParentUsedTheWorkers) {
  if (!ChildrenStartThreads()) GTEST_SKIP() << "a child of a process with threads can't start threads here";
  const TrainTest data = TrainerData();
  const TrainConfig config = TrainerCases().front().config;
  const std::string expected = Essence(TrainWith(config, data, 3));
  kernels::Workers alive(3);  // whose threads the child has not
  alive.For(100, kIeee, [](int, int) {});
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    alarm(300);
    const std::string text = Essence(TrainWith(config, data, 3));
    const bool written = write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size());
    _exit(written ? 0 : 1);
  }
  close(ends[1]);
  std::string found;
  std::array<char, 256> piece{};
  for (ssize_t count = 0; (count = read(ends[0], piece.data(), piece.size())) > 0;) {
    found.append(piece.data(), static_cast<size_t>(count));
  }
  close(ends[0]);
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(found, expected);
  EXPECT_EQ(Essence(TrainWith(config, data, 3)), expected);
}

// A product whose memory a signal handler may use; one handler at a time.
struct HandlerDesk {
  kernels::PanelMatrix a, b, out, expected;
  std::atomic_flag busy = ATOMIC_FLAG_INIT;
  std::atomic<int> runs = 0, wrong = 0;
};
HandlerDesk* desk = nullptr;

// One signal some time from here: each handler asks for the next, so that a slow machine does more than handle signals.
void RingOnce() {
  const itimerval once{{0, 0}, {0, 300}};
  setitimer(ITIMER_REAL, &once, nullptr);
}

[[gnu::noinline]] float Divide(const volatile float* a, const volatile float* b) { return *a / *b; }

void Compute(int) {
  if (desk->busy.test_and_set()) return;
  const volatile float one = 1, tiny = 0x1p-120f, zero = 0;
  volatile float sink = Divide(&one, &zero);
  sink = Divide(&tiny, &one) * 0x1p-20f;
  static_cast<void>(sink);
  MatmulTransposed(desk->a.view(), desk->b.view(), desk->out.view(), {kernels::BestIsa(), kIeee});
  for (size_t i = 0; i < desk->out.buffer().size(); ++i) {
    if (ToBits(desk->out.buffer()[i]) != ToBits(desk->expected.buffer()[i])) desk->wrong.fetch_add(1);
  }
  desk->runs.fetch_add(1);
  RingOnce();
  desk->busy.clear();
}

TEST(TrainerGuest, ASignalHandlerThatComputesChangesNothingAndIsNotDisturbed) {
  const TrainTest data = TrainerData();
  const TrainerCase cases[] = {TrainerCases()[0], TrainerCases()[3]};
  std::vector<std::string> expected;
  for (const TrainerCase& c : cases) expected.push_back(Essence(TrainWith(c.config, data, 2)));

  HandlerDesk own;
  WordSource source(14);
  own.a = DrawPanels(source, Palette::kUnderflow, 33, 32);
  own.b = DrawPanels(source, Palette::kUnderflow, 33, 32);
  own.out = own.expected = kernels::PanelMatrix(32, 32);
  MatmulTransposed(own.a.view(), own.b.view(), own.expected.view(), {kernels::BestIsa(), kIeee});
  desk = &own;
  struct sigaction compute = {}, found = {};
  compute.sa_handler = Compute;
  compute.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &compute, &found);
  int different = 0, rounds = 0;
  while (own.runs < 100 || rounds < 3) {
    RingOnce();
    for (size_t i = 0; i < 2; ++i) different += Essence(TrainWith(cases[i].config, data, 2)) != expected[i];
    ++rounds;
  }
  // Ignored first: a handler that still came would ask for the next.
  compute.sa_handler = SIG_IGN;
  sigaction(SIGALRM, &compute, nullptr);
  const itimerval never{};
  setitimer(ITIMER_REAL, &never, nullptr);
  sigaction(SIGALRM, &found, nullptr);
  EXPECT_EQ(different, 0) << "of " << rounds;
  EXPECT_EQ(own.wrong, 0) << "of " << own.runs;
}

}  // namespace
}  // namespace fplab::nets
