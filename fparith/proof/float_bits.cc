// Circuits of what works on patterns and not under a mode: classes, signs, neighbours, ulps.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/float/check.h>
#include <fplab/fparith/proof/float_circuit.h>
#include <fplab/fparith/proof/float_operand.h>
#include <fplab/fparith/proof/round_pack_circuit.h>

namespace fplab::proof {
namespace {

FloatOperand UnpackUnflushed(const FloatCircuit& circuit, const Word& a) {
  return Unpack(circuit.aig(), circuit.format(), CircuitMode{}, a);
}

}  // namespace

Word FloatCircuit::Constant(uint64_t bits) const { return ConstantWord(bits, static_cast<size_t>(format_.Width())); }

Word FloatCircuit::Input() const { return InputWord(aig_, static_cast<size_t>(format_.Width())); }

Word FloatCircuit::FlushInput(const Word& a) const {
  const Lit flushed = aig_.And(mode_.flush_inputs, IsSubnormal(a));
  Word result = Masked(aig_, a, !flushed);
  const Lit positive = format_.HasNegativeZero() ? mode_.positive_zero : kTrue;
  result.back() = aig_.And(a.back(), !aig_.And(flushed, positive));
  return result;
}

Lit FloatCircuit::IsNan(const Word& a) const { return UnpackUnflushed(*this, a).nan; }
Lit FloatCircuit::IsInfinite(const Word& a) const { return UnpackUnflushed(*this, a).infinite; }
Lit FloatCircuit::IsFinite(const Word& a) const { return aig_.And(!IsNan(a), !IsInfinite(a)); }
Lit FloatCircuit::IsZero(const Word& a) const { return UnpackUnflushed(*this, a).zero; }
Lit FloatCircuit::IsSubnormal(const Word& a) const { return UnpackUnflushed(*this, a).subnormal; }
Lit FloatCircuit::IsSignalingNan(const Word& a) const { return UnpackUnflushed(*this, a).signaling; }

Lit FloatCircuit::IsNormal(const Word& a) const {
  return aig_.And(IsFinite(a), UnpackUnflushed(*this, a).significand.back());
}

Lit FloatCircuit::IsPowerOfTwo(const Word& a) const {
  Lit one = kFalse, more = kFalse;
  for (Lit bit : UnpackUnflushed(*this, a).significand) {
    more = aig_.Or(more, aig_.And(one, bit));
    one = aig_.Or(one, bit);
  }
  return aig_.And(aig_.And(one, !more), aig_.And(IsFinite(a), !a.back()));
}

Word FloatCircuit::WithSign(const Word& a, Lit sign) const {
  Word result = a;
  // Where there is one zero only, neither it nor the NaN beside it has another sign.
  const Lit signed_value = format_.HasNegativeZero() ? kTrue : OrOf(aig_, std::span(a).first(a.size() - 1));
  result.back() = aig_.Mux(signed_value, sign, a.back());
  return result;
}

Word FloatCircuit::Negate(const Word& a) const { return WithSign(a, !a.back()); }

Word FloatCircuit::Abs(const Word& a) const { return WithSign(a, kFalse); }

Word FloatCircuit::CopySign(const Word& magnitude, const Word& sign) const {
  FPLAB_CHECK(magnitude.size() == sign.size(), "words of the format's width");
  return WithSign(magnitude, sign.back());
}

// The magnitude goes up by one, or down by one as the complement goes up.
Word FloatCircuit::NextUp(const Word& a) const {
  const Lit negative = aig_.And(a.back(), !IsZero(a));
  const Word magnitude = Slice(a, 0, a.size() - 1);
  Word next = XorWith(aig_, Increment(aig_, XorWith(aig_, magnitude, negative), kTrue).bits, negative);
  next.push_back(SignOver(aig_, format_, negative, next, kFalse));
  const uint64_t beyond = format_.InfiniteResult(false);
  if (format_.Magnitude(beyond) != format_.MaxFinite() + 1) {
    next = MuxWord(aig_, EqualWords(aig_, a, Constant(format_.MaxFinite())), Constant(beyond), next);
  }
  const Lit last = aig_.Or(IsNan(a), aig_.And(IsInfinite(a), !a.back()));
  return MuxWord(aig_, last, a, next);
}

Word FloatCircuit::NextDown(const Word& a) const { return Negate(NextUp(Negate(a))); }

// From a field of precision on, an ulp is a normal number; below, it has one bit in the fraction.
Word FloatCircuit::Ulp(const Word& a) const {
  const auto fraction_bits = static_cast<size_t>(format_.FractionBits());
  const Word field = UnpackUnflushed(*this, a).field.bits;  // 1 or more, its sign above
  Word ulp(fraction_bits);
  const auto bounded = BoundedUnsigned(field, 1, format_.MaxExponentField());
  const BoundedInteger ulp_field = Plus(aig_, bounded, -format_.FractionBits());
  for (size_t i = 0; i < fraction_bits; ++i) ulp[i] = EqualWords(aig_, field, ConstantWord(i + 1, field.size()));
  // A constant that the field has no room for would be taken modulo its width.
  for (size_t i = static_cast<size_t>(format_.MaxExponentField()); i < fraction_bits; ++i) ulp[i] = kFalse;
  ulp = Concatenated(ulp, ZeroExtended(PositivePart(aig_, ulp_field), static_cast<size_t>(format_.exponent_bits) + 1));
  ulp.back() = kFalse;
  return MuxWord(aig_, IsFinite(a), ulp, Constant(format_.CanonicalNan()));
}

}  // namespace fplab::proof
