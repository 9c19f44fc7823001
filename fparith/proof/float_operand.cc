// Operands taken apart, and results put together from finite and special ones.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/float_operand.h>

namespace fplab::proof {

FloatOperand Unpack(Aig& aig, const Format& format, const CircuitMode& mode, const Word& bits) {
  const auto fraction_bits = static_cast<size_t>(format.FractionBits());
  const auto exponent_bits = static_cast<size_t>(format.exponent_bits);
  const Word fraction = Slice(bits, 0, fraction_bits), field = Slice(bits, fraction_bits, exponent_bits);
  const Lit no_field = !OrOf(aig, field), full_field = AndOf(aig, field);
  const Lit any_fraction = OrOf(aig, fraction);

  FloatOperand x;
  x.subnormal = aig.And(no_field, any_fraction);
  switch (format.specials) {
    case SpecialValues::kInfinityAndNans:
      x.infinite = aig.And(full_field, !any_fraction);
      x.nan = aig.And(full_field, any_fraction);
      x.signaling = aig.And(x.nan, !fraction.back());
      break;
    case SpecialValues::kOneNan:
      x.nan = aig.And(full_field, AndOf(aig, fraction));
      break;
    case SpecialValues::kNegativeZeroIsNan:
      x.nan = aig.And(bits.back(), aig.And(no_field, !any_fraction));
      break;
    case SpecialValues::kFiniteOnly:
      break;
  }
  const Lit flushed_positive =
      format.HasNegativeZero() ? aig.And(mode.positive_zero, mode.flush_inputs) : mode.flush_inputs;
  x.sign = aig.And(bits.back(), !aig.And(flushed_positive, x.subnormal));
  x.zero = aig.And(no_field, aig.Or(mode.flush_inputs, !any_fraction));
  if (!format.HasNegativeZero()) x.zero = aig.And(x.zero, !x.nan);
  x.significand = Masked(aig, fraction, !aig.And(mode.flush_inputs, no_field));
  x.significand.push_back(!no_field);
  Word effective = field;
  effective[0] = aig.Or(effective[0], no_field);
  x.field = BoundedUnsigned(effective, 1, format.MaxExponentField());
  return x;
}

FloatOperand NormalisedOperand(Aig& aig, const FloatOperand& operand) {
  FloatOperand x = operand;
  const Leading leading = NormaliseFully(aig, operand.significand);
  x.significand = leading.bits;
  // Of a zero the count may be as large as its bits allow.
  const int64_t most = (int64_t{1} << leading.zeros.size()) - 1;
  x.field = Minus(aig, operand.field, BoundedUnsigned(leading.zeros, 0, most));
  return x;
}

FloatResult WithSpecialCases(Aig& aig, const Format& format, const CircuitMode& mode, const FloatResult& finite,
                             const SpecialCases& special, std::initializer_list<const FloatOperand*> operands) {
  Lit any_nan, any_signaling, any_subnormal;
  for (const FloatOperand* operand : operands) {
    any_nan = aig.Or(any_nan, operand->nan);
    any_signaling = aig.Or(any_signaling, operand->signaling);
    any_subnormal = aig.Or(any_subnormal, operand->subnormal);
  }
  const Lit nan = aig.Or(special.nan, any_nan);
  const Lit ordinary = !aig.Or(nan, special.infinite);
  const auto width = static_cast<size_t>(format.Width());

  FloatResult result;
  Word infinity = ConstantWord(format.InfiniteResult(false), width);
  if (!format.InfinityIsNan()) infinity.back() = special.infinity_sign;
  const Word exceptional = MuxWord(aig, nan, ConstantWord(format.CanonicalNan(), width), infinity);
  result.bits = MuxWord(aig, ordinary, finite.bits, exceptional);
  result.inexact = aig.And(finite.inexact, ordinary);
  result.underflow = aig.And(finite.underflow, ordinary);
  result.overflow = aig.And(finite.overflow, ordinary);
  result.tiny = aig.And(finite.tiny, ordinary);
  result.divide_by_zero = aig.And(special.divide_by_zero, !nan);
  result.invalid = format.HasNan() ? aig.Or(any_signaling, special.invalid) : nan;
  if (mode.flush == model::FlushSemantics::kBeforeRounding) {
    result.denormal = aig.And(any_subnormal, mode.flush_inputs);
  } else {
    const Lit nothing_else = aig.And(!nan, !aig.Or(result.invalid, result.divide_by_zero));
    result.denormal = aig.And(aig.And(any_subnormal, !mode.flush_inputs), nothing_else);
  }
  return result;
}

}  // namespace fplab::proof
