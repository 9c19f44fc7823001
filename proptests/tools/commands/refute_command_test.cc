// fplab refute, prove and identities as a user runs them: exit statuses, messages, JSON.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <fplab/fparith/identity/catalogue.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/model/nan_rule.h>
#include "proptests/support/cli_expectations.h"

namespace fplab {
namespace {

TEST(RefuteCommand, DistributivityIsRefutedInEveryMode) {
  const CliResult result = Fplab({"refute", "(a+b)*c == a*c+b*c", "--mode", "all", "--json"});
  EXPECT_EQ(result.status, 1);
  const auto json = nlohmann::json::parse(result.out);
  ASSERT_EQ(json["modes"].size(), 4u);
  for (const auto& mode : json["modes"]) {
    EXPECT_FALSE(mode["holds"].get<bool>());
    EXPECT_EQ(mode["counterexample"]["operands"].size(), 3u);
    EXPECT_GE(mode["counterexample"]["steps"].size(), 9u) << "every intermediate value of both sides";
  }
}

TEST(RefuteCommand, CommutativityOfE4M3IsProvedAndCounted) {
  const CliResult result = Fplab({"refute", "a+b == b+a", "--format", "e4m3"});
  EXPECT_EQ(result.status, 0);
  EXPECT_TRUE(Contains(result.out, "holds for every finite pair: all 64516 pairs were tried")) << result.out;
}

TEST(RefuteCommand, CounterexamplesComeAsHexFloatBitsAndDecimal) {
  const std::string mode = HardwareSupports(kFtz) ? "ftz" : "ftz+daz";
  const CliResult result = Fplab({"refute", "a+0 == a", "--mode", mode, "--on", "both"});
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(Contains(result.out, "0x1p-126") || Contains(result.out, "0x0.8p-126")) << result.out;
  EXPECT_TRUE(Contains(result.out, "[0x00000000]")) << result.out;
  EXPECT_TRUE(Contains(result.out, "e-3")) << result.out;
  EXPECT_TRUE(Contains(result.out, "in IEEE mode")) << result.out;
}

TEST(RefuteCommand, NothingJudgedIsVacuousAndNoAnswer) {
  const CliResult result = Fplab({"refute", "a == a+1 when a != a"});
  EXPECT_EQ(result.status, 3);
  EXPECT_TRUE(Contains(result.out, "none: vacuous: nothing meets the condition")) << result.out;
  const CliResult json = Fplab({"refute", "a == a+1 when a > 1 and a < 1", "--json"});
  EXPECT_EQ(json.status, 3);
  EXPECT_EQ(nlohmann::json::parse(json.out)["holds"], false);
  EXPECT_EQ(nlohmann::json::parse(json.out)["modes"][0]["answer"], "vacuous");
  EXPECT_EQ(Fplab({"refute", "a == a", "--format", "f64", "--cases", "0"}).status, 3);
}

TEST(RefuteCommand, ItsAnswerIsTheSameOnAnyThreadsAndInstructionSetAndTwice) {
  const std::vector<std::string> ask = {"refute", "(a+b)*c == a*c + b*c", "--mode", "all", "--effort", "quick"};
  const CliResult first = Fplab(ask);
  EXPECT_EQ(first.status, 1);
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{}, {"--threads", "1"}, {"--threads", "3"}, {"--isa", "fallback"}}) {
    std::vector<std::string> again = ask;
    again.insert(again.end(), more.begin(), more.end());
    EXPECT_EQ(Fplab(again).out, first.out);
  }
}

TEST(RefuteCommand, AnotherMachinesFlushingIsAskedOfTheModelAlone) {
  const std::string statement = "copysign(1, a/2) == copysign(1, a)";
  EXPECT_EQ(Fplab({"refute", statement, "--mode", "ftz", "--flush", "C"}).status, 0);
  const CliResult positive = Fplab({"refute", statement, "--mode", "ftz", "--flush", "C", "--positive-zero"});
  EXPECT_EQ(positive.status, 1);
  EXPECT_TRUE(Contains(positive.out, "(f32, model, flush C to +0)")) << positive.out;
  // A format without subnormals rounds to its least number from half of it on.
  const std::string vanishes = "a/2 == 0 when a == min_normal";
  for (const char* command : {"refute", "prove"}) {
    EXPECT_EQ(Fplab({command, vanishes, "--mode", "ftz", "--flush", "B"}).status, 0) << command;
    EXPECT_EQ(Fplab({command, vanishes, "--mode", "ftz", "--flush", "D"}).status, 1) << command;
  }
  EXPECT_EQ(Fplab({"prove", statement, "--mode", "ftz", "--positive-zero"}).status, 1);
  EXPECT_EQ(Fplab({"prove", "a+b == b+a", "--mode", "all", "--positive-zero"}).status, 0);
  EXPECT_TRUE(Contains(Fplab({"bound", "a*b", "--format", "e4m3", "--positive-zero"}).out, " to +0)"));
  ExpectUsageError({"refute", "a == a", "--flush", "C", "--on", "hardware"}, "the hardware flushes by semantics");
  ExpectUsageError({"prove", "a == a", "--flush", "E"}, "expected A, B, C or D");
  ExpectUsageError({"prove", "--catalogue", "--flush", "C"}, "--catalogue: is about this machine's flushing");
  ExpectUsageError({"prove", "a == a", "--mode", "ftz", "--flush", "C", "--smtlib", "/dev/null"},
                   "SMT-LIB: this machine's flushing");
}

TEST(RefuteCommand, TheNansOfAMachineAreAskedAbout) {
  const std::string commutes = "bits(a+b) == bits(b+a) when isnan(a)";
  const CliResult x86 = Fplab({"refute", commutes, "--nans", "x86"});
  EXPECT_EQ(x86.status, 1);
  EXPECT_TRUE(Contains(x86.out, "(f32, model, NaNs of x86)")) << x86.out;
  EXPECT_TRUE(Contains(x86.out, "nan [0x7fc00000] nan")) << x86.out;
  EXPECT_EQ(Fplab({"refute", commutes, "--nans", "arm"}).status, 1);
  const CliResult riscv = Fplab({"refute", commutes, "--nans", "riscv"});
  EXPECT_EQ(riscv.status, 0);
  EXPECT_TRUE(Contains(riscv.out, "no counterexample among")) << riscv.out;
  EXPECT_EQ(Fplab({"refute", commutes, "--nans", "canonical"}).status, 3) << "numbers alone are operands";
  // Counterexamples are read as they are written.
  const CliResult at = Fplab({"refute", "bits(a+b) == bits(b+a)", "--at", "a=nan(0x1),b=-snan(2)", "--nans", "arm"});
  EXPECT_TRUE(Contains(at.out, "at a=nan(0x1) b=-snan(0x2)")) << at.out;
  EXPECT_EQ(at.status, 0) << "both sums are the signaling one, quieted: " << at.out;
  EXPECT_TRUE(Contains(at.out, "-nan(0x2) [0xffc00002] -nan")) << at.out;
  ExpectUsageError({"refute", "a == a", "--nans", "sparc"}, "expected canonical, x86, arm or riscv");
  ExpectUsageError({"refute", "bits(a+b) == 0", "--nans", "riscv", "--on", "hardware"},
                   "ask the model of those of riscv");
  const bool x86_is_own = model::HardwareNanRule() == model::NanRule::kX86;
  ExpectUsageError({"refute", commutes, "--nans", x86_is_own ? "arm" : "x86", "--emit", "c"},
                   "a program returns this machine's NaNs");
  ExpectUsageError({"refute", "a == a", "--at", "a=nan(0x400000)"}, "carries 0x3fffff at most");
}

TEST(ProveCommand, OfNansWithPayloadsThereAreProofsByTheRuleAskedFor) {
  const std::string quiets = "not signaling(a+b) and bits(a*1) == bits(a) when not signaling(a)";
  EXPECT_EQ(Fplab({"prove", quiets, "--format", "e5m2", "--nans", "x86", "--mode", "none"}).status, 0);
  EXPECT_EQ(Fplab({"prove", quiets, "--format", "e5m2", "--nans", "riscv", "--mode", "none"}).status, 1);
  const std::string doubled = "bits(a*2) == bits(a+a) when isnan(a)", sums = "bits(a+b) == bits(b+a)";
  const CliResult proved = Fplab({"prove", doubled, "--nans", "x86", "--format", "f64", "--mode", "none"});
  EXPECT_EQ(proved.status, 0);
  EXPECT_TRUE(Contains(proved.out, "none: proved (")) << proved.out;
  EXPECT_EQ(Fplab({"prove", sums, "--nans", "x86", "--format", "f64", "--mode", "none"}).status, 1);
  // What looks at no payload is as provable as ever.
  EXPECT_EQ(Fplab({"prove", "a+b == b+a", "--nans", "x86", "--mode", "all"}).status, 0);
  ExpectUsageError({"prove", "--catalogue", "--nans", "x86"}, "found NaNs of x86");
  ExpectUsageError({"prove", "bits(a+b) == 0", "--nans", "arm", "--mode", "ftz", "--smtlib", "/dev/null"},
                   "SMT-LIB: has one NaN");
}

TEST(RefuteCommand, ARewriteIsJudgedByWhatEitherSideMayGive) {
  const CliResult wrong = Fplab({"refute", "x == x*1", "--mode", "may-ftz"});
  EXPECT_EQ(wrong.status, 1);
  EXPECT_TRUE(Contains(wrong.out, "may-ftz: refuted: the right side may give what the left side may not")) << wrong.out;
  EXPECT_TRUE(Contains(wrong.out, "x*1 may give 0x0p+0 [0x00000000] 0 or 0x0.8p-126")) << wrong.out;
  EXPECT_EQ(Fplab({"refute", "x*1 == x", "--mode", "may-ftz"}).status, 0);
  const CliResult proved = Fplab({"prove", "(a-b == 0) <=> (a == b)", "--mode", "may-ftz"});
  EXPECT_EQ(proved.status, 0);
  EXPECT_TRUE(Contains(proved.out, "may-ftz: proved (SAT")) << proved.out;
  const CliResult back = Fplab({"prove", "(a == b) <=> (a-b == 0)", "--mode", "may-ftz", "--json"});
  EXPECT_EQ(back.status, 1);
  EXPECT_EQ(nlohmann::json::parse(back.out)["modes"][0]["mode"], "may-ftz");
  ExpectUsageError({"refute", "a < b", "--mode", "may-ftz"}, "LEFT == RIGHT");
  ExpectUsageError({"refute", "a == b", "--mode", "may-daz"}, "may-ftz+daz");
  ExpectUsageError({"refute", "a == b", "--mode", "may-ftz", "--on", "hardware"}, "of the model");
}

TEST(RefuteCommand, WideIntermediatesAreShownStepByStepAndRefusedWhereTheyHaveNoPlace) {
  const std::string twice = "f64(x87(a)*x87(b)) == a*b";
  EXPECT_EQ(Fplab({"refute", twice, "--format", "f64"}).status, 1);
  EXPECT_EQ(Fplab({"refute", "f32(x87(a)*x87(b)) == a*b", "--effort", "20000"}).status, 0);
  const CliResult third = Fplab({"refute", "f64(x87(a)/x87(b)) == a/b", "--format", "f64", "--at", "a=1,b=3"});
  EXPECT_EQ(third.status, 0);
  EXPECT_TRUE(Contains(third.out, "0x1.5555555555555556p-2 [0x3ffdaaaaaaaaaaaaaaab] 0.33333333333333333334  (inexact)"))
      << third.out;
  const CliResult json = Fplab({"refute", "f128(a) == 0.1", "--at", "a=0.1", "--format", "f64", "--json"});
  EXPECT_EQ(json.status, 1);
  const auto steps = nlohmann::json::parse(json.out)["modes"][0]["steps"];
  EXPECT_EQ(steps[1]["format"], "f128");
  EXPECT_EQ(steps[1]["value"]["bits"], "0x3ffb999999999999a000000000000000");
  EXPECT_EQ(steps[2]["value"]["hex"], "0x1.999999999999999999999999999ap-4");
  ExpectUsageError({"refute", twice, "--format", "f64", "--on", "hardware"},
                   "\"x87(a)\": x87 is computed on the model alone");
  ExpectUsageError({"refute", twice, "--format", "f64", "--on", "both"}, "computed on the model alone");
  ExpectUsageError({"refute", twice, "--format", "f64", "--emit", "c"}, "wide formats are the model's alone");
  ExpectUsageError({"prove", twice, "--format", "f64", "--mode", "none", "--smtlib", "/dev/null"},
                   "\"x87(a)\" has no term in SMT-LIB");
  ExpectUsageError({"bound", "x87(a)*x87(b)"}, "x87 has no ulps here");
  EXPECT_EQ(Fplab({"bound", "f32(x87(a)*x87(b))", "--effort", "20000", "--mode", "none"}).status, 0);
}

TEST(RefuteCommand, WideOperandsArePrintedEvaluatedAndTheSameForAnyNumberOfThreads) {
  const std::vector<std::string> lost = {"refute", "(a+b)-b == a", "--format", "f128", "--effort", "20000"};
  const CliResult one = Fplab(lost);
  EXPECT_EQ(one.status, 1);
  for (const char* threads : {"1", "2", "3"}) {
    std::vector<std::string> arguments = lost;
    arguments.insert(arguments.end(), {"--threads", threads});
    EXPECT_EQ(Fplab(arguments).out, one.out) << threads;
  }
  EXPECT_EQ(Fplab({"refute", "a-b == 0 <=> a == b", "--format", "x87", "--mode", "all", "--effort", "20000"}).status,
            0);
  const CliResult at = Fplab({"refute", "a + b == 0.3", "--format", "x87", "--at", "a=0.1,b=2*0.1"});
  EXPECT_TRUE(Contains(at.out, "a=0x1.999999999999999ap-4 b=0x1.999999999999999ap-3")) << at.out;
  EXPECT_TRUE(Contains(at.out, "[0x3ffbcccccccccccccccd] 0.1")) << at.out;
  const CliResult json = Fplab({"refute", "(a: e15p20)/2*2 == a", "--json"});
  EXPECT_EQ(json.status, 1);
  const auto operand = nlohmann::json::parse(json.out)["modes"][0]["counterexample"]["operands"]["a"];
  EXPECT_EQ(operand["hex"], "0x0.00002p-16382");
  EXPECT_EQ(operand["bits"], "0x000000001");
  EXPECT_EQ(Fplab({"refute", "a == a when a < 1 and a > 2", "--format", "x87"}).status, 3);
}

TEST(RefuteCommand, WideOperandsAreRefusedInOneLineWhereTheyHaveNoPlace) {
  ExpectUsageError({"refute", "a == a", "--format", "x87", "--on", "hardware"}, "x87 is computed on the model alone");
  ExpectUsageError({"refute", "(a: f128) == a", "--on", "both"}, "f128 is computed on the model alone");
  ExpectUsageError({"refute", "(a+b)-b == a", "--format", "x87", "--emit", "c"}, "wide formats are the model's alone");
  ExpectUsageError({"refute", "floor(a) <= a", "--format", "f128"}, "column 1: there is no floor() of f128");
  ExpectUsageError({"refute", "a == b", "--format", "e16p113"}, "format 'e16p113' is not known");
  ExpectUsageError({"explain", "0.1", "--format", "x87"}, "format 'x87' is wider than what is expected here");
  ExpectUsageError({"bound", "f32(a)", "--format", "x87"}, "name another expression to compare with");
  ExpectUsageError({"prove", "a == b", "--format", "x87", "--mode", "none", "--smtlib", "/dev/null"},
                   "has no term in SMT-LIB");
}

TEST(BoundCommand, TellsTheLargestErrorAndWhereItIsAttained) {
  const CliResult exact = Fplab({"bound", "x*x - y*y", "--format", "e4m3", "--mode", "none"});
  EXPECT_EQ(exact.status, 0);
  EXPECT_TRUE(Contains(exact.out, "none: at most ")) << exact.out;
  EXPECT_TRUE(Contains(exact.out, " pairs were tried")) << exact.out;
  const CliResult steps =
      Fplab({"bound", "a/3", "--against", "a*(1/3)", "--format", "f16", "--when", "a >= 1 and a < 2", "--json"});
  EXPECT_EQ(steps.status, 0);
  const auto json = nlohmann::json::parse(steps.out);
  EXPECT_EQ(json["modes"][0]["exhaustive"], true);
  EXPECT_EQ(json["modes"][0]["in_range"]["ulps"], 1.0);
  EXPECT_EQ(Fplab({"bound", "a+b", "--when", "a > b and b > a"}).status, 3);
  ExpectUsageError({"bound", "a+b", "--format", "f64"}, "no wider format");
  ExpectUsageError({"bound", "a < b"}, "a number is expected");
  ExpectUsageError({"bound", "a +"}, "column");
  ExpectUsageError({"bound"}, "expression");
}

TEST(RefuteCommand, ConstantsForWhichItHoldsAreFound) {
  // Divisions by powers of two are multiplications, and others by few numbers (golang/go 41657).
  const std::vector<std::string> ask = {"refute", "x/c == x*(1/c)", "--format", "f16", "--when", "1 <= x and x < 2"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), ask.begin(), ask.end());
    return Fplab(more);
  };
  const CliResult some = with({"--for", "c in 1..5, 0.5"});
  EXPECT_EQ(some.status, 1);
  for (const char* line : {"c = 1        proved", "c = 2        proved", "c = 3        refuted", "c = 4        proved",
                           "c = 5        refuted", "c = 0.5      proved"}) {
    EXPECT_TRUE(Contains(some.out, line)) << line << "\n" << some.out;
  }
  EXPECT_TRUE(Contains(some.out, "refuted for 2 of 6 constants, not for 4")) << some.out;
  EXPECT_EQ(with({"--for", "c in 1..5", "--exists"}).status, 0);
  EXPECT_EQ(with({"--for", "c in 3, 5", "--exists"}).status, 1);
  const auto json = nlohmann::json::parse(with({"--for", "c in 1, (3)", "--json"}).out);
  ASSERT_EQ(json.size(), 2u);
  EXPECT_EQ(json[1]["constant"], "(3)");
  EXPECT_EQ(json[1]["holds"], false);
  ExpectUsageError({"refute", "x == c", "--for", "c"}, "NAME in CONSTANT");
  ExpectUsageError({"refute", "x == c", "--for", "d in 1"}, "no variable \"d\"");
  ExpectUsageError({"refute", "x == c", "--for", "c in 1,,2"}, "a constant is missing");
  ExpectUsageError({"refute", "x == c", "--for", "c in 5..1"}, "LOW..HIGH");
  ExpectUsageError({"refute", "x == c", "--for", "c in 1..99999"}, "more than 10000");
  ExpectUsageError({"refute", "x == c", "--for", "c in 1 +"}, "of the condition");
  ExpectUsageError({"refute", "x == c", "--exists"}, "--for");
  ExpectUsageError({"refute", "x == c", "--for", "c in 1", "--at", "x=1,c=1"}, "--for: takes one statement");
}

TEST(RefuteCommand, ATimeLimitEndsTheSearchWithWhatIsKnown) {
  const CliResult result = Fplab({"refute", "a+b == b+a", "--effort", "deep", "--time", "100ms"});
  EXPECT_EQ(result.status, 0);
  EXPECT_TRUE(Contains(result.out, "stopped after ")) << result.out;
  EXPECT_TRUE(Contains(result.out, " of 1073741824 pairs")) << result.out;
}

TEST(RefuteCommand, ATimeIsSecondsOrHasAUnit) {
  for (const char* time : {"1000", "1000s", "900000ms", "20min", "1h", "1e3s"}) {
    EXPECT_EQ(Fplab({"refute", "a === a", "--format", "e2p3", "--time", time}).status, 0) << time;
  }
  for (const char* time : {"-1", "-1s", "1d", "s", "inf", "nan", "1 s", "1ss", "0x10", "1e999"}) {
    for (const char* command : {"refute", "prove"}) {
      ExpectUsageError({command, "a === a", "--time", time}, "expected seconds, or a number with ms, s, min or h");
    }
  }
}

TEST(RefuteCommand, OverflowRefutesAndIsSaid) {
  const CliResult result = Fplab({"refute", "finite(a*2)", "--format", "f16"});
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(Contains(result.out, "refuted on the model, the simplest of all")) << result.out;
  EXPECT_TRUE(Contains(result.out, "it fails only where a result overflows or is NaN")) << result.out;
}

TEST(RefuteCommand, OneCaseIsTracedInEveryMode) {
  // The two examples of "Nonlinear Computation in Deep Linear Networks" (OpenAI, 2017).
  const CliResult associative =
      Fplab({"refute", "(a*b)*c == a*(b*c)", "--at", "a=0.4*min_normal,b=0.5*min_normal,c=1/min_normal", "--json"});
  EXPECT_EQ(associative.status, 1);
  const CliResult distributive =
      Fplab({"refute", "(a+b)*c == a*c + b*c", "--at", "a=2.5*min_normal,b=-1.6*min_normal,c=1/min_normal", "--json"});
  const auto json = nlohmann::json::parse(distributive.out);
  ASSERT_EQ(json["modes"].size(), 4u);
  EXPECT_EQ(json["modes"][0]["holds"], true) << "gradual underflow";
  EXPECT_EQ(json["modes"][1]["holds"], false) << "FTZ";
  const CliResult text = Fplab({"refute", "(a+b)*c == a*c + b*c", "--at", "a=2.5*min_normal,b=-1.6*min_normal,c=1"});
  EXPECT_TRUE(Contains(text.out, "a+b")) << text.out;
  EXPECT_TRUE(Contains(text.out, "in IEEE mode")) << text.out;
}

TEST(RefuteCommand, WhatOnlyFlushingBreaksIsAskedByName) {
  const CliResult only = Fplab({"refute", "(a+b)*c == a*c+b*c", "--only-under", "ftz"});
  EXPECT_EQ(only.status, 1);
  EXPECT_TRUE(Contains(only.out, "ftz: refuted, while it holds under none,")) << only.out;
  const CliResult differs = Fplab({"refute", "a*b == 0", "--differs", "none", "ftz+daz"});
  EXPECT_EQ(differs.status, 1);
  EXPECT_TRUE(Contains(differs.out, "its truth differs from that under none")) << differs.out;
  EXPECT_EQ(Fplab({"refute", "a+b == b+a", "--only-under", "ftz"}).status, 0);
}

TEST(RefuteCommand, AFileOfStatementsIsAnsweredLineByLine) {
  ScratchFolder folder;
  Put(folder / "statements.txt", "# a comment\n\na+b == b+a\n  a*(1/a) == 1\r\na == a+1 when a != a\n");
  CliOptions options;
  options.folder = folder.path();
  const CliResult result = RunCli({"refute", "--file", "statements.txt", "--format", "e5m2"}, options);
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(Contains(result.out, "proved     a+b == b+a")) << result.out;
  EXPECT_TRUE(Contains(result.out, "vacuous    a == a+1 when a != a")) << result.out;
  EXPECT_TRUE(Contains(result.out, "3 statements, 1 modes: 1 proved 1 refuted 1 vacuous")) << result.out;
  Put(folder / "bad.txt", "a == b\na == \n");
  const CliResult bad = RunCli({"refute", "--file", "bad.txt"}, options);
  EXPECT_EQ(bad.status, 2);
  EXPECT_TRUE(Contains(bad.err, "bad.txt: line 2: column ")) << bad.err;
  Put(folder / "empty.txt", "# nothing\n");
  EXPECT_EQ(RunCli({"refute", "--file", "empty.txt"}, options).status, 2);
}

TEST(RefuteCommand, LiteralsThatAFormatLacksAreSaid) {
  const CliResult result = Fplab({"refute", "a*4097 - a*4096 == 0", "--format", "f16"});
  EXPECT_TRUE(Contains(result.out, "4097 is 4096 in f16")) << result.out;
  EXPECT_TRUE(Contains(Fplab({"refute", "a != 0.1"}).out, "0.1 is 0x1.99999ap-4 in f32"));
}

TEST(RefuteCommand, AllModesHaveADirectionToo) {
  const CliResult result = Fplab({"refute", "a+b == b+a", "--mode", "all,up", "--format", "e4m3", "--json"});
  const auto json = nlohmann::json::parse(result.out);
  ASSERT_EQ(json["modes"].size(), 4u);
  EXPECT_EQ(json["modes"][3]["mode"], "ftz+daz,up");
}

TEST(RefuteCommand, ExactArithmeticThatIsTooLargeIsRefusedWithItsLimit) {
  std::string product = "a";
  for (int i = 1; i < 900; ++i) product += "*a";
  ExpectUsageError({"refute", "real(" + product + " + b > 0)", "--format", "f64"}, "expected at most 100000");
}

TEST(RefuteCommand, WrongInputIsOneLineThatSaysWhere) {
  ExpectUsageError({"refute", "a + == b"}, "column 5");
  ExpectUsageError({"refute", "a == b", "--when", "a <"}, "column 4 of the condition");
  ExpectUsageError({"refute", "a == 1e39"}, "1e39");
  ExpectUsageError({"refute", "a == inf", "--format", "e4m3"}, "e4m3 has no infinity");
  ExpectUsageError({"refute", "a: f16 == b"}, "column 11");
  ExpectUsageError({"refute", "a == b", "--cases", "-1"}, "-1");
  ExpectUsageError({"refute"}, "expected a statement");
  ExpectUsageError({"refute", "a == b", "--mode", "all,sideways"}, "sideways");
  ExpectUsageError({"refute", "a == b", "--mode", "ftz", "--only-under", "ftz"}, "one of them");
  ExpectUsageError({"refute", "a == b", "--at", "a=1"}, "'b' has no value");
  ExpectUsageError({"refute", "a == b", "--at", "a=1,c=2"}, "no variable 'c'");
  ExpectUsageError({"refute", "a == b", "--at", "a=1,b=1e39"}, "column 1 of --at b");
  ExpectUsageError({"refute", "a == b", "--at", "a"}, "expected NAME=VALUE");
  ExpectUsageError({"refute", "a == a", "--at", "a=1,a=2"}, "'a' is given twice");
  ExpectUsageError({"refute", "--file", "."}, "fplab: .: ");
  ExpectUsageError({"refute", "--file", "missing.txt"}, "missing.txt");
  ExpectUsageError({"refute", std::string(10000, '(') + "a" + std::string(10000, ')') + " == a"}, "nested");
  ExpectUsageError({"refute", "a == b", "--format", "f33"}, "f33");
  ExpectUsageError({"refute", "a == b", "--mode", "fast"}, "fast");
  ExpectUsageError({"refute", "a == b", "--on", "gpu"}, "gpu");
  ExpectUsageError({"refute", "a+b == b+a", "--on", "hardware", "--format", "e5m2"}, "e5m2");
  ExpectUsageError({"refute", "a == b", "--cases", "many"}, "many");
  ExpectUsageError({"refute", "a == b", "--effort", "heroic"}, "quick, normal, deep");
  ExpectUsageError({"refute", "a == b", "--threads", "0"}, "threads");
  ExpectUsageError({"refute", "a == b", "--isa", "mmx"}, "mmx");
}

TEST(RefuteCommand, SignedZerosAndConditionsAreHonoured) {
  EXPECT_EQ(Fplab({"refute", "a-a == -(a-a)"}).status, 0);
  EXPECT_EQ(Fplab({"refute", "a-a == -(a-a)", "--signed-zeros"}).status, 1);
  EXPECT_EQ(Fplab({"refute", "sqrt(a)*sqrt(a) == a", "--when", "a == 4"}).status, 0);
}

TEST(ProveCommand, EveryCaseOfASmallFormatIsAProof) {
  const CliResult proved = Fplab({"prove", "a+b == b+a", "--format", "e4m3", "--mode", "ftz"});
  EXPECT_EQ(proved.status, 0);
  EXPECT_TRUE(Contains(proved.out, "ftz: proved (all 64516 cases tried; ")) << proved.out;
  const CliResult refuted = Fplab({"prove", "a*(1/a) == 1", "--format", "e5m2", "--json"});
  EXPECT_EQ(refuted.status, 1);
  const auto json = nlohmann::json::parse(refuted.out);
  ASSERT_EQ(json["modes"].size(), 4u);
  EXPECT_EQ(json["modes"][0]["answer"], "refuted");
  EXPECT_TRUE(json["modes"][0]["counterexample"].contains("a"));
  EXPECT_EQ(Fplab({"prove", "a == a+1 when a != a", "--format", "e5m2"}).status, 3) << "vacuous";
  EXPECT_EQ(Fplab({"prove", "abs(fmod(a,b)) <= abs(a) when b != 0", "--mode", "none"}).status, 3) << "undecided";
  EXPECT_EQ(Fplab({"prove", "finite(a*2)", "--format", "f16", "--mode", "none"}).status, 1) << "in range alone";
}

TEST(RefuteCommand, FpCoresAreAskedAboutWithTheirPreconditions) {
  ScratchFolder folder;
  const std::string file = Put(folder / "a.fpcore",
                               "(FPCore (x) :name \"a\" :precision binary16 :pre (<= 1/10 x 3/10)"
                               " (/ (* 4 x) (+ 1 (/ x 1.11))))\n")
                               .string();
  const CliResult holds = Fplab({"refute", "--fpcore", file, "--claim", "0 < result < 1"});
  EXPECT_EQ(holds.status, 0) << holds.out << holds.err;
  EXPECT_EQ(Fplab({"refute", "--fpcore", file, "--claim", "result < 0.9"}).status, 1);
  EXPECT_EQ(Fplab({"refute", "--fpcore", file, "--claim", "result < 0.9", "--when", "x < 0.2"}).status, 0);
  EXPECT_EQ(Fplab({"refute", "--fpcore", file, "--claim", "result < 0.9", "--at", "x=0.2"}).status, 0);
  const CliResult proved = Fplab({"prove", "--fpcore", file, "--claim", "finite(result)", "--mode", "none"});
  EXPECT_EQ(proved.status, 0) << proved.out << proved.err;
  const std::string two = Put(folder / "two.fpcore", "(FPCore (x) (== x x)) (FPCore (x) (== x 1))").string();
  EXPECT_EQ(Fplab({"refute", "--fpcore", two}).status, 1);
  EXPECT_EQ(Fplab({"prove", "--fpcore", two, "--mode", "none"}).status, 1);
}

#if defined(SCAN_functions)
TEST(RefuteCommand, AFunctionOfALibraryThatIsWrongInOneModeOnlyIsRefutedThere) {
  const std::string library = SCAN_functions;
  const CliResult guarded =
      Fplab({"refute", "f(a, b) == 1", "--function", "f=" + library + ":guarded", "--only-under", "ftz", "--json"});
  EXPECT_EQ(guarded.status, 1) << guarded.err;
  EXPECT_EQ(Fplab({"refute", "f(a, b) == 1", "--function", "f=" + library + ":guarded"}).status, 0);
  const CliResult crash = Fplab({"refute", "f(a) == a", "--function", "f=" + library + ":crashes"});
  EXPECT_EQ(crash.status, 2);
  EXPECT_TRUE(Contains(crash.err, "crashes: ended in Segmentation fault")) << crash.err;
  ExpectUsageError({"refute", "f(a) == a", "--function", "f=" + library + ":absent"}, "undefined symbol: absent");
  ExpectUsageError({"refute", "f(a) == a", "--function", "f"}, "expected NAME=LIBRARY.so:SYMBOL");
  ExpectUsageError({"refute", "f(a) == a", "--function", "f=" + library + ":lerp", "--on", "both"}, "the model has no");
}
#endif

TEST(RefuteCommand, FpCoresThatCannotBeAskedAboutAreRefused) {
  ScratchFolder folder;
  const std::string number = Put(folder / "n.fpcore", "(FPCore f (x) (+ x 1))").string();
  const std::string loop = Put(folder / "l.fpcore", "(FPCore (x)\n  (while (< x 1) ((x x x)) x))").string();
  const std::string wide = Put(folder / "w.fpcore", "(FPCore (a b c d e f g h i) (< a b c d e f g h i))").string();
  ExpectUsageError({"refute", "--fpcore", number}, "FPCore f: the body is a number");
  ExpectUsageError({"refute", "--fpcore", number, "--claim", "result >"}, "as the statement");
  ExpectUsageError({"refute", "--fpcore", loop}, "line 2, column 4: \"while\" is not supported");
  ExpectUsageError({"refute", "--fpcore", wide}, "one variable more than 8");
  ExpectUsageError({"prove", "--fpcore", (folder / "missing").string()}, "missing");
  ExpectUsageError({"prove", "a == a", "--claim", "result == 1"}, "--claim: is about an FPCore");
  ExpectUsageError({"refute", "a == a", "--fpcore", number}, "stands instead of a statement");
  ExpectUsageError({"refute", "--fpcore", number, "--format", "f32"}, "--fpcore excludes --format");
  ExpectUsageError({"prove", "--fpcore", number, "--format", "f32"}, "--fpcore excludes --format");
}

TEST(RefuteCommand, FpCoresBesideOnesThatCannotBeAskedAboutAreAskedAbout) {
  ScratchFolder folder;
  const std::string file = Put(folder / "mixed.fpcore",
                               "(FPCore (x) :name \"fine\" :precision binary16 (== (+ x 1) (+ 1 x)))\n"
                               "(FPCore (x) (while (< x 1) ((x x x)) x))\n"
                               "(FPCore sum (x) :precision binary16 (+ x 1))\n")
                               .string();
  const CliResult mixed = Fplab({"refute", "--fpcore", file});
  EXPECT_EQ(mixed.status, 3) << "what is passed over is open";
  EXPECT_TRUE(Contains(mixed.out, "holds for every finite value")) << mixed.out;
  EXPECT_TRUE(Contains(mixed.err, "line 2, column 14: \"while\" is not supported")) << mixed.err;
  EXPECT_TRUE(Contains(mixed.err, "FPCore sum: the body is a number")) << mixed.err;
  EXPECT_EQ(Fplab({"prove", "--fpcore", file, "--mode", "none"}).status, 3);
  EXPECT_EQ(Fplab({"refute", "--fpcore", file, "--claim", "result < 0"}).status, 1);
}

TEST(ProveCommand, TheQuestionIsWrittenForOtherSolvers) {
  ScratchFolder folder;
  const std::string file = (folder / "q.smt2").string();
  EXPECT_EQ(Fplab({"prove", "a-b == 0 <=> a == b", "--mode", "ftz", "--smtlib", file}).status, 1);
  EXPECT_TRUE(Contains(Get(file), "(check-sat)"));
  EXPECT_EQ(Fplab({"prove", "(a-b == 0) <=> (a == b)", "--mode", "may-ftz", "--smtlib", file}).status, 0);
  EXPECT_TRUE(Contains(Get(file), "under ftz"));
  ExpectUsageError({"prove", "a == a", "--smtlib", file}, "one mode");
  ExpectUsageError({"prove", "next_up(a) > a", "--mode", "none", "--smtlib", file}, "has no term in SMT-LIB");
  ExpectUsageError({"prove", "a == a", "--mode", "none", "--smtlib", (folder / "missing" / "q").string()}, "missing");
}

TEST(ProveCommand, ATableGoesOnWhereItsJournalEnds) {
  const Format format = ParseFormat("e3p2");
  ScratchFolder folder;
  const std::string journal = (folder / "table.jsonl").string();
  const std::vector<std::string> ask = {"prove", "--catalogue", "--format", "e3p2",      "--conflicts",
                                        "1",     "--time",      "0.001",    "--journal", journal};
  std::string rows, first_row;
  for (const identity::CatalogueEntry& entry : identity::Catalogue()) {
    const Format own = identity::OwnFormat(entry).value_or(format);
    if (!identity::IsApplicable(entry, own, statement::Target::kModel)) continue;
    nlohmann::json row = {{"statement", entry.statement}, {"format", Name(own)}, {"limits", "1 conflicts, 0.001 s"}};
    for (const Mode& mode : kFlushModes) {
      row["modes"].push_back({{"mode", Name(mode)}, {"answer", "undecided"}, {"how", "told"}, {"cpu_seconds", 0.25}});
    }
    (first_row.empty() ? first_row : rows) += row.dump() + "\n";
  }
  Put(journal, rows + "{\"cut sh");
  const CliResult result = Fplab(ask);
  EXPECT_TRUE(Contains(result.out, "1 e3p2 P P P P ")) << "the first row was not told\n" << result.out.substr(0, 200);
  EXPECT_TRUE(Contains(result.out, "2 e3p2 ? ? ? ?     1.00 s  a*b == b*a   [told]")) << result.out.substr(0, 400);
  EXPECT_EQ(Get(journal).find("cut sh"), std::string::npos);
  EXPECT_TRUE(Contains(Get(journal).substr(rows.size()), "a+b == b+a")) << "what was done is added";
  Put(journal, "{\"limits\": 1}\n");
  ExpectUsageError(ask, "line 1: no row of this table");
  Put(journal, "nothing\n");
  ExpectUsageError(ask, "line 1: no JSON");
  ExpectUsageError({"prove", "a == a", "--journal", journal}, "with --catalogue");
}

TEST(ProveCommand, WrongUsageIsRefused) {
  ExpectUsageError({"prove"}, "expected a statement");
  ExpectUsageError({"prove", "a +"}, "column 4");
  ExpectUsageError({"prove", "a == b", "--conflicts", "-3"}, "found -3, expected a number that is not negative");
  ExpectUsageError({"prove", "--catalogue", "--mode", "ftz"}, "all four modes");
  ExpectUsageError({"prove", "a == b", "--certificate", "/proc/none"}, "/proc/none");
  ExpectUsageError({"prove", "libm_log(a) == a"}, "the model has no such operation");
}

TEST(IdentitiesCommand, TheCatalogueIsReproduced) {
  std::vector<std::string> arguments = {"identities", "--short", "--cases", "20000"};
  for (int row = 1; row <= 405; row += row < 85 ? 1 : 16) {
    arguments.insert(arguments.end(), {"--row", std::to_string(row)});
  }
  const CliResult result = Fplab(arguments);
  EXPECT_EQ(result.status, 0) << result.out;
  EXPECT_TRUE(Contains(result.out, " 0 verdicts unlike the catalogue's")) << result.out;
}

TEST(IdentitiesCommand, TheCatalogueIsPrintedAsAPage) {
  const CliResult result = Fplab({"identities", "--markdown"});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.out.substr(0, 2), "# ");
  EXPECT_TRUE(Contains(result.out, "| 45 | `a-b == 0 <=> a == b` | Y | U | N | U |")) << result.out;
}

TEST(IdentitiesCommand, DisagreementIsShownAndIsAFailure) {
  const CliResult result = Fplab({"identities", "--row", "36", "--format", "e4m3"});
  EXPECT_EQ(result.status, 1) << "three fraction bits are too few for a*(1/a) != 1";
  EXPECT_TRUE(Contains(result.out, "the catalogue says: fails"));
}

TEST(IdentitiesCommand, JsonCarriesTheProofOfEachFailure) {
  const CliResult result = Fplab({"identities", "--row", "45", "--json"});
  const auto json = nlohmann::json::parse(result.out);
  const auto& verdicts = json["rows"][0]["verdicts"];
  ASSERT_EQ(verdicts.size(), 4u);
  EXPECT_EQ(verdicts[0]["verdict"], "holds");
  EXPECT_FALSE(verdicts[0].contains("counterexample"));
  EXPECT_EQ(verdicts[1]["verdict"], "needs no subnormal intermediate");
  EXPECT_EQ(verdicts[1]["counterexample"].size(), 2u);
}

TEST(IdentitiesCommand, WrongUsageIsRefused) {
  ExpectUsageError({"identities", "--row", "406"}, "405");
  ExpectUsageError({"identities", "--mode", "ftz,up"}, "nearest-even");
}

}  // namespace
}  // namespace fplab
