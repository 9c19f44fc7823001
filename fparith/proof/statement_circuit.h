// Statements as circuits: every instruction of a program under a mode, as the evaluator on the model computes it.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_STATEMENT_CIRCUIT_H_
#define FPLAB_FPARITH_PROOF_STATEMENT_CIRCUIT_H_

#include <optional>
#include <string>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/proof/aig.h>
#include <fplab/fparith/proof/exact_circuit.h>
#include <fplab/fparith/proof/float_circuit.h>
#include <fplab/fparith/proof/operation_lemmas.h>
#include <fplab/fparith/proof/word.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::proof {

// Not thread-safe; graph and expression outlive it.
class FPLAB_EXPORT StatementCircuit {
 public:
  // What one instruction computes: a number's or an integer's bits, a truth value as one bit; an exact number.
  struct Step {
    Word bits;
    Lit inexact, underflow, overflow, divide_by_zero, invalid;
    std::optional<ExactCircuit> exact;

    Lit Truth() const { return bits[0]; }
  };

  // Inputs of the graph for every variable, in the order of Expression::variables.
  static std::vector<Word> Operands(Aig& aig, const statement::Expression& expression);

  // `mode` is that of the operations that are under the mode; those in IEEE mode are the same without flushing. With
  // `lemmas`, which outlives it, the operations that these cover are unknown results: their constraints belong to
  // whatever is asked. NaNs are those of the expression's arithmetic.
  StatementCircuit(Aig& aig, const statement::Expression& expression, const std::vector<Word>& operands,
                   const CircuitMode& mode, OperationLemmas* lemmas = nullptr);

  // The circuit of an instruction and of all that it needs. Throws Error that names an operation which has none.
  const Step& At(int index);
  // Whether it was built.
  bool Has(int index) const { return steps_[static_cast<size_t>(index)].has_value(); }
  // What was rewritten before it became a circuit: "fma by 1 as a sum"; empty: nothing.
  const std::string& rewritten() const { return rewritten_; }

 private:
  Step Build(const statement::Instruction& instruction);
  Step UnderMode(const statement::Instruction& instruction);
  Step WithCanonicalNan(const statement::Instruction& instruction);
  void TellNans(const statement::Instruction& instruction, Step& step);
  FloatResult Arithmetic(LemmaOperation operation, const FloatCircuit& circuit, const std::vector<Word>& operands);
  Step OnNumber(const statement::Instruction& instruction);
  Step OnInteger(const statement::Instruction& instruction);
  Step ToInteger(const statement::Instruction& instruction);
  Step Exactly(const statement::Instruction& instruction);
  std::optional<Lit> WasExact(const statement::Instruction& equation);
  Lit FlushedExactly(const statement::Instruction& operation);
  Word Ulps(const FloatCircuit& circuit, const Word& a, const Word& b);
  FloatCircuit CircuitOf(const Format& format, const statement::Instruction& instruction) const;
  const Word& Argument(const statement::Instruction& instruction, size_t position);
  [[noreturn]] void Refuse(const statement::Instruction& instruction) const;

  Aig& aig_;
  const statement::Expression& expression_;
  std::vector<Word> operands_;
  CircuitMode mode_;
  OperationLemmas* lemmas_;
  std::string rewritten_;
  bool tells_nans_apart_;
  std::vector<std::optional<Step>> steps_;
};

}  // namespace fplab::proof

#endif  // FPLAB_FPARITH_PROOF_STATEMENT_CIRCUIT_H_
