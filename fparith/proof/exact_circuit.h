// Exact numbers as circuits: integers of literals that count a power of two, wide enough for every value they may have.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_EXACT_CIRCUIT_H_
#define FPLAB_FPARITH_PROOF_EXACT_CIRCUIT_H_

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/proof/aig.h>
#include <fplab/fparith/proof/word.h>

namespace fplab::proof {

// What statement::ExactReal is: a number without rounding, or one that is not finite, of which every comparison is
// false. In two's complement; some hundreds of bits in binary32, some thousands in binary64.
struct ExactCircuit {
  Word bits;
  int unit = 0;  // the number is bits * 2^unit
  Lit finite = kTrue;
};

FPLAB_EXPORT ExactCircuit ExactValueOf(Aig& aig, const Format& format, const Word& number);
FPLAB_EXPORT ExactCircuit ExactSum(Aig& aig, const ExactCircuit& a, const ExactCircuit& b);
FPLAB_EXPORT ExactCircuit ExactNegated(Aig& aig, const ExactCircuit& a);
FPLAB_EXPORT ExactCircuit ExactMagnitude(Aig& aig, const ExactCircuit& a);
// The product of two numbers of one format, from their significands.
FPLAB_EXPORT ExactCircuit ExactProductOf(Aig& aig, const Format& format, const Word& a, const Word& b);
FPLAB_EXPORT ExactCircuit ExactChoice(Aig& aig, Lit condition, const ExactCircuit& then, const ExactCircuit& otherwise);

FPLAB_EXPORT Lit ExactEqual(Aig& aig, const ExactCircuit& a, const ExactCircuit& b);
FPLAB_EXPORT Lit ExactLess(Aig& aig, const ExactCircuit& a, const ExactCircuit& b);

}  // namespace fplab::proof

#endif  // FPLAB_FPARITH_PROOF_EXACT_CIRCUIT_H_
