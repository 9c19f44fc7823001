// Inside proof: the one circuit that rounds, flushes and packs finite results. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_ROUND_PACK_CIRCUIT_H_
#define FPLAB_FPARITH_PROOF_ROUND_PACK_CIRCUIT_H_

#include <fplab/fparith/proof/float_circuit.h>
#include <fplab/fparith/proof/word.h>

namespace fplab::proof {

// A finite value before rounding. Its significand has at least `precision` bits, the lowest of which may stand for any
// lower ones; zeros may lead it.
struct UnroundedFloat {
  Lit sign;
  Lit zero_sign;  // if the significand is zero
  // The exponent field that the significand's top bit would have as the leading bit, less 1: how far the significand
  // may move left before it reaches the weights of subnormal numbers.
  BoundedInteger room;
  Word significand;
  size_t max_leading_zeros;    // of a significand that is not zero and has room for them
  bool exact_if_tiny = false;  // true: magnitudes below min normal are known to be exact
};

// Whether kept + tail goes to the next magnitude: `half` is the first bit of the tail, `rest` whether there are others.
Lit RoundsUp(Aig& aig, Rounding rounding, Lit sign, Lit odd, Lit half, Lit rest);

// The sign bit over a magnitude of `format`: `sign`, but none of a zero where there is one zero only, and that of the
// NaN where InfiniteResult is NaN and `infinite` says that it was taken.
Lit SignOver(Aig& aig, const Format& format, Lit sign, const Word& magnitude, Lit infinite);

// The mirror of RoundPack in the model. divide_by_zero, invalid and denormal are false.
FloatResult RoundPack(Aig& aig, const Format& format, const CircuitMode& mode, CircuitFault fault,
                      const UnroundedFloat& value);

}  // namespace fplab::proof

#endif  // FPLAB_FPARITH_PROOF_ROUND_PACK_CIRCUIT_H_
