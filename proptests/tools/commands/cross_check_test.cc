// fplab prove --cross-check: other solvers beside a proof, whatever they do. Those here are scripts.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "proptests/support/cli_expectations.h"
#include "tools/solvers/smt_solver.h"

namespace fplab {
namespace {

// Runs fplab with a PATH on which nothing is but what the test puts there.
class CrossCheck : public testing::Test {
 protected:
  CrossCheck() : path_before_(getenv("PATH") == nullptr ? "" : getenv("PATH")) {
    std::filesystem::create_directory(folder_ / "bin");
    setenv("PATH", (folder_ / "bin").c_str(), 1);
  }
  ~CrossCheck() override { setenv("PATH", path_before_.c_str(), 1); }

  // A solver that reads its question and then does what the lines say.
  void Install(const std::string& name, const std::string& lines) {
    const std::filesystem::path script = folder_ / "bin" / name;
    std::ofstream(script) << "#!/bin/sh\nPATH=/usr/bin:/bin\n"
                          << "case \"$1\" in --version) echo 'Z3 version 9.9.9 - 64 bit'; exit 0;; esac\n"
                          << "cat > " << (folder_ / "question") << "\n"
                          << lines << "\n";
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  }

  CliOptions Here() const {
    CliOptions options;
    options.folder = folder_.path();
    return options;
  }

  static std::vector<std::string> Command(const std::string& statement, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"prove", statement, "--format", "e5m2", "--mode", "none", "--cross-check"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  CliResult Prove(const std::string& statement, const std::vector<std::string>& more = {}) const {
    return RunCli(Command(statement, more), Here());
  }

  // Expects the proof to stand beside one line about the solver.
  void ExpectProvedBeside(const std::string& part, const std::vector<std::string>& more = {}) const {
    const CliResult result = Prove("a+b == b+a", more);
    EXPECT_EQ(result.status, 0) << part;
    EXPECT_TRUE(Contains(result.out, "none: proved (")) << result.out;
    EXPECT_TRUE(Contains(result.out, part)) << result.out;
    EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 3) << result.out;
    EXPECT_EQ(result.err, "") << part;
  }

  // Whether the process whose number a script wrote into a file is gone.
  bool IsGone(const std::string& file) const {
    pid_t process = 0;
    std::ifstream(folder_ / file) >> process;
    EXPECT_GT(process, 0) << file;
    return process > 0 && kill(process, 0) != 0 && errno == ESRCH;
  }

  ScratchFolder folder_;

 private:
  std::string path_before_;
};

constexpr const char* kHangs =
    "trap '' TERM INT HUP\necho $$ > solver_pid\nsleep 1000 &\necho $! > child_pid\n"
    "mv solver_pid solver; mv child_pid child\nwhile :; do sleep 1000; done";

TEST_F(CrossCheck, WithoutASolverItIsWrongInput) {
  const CliResult result = Prove("a+b == b+a");
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, "fplab: --cross-check: neither z3 nor cvc5 is on PATH\n");
}

TEST_F(CrossCheck, ASolverThatAgreesIsNamedWithItsVersion) {
  Install("z3", "echo unsat; echo '(error \"line 9: model is not available\")'; exit 1");
  ExpectProvedBeside("    z3 9.9.9 agrees (unsat; ");
  std::string question;
  std::getline(std::ifstream(folder_ / "question"), question);
  EXPECT_EQ(question, "; a+b == b+a");
}

TEST_F(CrossCheck, BothSolversAreAskedAndJsonHasWhatTheySaid) {
  Install("z3", "echo sat; echo '((|a| #b00000001)'; echo ' (b (_ bv2 8)))'");
  Install("cvc5", "echo unknown");
  const CliResult result = Prove("a == b", {"--json"});
  EXPECT_EQ(result.status, 1);
  const auto checks = nlohmann::json::parse(result.out)["modes"][0]["cross_check"];
  ASSERT_EQ(checks.size(), 2u);
  EXPECT_EQ(checks[0]["solver"], "z3");
  EXPECT_EQ(checks[0]["version"], "9.9.9");
  EXPECT_EQ(checks[0]["comparison"], "agrees");
  EXPECT_EQ(checks[0]["answer"], "sat");
  EXPECT_EQ(checks[1]["solver"], "cvc5");
  EXPECT_EQ(checks[1]["comparison"], "no answer");
  EXPECT_EQ(checks[1]["answer"], "unknown");
}

TEST_F(CrossCheck, AWitnessAgainstAProofIsExecutedAndDecidesNothing) {
  Install("z3", "echo sat; echo '((|a| #x08) (|b| #b00010000))'");
  const CliResult result =
      RunCli({"prove", "a+b == b+a", "--format", "e5m2", "--mode", "none", "--cross-check"}, Here());
  const CliResult f32 = RunCli({"prove", "a == a", "--mode", "none", "--cross-check"}, Here());
  EXPECT_EQ(result.status, 3);
  EXPECT_TRUE(Contains(result.out, "none: proved (")) << result.out;
  EXPECT_TRUE(Contains(result.out, "z3 9.9.9 differs (sat; ")) << result.out;
  EXPECT_TRUE(Contains(result.out, "its witness a=")) << result.out;
  EXPECT_TRUE(Contains(result.out, ": true on the model, ")) << result.out;
  EXPECT_TRUE(Contains(f32.out, "its witness can't be read")) << "two values for one variable: " << f32.out;
}

TEST_F(CrossCheck, AWitnessOfBinary32IsExecutedOnTheHardwareToo) {
  Install("z3", "echo sat; echo '((a #x3f800000))'");
  const CliResult result = RunCli({"prove", "a+0 == a", "--mode", "none", "--cross-check"}, Here());
  EXPECT_EQ(result.status, 3);
  EXPECT_TRUE(Contains(result.out, "its witness a=0x1p+0: true on the model, true on the hardware")) << result.out;
}

TEST_F(CrossCheck, AgainstACounterexampleThatIsExecutedASolverMayDifferToo) {
  Install("z3", "echo unsat");
  const CliResult result = RunCli({"prove", "a == 1", "--mode", "none", "--cross-check"}, Here());
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(Contains(result.out, "differs (unsat; ")) << result.out;
  EXPECT_TRUE(Contains(result.out, "fplab's counterexample a=")) << result.out;
  EXPECT_TRUE(Contains(result.out, ": false on the model, false on the hardware")) << result.out;
}

TEST_F(CrossCheck, ASolverThatDoesNotKnowOrGivesUpCostsALine) {
  Install("z3", "echo unknown");
  ExpectProvedBeside("    z3 9.9.9: unknown (");
  Install("z3", "echo timeout");
  ExpectProvedBeside("    z3 9.9.9: time is up (");
}

TEST_F(CrossCheck, ASolverThatHangsIsEndedWithAllThatItStarted) {
  Install("z3", kHangs);
  ExpectProvedBeside("    z3 9.9.9: time is up (", {"--cross-check-time", "2"});
  EXPECT_TRUE(IsGone("solver"));
  EXPECT_TRUE(IsGone("child"));
}

TEST_F(CrossCheck, NonsenseIsQuotedPrintableAndShort) {
  Install("z3", "printf 'I say \\033[31m maybe\\nand more\\n'");
  ExpectProvedBeside("    z3 9.9.9: no answer: it printed \"I say ");
  Install("z3", "exit 7");
  ExpectProvedBeside("    z3 9.9.9: no answer: it printed nothing, exit status 7\n");
  Install("z3", "echo satisfied");
  ExpectProvedBeside("no answer: it printed \"satisfied\"");
}

TEST_F(CrossCheck, EndlessOutputIsCutOff) {
  Install("z3", "echo $$ > solver; while :; do echo 'sat sat sat sat sat sat sat sat sat sat sat sat'; done");
  ExpectProvedBeside("    z3 9.9.9: no answer: it printed more than 1048576 bytes\n");
  EXPECT_TRUE(IsGone("solver"));
}

TEST_F(CrossCheck, ASolverThatDiesOrRunsOutOfMemorySaysSo) {
  Install("z3", "kill -KILL $$");
  ExpectProvedBeside("    z3 9.9.9: no answer: it ended in Killed with ");
  Install("z3", "echo '(error \"out of memory\")'; exit 101");
  ExpectProvedBeside("no answer: it printed \"(error \"out of memory\")\", exit status 101\n");
}

TEST_F(CrossCheck, ASolverThatIsNoProgramCostsALine) {
  std::ofstream(folder_ / "bin" / "z3") << "\x7f not a program";
  std::filesystem::permissions(folder_ / "bin" / "z3", std::filesystem::perms::owner_all);
  ExpectProvedBeside("    z3: no answer: it printed nothing, exit status 127\n");
}

TEST_F(CrossCheck, WhatSmtLibCannotSayIsNotAsked) {
  Install("z3", "echo unsat");
  const CliResult result = Prove("ulps(a,b) == ulps(b,a)");
  EXPECT_EQ(result.status, 0);
  EXPECT_TRUE(Contains(result.out, "    z3 9.9.9 was not asked: ")) << result.out;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "question"));
}

TEST_F(CrossCheck, CtrlCStopsBoth) {
  Install("z3", kHangs);
  CliProcess process(Command("a+b == b+a"), Here());
  while (process.Running() && !std::filesystem::exists(folder_ / "child")) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  process.Signal(SIGINT);
  EXPECT_EQ(process.Wait().status, 130);
  EXPECT_TRUE(IsGone("solver"));
  EXPECT_TRUE(IsGone("child"));
}

TEST_F(CrossCheck, TheCatalogueHasNone) {
  const CliResult result = RunCli({"prove", "--catalogue", "--cross-check"}, Here());
  EXPECT_EQ(result.status, 2);
  EXPECT_TRUE(Contains(result.err, "--cross-check: is of a statement, not of the catalogue")) << result.err;
}

TEST(SmtAnswers, ValuesAreReadInOrderOrNotAtAll) {
  using Verdict = tools::SmtAnswer::Verdict;
  const auto values = [](const char* text) { return tools::ReadSmtAnswer(text).values; };
  EXPECT_EQ(values("sat\n((|a b| #x0f) (|c| #b101)\n (d (_ bv7 8)))\n"), (std::vector<uint64_t>{15, 5, 7}));
  EXPECT_EQ(values("sat ((a #xffffffffffffffff))"), (std::vector<uint64_t>{~uint64_t{0}}));
  for (const char* text : {"sat", "sat (", "sat ((a", "sat ((a #x", "sat ((a #xg))", "sat ((a #x1)", "sat ((a #x1",
                           "sat ((|a #x1))", "sat ((a (_ bv9", "sat ((a #x11111111111111111))", "sat (error \"no\")"}) {
    EXPECT_TRUE(values(text).empty()) << text;
    EXPECT_EQ(tools::ReadSmtAnswer(text).verdict, Verdict::kSatisfiable) << text;
  }
  EXPECT_EQ(tools::ReadSmtAnswer(" \n unsat\n").verdict, Verdict::kUnsatisfiable);
  EXPECT_EQ(tools::ReadSmtAnswer("").verdict, Verdict::kFailed);
}

TEST(CrossCheckBySolvers, InstalledSolversAgreeOnWhatHoldsAndOnWhatDoesNot) {
  if (tools::FindSmtSolvers().empty()) GTEST_SKIP() << "neither z3 nor cvc5 is on PATH";
  for (const char* mode : {"none", "ftz+daz"}) {
    const CliResult holds = Fplab({"prove", "a-b == 0 <=> a == b when abs(a) >= 4*min_normal and abs(b) < min_normal",
                                   "--format", "f16", "--mode", mode, "--cross-check"});
    EXPECT_EQ(holds.status, 0) << holds.out;
    EXPECT_TRUE(Contains(holds.out, " agrees (unsat; ")) << holds.out;
  }
  const CliResult fails = Fplab({"prove", "a-b == 0 <=> a == b", "--format", "f16", "--mode", "ftz", "--cross-check"});
  EXPECT_EQ(fails.status, 1) << fails.out;
  EXPECT_TRUE(Contains(fails.out, " agrees (sat; ")) << fails.out;
}

}  // namespace
}  // namespace fplab
