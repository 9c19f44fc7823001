// One question about a graph from its literals to a checked answer: encoding, solver, proof checker.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_DECIDE_H_
#define FPLAB_FPARITH_PROOF_DECIDE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/proof/aig.h>
#include <fplab/fparith/proof/cnf.h>
#include <fplab/fparith/proof/drat_check.h>
#include <fplab/fparith/proof/sat.h>
#include <fplab/fparith/proof/word.h>

namespace fplab::proof {

struct Decision {
  SatVerdict verdict = SatVerdict::kUnknown;
  bool by_structure = false;     // unsatisfiable since a literal is the constant false: hashing and folding showed it
  std::vector<uint64_t> inputs;  // satisfiable: of the graph, for Simulation::Run
  Cnf cnf;
  SatAnswer answer;  // of an unsatisfiable formula with its proof, unless by_structure
  DratCheck check;   // what the checker found in that proof
  std::string why;   // unknown: one line
};

// Whether some inputs make all `asserted` literals true. Unsatisfiable is said only of a proof that CheckDrat accepts:
// one that it refuses is a fault of the solver, and throws Error. `limits` are the solver's; an interruption ends the
// checking too.
FPLAB_EXPORT Decision Decide(const Aig& aig, std::span<const Lit> asserted, const SatLimits& limits);

// The first assignment's value of a word of at most 64 literals, after Simulation::Run.
FPLAB_EXPORT uint64_t ValueOf(const Simulation& simulation, const Word& word);

}  // namespace fplab::proof

#endif  // FPLAB_FPARITH_PROOF_DECIDE_H_
