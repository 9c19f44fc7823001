// What tests of the model range over: functions, environments, and the text of a case that failed.
#ifndef FPLAB_PROPTESTS_MODEL_CASES_H_
#define FPLAB_PROPTESTS_MODEL_CASES_H_

#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

#include "fparith/float_text.h"
#include "fparith/model_function.h"
#include "proptests/float_generators.h"

namespace fplab {

inline constexpr std::array kTwoOperandOperations = {Operation::kAdd,           Operation::kSub,
                                                     Operation::kMul,           Operation::kDiv,
                                                     Operation::kEqual,         Operation::kLess,
                                                     Operation::kLessEqual,     Operation::kEqualSignaling,
                                                     Operation::kLessQuiet,     Operation::kLessEqualQuiet,
                                                     Operation::kMinimumNumber, Operation::kMaximumNumber,
                                                     Operation::kX86Min,        Operation::kX86Max};

inline constexpr std::array kAllTininess = {Tininess::kBeforeRounding, Tininess::kAfterRounding};
inline constexpr std::array kAllFlushSemantics = {FlushSemantics::kAfterRounding, FlushSemantics::kBeforeRounding,
                                                  FlushSemantics::kIeeeThenZero, FlushSemantics::kNoSubnormals};

// Every function on `format` that the model has; conversions go to each of kNamedFormats.
inline std::vector<Function> FunctionsOn(const Format& format) {
  using enum model::IntegerType;
  std::vector<Function> functions;
  for (Operation operation : kTwoOperandOperations) functions.push_back(Function::On(operation, format));
  functions.push_back(Function::On(Operation::kFma, format));
  functions.push_back(Function::On(Operation::kSqrt, format));
  for (const Format& to : kNamedFormats) functions.push_back(Function::Conversion(format, to));
  for (model::InexactFlag inexact : {model::InexactFlag::kSuppress, model::InexactFlag::kRaise}) {
    Function round = Function::On(Operation::kRoundToIntegral, format);
    round.inexact = inexact;
    functions.push_back(round);
    for (model::IntegerType type : {kInt32, kUint32, kInt64, kUint64}) {
      Function to = Function::On(Operation::kToInteger, format);
      to.integer = type;
      to.inexact = inexact;
      functions.push_back(to);
    }
  }
  for (model::IntegerType type : {kInt32, kUint32, kInt64, kUint64}) {
    Function from = Function::On(Operation::kFromInteger, format);
    from.integer = type;
    functions.push_back(from);
  }
  return functions;
}

// All 160: five roundings, four flushing modes, both kinds of tininess, four flush semantics.
inline std::vector<Environment> AllEnvironments() {
  std::vector<Environment> environments;
  for (Rounding rounding : kAllRoundings) {
    for (Mode mode : kFlushModes) {
      mode.rounding = rounding;
      for (Tininess tininess : kAllTininess) {
        for (FlushSemantics flush : kAllFlushSemantics) environments.push_back({mode, tininess, flush});
      }
    }
  }
  return environments;
}

inline bool SameOutcome(const Function& function, const Outcome& a, const Outcome& b) {
  return a.flags == b.flags && function.SameResult(a.bits, b.bits);
}

inline std::string ShowOutcome(const Function& function, const Outcome& outcome) {
  const std::string value =
      function.ResultKind() == ValueKind::kFloat
          ? HexFloat(function.result_format, outcome.bits) + " [" + HexBits(function.result_format, outcome.bits) + "]"
          : fmt::format("{:#x}", outcome.bits);
  return value + " flags: " + DescribeFlags(outcome.flags);
}

inline std::string ShowCase(const Function& function, const Environment& environment,
                            const std::array<uint64_t, 3>& operands) {
  std::string text = fmt::format("{} in mode {}, tininess {}, flush {}:", Name(function), Name(environment.mode),
                                 Name(environment.tininess), Name(environment.flush));
  for (int i = 0; i < function.Arity(); ++i) {
    const uint64_t bits = operands[static_cast<size_t>(i)];
    text += function.OperandKind() == ValueKind::kInteger
                ? fmt::format(" {:#x}", bits)
                : " " + HexFloat(function.format, bits) + " [" + HexBits(function.format, bits) + "]";
  }
  return text;
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_MODEL_CASES_H_
