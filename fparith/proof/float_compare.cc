// Circuits of comparison: patterns are compared as integers, without being taken apart.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/float_circuit.h>

namespace fplab::proof {
namespace {

// An unsigned integer that orders all numbers as their values, both zeros alike.
Word OrderKey(const FloatCircuit& circuit, const Word& a) {
  Aig& aig = circuit.aig();
  const Word magnitude = Slice(a, 0, a.size() - 1);
  const Lit negative = aig.And(a.back(), OrOf(aig, magnitude));
  Word key = XorWith(aig, magnitude, negative);
  key.push_back(!negative);
  return key;
}

Lit Ordered(const FloatCircuit& circuit, const Word& a, const Word& b) {
  return circuit.aig().And(!circuit.IsNan(a), !circuit.IsNan(b));
}

}  // namespace

Lit FloatCircuit::Equal(const Word& a, const Word& b) const {
  const Lit zeros = aig_.And(IsZero(a), IsZero(b));
  return aig_.And(Ordered(*this, a, b), aig_.Or(zeros, EqualWords(aig_, a, b)));
}

Lit FloatCircuit::Less(const Word& a, const Word& b) const {
  return aig_.And(Ordered(*this, a, b), LessWord(aig_, OrderKey(*this, a), OrderKey(*this, b)));
}

Lit FloatCircuit::LessEqual(const Word& a, const Word& b) const {
  return aig_.And(Ordered(*this, a, b), !LessWord(aig_, OrderKey(*this, b), OrderKey(*this, a)));
}

Lit FloatCircuit::SameValue(const Word& a, const Word& b) const {
  return aig_.Or(Equal(a, b), aig_.And(IsNan(a), IsNan(b)));
}

Lit FloatCircuit::SameBits(const Word& a, const Word& b) const {
  return aig_.Or(EqualWords(aig_, a, b), aig_.And(IsNan(a), IsNan(b)));
}

Lit FloatCircuit::EqualInMode(const Word& a, const Word& b) const { return Equal(FlushInput(a), FlushInput(b)); }

Lit FloatCircuit::LessInMode(const Word& a, const Word& b) const { return Less(FlushInput(a), FlushInput(b)); }

Lit FloatCircuit::LessEqualInMode(const Word& a, const Word& b) const {
  return LessEqual(FlushInput(a), FlushInput(b));
}

}  // namespace fplab::proof
