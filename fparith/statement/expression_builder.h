// Inside expression: appending instructions to a program, each different one once. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_EXPRESSION_BUILDER_H_
#define FPLAB_FPARITH_STATEMENT_EXPRESSION_BUILDER_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <fplab/fparith/statement/expression.h>

namespace fplab::statement {

class ExpressionBuilder {
 public:
  // Where an instruction stands in the text, for its name in reports and for errors.
  struct Span {
    size_t begin = 0, end = 0;
  };

  // Each returns the index of the instruction. Throws ExpressionError, with the column of span.begin, beyond
  // kMaxInstructions or kMaxVariables.
  int Add(Op op, std::array<int, 3> args, Span span);
  int Constant(uint64_t bits, Span span);
  int Variable(std::string_view name, Span span);

  Kind KindAt(int index) const { return KindOf(program_[static_cast<size_t>(index)].op); }
  const Instruction& At(int index) const { return program_[static_cast<size_t>(index)]; }

  // The same computation in IEEE mode.
  int InIeee(int index);

  // The number at `index` as an exact one.
  int Exact(int index, Span span) { return Add(Op::kExactValue, {index, -1, -1}, span); }
  // Whether the operation at `index` was exact on the values it was given; -1 if it is not + - * / fma or sqrt.
  int WasExact(int index, Span span);

  std::vector<Instruction> TakeProgram() { return std::move(program_); }
  std::vector<std::string> TakeVariables() { return std::move(variables_); }

  static constexpr size_t kMaxInstructions = 2000;
  static constexpr size_t kMaxVariables = 8;

 private:
  int Append(const Instruction& instruction);

  std::vector<Instruction> program_;
  std::vector<std::string> variables_;
  std::map<std::tuple<Op, bool, std::array<int, 3>, uint64_t>, int> known_;
};

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_EXPRESSION_BUILDER_H_
