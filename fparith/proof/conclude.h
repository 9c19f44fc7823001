// Inside proof: from the solver's answer to a decision that is checked. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_CONCLUDE_H_
#define FPLAB_FPARITH_PROOF_CONCLUDE_H_

#include <fplab/fparith/proof/decide.h>

namespace fplab::proof {

// Completes `decision`, whose formula and answer are there: inputs, or a proof that the checker accepts. Throws Error
// if it does not.
void Conclude(const Aig& aig, const SatLimits& limits, Decision* decision);

}  // namespace fplab::proof

#endif  // FPLAB_FPARITH_PROOF_CONCLUDE_H_
