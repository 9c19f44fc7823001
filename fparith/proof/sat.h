// Whether a formula is satisfiable, decided by CaDiCaL: an assignment, or a proof that there is none.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_SAT_H_
#define FPLAB_FPARITH_PROOF_SAT_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/proof/aig.h>
#include <fplab/fparith/proof/cnf.h>

namespace fplab::proof {

// Where a search gives up. Conflicts are a count of work: with them alone, the same formula has the same answer
// wherever and however often it is asked.
struct SatLimits {
  std::optional<int> conflicts;
  std::optional<double> cpu_seconds;             // of the calling thread
  std::optional<size_t> proof_bytes;             // of the proof in memory
  const std::atomic<bool>* interrupt = nullptr;  // set by another thread or a signal handler
};

enum class SatVerdict { kSatisfiable, kUnsatisfiable, kUnknown };

enum class KeepProof : bool { kNo, kYes };

struct SatAnswer {
  SatVerdict verdict = SatVerdict::kUnknown;
  std::vector<bool> values;  // satisfiable: of the variables; [0] is not one
  std::string proof;  // unsatisfiable, and it was to be kept: DRAT in its binary form, for CheckDrat or drat-trim
  std::string why;    // unknown: one line
  int64_t learned_clauses = 0;  // about one a conflict: the size of the search
  double cpu_seconds = 0;
};

// Whether this fplab was built with CaDiCaL; without, every answer is unknown.
FPLAB_EXPORT bool HasSatSolver();

// Thread-safe; memory that runs out is an unknown answer too. No answer depends on the mode of the calling thread.
FPLAB_EXPORT SatAnswer SolveCnf(const Cnf& cnf, const SatLimits& limits, KeepProof keep_proof);

// The inputs of the graph in a satisfying assignment, for Simulation::Run: each value 64 times. Inputs that the formula
// does not have are 0. Precondition: the answer is satisfiable, `cnf` of this graph.
FPLAB_EXPORT std::vector<uint64_t> InputsOf(const Aig& aig, const Cnf& cnf, const SatAnswer& answer);

}  // namespace fplab::proof

#endif  // FPLAB_FPARITH_PROOF_SAT_H_
