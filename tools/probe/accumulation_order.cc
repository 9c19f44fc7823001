// FPRev's recursion, then one question about each leaf.
// SPDX-License-Identifier: Apache-2.0
#include "tools/probe/accumulation_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include <fplab/fparith/float/check.h>

namespace fplab::tools {
namespace {

// 2^100: units vanish beside it in every format up to binary128's 113 bits less those of n, and it overflows in none.
constexpr double kMask = 0x1p100;

// Thrown by the recursion, which has no tree to return.
struct NoTree {
  std::string why;
};

class Recovery {
 public:
  Recovery(int n, const SumOfProducts& sum)
      : n_(n), sum_(sum), x_(static_cast<size_t>(n), 1), y_(static_cast<size_t>(n), 1) {}

  OrderTree Whole() {
    std::vector<int> all(static_cast<size_t>(n_));
    std::iota(all.begin(), all.end(), 0);
    std::vector<OrderTree> roots = Subtrees(all, n_ + 1);
    if (roots.size() != 1) throw NoTree{"the sums fit no single root"};
    return std::move(roots[0]);
  }

  // The sum where all but some terms are `rest`: terms are x[k], with y[k] = 1.
  double Ask(const std::vector<std::pair<int, double>>& terms, double rest) {
    std::fill(x_.begin(), x_.end(), rest);
    std::fill(y_.begin(), y_.end(), 1);
    for (const auto& [k, value] : terms) x_[static_cast<size_t>(k)] = value;
    ++sums_;
    return sum_(x_, y_);
  }

  // What is left of the rounding error of x*x at k, where -rounded stands at `other` and zeros elsewhere.
  double AskError(int k, int other, double x, double rounded) {
    std::fill(x_.begin(), x_.end(), 0);
    std::fill(y_.begin(), y_.end(), 0);
    x_[static_cast<size_t>(k)] = y_[static_cast<size_t>(k)] = x;
    x_[static_cast<size_t>(other)] = -rounded;
    y_[static_cast<size_t>(other)] = 1;
    ++sums_;
    return sum_(x_, y_);
  }

  uint64_t sums() const { return sums_; }

 private:
  // The leaves below the smallest subtree that holds i and j.
  int Below(int i, int j) {
    const double left = Ask({{i, kMask}, {j, -kMask}}, 1);
    // The units lost: all but `left` of the n - 2, and the two masks.
    if (!(left >= 0 && left <= n_ - 2) || left != std::floor(left)) {
      throw NoTree{fmt::format("with 2^100 at {}, -2^100 at {} and 1 elsewhere the sum is {}, which counts no units", i,
                               j, left)};
    }
    return n_ - static_cast<int>(left);
  }

  // The subtrees that make up `leaves`, which are all leaves below some of the children of a node with `parent` leaves:
  // one unless that node adds more than two.
  std::vector<OrderTree> Subtrees(const std::vector<int>& leaves, int parent) {
    // From the middle: the ends of a chain, its likeliest worst case, would take n questions each.
    const int pivot = leaves[leaves.size() / 2];
    std::map<int, std::vector<int>> others;  // by the size of the subtree that they share with the pivot
    for (const int leaf : leaves) {
      if (leaf != pivot) others[Below(pivot, leaf)].push_back(leaf);
    }
    OrderTree node{.leaf = pivot};
    int size = 1;
    std::vector<OrderTree> roots;
    for (const auto& [shared, group] : others) {
      if (shared >= parent) {  // children of the same parent beside the pivot's
        if (shared > parent) throw Contradiction(pivot, group[0], shared, parent);
        roots = Subtrees(group, parent);
        break;
      }
      if (size + static_cast<int>(group.size()) != shared) {
        throw Contradiction(pivot, group[0], shared, size + static_cast<int>(group.size()));
      }
      OrderTree sum;
      sum.children.push_back(std::move(node));
      for (OrderTree& sibling : Subtrees(group, shared)) sum.children.push_back(std::move(sibling));
      node = std::move(sum);
      size = shared;
    }
    roots.push_back(std::move(node));
    return roots;
  }

  static NoTree Contradiction(int i, int j, int below, int expected) {
    return {fmt::format("the masks at {} and {} leave {} terms below their sum, where others leave {}", i, j, below,
                        expected)};
  }

  int n_;
  const SumOfProducts& sum_;
  std::vector<double> x_, y_;
  uint64_t sums_ = 0;
};

// The tree of a sum of magnitudes, by triples of leaves.
class MagnitudeRecovery {
 public:
  MagnitudeRecovery(int n, int precision, const SumOfMagnitudes& sum)
      : sum_(sum), part_(std::ldexp(0.75, -precision)), x_(static_cast<size_t>(n)) {}

  OrderTree Of(const std::vector<int>& leaves) {
    const int pivot = leaves[leaves.size() / 2];
    // What is added on the pivot's way to the root, a list of leaves each.
    std::vector<std::vector<int>> siblings;
    for (const int leaf : leaves) {
      if (leaf == pivot) continue;
      const auto known = std::find_if(siblings.begin(), siblings.end(),
                                      [&](const std::vector<int>& group) { return MeetFirst(leaf, group[0], pivot); });
      known == siblings.end() ? siblings.push_back({leaf}) : known->push_back(leaf);
    }
    if (siblings.size() == 1 && siblings[0].size() > 1 && MeetFirst(pivot, siblings[0][0], siblings[0][1])) {
      throw NoTree{fmt::format("of 1, 3/8 ulp and 3/8 ulp at {}, {} and {} any two meet first: sums have more bits",
                               pivot, siblings[0][0], siblings[0][1])};
    }
    std::stable_sort(siblings.begin(), siblings.end(), [&](const std::vector<int>& a, const std::vector<int>& b) {
      return a[0] != b[0] && MeetFirst(pivot, a[0], b[0]);
    });
    OrderTree node{.leaf = pivot};
    for (const std::vector<int>& group : siblings) {
      OrderTree sum;
      sum.children.push_back(std::move(node));
      sum.children.push_back(Of(group));
      node = std::move(sum);
    }
    return node;
  }

  uint64_t sums() const { return sums_; }

 private:
  // Whether leaves i and j are in a subtree without k.
  bool MeetFirst(int i, int j, int k) {
    std::fill(x_.begin(), x_.end(), 0);
    x_[static_cast<size_t>(i)] = x_[static_cast<size_t>(j)] = part_;
    x_[static_cast<size_t>(k)] = 1;
    ++sums_;
    return sum_(x_) > 1;
  }

  const SumOfMagnitudes& sum_;
  double part_;
  std::vector<double> x_;
  uint64_t sums_ = 0;
};

// Asks each sum how many bits it has, then each leaf whether its product is rounded before it is added.
class RoundingQuestions {
 public:
  RoundingQuestions(Recovery& recovery, int precision, FoundOrder& found) : recovery_(recovery), found_(found) {
    // The square of 1 + 2^-h is 1 + 2^(1-h) + 2^-2h, of which the last term is less than half an ulp, or half of one
    // and a tie to even.
    const int half = (precision + 1) / 2;
    x_ = 1 + std::ldexp(1.0, -half);
    rounded_ = 1 + std::ldexp(1.0, 1 - half);
    tiny_ = std::ldexp(1.0, -precision * 17 / 10);
  }

  // `outside` is a leaf of what the node is added to; -1 of the root.
  void AskBelow(OrderTree& node, int outside) {
    if (node.IsLeaf()) return;
    for (size_t i = 0; i < node.children.size(); ++i) {
      AskBelow(node.children[i], node.children[i == 0 ? 1 : 0].Lowest());
    }
    if (outside >= 0) {
      node.wide =
          recovery_.Ask({{node.children[0].Lowest(), 1}, {node.children[1].Lowest(), tiny_}, {outside, -1}}, 0) != 0;
    } else {  // the last sum, which is rounded to the format either way
      node.wide = std::any_of(node.children.begin(), node.children.end(), [](const OrderTree& c) { return c.wide; });
    }
    if (node.children.size() == 2) {
      AskPair(node, outside < 0);
    } else {
      for (const OrderTree& child : node.children) found_.rounded_leaves += child.IsLeaf() ? 1 : 0;
    }
  }

 private:
  void AskPair(OrderTree& node, bool is_root) {
    OrderTree &first = node.children[0], &second = node.children[1];
    if (!first.IsLeaf() && second.IsLeaf()) std::swap(first, second);
    if (!first.IsLeaf()) return;
    const bool first_shows = Shows(first.leaf, second.Lowest());
    const bool second_shows = second.IsLeaf() && Shows(second.leaf, first.leaf);
    // Of two fused products one is rounded: if both show, nothing is.
    if (is_root && first_shows && second_shows) node.wide = true;
    if (node.wide) {
      first.exact = first_shows;
      second.exact = second_shows;
      found_.exact_leaves += (first_shows ? 1 : 0) + (second_shows ? 1 : 0);
      found_.rounded_leaves += (first_shows ? 0 : 1) + (second.IsLeaf() && !second_shows ? 1 : 0);
      return;
    }
    node.fused = first_shows || second_shows;
    // The fused one first; of two that are rounded the lower last, where a chain begins.
    if (!first_shows && second.IsLeaf() && (second_shows || first.leaf < second.leaf)) std::swap(first, second);
    ++(node.fused ? found_.fused_leaves : found_.rounded_leaves);
    if (second.IsLeaf()) ++found_.rounded_leaves;
  }

  bool Shows(int leaf, int other) { return recovery_.AskError(leaf, other, x_, rounded_) != 0; }

  Recovery& recovery_;
  FoundOrder& found_;
  double x_, rounded_, tiny_;
};

}  // namespace

int OrderTree::Leaves() const {
  if (IsLeaf()) return 1;
  int sum = 0;
  for (const OrderTree& child : children) sum += child.Leaves();
  return sum;
}

int OrderTree::Depth() const {
  int depth = 0;
  for (const OrderTree& child : children) depth = std::max(depth, 1 + child.Depth());
  return depth;
}

int OrderTree::Lowest() const {
  int lowest = leaf;
  for (const OrderTree& child : children) {
    const int own = child.Lowest();
    lowest = lowest < 0 ? own : std::min(lowest, own);
  }
  return lowest;
}

bool OrderTree::AnyWide() const {
  return wide || std::any_of(children.begin(), children.end(), [](const OrderTree& child) { return child.AnyWide(); });
}

OrderTree AscendingChain(int n, bool fused) {
  OrderTree chain{.leaf = 0};
  for (int k = 1; k < n; ++k) {
    OrderTree sum{.fused = fused};
    sum.children.push_back({.leaf = k});
    sum.children.push_back(std::move(chain));
    chain = std::move(sum);
  }
  return chain;
}

bool SameOrder(const OrderTree& a, const OrderTree& b) {
  if (a.leaf != b.leaf || a.fused != b.fused || a.wide != b.wide || a.exact != b.exact) return false;
  if (a.children.size() != b.children.size()) return false;
  if (a.fused) return SameOrder(a.children[0], b.children[0]) && SameOrder(a.children[1], b.children[1]);
  // Additions commute: children stand in any order, told apart by their lowest leaf.
  const auto sorted = [](const OrderTree& node) {
    std::vector<std::pair<int, const OrderTree*>> list;
    for (const OrderTree& child : node.children) list.emplace_back(child.Lowest(), &child);
    std::sort(list.begin(), list.end());
    return list;
  };
  const auto x = sorted(a), y = sorted(b);
  for (size_t i = 0; i < x.size(); ++i) {
    if (!SameOrder(*x[i].second, *y[i].second)) return false;
  }
  return true;
}

FoundOrder FindOrder(int n, int precision, const SumOfProducts& sum) {
  FPLAB_CHECK(n >= 1 && n <= 4096, "1 to 4096 terms");
  FPLAB_CHECK(precision == 24 || precision == 53, "binary32 or binary64");
  FoundOrder found;
  Recovery recovery(n, sum);
  try {
    found.tree = recovery.Whole();
  } catch (const NoTree& reason) {
    found.why_not = reason.why;
  }
  if (found.tree) RoundingQuestions(recovery, precision, found).AskBelow(*found.tree, -1);
  found.sums = recovery.sums();
  return found;
}

FoundOrder FindOrderOfMagnitudes(int n, int precision, const SumOfMagnitudes& sum) {
  FPLAB_CHECK(n >= 1 && n <= 4096, "1 to 4096 terms");
  FPLAB_CHECK(precision == 24 || precision == 53, "binary32 or binary64");
  FoundOrder found;
  MagnitudeRecovery recovery(n, precision, sum);
  std::vector<int> all(static_cast<size_t>(n));
  std::iota(all.begin(), all.end(), 0);
  try {
    found.tree = recovery.Of(all);
  } catch (const NoTree& reason) {
    found.why_not = reason.why;
  }
  found.sums = recovery.sums();
  return found;
}

}  // namespace fplab::tools
