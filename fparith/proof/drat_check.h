// A checker of DRAT proofs that shares nothing with the solver: whether each clause of a proof follows.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_DRAT_CHECK_H_
#define FPLAB_FPARITH_PROOF_DRAT_CHECK_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/proof/cnf.h>

namespace fplab::proof {

// As drat-trim reads them: text ("d 1 -2 0"), or bytes ('a' or 'd', literals in 7-bit groups, 0).
enum class DratForm { kText, kBinary };

struct DratCheck {
  size_t added = 0;       // clauses found to follow, up to the contradiction
  size_t deleted = 0;     // that were found and taken out
  size_t resolvents = 0;  // checked where unit propagation did not do (RAT)
  uint64_t propagations = 0;
  bool interrupted = false;  // then nothing is known of the proof
};

// Returns if `proof` is a proof that `cnf` has no satisfying assignment: each added clause has the property RUP, or RAT
// on its first literal, with regard to the clauses before it that are not deleted, until unit propagation finds a
// contradiction; what follows it is not read. Throws Error with one line if a clause does not follow, if one is deleted
// that is not there, if a literal is none of the formula's, if the bytes are no proof, or if it ends before a
// contradiction. Deletions do not undo what unit propagation found before them, which keeps an acceptance sound (Heule,
// Hunt and Wetzler, "Trimming while checking clausal proofs", FMCAD 2013).
// Checking takes about as long as finding the proof did; `interrupt`, set by another thread or a signal handler, ends
// it at the next step. Thread-safe.
FPLAB_EXPORT DratCheck CheckDrat(const Cnf& cnf, std::string_view proof, DratForm form,
                                 const std::atomic<bool>* interrupt = nullptr);

}  // namespace fplab::proof

#endif  // FPLAB_FPARITH_PROOF_DRAT_CHECK_H_
