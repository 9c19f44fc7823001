// Recursion over the tree, by the model's operations.
// SPDX-License-Identifier: Apache-2.0
#include "tools/probe/order_simulation.h"

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/statement/exact_real.h>

namespace fplab::tools {
namespace {

constexpr model::Environment kNearest{};

class Simulation {
 public:
  Simulation(std::span<const uint64_t> x, std::span<const uint64_t> y, const Format& format)
      : x_(x), y_(y), format_(format) {}

  // The sum in the format of the operands.
  uint64_t Of(const OrderTree& node) const { return In(format_, node); }

 private:
  // A sum is computed in its own format, and rounded or widened to that of what it is added to.
  uint64_t In(const Format& format, const OrderTree& node) const {
    const Format& own = node.wide || node.exact ? kBinary64 : format_;
    const uint64_t value = Own(own, node);
    return own == format ? value : model::Convert(own, format, kNearest, value).bits;
  }

  uint64_t Own(const Format& own, const OrderTree& node) const {
    if (node.IsLeaf()) return model::Mul(own, kNearest, Operand(own, x_, node.leaf), Operand(own, y_, node.leaf)).bits;
    if (node.children.size() != 2) return ExactSum(own, node);
    if (node.fused) {
      const int k = node.children[0].leaf;
      return model::Fma(own, kNearest, Operand(own, x_, k), Operand(own, y_, k), In(own, node.children[1])).bits;
    }
    return model::Add(own, kNearest, In(own, node.children[0]), In(own, node.children[1])).bits;
  }

  // Widening is exact.
  uint64_t Operand(const Format& format, std::span<const uint64_t> values, int k) const {
    const uint64_t bits = values[static_cast<size_t>(k)];
    return format == format_ ? bits : model::Convert(format_, format, kNearest, bits).bits;
  }

  uint64_t ExactSum(const Format& own, const OrderTree& node) const {
    statement::ExactReal sum;
    for (const OrderTree& child : node.children) sum = sum + statement::ExactReal(own, In(own, child));
    return sum.RoundTo(own);
  }

  std::span<const uint64_t> x_, y_;
  const Format& format_;
};

}  // namespace

uint64_t SumInOrder(const OrderTree& tree, std::span<const uint64_t> x, std::span<const uint64_t> y, bool is_double) {
  FPLAB_CHECK(!is_double || !tree.AnyWide(), "wide sums are of binary32");
  return Simulation(x, y, is_double ? kBinary64 : kBinary32).Of(tree);
}

}  // namespace fplab::tools
