// Chains are found from the root down: what a chain begins with is a sum of its own, or its first leaf.
// SPDX-License-Identifier: Apache-2.0
#include "tools/probe/order_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace fplab::tools {
namespace {

// ", in wider sums" where all sums of a run are wide, ", partly in wider sums" where some are.
std::string WidthText(size_t wide, size_t sums) {
  if (wide == 0) return "";
  return wide == sums ? ", in wider sums" : ", partly in wider sums";
}

// Leaves that are added one after another. `onto` is what the first is added to; null: nothing, a chain of its own.
struct Run {
  std::vector<int> leaves;
  const OrderTree* onto = nullptr;
  size_t wide = 0, sums = 0;

  std::string Width() const { return WidthText(wide, sums); }
};

// The run that ends at `node`.
Run RunOf(const OrderTree& node) {
  Run run;
  const OrderTree* at = &node;
  while (!at->IsLeaf() && at->children.size() == 2 && (at->children[0].IsLeaf() || at->children[1].IsLeaf())) {
    const bool first = at->children[0].IsLeaf();
    run.leaves.push_back(at->children[first ? 0 : 1].leaf);
    run.wide += at->wide ? 1 : 0;
    ++run.sums;
    at = &at->children[first ? 1 : 0];
  }
  if (at->IsLeaf()) {
    run.leaves.push_back(at->leaf);
  } else {
    run.onto = at;
  }
  std::reverse(run.leaves.begin(), run.leaves.end());
  return run;
}

// "5", "0, 8, ..., 248", or several of these: numbers in equal steps are told by their ends.
std::string LeavesText(const std::vector<int>& leaves, int base) {
  constexpr size_t kMostStretches = 6;
  std::string text;
  size_t stretches = 0;
  for (size_t begin = 0; begin < leaves.size(); ++stretches) {
    if (stretches == kMostStretches) return text + ", ...";
    size_t end = begin + 1;
    while (end < leaves.size() &&
           (end == begin + 1 || leaves[end] - leaves[end - 1] == leaves[begin + 1] - leaves[begin])) {
      ++end;
    }
    const auto relative = [&](size_t i) { return leaves[i] - std::max(base, 0); };
    if (end - begin < 5) end = std::min(end, begin + (end == leaves.size() ? 4 : 1));
    if (begin > 0) text += ", ";
    if (end - begin < 5) {
      for (size_t i = begin; i < end; ++i) text += fmt::format("{}{}", i > begin ? ", " : "", relative(i));
    } else {
      text += fmt::format("{}, {}, ..., {}", relative(begin), relative(begin + 1), relative(end - 1));
    }
    begin = end;
  }
  return text;
}

// The sums that no chain of leaves explains are joined by a formula over these pieces.
struct Pieces {
  std::vector<const OrderTree*> list;
  std::string formula;
  bool pairwise = true;  // every sum joins two formulas of equally many pieces
};

// A piece: a sum that ends in leaves.
size_t Join(const OrderTree& node, Pieces& pieces) {
  const bool ends_in_leaf = node.IsLeaf() || std::any_of(node.children.begin(), node.children.end(),
                                                         [](const OrderTree& child) { return child.IsLeaf(); });
  if (ends_in_leaf) {
    pieces.formula += std::to_string(pieces.list.size());
    pieces.list.push_back(&node);
    return 1;
  }
  std::vector<const OrderTree*> children;
  for (const OrderTree& child : node.children) children.push_back(&child);
  std::sort(children.begin(), children.end(),
            [](const OrderTree* a, const OrderTree* b) { return a->Lowest() < b->Lowest(); });
  size_t sum = 0, each = 0;
  pieces.formula += "(";
  for (size_t i = 0; i < children.size(); ++i) {
    if (i > 0) pieces.formula += " + ";
    const size_t own = Join(*children[i], pieces);
    if (i == 0) each = own;
    pieces.pairwise = pieces.pairwise && own == each && children.size() == 2;
    sum += own;
  }
  pieces.formula += ")";
  return sum;
}

// Numbers of leaves are said as they are, or relative to the lowest of a part, for parts that look alike.
constexpr int kAbsolute = -1;

void Describe(const OrderTree& node, int base, const std::string& indent, std::vector<std::string>& lines);

std::vector<std::string> RelativeText(const OrderTree& piece) {
  std::vector<std::string> lines;
  Describe(piece, piece.Lowest(), "", lines);
  return lines;
}

void DescribePieces(const Pieces& pieces, int base, const std::string& indent, std::vector<std::string>& lines) {
  // Pieces that look alike, in the order of their first.
  std::vector<std::pair<std::vector<std::string>, std::vector<size_t>>> kinds;
  for (size_t i = 0; i < pieces.list.size(); ++i) {
    const std::vector<std::string> text = RelativeText(*pieces.list[i]);
    const auto known = std::find_if(kinds.begin(), kinds.end(), [&](const auto& kind) { return kind.first == text; });
    if (known == kinds.end()) {
      kinds.push_back({text, {i}});
    } else {
      known->second.push_back(i);
    }
  }
  const std::string how = pieces.pairwise ? "pairwise: " : "so: ";
  std::string formula = pieces.formula;
  if (formula.size() > 400) formula = formula.substr(0, 400) + " ...";
  lines.push_back(fmt::format("{}{} parts, added {}{}", indent, pieces.list.size(), how, formula));
  for (const auto& [text, members] : kinds) {
    std::vector<int> numbers, bases;
    for (const size_t i : members) {
      numbers.push_back(static_cast<int>(i));
      bases.push_back(pieces.list[i]->Lowest());
    }
    if (members.size() == 1) {
      lines.push_back(fmt::format("{}  part {}:", indent, numbers[0]));
      Describe(*pieces.list[members[0]], base, indent + "    ", lines);
      continue;
    }
    lines.push_back(
        fmt::format("{}  parts {}, from k = {} on:", indent, LeavesText(numbers, kAbsolute), LeavesText(bases, base)));
    for (const std::string& line : text) lines.push_back(indent + "    " + line);
  }
}

void Describe(const OrderTree& node, int base, const std::string& indent, std::vector<std::string>& lines) {
  const Run run = RunOf(node);
  const std::string k = base == kAbsolute ? "k = " : "k - first = ";
  if (run.onto == nullptr) {
    if (run.leaves.size() == 1) {
      lines.push_back(fmt::format("{}one product: {}{}{}", indent, k, LeavesText(run.leaves, base), run.Width()));
    } else {
      lines.push_back(fmt::format("{}chain of {}: {}{}{}", indent, run.leaves.size(), k, LeavesText(run.leaves, base),
                                  run.Width()));
    }
    return;
  }
  if (run.onto->children.size() > 2 &&
      std::any_of(run.onto->children.begin(), run.onto->children.end(), [](const auto& c) { return c.IsLeaf(); })) {
    std::vector<int> leaves;
    std::vector<const OrderTree*> others;
    for (const OrderTree& child : run.onto->children) {
      child.IsLeaf() ? leaves.push_back(child.leaf) : others.push_back(&child);
    }
    std::sort(leaves.begin(), leaves.end());
    lines.push_back(fmt::format("{}{} at once: {}{}{}", indent, run.onto->children.size(), k, LeavesText(leaves, base),
                                others.empty() ? "" : ", and"));
    for (const OrderTree* other : others) Describe(*other, base, indent + "    ", lines);
  } else {
    Pieces pieces;
    Join(*run.onto, pieces);
    DescribePieces(pieces, base, indent, lines);
  }
  if (!run.leaves.empty()) {
    lines.push_back(
        fmt::format("{}then one after another: {}{}{}", indent, k, LeavesText(run.leaves, base), run.Width()));
  }
}

}  // namespace

std::vector<std::string> DescribeOrder(const OrderTree& tree) {
  std::vector<std::string> lines;
  Describe(tree, kAbsolute, "", lines);
  return lines;
}

std::string SummaryOfOrder(const OrderTree& tree) {
  const std::vector<std::string> lines = DescribeOrder(tree);
  if (lines.size() == 1) return lines[0];
  // "33 parts, added so" without the formula, and what the parts of the first kind are.
  const auto chain = std::find_if(lines.begin(), lines.end(),
                                  [](const std::string& line) { return line.find("chain of") != std::string::npos; });
  std::string text = lines[0].substr(0, lines[0].find(", added"));
  if (chain != lines.end()) {
    const size_t begin = chain->find("chain of");
    text += ", the first a " + chain->substr(begin, chain->find(':') - begin);
  }
  return text;
}

std::string OrderFormula(const OrderTree& tree) {
  if (tree.IsLeaf()) return std::to_string(tree.leaf) + (tree.exact ? "!" : "");
  if (tree.fused) return fmt::format("{}*{}", tree.children[0].leaf, OrderFormula(tree.children[1]));
  std::vector<std::pair<int, std::string>> parts;
  for (const OrderTree& child : tree.children) parts.emplace_back(child.Lowest(), OrderFormula(child));
  std::sort(parts.begin(), parts.end());
  std::string text = tree.wide ? "[" : "(";
  for (size_t i = 0; i < parts.size(); ++i) text += (i > 0 ? "+" : "") + parts[i].second;
  return text + (tree.wide ? "]" : ")");
}

namespace {

// Draws what is below the node; returns its place.
std::pair<double, double> DrawNode(const OrderTree& node, Curve& curve) {
  if (node.IsLeaf()) return {node.leaf, 0};
  double sum = 0, height = 0;
  std::vector<std::pair<double, double>> tops;
  for (const OrderTree& child : node.children) {
    tops.push_back(DrawNode(child, curve));
    sum += tops.back().first;
    height = std::max(height, tops.back().second + 1);
  }
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto& [x, y] : tops) {
    curve.points.insert(curve.points.end(), {{x, y}, {x, height}});
    curve.points.insert(curve.points.end(), {{sum / static_cast<double>(tops.size()), height}, {nan, nan}});
  }
  return {sum / static_cast<double>(tops.size()), height};
}

}  // namespace

Chart OrderChart(const OrderTree& tree, const std::string& title) {
  Chart chart{.title = title, .x_label = "k", .y_label = "additions"};
  Curve curve{.style = CurveStyle::kLine, .width = 1};
  const auto [x, y] = DrawNode(tree, curve);
  curve.points.insert(curve.points.end(), {{x, y}, {x, y + 1}});
  chart.curves.push_back(std::move(curve));
  chart.y_min = 0;
  return chart;
}

}  // namespace fplab::tools
