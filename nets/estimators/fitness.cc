// Shaping the losses of a population: basic operations and square roots in binary64, in the order of the pairs.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/estimators/fitness.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>

namespace fplab::nets {
namespace {

constexpr Fitness kAll[] = {Fitness::kDifference, Fitness::kZScore, Fitness::kRanks, Fitness::kSign};

// The order of losses, NaN last.
bool Less(double a, double b) { return a < b || (std::isnan(b) && !std::isnan(a)); }

std::vector<double> CentredRankDifferences(std::span<const PairLoss> pairs) {
  std::vector<double> losses;
  for (const PairLoss& pair : pairs) losses.insert(losses.end(), {pair.plus, pair.minus});
  std::vector<size_t> order(losses.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    if (Less(losses[a], losses[b])) return true;
    return !Less(losses[b], losses[a]) && a < b;
  });
  std::vector<double> rank(losses.size());
  const auto last = static_cast<double>(losses.size() - 1);
  for (size_t begin = 0, end; begin < order.size(); begin = end) {
    for (end = begin + 1; end < order.size() && !Less(losses[order[begin]], losses[order[end]]);) ++end;
    const double mean = (static_cast<double>(begin) + static_cast<double>(end - 1)) / 2;
    for (size_t i = begin; i < end; ++i) rank[order[i]] = mean / last - 0.5;
  }
  std::vector<double> differences;
  for (size_t p = 0; p < pairs.size(); ++p) differences.push_back(rank[2 * p] - rank[2 * p + 1]);
  return differences;
}

double Sign(const PairLoss& pair) {
  return static_cast<double>(Less(pair.minus, pair.plus)) - static_cast<double>(Less(pair.plus, pair.minus));
}

}  // namespace

std::string_view Name(Fitness fitness) {
  switch (fitness) {
    case Fitness::kDifference:
      return "difference";
    case Fitness::kZScore:
      return "z-score";
    case Fitness::kRanks:
      return "ranks";
    case Fitness::kSign:
      return "sign";
  }
  return "?";
}

Fitness ParseFitness(std::string_view name) {
  for (Fitness fitness : kAll) {
    if (name == Name(fitness)) return fitness;
  }
  throw Error("unknown fitness '{}': expected difference, z-score, ranks or sign", name);
}

namespace {

std::vector<double> ShapeInIeee(Fitness fitness, std::span<const PairLoss> pairs) {
  if (fitness == Fitness::kRanks) return CentredRankDifferences(pairs);
  std::vector<double> shaped;
  for (const PairLoss& pair : pairs) shaped.push_back(fitness == Fitness::kSign ? Sign(pair) : pair.plus - pair.minus);
  if (fitness != Fitness::kZScore) return shaped;
  double squares = 0;
  for (double d : shaped) squares += d * d;
  const double deviation = std::sqrt(squares / static_cast<double>(pairs.size()));
  // A population whose pairs all tie says nothing.
  if (deviation == 0) return shaped;
  for (double& d : shaped) d /= deviation;
  return shaped;
}

}  // namespace

std::vector<double> Shape(Fitness fitness, std::span<const PairLoss> pairs) {
  return AsGuest([&] { return ShapeInIeee(fitness, pairs); });
}

}  // namespace fplab::nets
