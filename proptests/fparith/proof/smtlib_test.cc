// Questions in SMT-LIB: their text, and where z3 is installed its answers beside the proofs.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/smtlib.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/proof/prove.h>
#include "proptests/support/scratch_folder.h"

namespace fplab::proof {
namespace {

std::string TextOf(const char* statement, const Format& format = kBinary32, Mode mode = kIeee) {
  return SmtLib(statement::ParseExpression(statement, format), mode);
}

TEST(SmtLib, AsksForOperandsThatRefute) {
  const std::string text = TextOf("a-b == 0 => a == b when a > 1");
  for (const char* line :
       {"; a-b == 0 => a == b when a > 1\n", "(set-logic QF_BVFP)\n", "(declare-const |a| (_ BitVec 32))\n",
        "(fp.sub RNE ", "(check-sat)\n", "(get-value (|a| |b|))\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
  }
  EXPECT_EQ(text.find("isSubnormal"), std::string::npos) << "nothing flushes";
}

TEST(SmtLib, FlushesByRoundingWithTwoExponentBitsMore) {
  const std::string text = TextOf("a*b == b*a", kBinary16, kFtzDaz);
  EXPECT_NE(text.find("fp.isSubnormal"), std::string::npos) << "of operands";
  EXPECT_NE(text.find("(_ to_fp 7 11)"), std::string::npos) << "of results";
}

TEST(SmtLib, WhatHasNoTermIsNamed) {
  for (const char* statement :
       {"hypot(a,b) >= a", "real(a+b == b+a)", "ulps(a,b) == 0", "next_up(a) > a", "to_odd(a+b) == a", "i32(a) == 1",
        "flags(a+b) == 0", "e4m3(a) == e4m3(b)", "f32(e5m2sat(a)) == a", "f32(e5m2fnuz(a)) == a"}) {
    EXPECT_THROW(TextOf(statement), Error) << statement;
  }
}

TEST(SmtLib, Z3AgreesWithTheProofs) {
  if (std::system("z3 --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "z3 is not installed";
  const struct {
    const char* statement;
    Format format;
  } asked[] = {
      {"a-b == 0 <=> a == b", kBinary16},
      {"a+0 == a", kBinary16},
      {"x/2*2 == x", kBinary16},
      {"x*1 == x", kBfloat16},
      {"a*0.5 == a/2", kBinary16},
      {"a*b == b*a", kE5M2},
      {"sqrt(a)*sqrt(a) == a when a >= 0", kE5M2},
      {"fma(a,b,c) == a*b+c", kBinary16},
      {"f16(f32(a)) == a", kBinary16},
      {"f32(f16(a)) == a", kBinary32},
      {"floor(a) <= a", kBinary16},
      {"up(a+b) >= down(a+b)", kBinary16},
      {"(a < b ? a : b) == min(a,b)", kBinary16},
      {"from_bits(bits(a) ^ 0x8000) == -a", kBinary16},
      {"bits(a) + 1 > bits(a)", kBinary16},
      {"eq_mode(a,0) <=> a == 0", kBinary16},
      {"f16(n: i8) == f16(f32(n))", kBinary16},
  };
  ScratchFolder folder;
  for (const auto& [text, format] : asked) {
    const statement::Expression expression = statement::ParseExpression(text, format);
    for (const Mode& mode : {kIeee, kFtz, kDaz, kFtzDaz, Mode{Rounding::kUp, true, false}}) {
      ProveOptions options;
      options.modes = {mode};
      const ModeAnswer answer = Prove(expression, options).answers[0];
      ASSERT_NE(answer.answer, Answer::kUndecided) << text;
      Put(folder / "question.smt2", SmtLib(expression, mode));
      const std::string command = "z3 -T:60 " + (folder / "question.smt2").string() + " > " + (folder / "out").string();
      (void)std::system(command.c_str());
      const std::string out = Get(folder / "out");
      const bool proved = answer.answer == Answer::kProved;
      EXPECT_TRUE(out.starts_with(proved ? "unsat" : "sat")) << text << " under " << Name(mode) << ": " << out;
    }
  }
}

}  // namespace
}  // namespace fplab::proof
