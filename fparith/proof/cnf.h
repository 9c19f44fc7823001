// Conjunctive normal form of questions about a graph, and its DIMACS text.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_CNF_H_
#define FPLAB_FPARITH_PROOF_CNF_H_

#include <cstddef>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/proof/aig.h>
#include <fplab/fparith/proof/word.h>

namespace fplab::proof {

// A formula of clauses: variables are 1 to `variables`, a negative literal is a negated one.
struct Cnf {
  int variables = 0;
  size_t clauses = 0;
  std::vector<int> literals;      // of all clauses, each ended by 0
  std::vector<int> node_literal;  // what stands for a node of the graph; 0: it does not occur
};

// Whether a variable is bound to its gate in the direction that matters to the asserted literals, or in both.
enum class CnfDirections : bool { kNeeded, kBoth };

// Satisfiable exactly if some assignment of the inputs makes all `asserted` literals true, and then by that assignment
// of the variables of inputs. Tseitin's encoding of the cone, clauses of one direction where the other is not needed
// (Plaisted and Greenbaum 1986); exclusive ors and choices, and ANDs of many, are one gate each. The same graph gives
// the same formula.
FPLAB_EXPORT Cnf EncodeCnf(const Aig& aig, std::span<const Lit> asserted,
                           CnfDirections directions = CnfDirections::kNeeded);

// The literal of the formula that stands for `lit`; 0 if it does not occur.
FPLAB_EXPORT int LiteralOf(const Cnf& cnf, Lit lit);

// A word that a reader of the formula knows by a name, such as an operand.
struct NamedWord {
  std::string name;
  Word bits;
};

// In DIMACS CNF. Before the formula come comment lines: `remarks` line by line, then "c a 3 = 17": bit 3 of `a` is
// variable 17, or "-17", "true", "false", or "free" where the formula does not depend on it. Errors are the stream's.
FPLAB_EXPORT void WriteDimacs(std::ostream& out, const Cnf& cnf, std::span<const NamedWord> words,
                              std::span<const std::string> remarks);

}  // namespace fplab::proof

#endif  // FPLAB_FPARITH_PROOF_CNF_H_
