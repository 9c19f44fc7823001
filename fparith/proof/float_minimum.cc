// Circuits of minima and maxima in their kinds.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/float_circuit.h>

namespace fplab::proof {
namespace {

// x where `first`, else y; but a number where the other is NaN, and the canonical NaN where both are.
Word NumberOf(const FloatCircuit& circuit, const Word& x, const Word& y, Lit first) {
  Aig& aig = circuit.aig();
  const Lit x_nan = circuit.IsNan(x), y_nan = circuit.IsNan(y);
  const Word number = MuxWord(aig, aig.And(!x_nan, aig.Or(first, y_nan)), x, y);
  return MuxWord(aig, aig.And(x_nan, y_nan), circuit.Constant(circuit.format().CanonicalNan()), number);
}

// `result`, or the canonical NaN.
Word NanWhere(const FloatCircuit& circuit, Lit nan, const Word& result) {
  return MuxWord(circuit.aig(), nan, circuit.Constant(circuit.format().CanonicalNan()), result);
}

Lit EitherNan(const FloatCircuit& circuit, const Word& a, const Word& b) {
  return circuit.aig().Or(circuit.IsNan(a), circuit.IsNan(b));
}

Lit EitherSignaling(const FloatCircuit& circuit, const Word& a, const Word& b) {
  return circuit.aig().Or(circuit.IsSignalingNan(a), circuit.IsSignalingNan(b));
}

}  // namespace

Word FloatCircuit::X86Min(const Word& a, const Word& b) const {
  return MuxWord(aig_, LessInMode(a, b), FlushInput(a), FlushInput(b));
}

Word FloatCircuit::X86Max(const Word& a, const Word& b) const {
  return MuxWord(aig_, LessInMode(b, a), FlushInput(a), FlushInput(b));
}

// Of two zeros the negative one is the less.
Word FloatCircuit::MinimumNumber(const Word& a, const Word& b) const {
  const Word x = FlushInput(a), y = FlushInput(b);
  return NumberOf(*this, x, y, aig_.Or(Less(x, y), aig_.And(!Less(y, x), x.back())));
}

Word FloatCircuit::MaximumNumber(const Word& a, const Word& b) const {
  const Word x = FlushInput(a), y = FlushInput(b);
  return NumberOf(*this, x, y, aig_.Or(Less(y, x), aig_.And(!Less(x, y), !x.back())));
}

Word FloatCircuit::MinNum(const Word& a, const Word& b) const {
  const Word x = FlushInput(a), y = FlushInput(b);
  return NanWhere(*this, EitherSignaling(*this, a, b), NumberOf(*this, x, y, !Less(y, x)));
}

Word FloatCircuit::MaxNum(const Word& a, const Word& b) const {
  const Word x = FlushInput(a), y = FlushInput(b);
  return NanWhere(*this, EitherSignaling(*this, a, b), NumberOf(*this, x, y, !Less(x, y)));
}

Word FloatCircuit::Minimum(const Word& a, const Word& b) const {
  return NanWhere(*this, EitherNan(*this, a, b), MinimumNumber(a, b));
}

Word FloatCircuit::Maximum(const Word& a, const Word& b) const {
  return NanWhere(*this, EitherNan(*this, a, b), MaximumNumber(a, b));
}

}  // namespace fplab::proof
