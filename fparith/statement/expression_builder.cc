// Building programs in which equal subexpressions are one instruction.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/expression_builder.h>

#include <algorithm>

namespace fplab::statement {

ExpressionBuilder::FormatFields ExpressionBuilder::FieldsOf(const Format& format) {
  return {format.exponent_bits, format.precision, format.specials, format.saturates, format.extra_bias};
}

ExpressionBuilder::Key ExpressionBuilder::KeyOf(const Instruction& instruction) {
  const Type& type = instruction.type;
  const bool number = type.IsNumber();
  return {instruction.op,
          type.kind,
          number          ? FieldsOf(type.format)
          : type.IsWide() ? FormatFields{type.wide.exponent_bits, type.wide.precision, {}, false, 0}
                          : FormatFields{},
          type.IsInteger() ? type.width : 0,
          type.IsInteger() && type.is_signed,
          type.is_scale,
          instruction.ieee,
          instruction.keeps_outputs,
          instruction.keeps_inputs,
          instruction.rounding ? static_cast<int>(*instruction.rounding) : -1,
          instruction.args,
          instruction.value,
          instruction.upper};
}

int ExpressionBuilder::Append(const Instruction& instruction) {
  const Key key = KeyOf(instruction);
  if (const auto found = known_.find(key); found != known_.end()) return found->second;
  if (program_.size() >= kMaxInstructions) {
    throw ExpressionError(instruction.begin + 1,
                          fmt::format("the statement has more than {} operations", kMaxInstructions));
  }
  program_.push_back(instruction);
  const auto index = static_cast<int>(program_.size()) - 1;
  known_.emplace(key, index);
  return index;
}

int ExpressionBuilder::Constant(const Type& type, WideBits value, Span span) {
  Instruction constant{Op::kConstant, type};
  constant.value = static_cast<uint64_t>(value);
  constant.upper = static_cast<uint64_t>(value >> 64);
  constant.begin = span.begin;
  constant.end = span.end;
  return Append(constant);
}

int ExpressionBuilder::Variable(std::string_view name, const std::optional<Type>& annotation, const Type& unless_said,
                                Span span) {
  const auto found = std::find_if(variables_.begin(), variables_.end(),
                                  [&](const statement::Variable& variable) { return variable.name == name; });
  const auto number = static_cast<uint64_t>(found - variables_.begin());
  if (found == variables_.end()) {
    if (variables_.size() >= kMaxVariables) {
      throw ExpressionError(span.begin + 1, fmt::format("\"{}\" is one variable more than {}", name, kMaxVariables));
    }
    variables_.push_back({std::string(name), annotation.value_or(unless_said)});
  } else if (annotation && found->type != *annotation) {
    throw ExpressionError(span.begin + 1, fmt::format("\"{}\" is {} already: its type belongs to where it first stands",
                                                      name, Name(found->type)));
  }
  Instruction variable{Op::kVariable, variables_[number].type};
  variable.value = number;
  variable.begin = span.begin;
  variable.end = span.end;
  return Append(variable);
}

}  // namespace fplab::statement
