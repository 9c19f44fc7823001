// The operand that a rule takes its NaN from, by choices from the last to the first.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/nan_circuit.h>

namespace fplab::proof {

Word NanCircuit::Quieted(const Word& nan) const {
  Word quiet = nan;
  quiet[static_cast<size_t>(circuit_.format().FractionBits()) - 1] = kTrue;
  return quiet;
}

Word NanCircuit::Of(const std::vector<Word>& operands) const {
  const Format& format = circuit_.format();
  Word nan = circuit_.Constant(model::DefaultNan(rule_, format));
  if (!model::KeepsPayloads(rule_) || !model::HasPayloads(format)) return nan;
  for (size_t i = operands.size(); i-- > 0;) {
    nan = MuxWord(aig(), circuit_.IsNan(operands[i]), Quieted(operands[i]), nan);
  }
  if (rule_ != model::NanRule::kArm) return nan;
  for (size_t i = operands.size(); i-- > 0;) {
    nan = MuxWord(aig(), circuit_.IsSignalingNan(operands[i]), Quieted(operands[i]), nan);
  }
  return nan;
}

Word NanCircuit::OfFma(const Word& a, const Word& b, const Word& c) const {
  if (rule_ != model::NanRule::kArm) return Of({a, b, c});
  const Word x = circuit_.FlushInput(a), y = circuit_.FlushInput(b);
  const Lit invalid = aig().Or(aig().And(circuit_.IsInfinite(x), circuit_.IsZero(y)),
                               aig().And(circuit_.IsZero(x), circuit_.IsInfinite(y)));
  const Word by_default = circuit_.Constant(model::DefaultNan(rule_, circuit_.format()));
  return MuxWord(aig(), aig().And(invalid, !circuit_.IsSignalingNan(c)), by_default, Of({c, a, b}));
}

Word NanCircuit::OfConversion(const Format& to, const Word& a) const {
  const Format& from = circuit_.format();
  const FloatCircuit target(aig(), to, circuit_.mode());
  if (!model::HasPayloads(from) || !model::HasPayloads(to)) return target.Constant(to.CanonicalNan());
  const Word nan = Of({a});
  const auto kept = static_cast<size_t>(from.FractionBits());
  const int more = to.FractionBits() - from.FractionBits();
  const Word fraction = more >= 0 ? ShiftedLeft(Slice(nan, 0, kept), static_cast<size_t>(more))
                                  : Slice(nan, static_cast<size_t>(-more), static_cast<size_t>(to.FractionBits()));
  const Word exponent(static_cast<size_t>(to.exponent_bits), kTrue);
  return Concatenated(fraction, Concatenated(exponent, {circuit_.SignBit(nan)}));
}

Lit NanCircuit::FmaIsQuiet(const Word& a, const Word& b, const Word& c) const {
  if (rule_ != model::NanRule::kX86) return kFalse;
  const Lit signaling =
      aig().Or(aig().Or(circuit_.IsSignalingNan(a), circuit_.IsSignalingNan(b)), circuit_.IsSignalingNan(c));
  return aig().And(circuit_.IsNan(c), !signaling);
}

}  // namespace fplab::proof
