// Questions whose two sides compute much the same: equal parts are proved equal first, from the inputs on.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_SWEEP_H_
#define FPLAB_FPARITH_PROOF_SWEEP_H_

#include <cstddef>
#include <span>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/proof/aig.h>
#include <fplab/fparith/proof/decide.h>
#include <fplab/fparith/proof/sat.h>

namespace fplab::proof {

struct SweepLimits {
  int conflicts_a_pair = 100;  // where two nodes are given up as not decided
  SatLimits sat;               // cpu_seconds and interrupt: of all of it; conflicts: of the last question
};

struct SweepCounts {
  size_t equal = 0, different = 0, undecided = 0;  // pairs of nodes
};

// Decide(conditions and claim), by SAT sweeping (Kuehlmann, Paruthi, Krohm and Ganai, IEEE TCAD 21(12), 2002): where
// the conditions hold, nodes that agree on all assignments found so far are asked about pair by pair, and what is equal
// goes into the formula as clauses. Their proofs are the beginning of the one proof, which is of the formula without
// them and is checked as a whole. `conditions` should be satisfiable; where they are not, this is Decide.
FPLAB_EXPORT Decision DecideBySweeping(const Aig& aig, std::span<const Lit> conditions, Lit claim,
                                       const SweepLimits& limits, SweepCounts* counts = nullptr);

}  // namespace fplab::proof

#endif  // FPLAB_FPARITH_PROOF_SWEEP_H_
