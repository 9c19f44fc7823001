// SimplerOperands: what to try in the place of operands that fail, so that shrinking ends at readable numbers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_PROPERTY_SIMPLER_OPERANDS_H_
#define FPLAB_PROPTESTS_PROPERTY_SIMPLER_OPERANDS_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <fplab/fparith/float/format.h>
#include <fplab/fparith/identity/shrink.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/statement/value_type.h>

namespace fplab::proptests {

// Collects the tuples that are one step simpler than given operands.
class SimplerTuples {
 public:
  SimplerTuples(const Format& format, const std::vector<uint64_t>& operands)
      : format_(format),
        operands_(operands),
        types_(operands.size(), statement::Type::Number(format)),
        complexity_(identity::ComplexityOf(types_, operands)) {
    ReplaceSpecials();
    NegateAll();
    for (int bits = 1; bits < format_.precision; ++bits) CutAtTheSameUnit(bits);
    SingleSteps();
  }

  std::vector<std::vector<uint64_t>> Take() { return std::move(simpler_); }

 private:
  void Offer(std::vector<uint64_t> candidate) {
    if (identity::ComplexityOf(types_, candidate) < complexity_) simpler_.push_back(std::move(candidate));
  }

  void ReplaceSpecials() {
    for (size_t i = 0; i < operands_.size(); ++i) {
      const uint64_t bits = operands_[i];
      if (format_.IsFinite(bits)) continue;
      std::vector<uint64_t> numbers = {0, format_.One(), format_.MaxFinite()};
      if (format_.HasInfinity() && bits != format_.Infinity()) numbers.push_back(format_.Infinity());
      for (const uint64_t number : numbers) {
        simpler_.push_back(operands_);
        simpler_.back()[i] = number;
      }
    }
  }

  void NegateAll() {
    std::vector<uint64_t> negated = operands_;
    for (uint64_t& bits : negated) bits = format_.Negate(bits);
    Offer(negated);
  }

  // Operands may need long significands only because they are large beside what matters, as where a difference has to
  // be subnormal: shorter ones, with all exponents brought down so that the last bit keeps its place. Of each normal
  // operand alone, and of all.
  void CutAtTheSameUnit(int bits) {
    for (const bool up : {false, true}) {
      std::vector<uint64_t> all = operands_;
      int dropped = 0;
      for (size_t i = 0; i < operands_.size(); ++i) {
        const uint64_t operand = operands_[i];
        const int unused = format_.Fraction(operand) == 0 ? format_.FractionBits() : std::countr_zero(operand);
        const int drop = format_.precision - bits - unused;
        if (!format_.IsNormal(operand) || drop <= 0) continue;
        // A carry out of the fraction is one into the exponent.
        const uint64_t unit = uint64_t{1} << (format_.precision - bits);
        all[i] = (operand & ~(unit - 1)) + (up ? unit : 0);
        if (!format_.IsFinite(all[i])) return;
        dropped = dropped < drop ? drop : dropped;
        std::vector<uint64_t> one = operands_;
        one[i] = all[i];
        OfferScaled(one, -drop);
      }
      if (dropped > 0) OfferScaled(all, -dropped);
    }
  }
  void OfferScaled(std::vector<uint64_t> operands, int exponent) {
    for (uint64_t& bits : operands) {
      if (!format_.IsFinite(bits)) continue;
      const model::Outcome scaled = model::ScaleB(format_, {kIeee}, bits, exponent);
      if ((scaled.flags & (model::kInexact | model::kOverflow)) != 0) return;
      bits = scaled.bits;
    }
    Offer(std::move(operands));
  }

  // A search for a simpler failure that finds none has asked about each step.
  void SingleSteps() {
    identity::Shrink(types_, operands_, [&](const std::vector<uint64_t>& candidate) {
      simpler_.push_back(candidate);
      return false;
    });
  }

  const Format format_;
  const std::vector<uint64_t>& operands_;
  const std::vector<statement::Type> types_;
  const identity::Complexity complexity_;
  std::vector<std::vector<uint64_t>> simpler_;
};

// Every tuple that is one step simpler than `operands`, in the order in which they are to be tried: an infinity or a
// NaN replaced by 0, 1, max finite or infinity; all signs changed; shorter significands with their last bit in its
// place; and the steps of identity::Shrink. Each has a lesser identity::ComplexityOf or fewer NaNs or infinities, so
// that shrinking ends. Empty for positive zeros.
inline std::vector<std::vector<uint64_t>> SimplerOperands(const Format& format, const std::vector<uint64_t>& operands) {
  return SimplerTuples(format, operands).Take();
}

}  // namespace fplab::proptests

#endif  // FPLAB_PROPTESTS_PROPERTY_SIMPLER_OPERANDS_H_
