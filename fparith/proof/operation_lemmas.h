// Rounded operations as unknown results of which lemmas are all that is known: signs, special cases, bounds and order.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_OPERATION_LEMMAS_H_
#define FPLAB_FPARITH_PROOF_OPERATION_LEMMAS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/proof/aig.h>
#include <fplab/fparith/proof/float_circuit.h>
#include <fplab/fparith/proof/word.h>

namespace fplab::proof {

enum class LemmaOperation : uint8_t { kAdd, kMul, kDiv, kSqrt, kFma };

// "sums", "products", "quotients", "square roots", "fused multiply-adds".
FPLAB_EXPORT std::string_view Name(LemmaOperation operation);

// One operation: its operands before the mode flushes them, the bits it gives and whether it overflows.
struct LemmaCase {
  LemmaOperation operation = LemmaOperation::kAdd;
  std::vector<Word> operands;
  Word result;
  Lit overflow;
};

// Whether there are lemmas for operations of this circuit: it returns infinities, and its mode flushes, if it does,
// to zeros of the same sign.
FPLAB_EXPORT bool HasLemmas(const FloatCircuit& circuit);

// What is true of every operation in every mode and rounding direction of a format with infinities, whatever the
// operands: when it is NaN, its sign, its result of zeros and infinities, and that it lies between what rounds to
// itself: |a*b| <= |a| where |b| <= 1, |a/b| <= 1 where |a| <= |b|, a+b >= a where b >= 0.
// Precondition, here and below: HasLemmas(circuit).
FPLAB_EXPORT Lit LemmaOf(const FloatCircuit& circuit, const LemmaCase& x);

// What is true of any two of one kind: the same operands in either order give the same; and rounding is monotone, so
// that of two sums, products, quotients, roots or fused multiply-adds that their operands put in order the results are
// in that order.
FPLAB_EXPORT Lit LemmaOfPair(const FloatCircuit& circuit, const LemmaCase& x, const LemmaCase& y);

// The unknown results of a statement's operations. The graph outlives it.
class FPLAB_EXPORT OperationLemmas {
 public:
  // What is left to circuits: nothing, or sums, which they are good at.
  enum class Covers : bool { kAll, kAllButSums };

  OperationLemmas(Aig& aig, Covers covers) : aig_(aig), covers_(covers) {}

  bool Has(LemmaOperation operation, const FloatCircuit& circuit) const {
    return HasLemmas(circuit) && !(covers_ == Covers::kAllButSums && operation == LemmaOperation::kAdd);
  }
  // The result of an operation: inputs of the graph, the same ones for the same operation of the same operands; its
  // other flags are inputs of which nothing is known. Precondition: Has(operation, circuit).
  const FloatResult& Result(LemmaOperation operation, const FloatCircuit& circuit, const std::vector<Word>& operands);

  bool empty() const { return unknowns_.empty(); }
  // Literals that are true of every result asked for so far.
  std::vector<Lit> Constraints() const;
  // "products and sums by lemmas": what the constraints are about.
  std::string Text() const;

 private:
  struct Unknown {
    FloatCircuit circuit;
    LemmaCase known;
    FloatResult result;
  };

  Aig& aig_;
  Covers covers_;
  std::vector<Unknown> unknowns_;
};

}  // namespace fplab::proof

#endif  // FPLAB_FPARITH_PROOF_OPERATION_LEMMAS_H_
