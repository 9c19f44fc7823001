// What tests of the model range over: functions, environments, and the text of a case that failed.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_MODEL_CASES_H_
#define FPLAB_PROPTESTS_SUPPORT_MODEL_CASES_H_

#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

#include <fplab/fparith/model/function.h>
#include <fplab/fparith/text/float_text.h>
#include "proptests/support/float_generators.h"

namespace fplab {

inline constexpr std::array kTwoOperandOperations = {
    model::Operation::kAdd,           model::Operation::kSub,
    model::Operation::kMul,           model::Operation::kDiv,
    model::Operation::kEqual,         model::Operation::kLess,
    model::Operation::kLessEqual,     model::Operation::kEqualSignaling,
    model::Operation::kLessQuiet,     model::Operation::kLessEqualQuiet,
    model::Operation::kMinimumNumber, model::Operation::kMaximumNumber,
    model::Operation::kX86Min,        model::Operation::kX86Max};

inline constexpr std::array kAllTininess = {model::Tininess::kBeforeRounding, model::Tininess::kAfterRounding};
inline constexpr std::array kAllFlushSemantics = {
    model::FlushSemantics::kAfterRounding, model::FlushSemantics::kBeforeRounding, model::FlushSemantics::kIeeeThenZero,
    model::FlushSemantics::kNoSubnormals};

// Every function on `format` that the model has; conversions go to each of kNamedFormats and kSmallFormats.
inline std::vector<model::Function> FunctionsOn(const Format& format) {
  using enum model::IntegerType;
  std::vector<model::Function> functions;
  for (model::Operation operation : kTwoOperandOperations) functions.push_back(model::Function::On(operation, format));
  functions.push_back(model::Function::On(model::Operation::kFma, format));
  functions.push_back(model::Function::On(model::Operation::kSqrt, format));
  for (const Format& to : kNamedFormats) functions.push_back(model::Function::Conversion(format, to));
  for (const Format& to : kSmallFormats) functions.push_back(model::Function::Conversion(format, to));
  for (model::InexactFlag inexact : {model::InexactFlag::kSuppress, model::InexactFlag::kRaise}) {
    model::Function round = model::Function::On(model::Operation::kRoundToIntegral, format);
    round.inexact = inexact;
    functions.push_back(round);
    for (model::IntegerType type : {kInt32, kUint32, kInt64, kUint64}) {
      model::Function to = model::Function::On(model::Operation::kToInteger, format);
      to.integer = type;
      to.inexact = inexact;
      functions.push_back(to);
    }
  }
  for (model::IntegerType type : {kInt32, kUint32, kInt64, kUint64}) {
    model::Function from = model::Function::On(model::Operation::kFromInteger, format);
    from.integer = type;
    functions.push_back(from);
  }
  return functions;
}

// All 160: five roundings, four flushing modes, both kinds of tininess, four flush semantics.
inline std::vector<model::Environment> AllEnvironments() {
  std::vector<model::Environment> environments;
  for (Rounding rounding : kAllRoundings) {
    for (Mode mode : kFlushModes) {
      mode.rounding = rounding;
      for (model::Tininess tininess : kAllTininess) {
        for (model::FlushSemantics flush : kAllFlushSemantics) environments.push_back({mode, tininess, flush});
      }
    }
  }
  return environments;
}

inline bool SameOutcome(const model::Function& function, const model::Outcome& a, const model::Outcome& b) {
  return a.flags == b.flags && function.SameResult(a.bits, b.bits);
}

inline std::string ShowOutcome(const model::Function& function, const model::Outcome& outcome) {
  const std::string value =
      function.ResultKind() == model::ValueKind::kFloat
          ? HexFloat(function.result_format, outcome.bits) + " [" + HexBits(function.result_format, outcome.bits) + "]"
          : fmt::format("{:#x}", outcome.bits);
  return value + " flags: " + model::DescribeFlags(outcome.flags);
}

inline std::string ShowCase(const model::Function& function, const model::Environment& environment,
                            const std::array<uint64_t, 3>& operands) {
  std::string text = fmt::format("{} in mode {}, tininess {}, flush {}:", Name(function), Name(environment.mode),
                                 Name(environment.tininess), Name(environment.flush));
  for (int i = 0; i < function.Arity(); ++i) {
    const uint64_t bits = operands[static_cast<size_t>(i)];
    text += function.OperandKind() == model::ValueKind::kInteger
                ? fmt::format(" {:#x}", bits)
                : " " + HexFloat(function.format, bits) + " [" + HexBits(function.format, bits) + "]";
  }
  return text;
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_MODEL_CASES_H_
