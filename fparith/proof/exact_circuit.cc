// Fixed-point arithmetic of literals.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/exact_circuit.h>

#include <algorithm>
#include <utility>

#include <fplab/fparith/proof/float_circuit.h>
#include <fplab/fparith/proof/float_operand.h>

namespace fplab::proof {
namespace {

// Both in the lesser unit and in one width more than either needs.
std::pair<Word, Word> Aligned(const ExactCircuit& a, const ExactCircuit& b) {
  const int unit = std::min(a.unit, b.unit);
  const Word x = ShiftedLeft(a.bits, static_cast<size_t>(a.unit - unit));
  const Word y = ShiftedLeft(b.bits, static_cast<size_t>(b.unit - unit));
  const size_t width = std::max(x.size(), y.size()) + 1;
  return {SignExtended(x, width), SignExtended(y, width)};
}

Word Signed(Aig& aig, const Word& magnitude, Lit negative) {
  const Word positive = ZeroExtended(magnitude, magnitude.size() + 1);
  return Increment(aig, XorWith(aig, positive, negative), negative).bits;
}

// The field less one, by which a significand stands above the format's unit.
Word Distance(Aig& aig, const FloatOperand& operand) { return PositivePart(aig, Plus(aig, operand.field, -1)); }

FloatOperand Parts(Aig& aig, const Format& format, const Word& number) {
  return Unpack(aig, format, CircuitMode{}, number);
}

size_t RangeOf(const Format& format) { return static_cast<size_t>(format.MaxExponentField()); }

}  // namespace

ExactCircuit ExactValueOf(Aig& aig, const Format& format, const Word& number) {
  const FloatOperand x = Parts(aig, format, number);
  const Word magnitude =
      ShiftLeft(aig, ZeroExtended(x.significand, x.significand.size() + RangeOf(format)), Distance(aig, x));
  const Lit finite = aig.And(!x.infinite, !x.nan);
  return {Signed(aig, magnitude, x.sign), format.MinExponent() - format.FractionBits(), finite};
}

ExactCircuit ExactProductOf(Aig& aig, const Format& format, const Word& a, const Word& b) {
  const FloatOperand x = Parts(aig, format, a), y = Parts(aig, format, b);
  const Word product = Multiply(aig, x.significand, y.significand);
  const BoundedInteger distance = Plus(aig, Plus(aig, x.field, y.field), -2);
  const Word magnitude =
      ShiftLeft(aig, ZeroExtended(product, product.size() + 2 * RangeOf(format)), PositivePart(aig, distance));
  const Lit finite = aig.And(aig.And(!x.infinite, !x.nan), aig.And(!y.infinite, !y.nan));
  return {Signed(aig, magnitude, aig.Xor(x.sign, y.sign)), 2 * (format.MinExponent() - format.FractionBits()), finite};
}

ExactCircuit ExactSum(Aig& aig, const ExactCircuit& a, const ExactCircuit& b) {
  const auto [x, y] = Aligned(a, b);
  return {AddWords(aig, x, y, kFalse).bits, std::min(a.unit, b.unit), aig.And(a.finite, b.finite)};
}

ExactCircuit ExactNegated(Aig& aig, const ExactCircuit& a) {
  const Word wide = SignExtended(a.bits, a.bits.size() + 1);
  return {Increment(aig, Not(wide), kTrue).bits, a.unit, a.finite};
}

ExactCircuit ExactMagnitude(Aig& aig, const ExactCircuit& a) {
  return ExactChoice(aig, a.bits.back(), ExactNegated(aig, a), a);
}

ExactCircuit ExactChoice(Aig& aig, Lit condition, const ExactCircuit& then, const ExactCircuit& otherwise) {
  const auto [x, y] = Aligned(then, otherwise);
  return {MuxWord(aig, condition, x, y), std::min(then.unit, otherwise.unit),
          aig.Mux(condition, then.finite, otherwise.finite)};
}

Lit ExactEqual(Aig& aig, const ExactCircuit& a, const ExactCircuit& b) {
  const auto [x, y] = Aligned(a, b);
  return aig.And(aig.And(a.finite, b.finite), EqualWords(aig, x, y));
}

Lit ExactLess(Aig& aig, const ExactCircuit& a, const ExactCircuit& b) {
  auto [x, y] = Aligned(a, b);
  // Two's complement compares as unsigned integers do once the sign bits are turned round.
  x.back() = !x.back();
  y.back() = !y.back();
  return aig.And(aig.And(a.finite, b.finite), LessWord(aig, x, y));
}

}  // namespace fplab::proof
