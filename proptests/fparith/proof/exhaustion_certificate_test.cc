// Proofs by trying all as files: recomputed here by a plain loop, and by fplab.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/exhaustion_certificate.h>

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/identity/exhaustion.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/proof/prove.h>
#include "proptests/support/scratch_folder.h"

namespace fplab::proof {
namespace {

using identity::DigestOfAll;
using identity::ExhaustionDigest;

constexpr Format kFormat = {4, 4};

std::string Read(const std::filesystem::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void Write(const std::filesystem::path& path, const std::string& text) { std::ofstream(path) << text; }

std::string Replaced(std::string text, const std::string& old, const std::string& by) {
  const size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return at == std::string::npos ? text : text.replace(at, old.size(), by);
}

uint64_t HashOf(uint64_t a, uint64_t b, unsigned char outcome) {
  std::vector<unsigned char> bytes;
  for (const uint64_t operand : {a, b}) {
    for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<unsigned char>(operand >> (8 * i)));
  }
  bytes.push_back(outcome);
  uint64_t hash = 14695981039346656037u;
  for (const unsigned char byte : bytes) hash = (hash ^ byte) * 1099511628211u;
  return hash;
}

// "a*b/b == a when a < b", by a loop that shares nothing with fplab's search.
ExhaustionDigest ByLoop(Mode mode) {
  ExhaustionDigest all;
  const model::Environment environment = model::HardwareEnvironment(mode), gradual = {};
  for (uint64_t b = 0; b <= kFormat.Mask(); ++b) {
    for (uint64_t a = kFormat.Mask() + 1; a-- > 0;) {
      if (!kFormat.IsFinite(a) || !kFormat.IsFinite(b) || kFormat.Rank(a) >= kFormat.Rank(b)) continue;
      const uint64_t product = model::Mul(kFormat, environment, a, b).bits;
      const uint64_t quotient = model::Div(kFormat, environment, product, b).bits;
      const bool holds = quotient == a || (kFormat.IsZero(quotient) && kFormat.IsZero(a));
      const model::Outcome first = model::Mul(kFormat, gradual, a, b);
      const model::Outcome second = model::Div(kFormat, gradual, first.bits, b);
      const bool special = ((first.flags | second.flags) & model::kOverflow) != 0 || kFormat.IsNan(second.bits);
      ++all.tuples;
      all.fails += !holds && !special ? 1 : 0;
      all.fails_by_overflow += !holds && special ? 1 : 0;
      all.digest += HashOf(a, b, holds ? 1 : special ? 2 : 0);
    }
  }
  return all;
}

TEST(ExhaustionCertificate, ItsDigestIsWhatALoopOfOnesOwnComputes) {
  const statement::Expression expression = statement::ParseExpression("a*b/b == a when a < b", kFormat);
  for (const Mode& mode : kFlushModes) {
    const ExhaustionDigest digest = DigestOfAll(expression, mode, false, 1 << 20);
    EXPECT_EQ(digest, ByLoop(mode)) << Name(mode);
    EXPECT_GT(digest.fails, 0u);
    EXPECT_GT(digest.fails_by_overflow, 0u);
  }
}

TEST(ExhaustionCertificate, WhatTheConditionExcludesIsNoPartOfIt) {
  // The first narrows what is tried; the second says the same of every operand.
  const auto digest = [](const char* text) {
    return DigestOfAll(statement::ParseExpression(text, kBinary16), kIeee, false, 1 << 20);
  };
  EXPECT_EQ(digest("a+a == 2*a when 1 <= a and a < 2"), digest("a+a == 2*a when not (a < 1 or not (a < 2))"));
  EXPECT_EQ(digest("a+a == 2*a when 1 <= a and a < 2").tuples, 1024u);
}

TEST(ExhaustionCertificate, AProofByTryingAllWritesOneThatIsRight) {
  ScratchFolder folder;
  ProveOptions options;
  options.certificate = folder.path();
  for (const char* text : {"a+b == b+a", "finite(a*2) or a > b", "n: i8 < 3 or a <= max"}) {
    const Proof proof = Prove(text, kFormat, options);
    for (const ModeAnswer& answer : proof.answers) {
      const ExhaustionCheck check = CheckExhaustionCertificate(folder / (Name(answer.mode) + ".exhaustion"));
      EXPECT_EQ(check.statement, text);
      EXPECT_EQ(check.mode, Name(answer.mode));
      EXPECT_TRUE(check.Proves()) << text;
      EXPECT_EQ(check.recomputed.fails_by_overflow > 0, answer.answer == Answer::kProvedInRange) << text;
    }
  }
}

TEST(ExhaustionCertificate, OfAWideFormatItCountsAndHashesBothWordsOfAnOperand) {
  constexpr WideFormat kTiny{12, 3};
  const auto expression = statement::ParseExpression("a*0 == 0 when a >= 0", statement::Type::Wide(kTiny));
  ExhaustionDigest all;
  for (uint64_t a = 0; a <= kTiny.Mask(); ++a) {
    if (!kTiny.IsFinite(a) || (kTiny.SignBit(a) && !kTiny.IsZero(a))) continue;
    ++all.tuples;
    all.digest += HashOf(a, 0, 1);
  }
  EXPECT_EQ(DigestOfAll(expression, kFtz, false, 1 << 20), all);
  ScratchFolder folder;
  ASSERT_TRUE(WriteExhaustionCertificate(folder / "c", expression, kFtz, false));
  EXPECT_NE(Read(folder / "c").find("\nformat e12p3\n"), std::string::npos);
  EXPECT_TRUE(CheckExhaustionCertificate(folder / "c").Proves());
}

TEST(ExhaustionCertificate, WhatIsRefutedHasNone) {
  ScratchFolder folder;
  ProveOptions options;
  options.certificate = folder.path();
  Prove("a == b", kFormat, options);
  EXPECT_FALSE(std::filesystem::exists(folder / "none.exhaustion"));
}

TEST(ExhaustionCertificate, SignedZerosAreToldFromPlainOnes) {
  ScratchFolder folder;
  statement::ExpressionOptions parsing;
  parsing.signed_zeros = true;
  const auto bits = statement::ParseExpression("a+b == b+a", kFormat, parsing);
  ASSERT_TRUE(WriteExhaustionCertificate(folder / "c", bits, kFtz, false));
  EXPECT_NE(Read(folder / "c").find("\nequality bits\n"), std::string::npos);
  EXPECT_TRUE(CheckExhaustionCertificate(folder / "c").Proves());
}

TEST(ExhaustionCertificate, OneThatWasChangedIsWrong) {
  ScratchFolder folder;
  const auto expression = statement::ParseExpression("a+b == b+a", kFormat);
  ASSERT_TRUE(WriteExhaustionCertificate(folder / "c", expression, kIeee, false));
  const std::string text = Read(folder / "c");
  ASSERT_TRUE(CheckExhaustionCertificate(folder / "c").Proves());
  for (const auto& [old, by] : std::vector<std::pair<std::string, std::string>>{{"a+b == b+a", "a-b == a-b"},
                                                                                {"\ntuples ", "\ntuples 1"},
                                                                                {"digest ", "digest f"},
                                                                                {"fails 0", "fails 1"}}) {
    Write(folder / "c", old == "digest " ? text.substr(0, text.size() - 2) + "\n" : Replaced(text, old, by));
    const ExhaustionCheck check = CheckExhaustionCertificate(folder / "c");
    EXPECT_EQ(check.Agrees(), old == "a+b == b+a") << "the outcomes are the same; the statement is what is proved";
  }
}

TEST(ExhaustionCertificate, AFileThatIsNoneIsRefusedByName) {
  ScratchFolder folder;
  const auto expression = statement::ParseExpression("a+b == b+a", kFormat);
  ASSERT_TRUE(WriteExhaustionCertificate(folder / "c", expression, kIeee, false));
  const std::string text = Read(folder / "c");
  for (const std::string& broken :
       {std::string(), std::string("hello\n"), Replaced(text, "fplab exhaustion 1", "fplab exhaustion 2"),
        Replaced(text, "\nstatement ", "\nclaim "), Replaced(text, "mode none", "mode loud"),
        Replaced(text, "\ntuples ", "\ntuples -"), Replaced(text, "equality values", "equality of sorts"),
        Replaced(text, "\nformat ", "\nformat x"), Replaced(text, "flush-semantics ", "flush-semantics Q")}) {
    Write(folder / "c", broken);
    EXPECT_THROW(CheckExhaustionCertificate(folder / "c"), Error) << broken;
  }
  EXPECT_THROW(CheckExhaustionCertificate(folder / "missing"), Error);
  EXPECT_THROW(WriteExhaustionCertificate(folder / "no" / "c", expression, kIeee, false), Error);
}

TEST(ExhaustionCertificate, AStatementThatItsTextDoesNotSayHasNone) {
  ScratchFolder folder;
  auto changed = statement::ParseExpression("a+b == b+a", kFormat);
  for (statement::Instruction& instruction : changed.program) instruction.keeps_outputs = true;
  EXPECT_FALSE(WriteExhaustionCertificate(folder / "c", changed, kIeee, false));
  EXPECT_FALSE(std::filesystem::exists(folder / "c"));
}

}  // namespace
}  // namespace fplab::proof
