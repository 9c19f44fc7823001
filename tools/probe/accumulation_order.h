// The order in which a program adds, found from its results alone.
//
// Method: FPRev (Peichen Xie, Yanjie Gao, Yang Wang, Jilong Xue: "Revealing Floating-Point Accumulation Orders in
// Software/Hardware Implementations", USENIX ATC 2025). Of n summands one is a number M so great that adding n units to
// it changes nothing, one is -M, the others are 1: every unit that is added to a sum that holds one of the two alone is
// lost, so the result counts the units outside the smallest subtree that holds both. Who asks so about one summand and
// every other one knows how many leaves stand below each addition on its way to the root; the rest is recursion. Some
// n log n to n^2 / 2 sums.
//
// What is found is the one tree of additions that fits these results, as far as the program adds in a fixed order: it
// is to be held against other results (order_simulation.h) before it is believed.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PROBE_ACCUMULATION_ORDER_H_
#define FPLAB_TOOLS_PROBE_ACCUMULATION_ORDER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fplab::tools {

// A tree of additions. A leaf is a product x[k]*y[k]; any other node the sum of its children, in one operation: of two
// mostly, of more where hardware or a wide accumulator adds several at once. The order of children has no meaning but
// that of `fused`.
struct OrderTree {
  int leaf = -1;  // k; -1: a sum
  std::vector<OrderTree> children = {};
  // Of a sum of two: its first child is a leaf whose product is not rounded by itself, but is part of one fused
  // multiply-add with the other child.
  bool fused = false;
  // Of a sum: it has more bits than the operands' format; that of binary32 those of binary64, as far as is known.
  bool wide = false;
  // Of a leaf: its product is not rounded to the operands' format before it is added to a wide sum.
  bool exact = false;

  bool IsLeaf() const { return leaf >= 0; }
  int Leaves() const;
  int Depth() const;   // additions on the longest way from the root to a leaf
  int Lowest() const;  // the least k
  bool AnyWide() const;
};

// acc = x[k]*y[k] + acc for ascending k, each fused or not: the chain whose first step adds to +0.
OrderTree AscendingChain(int n, bool fused);

bool SameOrder(const OrderTree& a, const OrderTree& b);

// The program under question: sum over k of x[k]*y[k], of operands that are numbers of its format, as a binary64
// number. It must be one and the same order each time.
using SumOfProducts = std::function<double(std::span<const double> x, std::span<const double> y)>;

struct FoundOrder {
  std::optional<OrderTree> tree;
  std::string why_not;  // one line with the sums that contradict every tree
  uint64_t sums = 0;    // that were asked for
  // Of the leaves: those whose rounding error shows when they are added to a sum (fused), those that are exact, and
  // those that show none, which includes the first of each chain.
  int fused_leaves = 0;
  int exact_leaves = 0;
  int rounded_leaves = 0;
};

// precondition: 1 <= n <= 4096. `precision` is that of the format: 24 or 53. Whatever the program returns, it ends.
FoundOrder FindOrder(int n, int precision, const SumOfProducts& sum);

// The same of a program that adds magnitudes |x[k]|, which nothing cancels in. Of three terms 1, h and h, h being 3/8
// of an ulp of 1, an ulp is left if the two h meet first, and nothing otherwise: which two of three leaves meet first,
// for enough triples, is the tree. Some n^2 sums. Sums with more bits than the format's have no tree that can be found
// so.
using SumOfMagnitudes = std::function<double(std::span<const double> x)>;
FoundOrder FindOrderOfMagnitudes(int n, int precision, const SumOfMagnitudes& sum);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PROBE_ACCUMULATION_ORDER_H_
