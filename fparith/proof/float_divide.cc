// Circuits of division and square root, digit by digit.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/float_circuit.h>
#include <fplab/fparith/proof/float_operand.h>
#include <fplab/fparith/proof/round_pack_circuit.h>

namespace fplab::proof {

// The quotient of normalised significands is in (1/2, 2): precision + 3 digits leave two below the precision.
FloatResult FloatCircuit::Div(const Word& dividend, const Word& divisor) const {
  const FloatOperand a = Unpack(aig_, format_, mode_, dividend), b = Unpack(aig_, format_, mode_, divisor);
  const FloatOperand x = NormalisedOperand(aig_, a), y = NormalisedOperand(aig_, b);
  const Digits quotient =
      DivideRestoring(aig_, x.significand, y.significand, static_cast<size_t>(format_.precision) + 3);
  UnroundedFloat value;
  value.sign = value.zero_sign = aig_.Xor(a.sign, b.sign);
  value.room = Plus(aig_, Minus(aig_, x.field, y.field), format_.Bias() - 1);
  value.significand = Concatenated({quotient.inexact}, quotient.bits);
  value.max_leading_zeros = 1;
  // A zero, and a number divided by infinity, have no digits to look at.
  value.significand = Masked(aig_, value.significand, !aig_.Or(a.zero, b.infinite));
  const FloatResult finite = RoundPack(aig_, format_, mode_, fault_, value);

  SpecialCases special;
  special.nan = special.invalid = aig_.Or(aig_.And(a.zero, b.zero), aig_.And(a.infinite, b.infinite));
  special.divide_by_zero = aig_.And(b.zero, !aig_.Or(a.zero, aig_.Or(a.infinite, a.nan)));
  special.infinite = aig_.Or(a.infinite, b.zero);
  special.infinity_sign = value.sign;
  return WithSpecialCases(aig_, format_, mode_, finite, special, {&a, &b});
}

// The radicand is the significand, doubled where the exponent is odd, with so many zeros that its root has two bits
// below the precision.
FloatResult FloatCircuit::Sqrt(const Word& radicand) const {
  const FloatOperand a = Unpack(aig_, format_, mode_, radicand), x = NormalisedOperand(aig_, a);
  const auto precision = static_cast<size_t>(format_.precision);
  const BoundedInteger exponent = Plus(aig_, x.field, -format_.Bias());
  const Lit odd = exponent.bits[0];
  const Word even_significand = ZeroExtended(ShiftedLeft(x.significand, precision + 3), 2 * precision + 4);
  const Word odd_significand = ShiftedLeft(x.significand, precision + 4);
  const Digits root = SquareRootRestoring(aig_, MuxWord(aig_, odd, odd_significand, even_significand));
  UnroundedFloat value;
  value.sign = value.zero_sign = a.sign;
  value.room = Plus(aig_, FloorHalf(exponent), format_.Bias() - 1);
  value.significand = Concatenated({root.inexact}, root.bits);
  value.max_leading_zeros = 0;
  const FloatResult finite = RoundPack(aig_, format_, mode_, fault_, value);
  SpecialCases special;
  special.nan = special.invalid = aig_.And(a.sign, !aig_.Or(a.zero, a.nan));
  special.infinite = a.infinite;
  return WithSpecialCases(aig_, format_, mode_, finite, special, {&a});
}

}  // namespace fplab::proof
