// Evaluating statements on the exact model or on the machine, many cases at a time.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_EVALUATOR_H_
#define FPLAB_FPARITH_STATEMENT_EVALUATOR_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/float/wide_format.h>
#include <fplab/fparith/model/function.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/statement/exact_real.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::statement {

enum class Target : uint8_t { kModel, kHardware };

// "model", "hardware".
FPLAB_EXPORT std::string_view Name(Target target);

// Throws Error that names the operation unless `target` can evaluate the expression: hardware has the arithmetic of
// binary32 and binary64, and conversions, none of wide numbers; the model has no C library.
FPLAB_EXPORT void RequireTarget(const Expression& expression, Target target);

// The function of the model that an instruction under the mode is, if it is a single one; `operand` is the type of its
// first argument. A direction of the instruction's own is not part of it.
FPLAB_EXPORT std::optional<model::Function> FunctionOf(const Instruction& instruction, const Type& operand);

// Operands of many cases: cases[w][i] is word w of the tuple of case i (operands.h); without wide variables that is the
// value of variable w.
using Cases = std::vector<std::vector<uint64_t>>;
FPLAB_EXPORT Cases OneCase(const std::vector<uint64_t>& operands);

// Workspace and results of evaluating one expression. Not thread-safe.
class FPLAB_EXPORT Evaluator {
 public:
  // Keeps a reference to the expression.
  explicit Evaluator(const Expression& expression);

  // Which part of the program Run executes.
  enum class Part : uint8_t { kClaim, kCondition };

  // Evaluates `count` cases. Operations under the mode follow `environment` (its tininess and flush semantics matter on
  // the model only), those in IEEE mode the same with mode kIeee. Precondition: RequireTarget did not throw, and on
  // hardware the machine has the mode.
  void Run(Part part, Target target, const model::Environment& environment, const Cases& cases, size_t count);

  // Of the last Run: results by instruction and case; precondition: the part contains the instruction.
  uint64_t Number(int instruction, size_t i) const { return numbers_[static_cast<size_t>(instruction)][i].bits; }
  bool Truth(int instruction, size_t i) const { return numbers_[static_cast<size_t>(instruction)][i].bits != 0; }
  bool Claim(size_t i) const { return Truth(expression_.claim, i); }
  // Precondition: the instruction is an exact number.
  const ExactReal& Exact(int instruction, size_t i) const { return exact_[static_cast<size_t>(instruction)][i]; }
  // Precondition: the instruction is a wide number; Number is 0 of it.
  WideBits Wide(int instruction, size_t i) const { return wide_[static_cast<size_t>(instruction)][i]; }
  // Of a wide number that, of any other value what Number gives.
  WideBits Bits(int instruction, size_t i) const {
    return expression_.At(instruction).type.IsWide() ? Wide(instruction, i) : WideBits{Number(instruction, i)};
  }
  // Flags that the operation raised.
  model::Flags FlagsOf(int instruction, size_t i) const { return numbers_[static_cast<size_t>(instruction)][i].flags; }

  // The instructions of a part, in order.
  const std::vector<int>& InstructionsOf(Part part) const { return part == Part::kClaim ? claim_ : condition_; }

 private:
  std::span<const uint64_t> Operand(const Instruction& instruction, size_t position, size_t count);
  void Execute(int index, Target target, const model::Environment& environment, const Cases& cases, size_t count);
  void ExecuteWide(int index, const model::Environment& environment, const Cases& cases, size_t count);
  void ExecuteExact(int index, size_t count);
  // Precondition: the target is the machine.
  void ExecuteOutside(int index, Mode mode, size_t count);

  const Expression& expression_;
  std::vector<int> claim_, condition_;
  std::vector<std::vector<model::Outcome>> numbers_;  // numbers and truth values by instruction
  std::vector<std::vector<WideBits>> wide_;           // wide numbers by instruction
  std::vector<std::vector<ExactReal>> exact_;         // exact numbers by instruction
  std::vector<bool> is_wide_;                         // Expression::IsWide by instruction
  std::vector<Type> variables_;
  std::array<std::vector<uint64_t>, 3> operands_;  // of the operation under way
};

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_EVALUATOR_H_
