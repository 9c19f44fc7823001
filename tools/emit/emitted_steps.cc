// Naming steps, and what programs can't do with them.
// SPDX-License-Identifier: Apache-2.0
#include "tools/emit/emitted_steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/error.h>
#include "tools/printing/value_text.h"

namespace fplab::tools {
namespace {

using statement::Kind;
using statement::Op;

// White space of any kind is one blank: a line's end would end a comment.
std::string OneLine(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return line;
}

bool HasRounding(Rounding rounding) { return rounding != Rounding::kNearestAway && rounding != Rounding::kToOdd; }

bool IsRemainder(Op op) { return op == Op::kRemainder || op == Op::kFmod; }

std::string NameOf(const statement::Expression& expression, const statement::Instruction& instruction, size_t index) {
  if (instruction.op == Op::kVariable) return "in_" + expression.variables[instruction.value].name;
  return fmt::format("{}{}", instruction.op == Op::kConstant ? 'c' : 't', index);
}

}  // namespace

std::vector<Mode> EmittedSteps::Modes() const {
  std::vector<Mode> modes = {kIeee};
  for (const EmittedStep& step : steps) {
    if (std::find(modes.begin(), modes.end(), step.mode) == modes.end()) modes.push_back(step.mode);
  }
  return modes;
}

EmittedSteps MakeEmittedSteps(const statement::Expression& expression, const std::vector<uint64_t>& operands,
                              statement::Target target, Mode mode) {
  EmittedSteps list{OneLine(expression.text), Name(expression.format), Name(target), mode, {}};
  statement::RequireTarget(expression, target);
  statement::Evaluator evaluator(expression);
  evaluator.Run(statement::Evaluator::Part::kClaim, target, expression.EnvironmentIn(mode),
                statement::OneCase(operands), 1);
  std::vector<size_t> position(expression.program.size());
  for (const int index : evaluator.InstructionsOf(statement::Evaluator::Part::kClaim)) {
    const statement::Instruction& instruction = expression.At(index);
    EmittedStep step;
    step.instruction = instruction;
    step.text = OneLine(expression.TextOf(instruction));
    if (step.text.empty()) step.text = "(inside a conversion)";
    if (instruction.type.kind == Kind::kExact) RefuseStep(step, "--emit", "exact arithmetic is no program's");
    if (expression.IsWide(instruction)) RefuseStep(step, "--emit", "wide formats are the model's alone");
    step.name = NameOf(expression, instruction, list.steps.size());
    step.type = instruction.type;
    step.bits = evaluator.Number(index, 0);
    step.flags = evaluator.FlagsOf(index, 0);
    step.mode = statement::IsUnderMode(instruction.op) ? instruction.Under(mode) : kIeee;
    for (size_t a = 0; a < static_cast<size_t>(instruction.Arity()); ++a) {
      step.arguments[a] = position[static_cast<size_t>(instruction.args[a])];
    }
    position[static_cast<size_t>(index)] = list.steps.size();
    list.steps.push_back(std::move(step));
  }
  return list;
}

void RequireProgrammable(const EmittedSteps& steps, std::string_view language) {
  for (const EmittedStep& step : steps.steps) {
    if (step.type.IsNumber() && step.type.format != kBinary32 && step.type.format != kBinary64) {
      RefuseStep(step, language, fmt::format("{} is no type of its; f32 and f64 are", Name(step.type)));
    }
    if (!HasRounding(step.mode.rounding)) {
      RefuseStep(step, language, fmt::format("no processor rounds {}", Name(step.mode.rounding)));
    }
    if (IsRemainder(step.instruction.op) && (step.mode.flush_inputs || step.mode.flush_outputs)) {
      RefuseStep(step, language, "the C library's remainders do not obey flushing");
    }
  }
}

bool ConvertsInRange(const EmittedSteps& steps, const EmittedStep& step) {
  const EmittedStep& number = steps.Argument(step, 0);
  const double whole = std::trunc(number.type.format == kBinary64 ? DoubleFromBits(number.bits)
                                                                  : FloatFromBits(static_cast<uint32_t>(number.bits)));
  const double beyond = std::ldexp(1.0, step.type.is_signed ? step.type.width - 1 : step.type.width);
  return whole >= (step.type.is_signed ? -beyond : 0.0) && whole < beyond;
}

std::string_view InfixOf(statement::Op op) {
  using statement::Op;
  switch (op) {
    case Op::kAdd:
    case Op::kIntAdd:
      return "+";
    case Op::kSub:
    case Op::kIntSub:
      return "-";
    case Op::kMul:
    case Op::kIntMul:
      return "*";
    case Op::kDiv:
      return "/";
    case Op::kIntAnd:
      return "&";
    case Op::kIntOr:
      return "|";
    case Op::kIntXor:
      return "^";
    case Op::kEqualInMode:
    case Op::kIntEqual:
      return "==";
    case Op::kLessInMode:
    case Op::kLess:
    case Op::kIntLess:
      return "<";
    case Op::kLessEqualInMode:
    case Op::kLessEqual:
    case Op::kIntLessEqual:
      return "<=";
    default:
      return "";
  }
}

void RefuseStep(const EmittedStep& step, std::string_view language, std::string_view why) {
  throw Error("{}: \"{}\": {}", language, step.text, why);
}

uint32_t MxcsrOf(Mode mode) {
  const uint32_t rounding = mode.rounding == Rounding::kDown         ? 1
                            : mode.rounding == Rounding::kUp         ? 2
                            : mode.rounding == Rounding::kTowardZero ? 3
                                                                     : 0;
  return 0x1f80u | rounding << 13 | (mode.flush_outputs ? 0x8000u : 0) | (mode.flush_inputs ? 0x40u : 0);
}

uint32_t FpcrOf(Mode mode) {
  const uint32_t rounding = mode.rounding == Rounding::kUp           ? 1
                            : mode.rounding == Rounding::kDown       ? 2
                            : mode.rounding == Rounding::kTowardZero ? 3
                                                                     : 0;
  // FZ flushes both sides; one side alone takes FEAT_AFP: AH makes FZ mean results alone, FIZ means operands.
  constexpr uint32_t kFz = 1u << 24, kAh = 1u << 1, kFiz = 1u << 0;
  const uint32_t flush = mode.flush_outputs ? (mode.flush_inputs ? kFz : kFz | kAh) : mode.flush_inputs ? kFiz : 0;
  return rounding << 22 | flush;
}

std::string ModeConstant(Mode mode) {
  std::string name = "MODE_" + Name(mode);
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? static_cast<char>(std::toupper(c)) : '_';
  return name;
}

std::string_view PredictedMachine() {
  return model::HardwareFlushSemantics() == model::FlushSemantics::kBeforeRounding ? "AArch64" : "x86-64";
}

std::vector<std::string> HeadLines(const EmittedSteps& steps, const std::vector<std::string>& how) {
  std::vector<std::string> lines = {steps.statement,
                                    fmt::format("is false in {} under {}, as the {} of {} computes, for", steps.format,
                                                Name(steps.mode), steps.target, PredictedMachine())};
  for (const EmittedStep& step : steps.steps) {
    if (step.instruction.op != Op::kVariable) continue;
    lines.push_back(fmt::format("  {} = {}", step.text, OperandText(step.type, step.bits)));
  }
  lines.insert(lines.end(), how.begin(), how.end());
  lines.push_back("Exit status: 1 the statement is false, and every step has the predicted bits; 0 it is true;");
  lines.push_back("2 this machine cannot tell; 3 some step has other bits. Any NaN is as good as another.");
  return lines;
}

}  // namespace fplab::tools
