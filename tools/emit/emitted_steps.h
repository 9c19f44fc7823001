// A counterexample as a list of steps with names, which every language writes down in its own way.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_EMIT_EMITTED_STEPS_H_
#define FPLAB_TOOLS_EMIT_EMITTED_STEPS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fplab/fparith/statement/evaluator.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::tools {

struct EmittedStep {
  statement::Instruction instruction;
  std::string text;  // its piece of the statement, on one line
  std::string name;  // what programs call its value: "in_a" of a variable, "c3" of a constant, "t7"
  statement::Type type;
  uint64_t bits = 0;  // predicted
  model::Flags flags = 0;
  Mode mode;                                    // to be computed in
  std::array<size_t, 3> arguments = {0, 0, 0};  // earlier steps, as many as the instruction's arity
  bool IsLeaf() const { return instruction.Arity() == 0; }
};

struct EmittedSteps {
  std::string statement;  // on one line
  std::string format;     // of numbers that name no other
  std::string_view target;
  Mode mode;
  std::vector<EmittedStep> steps;  // the last one is the claim

  const EmittedStep& Argument(const EmittedStep& step, size_t position) const {
    return steps[step.arguments[position]];
  }
  // The modes in which some step is computed, each once, IEEE's first.
  std::vector<Mode> Modes() const;
};

// The steps of the claim for these operands in `mode`, with what `target` makes of them. Throws Error that names the
// step: exact arithmetic, which no program has.
EmittedSteps MakeEmittedSteps(const statement::Expression& expression, const std::vector<uint64_t>& operands,
                              statement::Target target, Mode mode);

// Throws Error unless programs of a control word can compute the steps: a format other than binary32 and binary64, a
// direction that no processor has, an operation of the C library under flushing, which it does not obey. `language`
// is what the error names.
void RequireProgrammable(const EmittedSteps& steps, std::string_view language);

// Whether the number that a conversion to an integer is given, truncated, is one of its type.
bool ConvertsInRange(const EmittedSteps& steps, const EmittedStep& step);

// The sign that every language here writes between two operands: "+" of numbers and of integers, "<=" of either; empty
// for other operations.
std::string_view InfixOf(statement::Op op);

// Throws the error of a step that the language cannot write.
[[noreturn]] void RefuseStep(const EmittedStep& step, std::string_view language, std::string_view why);

// The value with which a control word is in `mode`, all exceptions masked: MXCSR and FPCR, Intel SDM volume 1, 10.2.3;
// Arm DDI 0601.
uint32_t MxcsrOf(Mode mode);
uint32_t FpcrOf(Mode mode);

// "MODE_FTZ_UP".
std::string ModeConstant(Mode mode);

// "x86-64", "AArch64": the machine whose bits the model predicts.
std::string_view PredictedMachine();

// What stands in the head of every program, a line each: the statement, its operands, what runs it (`how`), and what
// its exit status says.
std::vector<std::string> HeadLines(const EmittedSteps& steps, const std::vector<std::string>& how);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_EMIT_EMITTED_STEPS_H_
