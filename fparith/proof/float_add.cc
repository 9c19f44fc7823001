// Circuits of addition and subtraction: one alignment, one adder, one normalisation for far and near operands alike.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/float_circuit.h>
#include <fplab/fparith/proof/float_operand.h>
#include <fplab/fparith/proof/round_pack_circuit.h>

namespace fplab::proof {
namespace {

// The sum of finite operands. Of the smaller one three bits below the precision are kept, the last of them sticky: bits
// are lost only where at most one leading bit cancels. A sum below min normal is exact.
UnroundedFloat AddFinite(Aig& aig, const Format& format, const CircuitMode& mode, const FloatOperand& a,
                         const FloatOperand& b) {
  const auto exponent_bits = static_cast<size_t>(format.exponent_bits);
  const Word a_magnitude = Concatenated(a.significand, a.field.bits);
  const Word b_magnitude = Concatenated(b.significand, b.field.bits);
  const Lit swap = LessWord(aig, a_magnitude, b_magnitude);
  const Word large = MuxWord(aig, swap, b.significand, a.significand);
  const Word small = MuxWord(aig, swap, a.significand, b.significand);
  const Word large_field = Slice(MuxWord(aig, swap, b.field.bits, a.field.bits), 0, exponent_bits);
  const Word small_field = Slice(MuxWord(aig, swap, a.field.bits, b.field.bits), 0, exponent_bits);
  const Word distance = SubtractWords(aig, large_field, small_field).bits;

  const Shifted aligned = ShiftRightSticky(aig, ShiftedLeft(small, 2), distance);
  const Word augend = ShiftedLeft(large, 3);
  const Word addend = Concatenated({aligned.sticky}, aligned.bits);
  const Lit subtract = aig.Xor(a.sign, b.sign);
  Sum sum = AddWords(aig, augend, XorWith(aig, addend, subtract), subtract);
  sum.bits.push_back(aig.And(sum.carry, !subtract));

  UnroundedFloat value;
  value.sign = aig.Mux(swap, b.sign, a.sign);
  value.zero_sign = mode.rounding == Rounding::kDown ? aig.Or(a.sign, b.sign) : aig.And(a.sign, b.sign);
  value.room = BoundedUnsigned(large_field, 1, format.MaxExponentField());  // the carry's field less 1
  value.significand = sum.bits;
  value.max_leading_zeros = sum.bits.size() - 1;
  value.exact_if_tiny = true;
  return value;
}

}  // namespace

FloatResult FloatCircuit::Add(const Word& first, const Word& second) const {
  const bool swap = ComesBefore(aig_, second, first);
  const FloatOperand a = Unpack(aig_, format_, mode_, swap ? second : first);
  const FloatOperand b = Unpack(aig_, format_, mode_, swap ? first : second);
  const FloatResult finite = RoundPack(aig_, format_, mode_, fault_, AddFinite(aig_, format_, mode_, a, b));
  SpecialCases special;
  special.nan = special.invalid = aig_.And(aig_.And(a.infinite, b.infinite), aig_.Xor(a.sign, b.sign));
  special.infinite = aig_.Or(a.infinite, b.infinite);
  special.infinity_sign = aig_.Mux(a.infinite, a.sign, b.sign);
  return WithSpecialCases(aig_, format_, mode_, finite, special, {&a, &b});
}

FloatResult FloatCircuit::Sub(const Word& a, const Word& b) const {
  if (mode_.positive_zero == kFalse) return Add(a, Negate(b));
  // Negated after it was flushed: a zero that is always positive becomes negative.
  FloatResult difference = Add(a, Negate(FlushInput(b)));
  if (mode_.flush == model::FlushSemantics::kBeforeRounding) {
    difference.denormal = aig_.Or(difference.denormal, aig_.And(mode_.flush_inputs, IsSubnormal(b)));
  }
  return difference;
}

}  // namespace fplab::proof
