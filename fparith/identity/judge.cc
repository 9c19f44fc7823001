// Which cases count, and whether the statement holds for them.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/judge.h>

#include <algorithm>
#include <utility>

#include <fplab/fparith/mode/control_word.h>

namespace fplab::identity {
namespace {

bool Contains(const std::vector<statement::Target>& targets, statement::Target target) {
  return std::find(targets.begin(), targets.end(), target) != targets.end();
}

}  // namespace

Judge::Judge(const statement::Expression& expression, const SearchOptions& options)
    : expression_(expression), options_(options), model_(expression), hardware_(expression) {
  for (statement::Target target : options.targets) statement::RequireTarget(expression, target);
  if (!Contains(options.targets, statement::Target::kHardware)) return;
  RequireHardwareSupport(kIeee);
  for (Mode mode : options.modes) RequireHardwareSupport(mode);
}

void Judge::Classify(const statement::Cases& cases, size_t count, std::vector<Class>& classes) {
  const Format& format = expression_.format;
  const statement::Target target = expression_.NeedsLibm() ? statement::Target::kHardware : statement::Target::kModel;
  statement::Evaluator& evaluator = target == statement::Target::kModel ? model_ : hardware_;
  model::Environment environment = model::HardwareEnvironment(kIeee);
  environment.tininess = model::Tininess::kBeforeRounding;
  classes.assign(count, {Standing::kAdmitted, Stratum::kNoUnderflow});
  evaluator.Run(statement::Evaluator::Part::kClaim, target, environment, cases, count);
  for (int index : evaluator.InstructionsOf(statement::Evaluator::Part::kClaim)) {
    const statement::Instruction& instruction = expression_.program[static_cast<size_t>(index)];
    if (statement::KindOf(instruction.op) != statement::Kind::kNumber || instruction.op == statement::Op::kConstant)
      continue;
    const Stratum if_tiny = instruction.op == statement::Op::kVariable ? Stratum::kFinite : Stratum::kNormalInputs;
    for (size_t i = 0; i < count; ++i) {
      const uint64_t bits = evaluator.Number(index, i);
      const model::Flags flags = evaluator.FlagsOf(index, i);
      const bool special = (flags & model::kOverflow) != 0 || format.IsNan(bits);
      if (special && !options_.all_values) classes[i].standing = Standing::kSetAside;
      const bool tiny = (flags & model::kUnderflow) != 0 || format.IsSubnormal(bits);
      if (tiny) classes[i].stratum = std::min(classes[i].stratum, if_tiny);
    }
  }
  if (!expression_.condition) return;
  evaluator.Run(statement::Evaluator::Part::kCondition, target, environment, cases, count);
  for (size_t i = 0; i < count; ++i) {
    if (!evaluator.Truth(*expression_.condition, i)) classes[i].standing = Standing::kExcluded;
  }
}

bool Judge::Disagree(size_t i) const {
  for (int index : model_.InstructionsOf(statement::Evaluator::Part::kClaim)) {
    const bool is_number =
        statement::KindOf(expression_.program[static_cast<size_t>(index)].op) == statement::Kind::kNumber;
    if (is_number && !expression_.format.SameBits(model_.Number(index, i), hardware_.Number(index, i))) return true;
  }
  return false;
}

void Judge::Decide(Mode mode, const statement::Cases& cases, size_t count, std::vector<Outcome>& outcomes) {
  const bool on_model = Contains(options_.targets, statement::Target::kModel);
  const bool on_hardware = Contains(options_.targets, statement::Target::kHardware);
  const model::Environment environment = model::HardwareEnvironment(mode);
  if (on_model) model_.Run(statement::Evaluator::Part::kClaim, statement::Target::kModel, environment, cases, count);
  if (on_hardware)
    hardware_.Run(statement::Evaluator::Part::kClaim, statement::Target::kHardware, environment, cases, count);
  outcomes.assign(count, Outcome::kHolds);
  for (size_t i = 0; i < count; ++i) {
    if (on_hardware && !hardware_.Claim(i)) outcomes[i] = Outcome::kFailsOnHardware;
    if (on_model && !model_.Claim(i)) outcomes[i] = Outcome::kFailsOnModel;
    if (on_model && on_hardware && Disagree(i)) outcomes[i] = Outcome::kTargetsDisagree;
  }
}

Failure Judge::MakeFailure(Outcome outcome, std::vector<uint64_t> operands) {
  const bool hardware = outcome == Outcome::kFailsOnHardware;
  return {std::move(operands), hardware ? statement::Target::kHardware : statement::Target::kModel,
          outcome == Outcome::kTargetsDisagree};
}

std::optional<Failure> Judge::FailureOf(Mode mode, Stratum stratum, const std::vector<uint64_t>& operands) {
  statement::Cases cases(operands.size());
  for (size_t v = 0; v < operands.size(); ++v) cases[v] = {operands[v]};
  std::vector<Class> classes;
  Classify(cases, 1, classes);
  if (classes[0].standing != Standing::kAdmitted || classes[0].stratum < stratum) return std::nullopt;
  std::vector<Outcome> outcomes;
  Decide(mode, cases, 1, outcomes);
  if (outcomes[0] == Outcome::kHolds) return std::nullopt;
  return MakeFailure(outcomes[0], operands);
}

}  // namespace fplab::identity
