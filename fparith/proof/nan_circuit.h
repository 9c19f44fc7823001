// Inside statement_circuit: which NaN an operation returns, as a circuit of its operands (model/nan_rule.h). Not for
// callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_NAN_CIRCUIT_H_
#define FPLAB_FPARITH_PROOF_NAN_CIRCUIT_H_

#include <vector>

#include <fplab/fparith/model/nan_rule.h>
#include <fplab/fparith/proof/float_circuit.h>

namespace fplab::proof {

// model::NanOf, NanOfFma and NanOfConversion on words of the circuit's format; of `rule` any.
class NanCircuit {
 public:
  NanCircuit(const FloatCircuit& circuit, model::NanRule rule) : circuit_(circuit), rule_(rule) {}

  Word Of(const std::vector<Word>& operands) const;
  Word OfFma(const Word& a, const Word& b, const Word& c) const;
  Word OfConversion(const Format& to, const Word& a) const;

  // Whether a fused a*b + c that is invalid raises nothing: x86's, of a quiet c and no signaling operand.
  Lit FmaIsQuiet(const Word& a, const Word& b, const Word& c) const;

 private:
  Aig& aig() const { return circuit_.aig(); }
  Word Quieted(const Word& nan) const;

  const FloatCircuit& circuit_;
  model::NanRule rule_;
};

}  // namespace fplab::proof

#endif  // FPLAB_FPARITH_PROOF_NAN_CIRCUIT_H_
