// Statements proved, refuted and left open: by trying all, by circuits, and what is written for others to check.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/prove.h>

#include <gtest/gtest.h>

#include <string>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/identity/catalogue.h>
#include <fplab/fparith/proof/drat_check.h>
#include "proptests/support/scratch_folder.h"

namespace fplab::proof {
namespace {

class Prove : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HasSatSolver()) GTEST_SKIP() << "built without CaDiCaL";
  }
};

ProveOptions In(Mode mode) {
  ProveOptions options;
  options.modes = {mode};
  options.limits.conflicts = 100000;
  return options;
}

ModeAnswer Ask(const std::string& statement, const Format& format = kBinary32, Mode mode = kIeee) {
  return proof::Prove(statement, format, In(mode)).answers[0];
}

TEST_F(Prove, OneVariableOfBinary16IsTriedInFull) {
  const ModeAnswer holds = Ask("sqrt(a*a) == abs(a) when abs(a) > 0x1p-6 and abs(a) < 0x1p6", kBinary16);
  EXPECT_EQ(holds.answer, Answer::kProved);
  EXPECT_TRUE(holds.how.starts_with("all ")) << holds.how;
  EXPECT_EQ(Ask("finite(a*2)", kBinary16).answer, Answer::kProvedInRange);
  EXPECT_EQ(Ask("a/2*2 == a", kBinary16).answer, Answer::kRefuted);
  EXPECT_EQ(Ask("a == 1 when a != a", kBinary16).answer, Answer::kVacuous);
}

TEST_F(Prove, AWideFormatOfFewBitsIsTriedInFullAndAnyOtherIsLeftOpen) {
  const auto ask = [](const std::string& statement, const char* format) {
    const auto expression = statement::ParseExpression(statement, statement::ParseFloatType(format));
    return proof::Prove(expression, In(kFtzDaz)).answers[0];
  };
  const ModeAnswer few = ask("sqrt(abs(a)) <= 1 or abs(a) > 1", "e12p4");
  EXPECT_EQ(few.answer, Answer::kProved);
  EXPECT_TRUE(few.how.starts_with("all ")) << few.how;
  EXPECT_EQ(ask("a/2*2 == a", "e12p4").answer, Answer::kRefuted);
  const ModeAnswer many = ask("a-b == 0 <=> a == b", "f128");
  EXPECT_EQ(many.answer, Answer::kUndecided);
  EXPECT_NE(many.how.find("has no circuit"), std::string::npos) << many.how;
  EXPECT_EQ(ask("(a+b)-b == a", "x87").answer, Answer::kRefuted);
}

TEST_F(Prove, PairsOfEveryFormatAreProvedByChecking) {
  for (const Format& format : {kBinary16, kBfloat16, kBinary32, kBinary64}) {
    EXPECT_EQ(Ask("a-b == 0 <=> a == b", format).answer, Answer::kProved) << Name(format);
    EXPECT_EQ(Ask("a+b == b+a", format).how, "both sides are the same circuit") << Name(format);
    const ModeAnswer flushed = Ask("a-b == 0 <=> a == b", format, kFtz);
    EXPECT_EQ(flushed.answer, Answer::kRefuted) << Name(format);
    EXPECT_TRUE(flushed.failure.has_value());
  }
}

TEST_F(Prove, WhatFailsByOverflowAloneIsProvedInRange) {
  const ModeAnswer answer = Ask("let s = a+b in exact(s-a) when abs(a) >= abs(b)");
  EXPECT_EQ(answer.answer, Answer::kProvedInRange);
  ASSERT_TRUE(answer.failure.has_value()) << "the operands that overflow";
}

TEST_F(Prove, WhatOverflowsAlwaysIsRefutedNotProvedOfNothing) {
  EXPECT_EQ(Ask("max+max == a", kBinary16).answer, Answer::kRefuted) << "by trying all";
  EXPECT_EQ(Ask("max+max == a+b*0").answer, Answer::kRefuted) << "by SAT";
}

TEST_F(Prove, TheSolverRefutesWhatNoSearchFinds) {
  // One pair of 2^64 refutes it.
  const ModeAnswer answer = Ask("bits(a) != 0x3f8ccccd or bits(b) != 0x40133333");
  EXPECT_EQ(answer.answer, Answer::kRefuted);
  EXPECT_EQ(answer.failure->operands, (std::vector<uint64_t>{0x3f8ccccd, 0x40133333}));
  EXPECT_EQ(answer.how, "SAT, confirmed by the model");
}

TEST_F(Prove, AConditionThatNothingMeetsIsVacuous) {
  EXPECT_EQ(Ask("a == b+1 when a < b and b < a").answer, Answer::kVacuous);
}

TEST_F(Prove, WhatHasNoCircuitOrTakesTooLongIsLeftOpenAndSaysWhy) {
  const ModeAnswer no_circuit = Ask("abs(fmod(a,b)) <= abs(a)");
  EXPECT_EQ(no_circuit.answer, Answer::kUndecided);
  EXPECT_EQ(no_circuit.how, "\"fmod(a,b)\" has no circuit");
  ProveOptions options = In(kIeee);
  options.limits.conflicts = 10;
  const ModeAnswer limited = proof::Prove("a <= b and c >= 0 => a*c <= b*c", kBinary32, options).answers[0];
  EXPECT_EQ(limited.answer, Answer::kUndecided);
  EXPECT_NE(limited.how.find("SAT"), std::string::npos) << limited.how;
}

TEST_F(Prove, ModesAndFormatsOfOneStatementAreApart) {
  ProveOptions options;
  options.limits.conflicts = 100000;
  const Proof proof = proof::Prove("a+0 == a", kBinary32, options);
  EXPECT_EQ(proof.answers[0].answer, Answer::kProved);
  for (size_t m = 1; m < 4; ++m) EXPECT_EQ(proof.answers[m].answer, Answer::kRefuted);
  EXPECT_FALSE(proof.Proved());
  EXPECT_FALSE(Proof().Proved()) << "nothing asked";
  EXPECT_EQ(Ask("f32(a: f16) + f32(b: f16) == f32(b) + f32(a)").answer, Answer::kProved);
  EXPECT_EQ(Ask("exact(f32(a: f16) * f32(b: f16))").answer, Answer::kProved) << "2p bits are enough";
}

TEST_F(Prove, CertificatesCanBeCheckedByOthers) {
  ScratchFolder folder;
  ProveOptions options = In(kIeee);
  options.certificate = folder.path();
  EXPECT_EQ(proof::Prove("a-b == 0 <=> a == b", kBinary32, options).answers[0].answer, Answer::kProved);
  const std::string formula = Get(folder / "none.cnf");
  EXPECT_NE(formula.find("c a-b == 0 <=> a == b"), std::string::npos);
  EXPECT_NE(formula.find("\nc a 0 = "), std::string::npos) << "the map from variables to operands";
  EXPECT_NE(formula.find("\np cnf "), std::string::npos);
  EXPECT_GT(Get(folder / "none.drat").size(), 100u);
  options.certificate = folder / "missing";
  EXPECT_THROW(proof::Prove("a-b == 0 <=> a == b", kBinary32, options), Error);
}

TEST_F(Prove, EveryModeIsOneQuestionThatAnswersAsTheFourDo) {
  for (const Format& format : {kE5M2, kBinary16}) {
    for (const char* text :
         {"a-b == 0 <=> a == b", "a+b == b+a",
          "a-b == 0 <=> a == b when (a == 0 or abs(a) >= min_normal/eps) and (b == 0 or abs(b) >= min_normal/eps)",
          "a*0.5 == a/2", "let s = a+b in exact(s-a) when abs(a) >= abs(b) and abs(b) >= min_normal/eps",
          "a == b+1 when a < b and b < a"}) {
      ProveOptions options;
      options.limits.conflicts = 100000;
      const Proof apart = proof::Prove(text, format, options);
      options.every = true;
      const Proof together = proof::Prove(text, format, options);
      ASSERT_EQ(together.answers.size(), 1u);
      Answer worst = apart.answers[0].answer;
      for (const ModeAnswer& answer : apart.answers) {
        if (answer.answer == Answer::kRefuted) worst = Answer::kRefuted;
      }
      EXPECT_EQ(together.answers[0].answer, worst) << text << " in " << Name(format);
    }
  }
}

TEST_F(Prove, ACounterexampleOfEveryModeNamesItsMode) {
  ProveOptions options;
  options.every = true;
  // True in each mode but one, and there of one pair of 2^64.
  const std::string pair = "(bits(a) != 0x3f8ccccd or bits(b) != 0x40133333)";
  const Proof proof = proof::Prove("let tiny = min_normal*0.5 in " + pair + " or tiny != 0", kBinary32, options);
  EXPECT_EQ(proof.answers[0].answer, Answer::kRefuted);
  EXPECT_TRUE(proof.answers[0].mode.flush_outputs);
  EXPECT_EQ(proof.answers[0].failure->operands, (std::vector<uint64_t>{0x3f8ccccd, 0x40133333}));
  const Proof daz = proof::Prove("let tiny = min_subnormal*2 in " + pair + " or tiny != 0", kBinary32, options);
  EXPECT_TRUE(daz.answers[0].mode.flush_outputs || daz.answers[0].mode.flush_inputs);
  options.modes = {kIeee, kFtz};
  EXPECT_THROW(proof::Prove("a == a", kBinary32, options), Error);
}

TEST_F(Prove, AProofOfEveryModeHasOneCertificateInWhichTheModesAreVariables) {
  ScratchFolder folder;
  ProveOptions options;
  options.every = true;
  options.certificate = folder.path();
  const std::string guarded = "a-b == 0 <=> a == b when abs(a) >= min_normal/eps and abs(b) >= min_normal/eps";
  EXPECT_EQ(proof::Prove(guarded, kBinary32, options).answers[0].answer, Answer::kProved);
  const std::string formula = Get(folder / "every.cnf");
  EXPECT_NE(formula.find("mode every"), std::string::npos);
  EXPECT_NE(formula.find("\nc ftz 0 = "), std::string::npos) << formula.substr(0, 800);
}

TEST_F(Prove, WrongInputIsRefused) {
  EXPECT_THROW(Ask("a +"), statement::ExpressionError);
  EXPECT_THROW(Ask("libm_log(a) == a"), Error);
  ProveOptions none = In(kIeee);
  none.modes = {};
  EXPECT_THROW(proof::Prove("a == a", kBinary32, none), Error);
}

// What the catalogue says is found again where an answer is found at all: its first rows, and a sample of the others.
TEST_F(Prove, NoAnswerContradictsTheCatalogue) {
  ProveOptions options;
  options.limits.conflicts = 300;
  options.cases = 4000;
  for (const identity::CatalogueEntry& entry : identity::Catalogue()) {
    const Format format = identity::OwnFormat(entry).value_or(kBinary32);
    const bool asked = entry.row <= 85 || entry.row % 5 == 0;
    if (!asked || !identity::IsApplicable(entry, format, statement::Target::kModel)) continue;
    const Proof proof = proof::Prove(entry.statement, format, options);
    for (size_t m = 0; m < proof.answers.size(); ++m) {
      const bool holds = identity::Expected(entry, m).verdict == identity::Verdict::kHolds;
      const Answer answer = proof.answers[m].answer;
      EXPECT_NE(answer, holds ? Answer::kRefuted : Answer::kProved) << Label(entry) << " " << entry.statement;
    }
  }
}

}  // namespace
}  // namespace fplab::proof
