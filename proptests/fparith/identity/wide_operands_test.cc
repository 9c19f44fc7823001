// Searching, shrinking and drawing operands of wide formats.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/identity/domain.h>
#include <fplab/fparith/identity/error_bound.h>
#include <fplab/fparith/identity/first_operands.h>
#include <fplab/fparith/identity/identity.h>
#include <fplab/fparith/identity/operand_generator.h>
#include <fplab/fparith/identity/shrink.h>
#include <fplab/fparith/model/wide.h>
#include <fplab/fparith/statement/constant_value.h>
#include <fplab/fparith/statement/evaluator.h>
#include <fplab/fparith/statement/operands.h>
#include "proptests/support/long_double.h"
#include "proptests/support/moved_seed.h"

namespace fplab::identity {
namespace {

using statement::Type;

constexpr Type kLong = Type::Wide(kX87), kQuad = Type::Wide(kBinary128);

SearchOptions Cases(uint64_t cases = 30000, Mode mode = kIeee) {
  SearchOptions options;
  options.modes = {mode};
  options.cases = cases;
  options.exhaustive_limit = 1 << 17;
  return options;
}

WideBits OperandOf(const Refutation& found, size_t variable) {
  return statement::OperandOf(found.expression.VariableTypes(), found.findings[0].failure->operands, variable);
}

Complexity CostOf(const Refutation& found) {
  return ComplexityOf(found.expression.VariableTypes(), found.findings[0].failure->operands);
}

TEST(WideOperands, WhatIsTrueOfEveryFormatIsNotRefuted) {
  for (const Type& type : {kLong, kQuad, Type::Wide({15, 20}), Type::Wide({9, 80})}) {
    for (const Mode mode : kFlushModes) {
      EXPECT_TRUE(Refute("a-b == 0 <=> a == b", type, Cases(20000, mode)).Holds()) << Name(type) << " never flushes";
    }
    EXPECT_TRUE(Refute("exact(a-b) when b/2 <= a and a <= 2*b", type, Cases()).Holds()) << "Sterbenz";
    EXPECT_TRUE(Refute("a+b == b+a and a*b == b*a and -(a-b) == b-a", type, Cases()).Holds());
    EXPECT_TRUE(Refute("error(a+b) <= 0.5 when abs(a) < 1 and abs(b) < 1", Type::Wide({9, 80}), Cases(5000)).Holds());
  }
  EXPECT_TRUE(Refute("f64(a: x87) == f64(a)", kBinary64, Cases()).Holds());
  EXPECT_TRUE(Refute("x87(f128(a: x87)) === a", kBinary32, Cases()).Holds());
}

TEST(WideOperands, TwoPowersOfTwoAsFarApartAsThePrecisionAreTheSmallestSumThatLosesAnAddend) {
  for (const WideFormat& format : {kX87, kBinary128, WideFormat{15, 20}}) {
    const Refutation found = Refute("(a+b)-b == a", Type::Wide(format), Cases());
    ASSERT_FALSE(found.Holds()) << Name(format);
    EXPECT_EQ(CostOf(found), (Complexity{2, format.precision, 0})) << Name(format);
    EXPECT_EQ(found.findings[0].last, Stratum::kNoUnderflow);
  }
}

TEST(WideOperands, TheSmallestHalfThatIsInexactIsTheLeastSubnormalNumber) {
  const Refutation found = Refute("a/2*2 == a", kQuad, Cases());
  ASSERT_TRUE(found.findings[0].failure);
  EXPECT_EQ(OperandOf(found, 0), kBinary128.MinSubnormal());
  EXPECT_EQ(found.findings[0].last, Stratum::kNormalInputs) << "halves of normal numbers may be subnormal";
}

constexpr WideFormat kTiny{12, 3};

// 15 bits: all are tried, and the model alone says for which it fails.
TEST(WideOperands, EveryOperandOfATinyWideFormatIsTriedAndJudgedAsTheModelDoes) {
  using Fails = bool (*)(WideBits);
  const std::pair<const char*, Fails> kClaims[] = {
      {"a*a >= a",
       [](WideBits a) {
         const WideBits square = model::Mul(kTiny, {}, a, a).bits;
         return !kTiny.IsInfinite(square) && kTiny.IsLess(square, a);
       }},
      {"a+1 != a or abs(a) >= 8",
       [](WideBits a) {
         return model::Add(kTiny, {}, a, kTiny.One()).bits == a &&
                kTiny.IsLess(kTiny.Magnitude(a), model::FromInteger(kTiny, {}, model::IntegerType::kInt32, 8).bits);
       }},
      {"a/3*3 == a", [](WideBits a) {
         const WideBits three = model::FromInteger(kTiny, {}, model::IntegerType::kInt32, 3).bits;
         const WideBits back = model::Mul(kTiny, {}, model::Div(kTiny, {}, a, three).bits, three).bits;
         return !kTiny.IsInfinite(back) && back != a && !(kTiny.IsZero(back) && kTiny.IsZero(a));
       }}};
  for (const auto& [claim, fails] : kClaims) {
    const Refutation found = Refute(claim, Type::Wide(kTiny), Cases());
    EXPECT_TRUE(found.search.exhaustive) << claim;
    EXPECT_EQ(found.search.tried, 2 * (static_cast<uint64_t>(kTiny.MaxFinite()) + 1)) << claim;
    std::optional<Complexity> least;
    for (WideBits a = 0; a <= kTiny.Mask(); ++a) {
      if (!kTiny.IsFinite(a) || !fails(a)) continue;
      const Complexity cost = ComplexityOf({Type::Wide(kTiny)}, {static_cast<uint64_t>(a), 0});
      if (!least || cost < *least) least = cost;
    }
    ASSERT_EQ(found.findings[0].failure.has_value(), least.has_value()) << claim;
    if (!least) continue;
    EXPECT_EQ(CostOf(found), *least) << claim;
    EXPECT_TRUE(found.search.simplest) << claim;
  }
}

TEST(WideOperands, RangesThatAConditionLeavesSmallAreTriedWhole) {
  const char* statement = "a*b == b*a when 1 <= a and a < 8 and abs(b) <= 0x1p-16494";
  const Refutation found = Refute(statement, kQuad, Cases());
  EXPECT_FALSE(found.search.exhaustive) << "2^113 significands in each binade";
  EXPECT_EQ(found.search.excluded, 0u) << "nothing else is drawn";
  const Refutation small =
      Refute("a*b == b*a when 1 <= a and a < 8 and abs(b) <= 2*min_subnormal", Type::Wide({12, 5}), Cases());
  EXPECT_TRUE(small.search.exhaustive);
  EXPECT_EQ(small.search.tried, 3u * 16 * 6);
  EXPECT_TRUE(small.Holds());
}

TEST(WideOperands, ConditionsThatNothingMeetsAreVacuous) {
  const Refutation found = Refute("a == a when a < 1 and a > 2", kLong, Cases());
  EXPECT_EQ(found.search.Judged(), 0u);
  EXPECT_FALSE(found.Holds());
}

TEST(WideOperands, WhatAStatementNamesIsTriedFirst) {
  for (const char* statement :
       {"a != 0.1", "a*3 != 0.1*3 or a >= 1", "1/a != 1/f128(0.1)", "a + min_normal != 2*min_normal"}) {
    EXPECT_FALSE(Refute(statement, kQuad, Cases()).Holds()) << statement;
  }
  const auto expression = statement::ParseExpression("a != x87(f32(b: f32)) and a != 0.1", kLong);
  const std::vector<WideBits> first = FirstOperands(expression, DomainsOf(expression, false)[0], 600);
  const std::set<WideBits> distinct(first.begin(), first.end());
  EXPECT_EQ(distinct.size(), first.size());
  const WideBits tenth = statement::ConstantBits("0.1", kLong);
  for (const WideBits named : {tenth, tenth + 1, tenth - 1, kX87.Negate(tenth), kX87.MinNormal(), kX87.MinNormal() - 1,
                               kX87.MaxFinite(), kX87.MinSubnormal(), kX87.Negate(0), kX87.One() + 1}) {
    EXPECT_EQ(distinct.count(named), 1u);
  }
}

TEST(WideOperands, InfinitiesAndNansAreAmongThemOnRequest) {
  SearchOptions all = Cases();
  all.all_values = true;
  EXPECT_TRUE(Refute("a-a == 0 and isfinite(a)", kLong, Cases()).Holds());
  EXPECT_FALSE(Refute("a-a == 0 or isnan(a)", kLong, all).Holds());
  EXPECT_FALSE(Refute("not isnan(a)", kQuad, all).Holds());
  EXPECT_TRUE(Refute("a+b == b+a", kQuad, all).Holds());
}

TEST(WideOperands, TheSameSearchFindsTheSame) {
  for (const char* statement : {"(a*b)*c == a*(b*c)", "(a+b)+c == a+(b+c)", "sqrt(a*a) == abs(a)"}) {
    const Refutation one = Refute(statement, kLong, Cases()), two = Refute(statement, kLong, Cases());
    ASSERT_TRUE(one.findings[0].failure) << statement;
    EXPECT_EQ(one.findings[0].failure->operands, two.findings[0].failure->operands) << statement;
  }
}

TEST(WideOperands, NarrowAndWideOnesAndIntegersAreRelatedToTheirOwnKind) {
  const Refutation found = Refute("x87(n: i64) + a == a + x87(n) and x87(b: f32)*a == a*x87(b)", kLong, Cases());
  EXPECT_TRUE(found.Holds());
  EXPECT_GT(found.search.Judged(), 10000u);
  EXPECT_FALSE(Refute("x87(f64(a)) == a", kLong, Cases()).Holds());
  EXPECT_FALSE(Refute("f128(a: x87) < b: f128 or a == x87(b)", kBinary64, Cases()).Holds());
}

TEST(WideOperands, AreDrawnFromTheStrataOfNarrowOnes) {
  for (const WideFormat& format : {kX87, kBinary128, WideFormat{12, 2}}) {
    WideOperandGenerator generator(format, MovedSeed(11));
    int zeros = 0, subnormals = 0, near_normal = 0, near_one = 0, near_max = 0, powers = 0, small = 0;
    for (int i = 0; i < 20000; ++i) {
      const WideBits value = generator.Value(), magnitude = format.Magnitude(value);
      ASSERT_TRUE(format.IsFinite(value) && (value & ~format.Mask()) == 0);
      zeros += format.IsZero(value);
      subnormals += format.IsSubnormal(value);
      near_normal += magnitude + 4 >= format.MinNormal() && magnitude <= format.MinNormal() + 4;
      near_one += magnitude + 4 >= format.One() && magnitude <= format.One() + 4;
      near_max += magnitude + 4 >= format.MaxFinite();
      powers += format.Fraction(value) == 0;
      small += magnitude >= format.One() && format.Exponent(value) < 7;
    }
    for (const int count : {zeros, subnormals, near_normal, near_one, near_max, powers, small}) {
      EXPECT_GT(count, 300) << Name(format);
    }
  }
}

TEST(WideOperands, AreRelatedToEarlierOnes) {
  for (const WideFormat& format : {kX87, kBinary128}) {
    WideOperandGenerator generator(format, MovedSeed(12));
    for (int i = 0; i < 2000; ++i) {
      const WideBits other = generator.Value();
      const int exponent = format.Exponent(other);
      const auto of = [&](Relation relation) { return generator.Related(other, relation); };
      EXPECT_EQ(format.Magnitude(of(Relation::kSameMagnitude)), format.Magnitude(other));
      const WideBits near = format.Magnitude(of(Relation::kNeighbour)), magnitude = format.Magnitude(other);
      EXPECT_LE(near > magnitude ? near - magnitude : magnitude - near, 4u);
      if (!format.IsNormal(other) || exponent == format.MaxExponent() || exponent <= format.MinExponent() + 1) continue;
      EXPECT_LE(std::abs(format.Exponent(of(Relation::kSameExponent)) - exponent), 1);
      if (std::abs(exponent) > format.MaxExponent() - 3) continue;
      EXPECT_LE(std::abs(format.Exponent(of(Relation::kProductOne)) + exponent), 1);
      if (exponent > 0) continue;
      const int product = format.Exponent(of(Relation::kProductAtEdge)) + exponent - format.MinExponent();
      EXPECT_TRUE(product >= -3 && product <= 2) << product;
    }
  }
}

TEST(WideOperands, AnErrorIsNotMeasuredInBinary64OfOperandsThatItDoesNotHold) {
  EXPECT_THROW(BoundError("f32(a)", kLong, Cases(1000)), Error);
  EXPECT_THROW(BoundError("a*b", kLong, Cases(1000), "b*a"), Error);
  const ErrorBounds twice = BoundError("f32(f64(a))", kLong, Cases(), "f32(a)");
  EXPECT_EQ(twice.bounds[0].in_range.ulps, 1);
}

#if defined(__x86_64__)

TEST(WideOperands, OfX87GiveWhatLongDoubleDoes) {
  const auto expression = statement::ParseExpression("a+b == a-b and a*b == a/b and sqrt(abs(a)) < b", kLong);
  constexpr size_t kCount = 4000;
  statement::Cases cases(expression.Words(), std::vector<uint64_t>(kCount));
  WideOperandGenerator generator(kX87, MovedSeed(13));
  std::vector<WideBits> a(kCount), b(kCount);
  const std::vector<Type> types = expression.VariableTypes();
  for (size_t i = 0; i < kCount; ++i) {
    a[i] = generator.Value();
    b[i] = generator.Related(a[i], generator.PickRelation());
    std::vector<uint64_t> words(expression.Words());
    statement::SetOperand(types, words, 0, a[i]);
    statement::SetOperand(types, words, 1, b[i]);
    for (size_t w = 0; w < words.size(); ++w) cases[w][i] = words[w];
  }
  statement::Evaluator evaluator(expression);
  evaluator.Run(statement::Evaluator::Part::kClaim, statement::Target::kModel, expression.EnvironmentIn(kFtzDaz), cases,
                kCount);
  int compared = 0;
  for (const int index : evaluator.InstructionsOf(statement::Evaluator::Part::kClaim)) {
    const std::string text(expression.TextOf(expression.At(index)));
    for (size_t i = 0; i < kCount && text.size() < 13 && text.size() > 2; ++i) {
      volatile long double x = LongDoubleOf(a[i]), y = LongDoubleOf(b[i]);
      volatile long double result = text == "a+b"   ? x + y
                                    : text == "a-b" ? x - y
                                    : text == "a*b" ? x * y
                                    : text == "a/b" ? x / y
                                                    : __builtin_sqrtl(__builtin_fabsl(x));
      if (text != "a+b" && text != "a-b" && text != "a*b" && text != "a/b" && text != "sqrt(abs(a))") break;
      ASSERT_TRUE(kX87.SameBits(evaluator.Wide(index, i), X87BitsOf(result))) << text << " case " << i;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 5 * static_cast<int>(kCount));
}

#endif

}  // namespace
}  // namespace fplab::identity
