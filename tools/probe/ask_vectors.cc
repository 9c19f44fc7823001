// Functions of vectors that sum no products of two: the order of a sum of magnitudes, what a norm does with large
// numbers, and whether a*x + y is fused.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "tools/probe/order_simulation.h"
#include "tools/probe/order_text.h"
#include "tools/probe/questions.h"

namespace fplab::tools {
namespace {

constexpr int kRandomInputs = 100;

// Whether the model's sums in this order are the library's, on random operands.
bool IsConfirmed(const Question& question, const OrderTree& tree, ProductRun& run) {
  const int k = run.shape().k;
  const std::vector<uint64_t> ones(static_cast<size_t>(k), run.format().One());
  for (int r = 0; r < kRandomInputs; ++r) {
    run.FillRandom(question.options.seed * 1000 + static_cast<uint64_t>(r));
    run.Go();
    std::vector<uint64_t> magnitudes = run.RowOfA(0);
    for (uint64_t& bits : magnitudes) bits &= ~run.format().SignMask();
    if (SumInOrder(tree, magnitudes, ones, run.format() == kBinary64) != run.C(0, 0)) return false;
  }
  return true;
}

void AskSumOfMagnitudes(const Question& question) {
  for (const int k : {7, 64, 200}) {
    ProductRun run = question.Run({1, 1, k});
    const Format format = run.format();
    const SumOfMagnitudes sum = [&](std::span<const double> x) {
      for (int t = 0; t < k; ++t) run.SetA(0, t, BitsOfValue(format, x[static_cast<size_t>(t)]));
      run.Go();
      return ValueOfBits(format, run.C(0, 0));
    };
    const FoundOrder found = FindOrderOfMagnitudes(k, format.precision, sum);
    const std::string at = fmt::format("{} terms", k);
    if (!found.tree) {
      question.Add({"order", at, "no tree of additions", fmt::format("{}; {} sums", found.why_not, found.sums)});
      continue;
    }
    Finding order{"order", at, SummaryOfOrder(*found.tree),
                  fmt::format("by {} sums of 1, 3/8 ulp and 3/8 ulp; {} on {} random inputs", found.sums,
                              IsConfirmed(question, *found.tree, run) ? "confirmed" : "NOT confirmed", kRandomInputs)};
    order.more = DescribeOrder(*found.tree);
    if (order.more.size() == 1) order.more.clear();
    order.order = found.tree;
    question.Add(std::move(order));
  }
}

// Squares that leave the range, of a norm that does not.
void AskNorm(const Question& question) {
  question.Add({"order", "", "not asked", "squares cancel nothing, and the root hides what the last bits say"});
  for (const int exponent : {100, -100}) {
    ProductRun run = question.Run({1, 1, 8});
    run.SetA(0, 0, BitsOfValue(run.format(), std::ldexp(3.0, exponent)));
    run.SetA(0, 5, BitsOfValue(run.format(), std::ldexp(4.0, exponent)));
    run.Go();
    const bool right = run.C(0, 0) == BitsOfValue(run.format(), std::ldexp(5.0, exponent));
    question.Add(
        {exponent > 0 ? "overflow" : "underflow", fmt::format("3, 4 times 2^{}", exponent),
         right ? "none: it scales, or squares in a wider format" : "of the squares",
         fmt::format("the norm is {}, where 5 times 2^{} is exact", ShowBits(run.format(), run.C(0, 0)), exponent)});
  }
}

// At each place the square of a number whose rounding error shows if the sum is fused.
void AskMultipleAdded(const Question& question) {
  constexpr int kPlaces = 101;  // a vector's loop, and what is left of it
  ProductRun run = question.Run({1, kPlaces, 1});
  const int half = (run.format().precision + 1) / 2;
  const double x = 1 + std::ldexp(1.0, -half), rounded = 1 + std::ldexp(1.0, 1 - half);
  run.alpha = x;
  for (int j = 0; j < kPlaces; ++j) {
    run.SetB(0, j, BitsOfValue(run.format(), x));
    run.SetC(0, j, BitsOfValue(run.format(), -rounded));
  }
  run.Go();
  int fused = 0, last_rounded = -1, last_fused = -1;
  for (int j = 0; j < kPlaces; ++j) {
    const bool shows = run.C(0, j) != 0 && run.C(0, j) != run.format().SignMask();
    fused += shows ? 1 : 0;
    (shows ? last_fused : last_rounded) = j;
  }
  question.Add({"fma", fmt::format("{} elements", kPlaces),
                fused == kPlaces ? "yes"
                : fused == 0     ? "no: products are rounded, then added"
                                 : "in part",
                fmt::format("the rounding error of a square shows in {} of {} places{}", fused, kPlaces,
                            fused == 0 || fused == kPlaces
                                ? ""
                                : fmt::format(", last in {}, and last not in {}", last_fused, last_rounded))});
}

}  // namespace

void AskVectors(const Question& question) {
  switch (question.function.signature.operation) {
    case Operation::kAbsoluteSum:
      return AskSumOfMagnitudes(question);
    case Operation::kNorm:
      return AskNorm(question);
    default:
      return AskMultipleAdded(question);
  }
}

}  // namespace fplab::tools
