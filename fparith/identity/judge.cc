// Which cases count, and whether the statement holds for them.
#include <algorithm>
#include <utility>

#include "fparith/control_word.h"
#include "fparith/search.h"

namespace fplab {
namespace {

bool Contains(const std::vector<Target>& targets, Target target) {
  return std::find(targets.begin(), targets.end(), target) != targets.end();
}

}  // namespace

Judge::Judge(const Expression& expression, const SearchOptions& options)
    : expression_(expression), options_(options), model_(expression), hardware_(expression) {
  for (Target target : options.targets) RequireTarget(expression, target);
  if (!Contains(options.targets, Target::kHardware)) return;
  RequireHardwareSupport(kIeee);
  for (Mode mode : options.modes) RequireHardwareSupport(mode);
}

void Judge::Classify(const Cases& cases, size_t count, std::vector<Class>& classes) {
  const Format& format = expression_.format;
  const Target target = expression_.NeedsLibm() ? Target::kHardware : Target::kModel;
  Evaluator& evaluator = target == Target::kModel ? model_ : hardware_;
  Environment environment = HardwareEnvironment(kIeee);
  environment.tininess = Tininess::kBeforeRounding;
  classes.assign(count, {Standing::kAdmitted, Stratum::kNoUnderflow});
  evaluator.Run(Evaluator::Part::kClaim, target, environment, cases, count);
  for (int index : evaluator.InstructionsOf(Evaluator::Part::kClaim)) {
    const Instruction& instruction = expression_.program[static_cast<size_t>(index)];
    if (KindOf(instruction.op) != Kind::kNumber || instruction.op == Op::kConstant) continue;
    const Stratum if_tiny = instruction.op == Op::kVariable ? Stratum::kFinite : Stratum::kNormalInputs;
    for (size_t i = 0; i < count; ++i) {
      const uint64_t bits = evaluator.Number(index, i);
      const Flags flags = evaluator.FlagsOf(index, i);
      const bool special = (flags & kOverflow) != 0 || format.IsNan(bits);
      if (special && !options_.all_values) classes[i].standing = Standing::kSetAside;
      const bool tiny = (flags & kUnderflow) != 0 || format.IsSubnormal(bits);
      if (tiny) classes[i].stratum = std::min(classes[i].stratum, if_tiny);
    }
  }
  if (!expression_.condition) return;
  evaluator.Run(Evaluator::Part::kCondition, target, environment, cases, count);
  for (size_t i = 0; i < count; ++i) {
    if (!evaluator.Truth(*expression_.condition, i)) classes[i].standing = Standing::kExcluded;
  }
}

bool Judge::Disagree(size_t i) const {
  for (int index : model_.InstructionsOf(Evaluator::Part::kClaim)) {
    const bool is_number = KindOf(expression_.program[static_cast<size_t>(index)].op) == Kind::kNumber;
    if (is_number && !expression_.format.SameBits(model_.Number(index, i), hardware_.Number(index, i))) return true;
  }
  return false;
}

void Judge::Decide(Mode mode, const Cases& cases, size_t count, std::vector<Outcome>& outcomes) {
  const bool on_model = Contains(options_.targets, Target::kModel);
  const bool on_hardware = Contains(options_.targets, Target::kHardware);
  const Environment environment = HardwareEnvironment(mode);
  if (on_model) model_.Run(Evaluator::Part::kClaim, Target::kModel, environment, cases, count);
  if (on_hardware) hardware_.Run(Evaluator::Part::kClaim, Target::kHardware, environment, cases, count);
  outcomes.assign(count, Outcome::kHolds);
  for (size_t i = 0; i < count; ++i) {
    if (on_hardware && !hardware_.Claim(i)) outcomes[i] = Outcome::kFailsOnHardware;
    if (on_model && !model_.Claim(i)) outcomes[i] = Outcome::kFailsOnModel;
    if (on_model && on_hardware && Disagree(i)) outcomes[i] = Outcome::kTargetsDisagree;
  }
}

Failure Judge::MakeFailure(Outcome outcome, std::vector<uint64_t> operands) {
  const bool hardware = outcome == Outcome::kFailsOnHardware;
  return {std::move(operands), hardware ? Target::kHardware : Target::kModel, outcome == Outcome::kTargetsDisagree};
}

std::optional<Failure> Judge::FailureOf(Mode mode, Stratum stratum, const std::vector<uint64_t>& operands) {
  Cases cases(operands.size());
  for (size_t v = 0; v < operands.size(); ++v) cases[v] = {operands[v]};
  std::vector<Class> classes;
  Classify(cases, 1, classes);
  if (classes[0].standing != Standing::kAdmitted || classes[0].stratum < stratum) return std::nullopt;
  std::vector<Outcome> outcomes;
  Decide(mode, cases, 1, outcomes);
  if (outcomes[0] == Outcome::kHolds) return std::nullopt;
  return MakeFailure(outcomes[0], operands);
}

}  // namespace fplab
