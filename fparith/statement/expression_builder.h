// Inside expression: appending instructions to a program, each different one once. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_EXPRESSION_BUILDER_H_
#define FPLAB_FPARITH_STATEMENT_EXPRESSION_BUILDER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <fplab/fparith/statement/expression.h>

namespace fplab::statement {

class ExpressionBuilder {
 public:
  // Where an instruction stands in the text, for its name in reports and for errors.
  struct Span {
    size_t begin = 0, end = 0;
  };

  // Returns the index of the instruction: an earlier one that computes the same, or a new one. Throws ExpressionError,
  // with the column of its begin, beyond kMaxInstructions.
  int Append(const Instruction& instruction);
  int Constant(const Type& type, WideBits value, Span span);
  // The variable of that name. Throws ExpressionError beyond kMaxVariables and where `annotation` contradicts an
  // earlier one, or comes after the variable was taken for a number of `unless_said`.
  int Variable(std::string_view name, const std::optional<Type>& annotation, const Type& unless_said, Span span);

  const Instruction& At(int index) const { return program_[static_cast<size_t>(index)]; }
  Type TypeAt(int index) const { return At(index).type; }
  // The instructions that `index` needs, itself included, in order.
  std::vector<int> Under(int index) const { return InstructionsUnder(program_, index); }

  std::vector<Instruction> TakeProgram() { return std::move(program_); }
  std::vector<statement::Variable> TakeVariables() { return std::move(variables_); }

  static constexpr size_t kMaxInstructions = 2000;
  static constexpr size_t kMaxVariables = 8;

 private:
  using FormatFields = std::tuple<int, int, SpecialValues, bool, int>;
  using Key = std::tuple<Op, Kind, FormatFields, int, bool, bool, bool, bool, bool, int, std::array<int, 3>, uint64_t,
                         uint64_t>;
  static FormatFields FieldsOf(const Format& format);
  static Key KeyOf(const Instruction& instruction);

  std::vector<Instruction> program_;
  std::vector<statement::Variable> variables_;
  std::map<Key, int> known_;
};

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_EXPRESSION_BUILDER_H_
