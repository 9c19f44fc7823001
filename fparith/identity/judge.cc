// Which cases count, and whether the statement holds for them.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/judge.h>

#include <algorithm>
#include <utility>

#include <fplab/fparith/identity/shrink.h>
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
  RequireHardwareSupport(options.reference);
  for (Mode mode : options.modes) RequireHardwareSupport(mode);
}

statement::Target Judge::Classifier() const {
  return expression_.NeedsLibm() ? statement::Target::kHardware : statement::Target::kModel;
}

statement::Evaluator& Judge::EvaluatorOf(statement::Target target) {
  return target == statement::Target::kModel ? model_ : hardware_;
}

void Judge::Admit(const statement::Cases& cases, size_t count, std::vector<bool>& admitted) {
  admitted.assign(count, true);
  if (!expression_.condition) return;
  const statement::Target target = Classifier();
  statement::Evaluator& evaluator = EvaluatorOf(target);
  evaluator.Run(statement::Evaluator::Part::kCondition, target, expression_.EnvironmentIn(kIeee), cases, count);
  for (size_t i = 0; i < count; ++i) admitted[i] = evaluator.Truth(*expression_.condition, i);
}

void Judge::Classify(Rounding rounding, const statement::Cases& cases, size_t count, std::vector<Stratum>& strata) {
  const statement::Target target = Classifier();
  statement::Evaluator& evaluator = EvaluatorOf(target);
  model::Environment environment = expression_.EnvironmentIn({rounding, false, false});
  environment.tininess = model::Tininess::kBeforeRounding;
  strata.assign(count, Stratum::kNoUnderflow);
  evaluator.Run(statement::Evaluator::Part::kClaim, target, environment, cases, count);
  for (int index : evaluator.InstructionsOf(statement::Evaluator::Part::kClaim)) {
    const statement::Instruction& instruction = expression_.At(index);
    if (instruction.op == statement::Op::kConstant) continue;
    if (instruction.type.IsWide()) ClassifyWide(evaluator, index, count, strata);
    if (!instruction.type.IsNumber()) continue;
    const Format& format = instruction.type.format;
    const bool is_variable = instruction.op == statement::Op::kVariable;
    const Stratum if_tiny = is_variable ? Stratum::kFinite : Stratum::kNormalInputs;
    for (size_t i = 0; i < count; ++i) {
      const uint64_t bits = evaluator.Number(index, i);
      const model::Flags flags = evaluator.FlagsOf(index, i);
      const bool tiny = (flags & model::kUnderflow) != 0 || format.IsSubnormal(bits);
      if (tiny) strata[i] = std::min(strata[i], if_tiny);
      if (options_.all_values || is_variable) continue;
      const bool would_be_nan = format.IsNan(bits) || (!format.HasNan() && (flags & model::kInvalid) != 0);
      if ((flags & model::kOverflow) != 0 || would_be_nan) strata[i] = Stratum::kSpecial;
    }
  }
}

void Judge::ClassifyWide(const statement::Evaluator& evaluator, int index, size_t count,
                         std::vector<Stratum>& strata) const {
  const WideFormat& format = expression_.At(index).type.wide;
  const bool is_variable = expression_.At(index).op == statement::Op::kVariable;
  const Stratum if_tiny = is_variable ? Stratum::kFinite : Stratum::kNormalInputs;
  for (size_t i = 0; i < count; ++i) {
    const WideBits bits = evaluator.Wide(index, i);
    const model::Flags flags = evaluator.FlagsOf(index, i);
    const bool tiny = (flags & model::kUnderflow) != 0 || format.IsSubnormal(bits);
    if (tiny) strata[i] = std::min(strata[i], if_tiny);
    const bool special = (flags & model::kOverflow) != 0 || format.IsNan(bits);
    if (special && !is_variable && !options_.all_values) strata[i] = Stratum::kSpecial;
  }
}

bool Judge::Disagree(size_t i) const {
  const bool payloads = model::KeepsPayloads(expression_.arithmetic.nans);
  for (int index : model_.InstructionsOf(statement::Evaluator::Part::kClaim)) {
    const statement::Type& type = expression_.At(index).type;
    if (type.kind == statement::Kind::kExact) continue;
    const uint64_t model = model_.Number(index, i), hardware = hardware_.Number(index, i);
    if (payloads ? model != hardware : !type.SameBits(model, hardware)) return true;
  }
  return false;
}

void Judge::Decide(Mode mode, const statement::Cases& cases, size_t count, std::vector<Outcome>& outcomes) {
  Evaluate(mode, cases, count, outcomes);
  if (options_.question == Question::kFails) return;
  std::vector<Outcome> reference;
  Evaluate(options_.reference, cases, count, reference);
  for (size_t i = 0; i < count; ++i) {
    if (outcomes[i] == Outcome::kTargetsDisagree) continue;
    if (reference[i] == Outcome::kTargetsDisagree) {
      outcomes[i] = reference[i];
    } else if (outcomes[i] == Outcome::kHolds) {
      if (options_.question == Question::kDiffers) outcomes[i] = reference[i];
    } else if (reference[i] != Outcome::kHolds) {
      outcomes[i] = Outcome::kHolds;
    }
  }
}

void Judge::Evaluate(Mode mode, const statement::Cases& cases, size_t count, std::vector<Outcome>& outcomes) {
  const bool on_model = Contains(options_.targets, statement::Target::kModel);
  const bool on_hardware = Contains(options_.targets, statement::Target::kHardware);
  const model::Environment environment = expression_.EnvironmentIn(mode);
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

Stratum Judge::StratumOf(Mode mode, const std::vector<uint64_t>& operands) {
  const statement::Cases cases = statement::OneCase(operands);
  std::vector<Stratum> strata;
  Classify(mode.rounding, cases, 1, strata);
  return strata[0];
}

std::optional<Failure> Judge::FailureOf(Mode mode, Stratum first, Stratum last, const std::vector<uint64_t>& operands) {
  const statement::Cases cases = statement::OneCase(operands);
  std::vector<bool> admitted;
  Admit(cases, 1, admitted);
  if (!admitted[0]) return std::nullopt;
  const Stratum stratum = StratumOf(mode, operands);
  if (stratum < first || stratum > last) return std::nullopt;
  std::vector<Outcome> outcomes;
  Decide(mode, cases, 1, outcomes);
  if (outcomes[0] == Outcome::kHolds) return std::nullopt;
  return MakeFailure(outcomes[0], operands);
}

Failure Judge::Shrunk(Mode mode, Stratum first, Stratum last, const Failure& found) {
  const auto still_fails = [&](const std::vector<uint64_t>& operands) {
    const std::optional<Failure> failure = FailureOf(mode, first, last, operands);
    return failure && failure->targets_disagree == found.targets_disagree;
  };
  const std::vector<uint64_t> operands = Shrink(expression_.VariableTypes(), found.operands, still_fails);
  return FailureOf(mode, first, last, operands).value_or(found);
}

}  // namespace fplab::identity
