// Fuzzes the text of statements: what is accepted is a well-formed program, and its text again is the same statement.
// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <fplab/fparith/statement/expression.h>
#include "proptests/fuzz/fuzz.h"
#include "proptests/support/statement_text.h"

namespace fplab::fuzz {
namespace {

using statement::Expression;
using statement::Instruction;

void RequireWellFormed(const Expression& expression) {
  const auto size = static_cast<int>(expression.program.size());
  for (int i = 0; i < size; ++i) {
    const Instruction& instruction = expression.program[static_cast<size_t>(i)];
    for (const int argument : instruction.args) Require(argument < i, "an instruction refers to earlier ones");
    Require(instruction.begin <= instruction.end && instruction.end <= expression.text.size(), "a span is in the text");
    if (instruction.op == statement::Op::kVariable) {
      Require(instruction.value < expression.variables.size(), "a variable is one of those listed");
    }
  }
  const auto is_truth = [&](int index) {
    return index >= 0 && index < size && expression.At(index).type.kind == statement::Kind::kTruth;
  };
  Require(is_truth(expression.claim), "the claim is true or false");
  Require(!expression.condition || is_truth(*expression.condition), "the condition is true or false");
}

// A text of ours may be refused for what the parser refuses by size alone: it has more parentheses and names.
bool IsLimit(const std::string& message) { return Contains(message, "levels deep") || Contains(message, "operations"); }

void Try(FuzzedDataProvider& input) {
  const Format& format = input.PickValueInArray(kTextFormats);
  statement::ExpressionOptions options;
  options.signed_zeros = input.ConsumeBool();
  if (input.ConsumeBool()) options.when = input.ConsumeRandomLengthString(64);
  const std::string text = input.ConsumeRemainingBytesAsString();
  Expression expression;
  if (!Accepted([&] { expression = ParseExpression(text, format, options); })) return;
  RequireWellFormed(expression);
  if (const auto signed_zeros = expression.WithSignedZeros()) RequireWellFormed(*signed_zeros);
  const std::optional<std::string> again = StatementText(expression);
  if (!again) return;
  Expression reparsed;
  const std::string refusal = ErrorOf([&] { reparsed = statement::ParseExpression(*again, format); });
  if (refusal != "(no error)") {
    if (!IsLimit(refusal)) std::fprintf(stderr, "%s\n%s\n", again->c_str(), refusal.c_str());
    Require(IsLimit(refusal), "a statement's text is a statement");
    return;
  }
  if (!SameStatement(expression, reparsed)) std::fprintf(stderr, "%s\n", again->c_str());
  Require(SameStatement(expression, reparsed), "a statement's text is the same statement");
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  fplab::fuzz::Try(input);
  return 0;
}
