// Constants by evaluation on one case of any operands.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/constant_instructions.h>

#include <fplab/fparith/statement/evaluator.h>

namespace fplab::identity {

std::vector<std::optional<WideBits>> ConstantInstructions(const statement::Expression& expression) {
  using statement::Evaluator;
  std::vector<bool> constant(expression.program.size());
  for (size_t i = 0; i < constant.size(); ++i) {
    const statement::Instruction& instruction = expression.program[i];
    constant[i] = instruction.op != statement::Op::kVariable && !statement::IsLibm(instruction.op);
    for (const int arg : instruction.args) constant[i] = constant[i] && (arg < 0 || constant[static_cast<size_t>(arg)]);
  }
  std::vector<std::optional<WideBits>> values(constant.size());
  Evaluator evaluator(expression);
  const statement::Cases zeros(expression.Words(), {0});
  for (const Evaluator::Part part : {Evaluator::Part::kClaim, Evaluator::Part::kCondition}) {
    if (!expression.NeedsLibm()) {
      evaluator.Run(part, statement::Target::kModel, expression.EnvironmentIn(kIeee), zeros, 1);
    }
    for (const int index : evaluator.InstructionsOf(part)) {
      const auto i = static_cast<size_t>(index);
      const statement::Instruction& instruction = expression.program[i];
      if (!constant[i] || (!instruction.type.IsFloat() && !instruction.type.IsInteger())) continue;
      if (instruction.op == statement::Op::kConstant) {
        values[i] = instruction.WideValue();
      } else if (!expression.NeedsLibm()) {
        values[i] = evaluator.Bits(index, 0);
      }
    }
  }
  return values;
}

}  // namespace fplab::identity
