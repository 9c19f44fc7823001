// Inside proof: operands taken apart, and results put together from finite and special ones. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_FLOAT_OPERAND_H_
#define FPLAB_FPARITH_PROOF_FLOAT_OPERAND_H_

#include <initializer_list>

#include <fplab/fparith/proof/float_circuit.h>
#include <fplab/fparith/proof/word.h>

namespace fplab::proof {

// An operand after the mode's input flushing. A finite one is significand / 2^(precision-1) * 2^(field - bias).
struct FloatOperand {
  Lit sign;
  BoundedInteger field;  // 1 for subnormals and zeros
  Word significand;      // with its leading bit, which is 0 for subnormals and zeros
  Lit zero, infinite, nan, signaling;
  Lit subnormal;  // before the flushing
};

FloatOperand Unpack(Aig& aig, const Format& format, const CircuitMode& mode, const Word& bits);

// The operand with a significand whose top bit is set, unless it is zero.
FloatOperand NormalisedOperand(Aig& aig, const FloatOperand& operand);

// What happens beside the finite result.
struct SpecialCases {
  Lit nan;       // a NaN result
  Lit infinite;  // an infinite result, unless it is NaN
  Lit infinity_sign;
  Lit invalid;  // beside what signaling NaNs raise
  Lit divide_by_zero;
};

// `finite` with its bits and flags where neither a NaN nor an infinity is to come back; flags that depend on operands.
FloatResult WithSpecialCases(Aig& aig, const Format& format, const CircuitMode& mode, const FloatResult& finite,
                             const SpecialCases& special, std::initializer_list<const FloatOperand*> operands);

}  // namespace fplab::proof

#endif  // FPLAB_FPARITH_PROOF_FLOAT_OPERAND_H_
