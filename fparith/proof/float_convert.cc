// Circuits of conversion between formats, of scaling by powers of two and of rounding to an integral value.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/float/check.h>
#include <fplab/fparith/proof/float_circuit.h>
#include <fplab/fparith/proof/float_operand.h>
#include <fplab/fparith/proof/round_pack_circuit.h>

namespace fplab::proof {

FloatResult FloatCircuit::Convert(const Format& to, const Word& bits) const {
  const FloatOperand a = Unpack(aig_, format_, mode_, bits);
  UnroundedFloat value;
  value.sign = value.zero_sign = a.sign;
  value.room = Plus(aig_, a.field, to.Bias() - format_.Bias() - 1);
  value.significand = a.significand;
  value.max_leading_zeros = a.significand.size() - 1;
  const FloatResult finite = RoundPack(aig_, to, mode_, fault_, value);
  SpecialCases special;
  if (to.InfinityIsNan()) {
    special.nan = special.invalid = a.infinite;
  } else {
    special.infinite = a.infinite;
  }
  special.infinity_sign = a.sign;
  return WithSpecialCases(aig_, to, mode_, finite, special, {&a});
}

FloatResult FloatCircuit::ScaleB(const Word& bits, const BoundedInteger& n) const {
  constexpr int64_t kLimit = int64_t{1} << 20;
  FPLAB_CHECK(-kLimit <= n.min && n.max <= kLimit, "the bounds of n are within 2^20 of zero");
  const FloatOperand a = Unpack(aig_, format_, mode_, bits);
  UnroundedFloat value;
  value.sign = value.zero_sign = a.sign;
  value.room = Plus(aig_, Plus(aig_, a.field, n), -1);
  value.significand = a.significand;
  value.max_leading_zeros = a.significand.size() - 1;
  const FloatResult finite = RoundPack(aig_, format_, mode_, fault_, value);
  SpecialCases special;
  special.infinite = a.infinite;
  special.infinity_sign = a.sign;
  return WithSpecialCases(aig_, format_, mode_, finite, special, {&a});
}

// On the pattern: the fraction's bits below the point are cleared, and where the magnitude goes up, one is added above
// them, which carries into the exponent as it should.
FloatResult FloatCircuit::RoundToIntegral(Rounding rounding, const Word& bits) const {
  const FloatOperand a = Unpack(aig_, format_, mode_, bits);
  const auto fraction_bits = static_cast<size_t>(format_.FractionBits());
  const size_t width = static_cast<size_t>(format_.Width()) - 1;
  const Word magnitude = Slice(FlushInput(bits), 0, width);
  const Word field = ZeroExtended(Slice(magnitude, fraction_bits, width - fraction_bits), 13);
  const auto below = [&](int64_t exponent) {  // |a| < 2^exponent
    return LessWord(aig_, field, ConstantWord(static_cast<uint64_t>(format_.Bias() + exponent), field.size()));
  };
  // fractional[i]: bit i of the fraction is below the point; unit[i]: bit i of the pattern has weight 1.
  Word fractional(fraction_bits + 1), unit(width), kept = magnitude;
  for (size_t i = 0; i < fraction_bits; ++i) fractional[i] = below(static_cast<int64_t>(fraction_bits - i));
  Lit half, rest;
  for (size_t i = 0; i < fraction_bits; ++i) {
    const Lit tail = aig_.And(magnitude[i], fractional[i]);
    half = aig_.Or(half, aig_.And(tail, !fractional[i + 1]));
    rest = aig_.Or(rest, aig_.And(tail, fractional[i + 1]));
    kept[i] = aig_.And(magnitude[i], !fractional[i]);
    unit[i + 1] = aig_.And(fractional[i], !fractional[i + 1]);
  }
  // In [1, 2) the bit of weight 1 is the leading one, which is not stored: its place is the exponent's last bit.
  Lit odd = unit[fraction_bits];
  for (size_t i = 1; i < fraction_bits; ++i) odd = aig_.Or(odd, aig_.And(magnitude[i], unit[i]));
  const Lit up = RoundsUp(aig_, rounding, a.sign, odd, half, rest);
  const Sum large_sum = AddWords(aig_, kept, Masked(aig_, unit, up), kFalse);
  // What comes beyond the greatest pattern is known by the carry; below an infinity there is none.
  const Word large_result = Concatenated(large_sum.bits, {format_.HasInfinity() ? kFalse : large_sum.carry});

  // Magnitudes below 1 become 0 or 1.
  const uint64_t one_half = format_.Bias() > 1 ? format_.One() - format_.MinNormal() : format_.MinNormal() / 2;
  const Lit small = below(0), any = OrOf(aig_, magnitude);
  const Lit below_half = LessWord(aig_, magnitude, ConstantWord(one_half, width));
  const Lit is_half = EqualWords(aig_, magnitude, ConstantWord(one_half, width));
  const Lit small_up = RoundsUp(aig_, rounding, a.sign, kFalse, !below_half, aig_.And(any, !is_half));
  const Word small_result = Masked(aig_, ConstantWord(format_.One(), width + 1), small_up);
  Word result_bits = MuxWord(aig_, small, small_result, large_result);
  const Lit overflow = LessWord(aig_, ConstantWord(format_.MaxFinite(), width + 1), result_bits);

  FloatResult finite;
  const Word infinite_result = ConstantWord(format_.InfiniteResult(false), width);
  result_bits = MuxWord(aig_, overflow, infinite_result, Slice(result_bits, 0, width));
  result_bits.push_back(SignOver(aig_, format_, a.sign, result_bits, overflow));
  finite.bits = result_bits;
  finite.inexact = aig_.Mux(small, any, aig_.Or(half, rest));
  finite.overflow = overflow;
  SpecialCases special;
  special.infinite = a.infinite;
  special.infinity_sign = a.sign;
  FloatResult result = WithSpecialCases(aig_, format_, mode_, finite, special, {&a});
  // Subnormal operands are told under semantics B only.
  if (mode_.flush != model::FlushSemantics::kBeforeRounding) result.denormal = kFalse;
  return result;
}

}  // namespace fplab::proof
