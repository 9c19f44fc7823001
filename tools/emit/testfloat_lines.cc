// Steps as lines, by the writer of fplab vectors.
// SPDX-License-Identifier: Apache-2.0
#include "tools/emit/testfloat_lines.h"

#include <optional>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/model/function.h>
#include "tools/vectors/vectors_stream.h"

namespace fplab::tools {

std::string TestFloatLines(const EmittedSteps& steps) {
  std::string text;
  std::optional<Mode> mode;
  for (const EmittedStep& step : steps.steps) {
    if (!statement::IsUnderMode(step.instruction.op)) continue;
    const std::optional<model::Function> function =
        statement::FunctionOf(step.instruction, steps.Argument(step, 0).type);
    if (!function) continue;
    if (mode != step.mode) text += "# " + Name(step.mode) + "\n";
    mode = step.mode;
    const auto operand = [&](size_t position) -> std::vector<uint64_t> {
      if (position >= static_cast<size_t>(function->Arity())) return {};
      const uint64_t digits =
          function->OperandDigits() < 16 ? (uint64_t{1} << 4 * function->OperandDigits()) - 1 : ~uint64_t{0};
      return {steps.Argument(step, position).bits & digits};
    };
    VectorBlock block;
    block.a = operand(0);
    block.b = operand(1);
    block.c = operand(2);
    text += Name(*function) + ' ';
    AppendVectorLines(*function, block, {{step.bits, step.flags}}, text);
  }
  if (text.empty()) throw Error("--emit testfloat: no step is a function of TestFloat");
  return text;
}

}  // namespace fplab::tools
