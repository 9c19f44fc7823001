// What conditions say about single variables: ranges, whole numbers, powers of two; and what is tried first.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/domain.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <fplab/fparith/identity/first_operands.h>

namespace fplab::identity {
namespace {

Domain DomainOf(const std::string& condition, const Format& format = kBinary16) {
  return DomainsOf(statement::ParseExpression("a == a when " + condition, format), false)[0];
}

// The least and greatest value, as they compare.
void ExpectRange(const std::string& condition, uint64_t first, uint64_t last) {
  const Domain domain = DomainOf(condition);
  EXPECT_EQ(domain.At(domain.first), first) << condition;
  EXPECT_EQ(domain.At(domain.last), last) << condition;
}

TEST(Domain, ComparisonsWithConstantsAreItsEnds) {
  ExpectRange("1 <= a and a < 2", 0x3c00, 0x3fff);
  ExpectRange("1 < a and a <= 2", 0x3c01, 0x4000);
  ExpectRange("a > 0", 0x0001, 0x7bff);
  ExpectRange("a >= 0", 0x8000, 0x7bff);  // -0 is not below 0
  ExpectRange("a < 0", 0xfbff, 0x8001);
  ExpectRange("a <= 0", 0xfbff, 0x0000);
  ExpectRange("abs(a) < 1", 0xbbff, 0x3bff);
  ExpectRange("abs(a) <= 1", 0xbc00, 0x3c00);
  ExpectRange("a == 0.5", 0x3800, 0x3800);
  ExpectRange("a == 0", 0x8000, 0x0000);
  ExpectRange("a < inf", 0xfbff, 0x7bff);
  ExpectRange("a != 1", 0xfbff, 0x7bff);
  ExpectRange("a < 1 or a > 2", 0xfbff, 0x7bff);
}

TEST(Domain, WhatNothingMeetsIsEmpty) {
  EXPECT_EQ(DomainOf("a < 1 and a > 2").Size(), 0u);
  EXPECT_EQ(DomainOf("a < nan").Size(), 0u);
  EXPECT_EQ(DomainOf("a < -inf").Size(), 0u) << "no finite value";
}

TEST(Domain, EveryValueOfARangeHasOneNumber) {
  for (const char* condition : {"a > -1 and a <= 0.5", "a > 1 and a < 3", "a < -1", "a <= 1", "abs(a) < 0x1p-20"}) {
    const Domain domain = DomainOf(condition);
    std::set<WideBits> numbered;
    for (uint64_t i = 0; i < domain.Size(); ++i) numbered.insert(domain.Numbered(i));
    EXPECT_EQ(numbered.size(), domain.Size()) << condition;
    for (const WideBits value : numbered) {
      EXPECT_TRUE(domain.Contains(value)) << condition << " " << static_cast<uint64_t>(value);
    }
  }
}

TEST(Domain, WhereMinusZeroIsNanEveryFiniteValueHasOneNumberAndNothingElseHas) {
  const Format format = kE4M3Fnuz;
  for (const char* condition : {"a == a", "a >= 0", "a < 0", "a > -2 and a <= 1", "abs(a) <= 0.5", "a == 0"}) {
    const Domain domain = DomainOf(condition, format);
    std::vector<uint64_t> filled(domain.Size());
    domain.Fill(0, filled);
    std::set<WideBits> numbered(filled.begin(), filled.end());
    EXPECT_EQ(numbered.size(), domain.Size()) << condition;
    for (uint64_t i = 0; i < domain.Size(); ++i) EXPECT_EQ(domain.Numbered(i), filled[i]) << condition;
    for (uint64_t bits = 0; bits <= format.Mask(); ++bits) {
      if (format.IsNan(bits)) {
        EXPECT_FALSE(domain.Contains(bits)) << condition;
      } else {
        EXPECT_EQ(domain.Contains(bits), numbered.count(bits) == 1) << condition << " " << bits;
        EXPECT_EQ(domain.At(domain.PlaceOf(bits)), bits) << condition;
      }
    }
  }
  EXPECT_EQ(DomainOf("a == a", format).Size(), 255u);
  EXPECT_EQ(DomainOf("a < 0", format).Size(), 127u);
  EXPECT_EQ(DomainOf("a == 0", format).Size(), 1u);
}

TEST(Domain, IntegersHaveRangesToo) {
  const auto range = [](const std::string& condition) {
    return DomainsOf(statement::ParseExpression("n: i8 == n when " + condition, kBinary32), false)[0];
  };
  EXPECT_EQ(range("n > -3 and n <= 5").Size(), 8u);
  EXPECT_EQ(range("n == 7").At(range("n == 7").first), 7u);
  EXPECT_EQ(range("n <= 127").Size(), 256u);
  const Domain all = DomainsOf(statement::ParseExpression("n: u64 == n", kBinary32), false)[0];
  EXPECT_EQ(all.Size(), ~uint64_t{0}) << "2^64 or more";
}

TEST(Domain, WholeNumbersAndPowersOfTwoAreSeen) {
  EXPECT_TRUE(DomainOf("rint(a) == a").is_integral);
  EXPECT_TRUE(DomainOf("a == floor(a) and a > 0").is_integral);
  EXPECT_TRUE(DomainOf("is_integer(a)").is_integral);
  EXPECT_FALSE(DomainOf("not is_integer(a)").is_integral);
  EXPECT_TRUE(DomainOf("power_of_two(a)").is_power_of_two);
}

TEST(FirstOperands, NameWhatTheStatementNamesAndItsNeighbours) {
  const auto expression = statement::ParseExpression("a != 0.1 and a * 3 != 7", kBinary32);
  const std::vector<WideBits> first = FirstOperands(expression, DomainsOf(expression, false)[0], 1000);
  const auto has = [&](uint64_t value) { return std::find(first.begin(), first.end(), value) != first.end(); };
  EXPECT_TRUE(has(0x3dcccccd)) << "0.1";
  EXPECT_TRUE(has(0x3dccccce));
  EXPECT_TRUE(has(0xbdcccccd));
  EXPECT_TRUE(has(0x40155555)) << "7/3";
  EXPECT_TRUE(has(0x42240000)) << "41";
  EXPECT_TRUE(has(0x00800000)) << "min normal";
  EXPECT_TRUE(has(0x80000000)) << "-0";
  const std::set<WideBits> distinct(first.begin(), first.end());
  EXPECT_EQ(distinct.size(), first.size());
}

TEST(FirstOperands, StayInTheDomain) {
  const auto expression = statement::ParseExpression("a == a when 1 <= a and a < 2", kBinary32);
  const Domain domain = DomainsOf(expression, false)[0];
  for (const WideBits value : FirstOperands(expression, domain, 300)) EXPECT_TRUE(domain.Contains(value));
}

}  // namespace
}  // namespace fplab::identity
