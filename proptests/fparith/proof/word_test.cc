// Circuits of integer arithmetic compute what integers do, for every operand of small widths.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include <fplab/fparith/proof/word.h>

namespace fplab::proof {
namespace {

constexpr size_t kWidth = 5;
constexpr uint64_t kLimit = 1 << kWidth;

uint64_t ValueOf(const Simulation& simulation, const Word& word) {
  uint64_t value = 0;
  for (size_t i = 0; i < word.size(); ++i) value |= (simulation[word[i]] & 1) << i;
  return value;
}

// Two inputs of kWidth bits, and a check for each pair of their values.
class Pairs : public ::testing::Test {
 protected:
  template <typename Check>
  void ForEach(const Check& check) {
    Simulation simulation(aig);
    for (uint64_t x = 0; x < kLimit; ++x) {
      for (uint64_t y = 0; y < kLimit; ++y) {
        std::vector<uint64_t> inputs;
        for (uint64_t i = 0; i < kWidth; ++i) inputs.push_back(x >> i & 1);
        for (uint64_t i = 0; i < kWidth; ++i) inputs.push_back(y >> i & 1);
        simulation.Run(inputs);
        check(x, y, [&](const Word& word) { return ValueOf(simulation, word); });
        ASSERT_FALSE(HasFailure()) << x << " " << y;
      }
    }
  }

  Aig aig;
  Word a = InputWord(aig, kWidth), b = InputWord(aig, kWidth);
};

TEST_F(Pairs, AreOrderedByTheYoungestInputThatTheyDependOn) {
  const Word of_a = AddWords(aig, a, Not(a), kTrue).bits, later_of_a = Increment(aig, a, a[0]).bits;
  EXPECT_TRUE(ComesBefore(aig, a, b));
  EXPECT_TRUE(ComesBefore(aig, later_of_a, b));
  EXPECT_TRUE(ComesBefore(aig, of_a, b));
  EXPECT_FALSE(ComesBefore(aig, b, later_of_a));
  EXPECT_FALSE(ComesBefore(aig, a, a));
  EXPECT_EQ(Multiply(aig, later_of_a, b), Multiply(aig, b, later_of_a));
}

TEST_F(Pairs, AddSubtractAndCompareAsIntegers) {
  const Sum sum = AddWords(aig, a, b, kTrue), difference = SubtractWords(aig, a, b);
  const Sum next = Increment(aig, a, b[0]);
  const Word previous = Decrement(aig, a, b[0]);
  const Lit less = LessWord(aig, a, b), equal = EqualWords(aig, a, b);
  ForEach([&](uint64_t x, uint64_t y, const auto& value) {
    EXPECT_EQ(value(sum.bits) + (value({sum.carry}) << kWidth), x + y + 1);
    EXPECT_EQ(value(difference.bits), (x - y) % kLimit);
    EXPECT_EQ(value({difference.carry}), x >= y);
    EXPECT_EQ(value(next.bits) + (value({next.carry}) << kWidth), x + (y & 1));
    EXPECT_EQ(value(previous), (x - (y & 1)) % kLimit);
    EXPECT_EQ(value({less}), x < y);
    EXPECT_EQ(value({equal}), x == y);
  });
}

TEST_F(Pairs, ShiftByAnyAmountAndKeepWhatIsLostToTheRightAsSticky) {
  const Shifted shifted = ShiftRightSticky(aig, a, b);
  const Word left = ShiftLeft(aig, a, b);
  ForEach([&](uint64_t x, uint64_t y, const auto& value) {
    EXPECT_EQ(value(shifted.bits), x >> y);
    EXPECT_EQ(value(left), (x << y) % kLimit);
    EXPECT_EQ(value({shifted.sticky}), (x >> y << y) != x);
  });
}

TEST_F(Pairs, NormaliseByNoMoreThanTheRoom) {
  const Normalised normalised = NormaliseLeft(aig, a, b, kWidth - 1);
  const Leading leading = NormaliseFully(aig, a);
  ForEach([&](uint64_t x, uint64_t y, const auto& value) {
    if (x == 0) {
      EXPECT_EQ(value(normalised.bits) + value(leading.bits), 0u);
      return;
    }
    const uint64_t zeros = kWidth - static_cast<uint64_t>(std::bit_width(x)), shift = std::min(zeros, y);
    EXPECT_EQ(value(normalised.bits), x << shift);
    EXPECT_EQ(value(normalised.room), y - shift);
    EXPECT_EQ(value(leading.bits), x << zeros);
    EXPECT_EQ(value(leading.zeros), zeros);
  });
}

TEST_F(Pairs, MultiplyDivideAndTakeRoots) {
  const Word product = Multiply(aig, a, b), narrow = Multiply(aig, Slice(a, 0, 2), b);
  const Digits quotient = DivideRestoring(aig, a, b, 7), root = SquareRootRestoring(aig, Concatenated(b, a));
  ForEach([&](uint64_t x, uint64_t y, const auto& value) {
    EXPECT_EQ(value(product), x * y);
    EXPECT_EQ(value(narrow), x % 4 * y);
    if (x < 2 * y) {
      EXPECT_EQ(value(quotient.bits), (x << 6) / y);
      EXPECT_EQ(value({quotient.inexact}), (x << 6) % y != 0);
    }
    const uint64_t radicand = x << kWidth | y;
    uint64_t whole = 0;
    while ((whole + 1) * (whole + 1) <= radicand) ++whole;
    EXPECT_EQ(value(root.bits), whole);
    EXPECT_EQ(value({root.inexact}), whole * whole != radicand);
  });
}

TEST_F(Pairs, KeepBoundedIntegersFromWrapping) {
  const BoundedInteger x_bounded = Plus(aig, BoundedUnsigned(a, 0, kLimit - 1), -20);
  const BoundedInteger y_bounded = BoundedUnsigned(b, 0, kLimit - 1);
  const BoundedInteger difference = Minus(aig, x_bounded, y_bounded), sum = Plus(aig, x_bounded, y_bounded);
  const BoundedInteger half = FloorHalf(difference), chosen = Mux(aig, b[0], difference, sum);
  const Word positive = PositivePart(aig, difference), negative = NegativePart(aig, difference);
  EXPECT_EQ(difference.min, -20 - 31);
  EXPECT_EQ(difference.max, 11);
  ForEach([&](uint64_t x, uint64_t y, const auto& value) {
    const auto signed_value = [&](const BoundedInteger& integer) {
      const auto width = static_cast<int>(integer.bits.size());
      return static_cast<int64_t>(value(integer.bits) << (64 - width)) >> (64 - width);
    };
    const auto expected = static_cast<int64_t>(x) - 20 - static_cast<int64_t>(y);
    EXPECT_EQ(signed_value(difference), expected);
    EXPECT_EQ(signed_value(sum), static_cast<int64_t>(x + y) - 20);
    EXPECT_EQ(signed_value(half), expected >> 1);
    EXPECT_EQ(signed_value(chosen), (y & 1) != 0 ? expected : static_cast<int64_t>(x + y) - 20);
    EXPECT_EQ(value(positive), static_cast<uint64_t>(std::max<int64_t>(expected, 0)));
    EXPECT_EQ(value(negative), static_cast<uint64_t>(std::max<int64_t>(-expected, 0)));
  });
}

}  // namespace
}  // namespace fplab::proof
