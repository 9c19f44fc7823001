// Statements about the bits of NaNs: what rules refute them, by which operands, on the model and on the machine.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/identity/first_operands.h>
#include <fplab/fparith/identity/identity.h>
#include <fplab/fparith/identity/operand_generator.h>
#include <fplab/fparith/identity/shrink.h>
#include <fplab/fparith/machine/hardware.h>
#include <fplab/fparith/model/nan_rule.h>
#include <fplab/fparith/text/nan_text.h>
#include "proptests/support/moved_seed.h"

namespace fplab::identity {
namespace {

using model::NanRule;

statement::ExpressionOptions Under(NanRule rule) {
  statement::ExpressionOptions options;
  options.arithmetic.nans = rule;
  return options;
}

SearchOptions AllValues(uint64_t cases = 100'000) {
  SearchOptions options;
  options.modes = {kIeee};
  options.all_values = true;
  options.cases = cases;
  options.exhaustive_limit = uint64_t{1} << 16;
  return options;
}

bool Holds(const std::string& statement, const Format& format, NanRule rule) {
  return Refute(statement, format, AllValues(), Under(rule)).Holds();
}

struct Claim {
  const char* statement;
  bool canonical, x86, arm;
};

TEST(NanRuleSearch, StatementsAboutNansHoldUnderTheRulesThatMakeThemTrue) {
  const Claim claims[] = {
      {"bits(a+b) == bits(b+a) when isnan(a)", true, false, false},
      {"bits(a+b) == bits(b+a) when isnan(a) and not isnan(b)", true, true, true},
      {"bits(a*1) == bits(a) when isnan(a)", false, false, false},
      {"bits(a*1) == bits(a) when isnan(a) and not signaling(a)", false, true, true},
      {"isnan(a-b) => not signbit(a-b) when not isnan(a) and not isnan(b)", true, false, true},
      {"not signaling(a+b)", true, true, true},
      {"not signbit(sqrt(a)) when a < 0", true, false, true},
      {"bits(fma(a,b,c)) == bits(fma(b,a,c)) when isnan(a) and isnan(c) and not isnan(b)", true, true, true},
      {"raises(invalid, fma(a,b,c)) when isinf(a) and iszero(b) and isnan(c) and not signaling(c)", true, false, true},
      // No payload is looked at.
      {"a+b == b+a", true, true, true},
  };
  for (const Claim& claim : claims) {
    for (const Format& format : {kE5M2, kBinary32}) {
      EXPECT_EQ(Holds(claim.statement, format, NanRule::kCanonical), claim.canonical) << claim.statement;
      EXPECT_EQ(Holds(claim.statement, format, NanRule::kRiscV), claim.canonical) << claim.statement;
      EXPECT_EQ(Holds(claim.statement, format, NanRule::kX86), claim.x86) << claim.statement << Name(format);
      EXPECT_EQ(Holds(claim.statement, format, NanRule::kArm), claim.arm) << claim.statement << Name(format);
    }
  }
}

TEST(NanRuleSearch, ACounterexampleIsANanThatCarriesNoMoreThanItMust) {
  for (const Format& format : {kBinary16, kBinary32, kBinary64}) {
    const Refutation found = Refute("bits(a+b) == bits(b+a) when isnan(a)", format, AllValues(), Under(NanRule::kX86));
    ASSERT_TRUE(found.findings[0].failure);
    // The sum of these two, and no more than a sign or a bit apart.
    const std::vector<uint64_t>& operands = found.findings[0].failure->operands;
    std::set<std::string> texts = {NanText(format, operands[0]), NanText(format, operands[1])};
    EXPECT_TRUE(texts == (std::set<std::string>{"nan", "-nan"}) || texts == (std::set<std::string>{"nan", "nan(0x1)"}))
        << *texts.begin() << " " << *texts.rbegin();
  }
}

TEST(NanRuleSearch, ShrinkingKeepsWhatMattersOfANan) {
  const std::vector<statement::Type> types = {statement::Type::Number(kBinary32)};
  const auto shrunk = [&](uint64_t bits, const StillFails& still_fails) {
    return NanText(kBinary32, Shrink(types, {bits}, still_fails)[0]);
  };
  const auto is_nan = [](const std::vector<uint64_t>& v) { return kBinary32.IsNan(v[0]); };
  const auto is_signaling = [](const std::vector<uint64_t>& v) { return kBinary32.IsSignalingNan(v[0]); };
  const auto is_negative_with_payload = [&](const std::vector<uint64_t>& v) {
    return is_nan(v) && kBinary32.SignBit(v[0]) && (v[0] & model::PayloadMask(kBinary32)) >= 0x30;
  };
  EXPECT_EQ(shrunk(0xffabcdef, is_nan), "nan");
  EXPECT_EQ(shrunk(0xffabcdef, is_signaling), "snan(0x1)");
  EXPECT_EQ(shrunk(0xffabcdef, is_negative_with_payload), "-nan(0x40)");
}

TEST(NanRuleSearch, DrawnNansAreOfEveryKindAndNothingElse) {
  OperandGenerator generator(kBinary32, MovedSeed(9));
  std::array<int, 4> kinds{};
  std::set<uint64_t> payloads;
  for (int i = 0; i < 2000; ++i) {
    const uint64_t nan = generator.AnyNan();
    ASSERT_TRUE(kBinary32.IsNan(nan));
    ++kinds[(kBinary32.SignBit(nan) ? 1u : 0u) + (kBinary32.IsSignalingNan(nan) ? 2u : 0u)];
    payloads.insert(nan & model::PayloadMask(kBinary32));
  }
  for (const int count : kinds) EXPECT_GT(count, 200);
  EXPECT_TRUE(payloads.contains(0) && payloads.contains(1) && payloads.contains(0x200000)) << "none, little, one bit";
  EXPECT_GT(payloads.size(), 500u);
  OperandGenerator one(kE4M3, 1), none(kE2M1, 1), narrow(ParseFormat("e3p2"), 1);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(one.AnyNan(), kE4M3.CanonicalNan());
    EXPECT_EQ(none.AnyNan(), kE2M1.CanonicalNan()) << "what stands for it";
    EXPECT_TRUE(ParseFormat("e3p2").IsNan(narrow.AnyNan()));
  }
}

TEST(NanRuleSearch, TheMachinesNansAreThoseOfItsRuleAndAnotherIsAskedOfTheModel) {
  const NanRule own = model::HardwareNanRule();
  if (own == NanRule::kCanonical) GTEST_SKIP() << "an architecture whose NaNs fplab does not know";
  SearchOptions both = AllValues();
  both.targets = {statement::Target::kModel, statement::Target::kHardware};
  std::vector<std::string> statements = {"bits(a+b) >= 0", "bits(a-b) >= 0",     "bits(a*b) >= 0",
                                         "bits(a/b) >= 0", "bits(sqrt(a)) >= 0", "bits(f64(a)) >= 0"};
  const auto fma = model::Function::On(model::Operation::kFma, kBinary32);
  if (machine::HardwareHas(fma, machine::Path::kScalar)) statements.emplace_back("bits(fma(a,b,c)) >= 0");
  for (const std::string& statement : statements) {
    const Refutation found = Refute(statement, kBinary32, both, Under(own));
    EXPECT_TRUE(found.Holds()) << statement << ": model and machine return other bits";
  }
  SearchOptions hardware = both;
  hardware.targets = {statement::Target::kHardware};
  EXPECT_FALSE(Refute("bits(a+b) == bits(b+a) when isnan(a)", kBinary32, hardware, Under(own)).Holds());
  const NanRule other = own == NanRule::kX86 ? NanRule::kArm : NanRule::kX86;
  EXPECT_THROW(Refute("a == a", kBinary32, both, Under(other)), Error);
  EXPECT_THROW(Refute("bits(a+b) == 0", kBinary16, both, Under(own)), Error) << "by a wider format";
}

TEST(NanRuleSearch, OnlyWhatLooksAtComputedNansOrFlagsNeedsTheRule) {
  const auto needs = [](const std::string& text, NanRule rule) {
    return statement::ParseExpression(text, kBinary32, Under(rule)).NeedsNanRule();
  };
  for (const char* text : {"bits(a+b) == 0", "signbit(a*b)", "isnan(copysign(1, a+b))", "raises(invalid, a+b)"}) {
    EXPECT_TRUE(needs(text, NanRule::kX86)) << text;
    EXPECT_TRUE(needs(text, NanRule::kArm)) << text;
    EXPECT_FALSE(needs(text, NanRule::kCanonical)) << text;
    EXPECT_FALSE(needs(text, NanRule::kRiscV)) << text;
  }
  for (const char* text : {"a+b == b+a", "bits(a) == 0", "isnan(a+b)", "(a+b) === b"}) {
    EXPECT_FALSE(needs(text, NanRule::kX86)) << text;
  }
}

}  // namespace
}  // namespace fplab::identity
