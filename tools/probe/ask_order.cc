// The order of each output: found at one, held against all on random operands, and found anew where it does not hold.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include <fplab/fparith/float/bits.h>
#include "tools/probe/order_simulation.h"
#include "tools/probe/order_text.h"
#include "tools/probe/questions.h"

namespace fplab::tools {
namespace {

// Orders that are told apart in one product at most.
constexpr int kMostOrders = 4;

// Random operands and what the library made of them.
struct RandomProducts {
  struct One {
    std::vector<std::vector<uint64_t>> rows, columns;
    std::vector<uint64_t> c;
  };
  std::vector<One> list;
};

std::vector<ProductShape> UsualShapes(Operation operation) {
  if (operation == Operation::kProduct) return {{1, 1, 100}, {4, 4, 64}, {33, 17, 100}, {64, 64, 300}, {1, 64, 256}};
  if (operation == Operation::kMatrixVector) return {{1, 1, 100}, {16, 1, 64}, {64, 1, 300}};
  return {{1, 1, 7}, {1, 1, 64}, {1, 1, 300}};
}

class OrdersOfShape {
 public:
  OrdersOfShape(const Question& question, const ProductShape& shape, int threads)
      : question_(question),
        shape_(shape),
        threads_(threads),
        run_(question.Run(shape)),
        at_(fmt::format("{}, {} thread{}", Name(shape), threads, threads == 1 ? "" : "s")),
        format_(run_.format()) {
    run_.threads = threads;
  }

  std::vector<Finding> Ask() {
    DrawRandom();
    std::vector<std::pair<int, int>> open;  // outputs that no order explains yet
    for (int i = 0; i < shape_.m; ++i) {
      for (int j = 0; j < shape_.n; ++j) open.emplace_back(i, j);
    }
    for (int orders = 0; !open.empty(); ++orders) {
      if (orders == kMostOrders) {
        findings_.push_back(
            {"order", at_, "more orders", fmt::format("{} outputs follow none of the above", open.size())});
        break;
      }
      const auto [i, j] = open.front();
      question_.progress(fmt::format("order of {}", at_));
      const FoundOrder found = Find(i, j);
      if (!found.tree) {
        findings_.push_back({"order", at_, "no tree of additions",
                             fmt::format("c({}, {}): {}; {} sums", i, j, found.why_not, found.sums)});
        break;
      }
      if (!Report(found, open)) break;
    }
    return std::move(findings_);
  }

 private:
  // As many as can be simulated in about a second.
  void DrawRandom() {
    const int64_t terms = int64_t{shape_.m} * shape_.n * shape_.k;
    const auto count = static_cast<int>(std::clamp<int64_t>(6'000'000 / terms, 4, 100));
    for (int r = 0; r < count; ++r) {
      run_.FillRandom(question_.options.seed * 1000 + static_cast<uint64_t>(r));
      RandomProducts::One one;
      for (int i = 0; i < shape_.m; ++i) one.rows.push_back(run_.RowOfA(i));
      for (int j = 0; j < shape_.n; ++j) one.columns.push_back(run_.ColumnOfB(j));
      run_.Go();
      one.c = run_.AllC();
      random_.list.push_back(std::move(one));
    }
  }

  // Other rows and columns are ones: a library may look at none of them.
  FoundOrder Find(int i, int j) {
    run_.FillA(format_.One());
    run_.FillB(format_.One());
    const SumOfProducts sum = [&](std::span<const double> x, std::span<const double> y) {
      for (int k = 0; k < shape_.k; ++k) {
        run_.SetA(i, k, BitsOfValue(format_, x[static_cast<size_t>(k)]));
        run_.SetB(k, j, BitsOfValue(format_, y[static_cast<size_t>(k)]));
      }
      run_.Go();
      return ValueOfBits(format_, run_.C(i, j));
    };
    return FindOrder(shape_.k, format_.precision, sum);
  }

  bool Explains(const OrderTree& tree, int i, int j) const {
    return std::all_of(random_.list.begin(), random_.list.end(), [&](const RandomProducts::One& one) {
      const uint64_t sum =
          SumInOrder(tree, one.rows[static_cast<size_t>(i)], one.columns[static_cast<size_t>(j)], format_ == kBinary64);
      return sum == one.c[static_cast<size_t>(i) * static_cast<size_t>(shape_.n) + static_cast<size_t>(j)];
    });
  }

  // Takes out of `open` what the order explains; false if not even the output at which it was found.
  bool Report(const FoundOrder& found, std::vector<std::pair<int, int>>& open) {
    const bool simulated = format_ == kBinary32 || !found.tree->AnyWide();
    std::vector<std::pair<int, int>> left;
    for (const auto& [i, j] : open) {
      if (!simulated || !Explains(*found.tree, i, j)) left.emplace_back(i, j);
    }
    const bool holds = simulated && (left.empty() || left.front() != open.front());
    Finding order{"order", at_, SummaryOfOrder(*found.tree), Evidence(found, open, left, holds)};
    order.more = DescribeOrder(*found.tree);
    if (order.more.size() <= 1) order.more.clear();
    order.order = found.tree;
    order.answer += Products(found);
    if (holds && SameOrder(*found.tree, AscendingChain(shape_.k, true))) {
      order.answer += ": fplab's own chain (ascending k, from +0)";
    }
    findings_.push_back(std::move(order));
    findings_.push_back(Fusion(found));
    open = std::move(left);
    return holds;
  }

  std::string Evidence(const FoundOrder& found, const std::vector<std::pair<int, int>>& open,
                       const std::vector<std::pair<int, int>>& left, bool holds) const {
    const auto [i, j] = open.front();
    const size_t all = static_cast<size_t>(shape_.m) * static_cast<size_t>(shape_.n);
    const std::string how = fmt::format("c({}, {}) by {} masked sums; ", i, j, found.sums);
    if (!holds && found.tree->AnyWide() && format_ == kBinary64)
      return how + "not confirmed: sums are wider than the model's";
    if (!holds) {
      return how + fmt::format("NOT confirmed: on {} random inputs the model returns other bits", random_.list.size());
    }
    return how + fmt::format("confirmed on {} random inputs{}", random_.list.size(), Where(open, left, all));
  }

  // The outputs that are in `open` and not in `left`.
  std::string Where(const std::vector<std::pair<int, int>>& open, const std::vector<std::pair<int, int>>& left,
                    size_t all) const {
    const size_t explained = open.size() - left.size();
    if (all == 1) return "";
    if (explained == all) return fmt::format(" in all {} outputs", all);
    std::set<int> rows, columns;
    for (const auto& output : open) {
      if (std::binary_search(left.begin(), left.end(), output)) continue;
      rows.insert(output.first);
      columns.insert(output.second);
    }
    const auto range = [](const char* name, const std::set<int>& set) {
      const bool dense = static_cast<size_t>(*set.rbegin() - *set.begin()) + 1 == set.size();
      return dense ? fmt::format("{} {} to {}", name, *set.begin(), *set.rbegin())
                   : fmt::format("{} {}", set.size(), name);
    };
    const bool block = rows.size() * columns.size() == explained;
    return fmt::format(" in {} of {} outputs{}", explained, all,
                       block ? ": " + range("rows", rows) + ", " + range("columns", columns) : "");
  }

  // "; fma", as a part of what the order is.
  std::string Products(const FoundOrder& found) const {
    if (shape_.k == 1) return "";
    if (found.exact_leaves > 0) return "; exact products";
    if (found.fused_leaves == 0) return "; rounded products";
    // One product of each chain is rounded as its first.
    return 2 * found.fused_leaves >= shape_.k ? "; fma" : fmt::format("; fma in {} places", found.fused_leaves);
  }

  Finding Fusion(const FoundOrder& found) const {
    std::string answer = "yes";
    if (found.exact_leaves > 0) {
      answer = "products are added to wider sums without rounding";
    } else if (found.fused_leaves == 0) {
      answer = "no: products are rounded, then added";
    }
    if (shape_.k == 1) answer = "one product";
    return {
        "fma", at_, answer,
        fmt::format("of {} products the rounding error of a square shows in {} (fused), in {} is none (wider sums), "
                    "and {} begin a chain or are rounded",
                    shape_.k, found.fused_leaves, found.exact_leaves, found.rounded_leaves)};
  }

  const Question& question_;
  ProductShape shape_;
  int threads_;
  ProductRun run_;
  std::string at_;
  Format format_;
  RandomProducts random_;
  std::vector<Finding> findings_;
};

// Whether the same was found with another number of threads.
bool SameFindings(const std::vector<Finding>& a, const std::vector<Finding>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Finding& x, const Finding& y) {
    return x.answer == y.answer && x.evidence == y.evidence && x.more == y.more;
  });
}

}  // namespace

void AskOrder(const Question& question) {
  std::vector<ProductShape> shapes = question.options.shapes;
  if (shapes.empty()) shapes = UsualShapes(question.function.signature.operation);
  for (const ProductShape& asked : shapes) {
    const ProductShape shape = question.Fit(asked);
    std::vector<Finding> before;
    for (const int threads : question.Threads()) {
      std::vector<Finding> own = OrdersOfShape(question, shape, threads).Ask();
      if (!before.empty() && SameFindings(own, before)) {
        question.Add({"order", fmt::format("{}, {} threads", Name(shape), threads), "as above", own[0].evidence});
        continue;
      }
      for (const Finding& finding : own) {
        // That products are fused is said once of all shapes, unless it changes.
        const bool said = finding.topic == "fma" &&
                          std::any_of(question.findings.begin(), question.findings.end(), [&](const Finding& other) {
                            return other.topic == "fma" && other.answer == finding.answer;
                          });
        if (!said) question.Add(finding);
      }
      before = std::move(own);
    }
  }
}

}  // namespace fplab::tools
