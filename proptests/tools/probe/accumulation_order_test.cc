// Orders of addition found from results: each is the one that was carried out, and what is no tree is called none.
// SPDX-License-Identifier: Apache-2.0
#include "tools/probe/accumulation_order.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <string>
#include <utility>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include "tools/probe/order_simulation.h"
#include "tools/probe/order_text.h"

namespace fplab::tools {
namespace {

// A program that adds in the order of `tree`, on the model.
SumOfProducts ProgramOf(const OrderTree& tree, bool is_double) {
  return [=](std::span<const double> x, std::span<const double> y) {
    std::vector<uint64_t> a, b;
    for (const double value : x) a.push_back(is_double ? ToBits(value) : ToBits(static_cast<float>(value)));
    for (const double value : y) b.push_back(is_double ? ToBits(value) : ToBits(static_cast<float>(value)));
    const uint64_t sum = SumInOrder(tree, a, b, is_double);
    return is_double ? DoubleFromBits(sum) : FloatFromBits(static_cast<uint32_t>(sum));
  };
}

OrderTree Sum(OrderTree a, OrderTree b, bool fused = false) {
  OrderTree sum{.fused = fused};
  sum.children.push_back(std::move(a));
  sum.children.push_back(std::move(b));
  return sum;
}

// A random tree over the leaves, whose leaves are fused into what they are added to now and then.
OrderTree RandomTree(std::vector<int> leaves) {
  if (leaves.size() == 1) return {.leaf = leaves[0]};
  const auto cut = *rc::gen::inRange<size_t>(1, leaves.size());
  const std::vector<int> left(leaves.begin(), leaves.begin() + static_cast<ptrdiff_t>(cut));
  const std::vector<int> right(leaves.begin() + static_cast<ptrdiff_t>(cut), leaves.end());
  OrderTree a = RandomTree(left), b = RandomTree(right);
  if (!a.IsLeaf() && b.IsLeaf()) std::swap(a, b);
  const bool fused = a.IsLeaf() && *rc::gen::arbitrary<bool>();
  return Sum(std::move(a), std::move(b), fused);
}

RC_GTEST_PROP(AccumulationOrder, IsTheOneThatTheProgramAddsInWithItsFusedProducts, ()) {
  const int n = *rc::gen::inRange(1, 40);
  const bool is_double = *rc::gen::arbitrary<bool>();
  std::vector<int> leaves;
  for (int k = 0; k < n; ++k) leaves.push_back(k);
  for (size_t i = leaves.size(); i > 1; --i) std::swap(leaves[i - 1], leaves[*rc::gen::inRange<size_t>(0, i)]);
  const OrderTree tree = RandomTree(leaves);
  const FoundOrder found = FindOrder(n, is_double ? 53 : 24, ProgramOf(tree, is_double));
  RC_ASSERT(found.tree.has_value());
  RC_ASSERT(OrderFormula(*found.tree) == OrderFormula(tree));
  RC_ASSERT(SameOrder(*found.tree, tree));
}

// The same tree without fused products.
OrderTree Plain(OrderTree tree) {
  tree.fused = false;
  for (OrderTree& child : tree.children) child = Plain(std::move(child));
  return tree;
}

RC_GTEST_PROP(AccumulationOrder, OfMagnitudesIsTheOneThatTheProgramAddsIn, ()) {
  const int n = *rc::gen::inRange(1, 40);
  std::vector<int> leaves;
  for (int k = 0; k < n; ++k) leaves.push_back(k);
  for (size_t i = leaves.size(); i > 1; --i) std::swap(leaves[i - 1], leaves[*rc::gen::inRange<size_t>(0, i)]);
  const OrderTree tree = Plain(RandomTree(leaves));
  const SumOfProducts program = ProgramOf(tree, false);
  const std::vector<double> ones(static_cast<size_t>(n), 1);
  const FoundOrder found = FindOrderOfMagnitudes(n, 24, [&](std::span<const double> x) { return program(x, ones); });
  RC_ASSERT(found.tree.has_value());
  RC_ASSERT(OrderFormula(*found.tree) == OrderFormula(tree));
}

TEST(AccumulationOrder, OfMagnitudesInWiderSumsIsNotFound) {
  const SumOfMagnitudes wide = [](std::span<const double> x) {
    double sum = 0;
    for (const double value : x) sum += value;
    return static_cast<double>(static_cast<float>(sum));
  };
  EXPECT_NE(FindOrderOfMagnitudes(9, 24, wide).why_not.find("sums have more bits"), std::string::npos);
}

TEST(AccumulationOrder, OfSumsOfSeveralAtOnceHasNodesOfSeveral) {
  // Blocks of four, added to the sum so far in one operation each, in binary64.
  OrderTree tree{.leaf = 0};
  for (int block = 0; block < 3; ++block) {
    OrderTree sum;
    sum.children.push_back(std::move(tree));
    for (int k = 1; k <= 4; ++k) sum.children.push_back({.leaf = 4 * block + k});
    sum.wide = true;
    tree = std::move(sum);
  }
  // Inside the mask's operation a unit is lost, as where its alignment shifts it out: an exact sum would keep it.
  const SumOfProducts program = [](std::span<const double> x, std::span<const double> y) {
    double sum = x[0] * y[0];
    for (size_t block = 0; block < 3; ++block) {
      double largest = std::abs(sum), exact = sum;
      for (size_t k = 1; k <= 4; ++k) largest = std::max(largest, std::abs(x[4 * block + k] * y[4 * block + k]));
      if (largest > 0x1p50 && std::abs(exact) < 0x1p50) exact = 0;
      for (size_t k = 1; k <= 4; ++k) {
        const double product = x[4 * block + k] * y[4 * block + k];
        if (largest < 0x1p50 || std::abs(product) > 0x1p50) exact += product;
      }
      sum = exact;
    }
    return sum;
  };
  const FoundOrder found = FindOrder(13, 24, program);
  ASSERT_TRUE(found.tree) << found.why_not;
  EXPECT_EQ(OrderFormula(*found.tree), OrderFormula(tree));
}

TEST(AccumulationOrder, WideSumsAreToldFromNarrowOnesAndExactProductsFromRounded) {
  // As some do: a narrow sum of lanes, and a rest in binary64 of products that are rounded; and all in binary64.
  OrderTree rest = Sum({.leaf = 5}, Sum({.leaf = 4}, {.leaf = 3}));
  rest.wide = rest.children[1].wide = true;
  OrderTree mixed = Sum(AscendingChain(3, true), rest);
  mixed.wide = true;
  FoundOrder found = FindOrder(6, 24, ProgramOf(mixed, false));
  ASSERT_TRUE(found.tree);
  EXPECT_EQ(OrderFormula(*found.tree), "[2*1*0+[[3+4]+5]]");
  OrderTree wide = Sum({.leaf = 2, .exact = true}, Sum({.leaf = 1, .exact = true}, {.leaf = 0, .exact = true}));
  wide.wide = wide.children[1].wide = true;
  found = FindOrder(3, 24, ProgramOf(wide, false));
  ASSERT_TRUE(found.tree);
  EXPECT_EQ(OrderFormula(*found.tree), "[[0!+1!]+2!]");
  EXPECT_EQ(found.exact_leaves, 3);
}

TEST(AccumulationOrder, OfAProgramThatIsNoTreeIsNone) {
  const SumOfProducts compensated = [](std::span<const double> x, std::span<const double> y) {
    double sum = 0, lost = 0;
    for (size_t k = 0; k < x.size(); ++k) {
      const double term = x[k] * y[k], next = sum + term;
      lost += std::abs(sum) >= std::abs(term) ? (sum - next) + term : (term - next) + sum;
      sum = next;
    }
    return sum + lost;
  };
  EXPECT_FALSE(FindOrder(10, 53, compensated).tree);
  const SumOfProducts constant = [](auto, auto) { return 3.5; };
  EXPECT_NE(FindOrder(10, 53, constant).why_not.find("counts no units"), std::string::npos);
  const SumOfProducts nan = [](auto, auto) { return std::numeric_limits<double>::quiet_NaN(); };
  EXPECT_FALSE(FindOrder(10, 24, nan).tree);
}

TEST(OrderText, SaysChainsAndWhatJoinsThemInFewLines) {
  EXPECT_EQ(DescribeOrder(AscendingChain(256, true)), std::vector<std::string>{"chain of 256: k = 0, 1, ..., 255"});
  const auto lane = [](int r) {
    OrderTree chain{.leaf = r};
    for (int k = r + 4; k < 32; k += 4) chain = Sum({.leaf = k}, std::move(chain));
    return chain;
  };
  OrderTree lanes = Sum(Sum(lane(0), lane(1)), Sum(lane(2), lane(3)));
  const OrderTree tail = Sum({.leaf = 33}, Sum({.leaf = 32}, lanes));
  EXPECT_EQ(DescribeOrder(tail),
            (std::vector<std::string>{
                "4 parts, added pairwise: ((0 + 1) + (2 + 3))", "  parts 0, 1, 2, 3, from k = 0, 1, 2, 3 on:",
                "    chain of 8: k - first = 0, 4, ..., 28", "then one after another: k = 32, 33"}));
  EXPECT_EQ(OrderFormula(Sum({.leaf = 2}, Sum({.leaf = 1}, {.leaf = 0}, true), true)), "2*1*0");
}

}  // namespace
}  // namespace fplab::tools
