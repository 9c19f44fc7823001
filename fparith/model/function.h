// Operations as data: a Function names one operation on stated types, as TestFloat names them, and can be evaluated on
// the model. Vectors, the hardware comparison and the tests are loops over Functions.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_MODEL_FUNCTION_H_
#define FPLAB_FPARITH_MODEL_FUNCTION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/mode/mode.h>
#include <fplab/fparith/model/model.h>

namespace fplab::model {

enum class Operation : uint8_t {
  kAdd,
  kSub,
  kMul,
  kDiv,
  kSqrt,
  kFma,
  kEqual,
  kLess,
  kLessEqual,
  kEqualSignaling,
  kLessQuiet,
  kLessEqualQuiet,
  kRoundToIntegral,
  kConvert,      // format -> result_format
  kToInteger,    // format -> integer
  kFromInteger,  // integer -> result_format
  kMinimumNumber,
  kMaximumNumber,
  kX86Min,
  kX86Max,
  kRemainder,
};

// What a Function takes or returns.
enum class ValueKind : uint8_t { kFloat, kInteger, kTruth };

struct FPLAB_EXPORT Function {
  Operation operation;
  Format format = kBinary32;         // of floating-point operands
  Format result_format = kBinary32;  // of a floating-point result
  IntegerType integer = IntegerType::kInt32;
  std::optional<Rounding> rounding = std::nullopt;  // instead of the environment's ("f32_roundToInt_r_minMag")
  InexactFlag inexact = InexactFlag::kSuppress;

  // The function `operation` on `format`, which is also the result's where there is one.
  static Function On(Operation operation, const Format& format) { return {operation, format, format}; }
  static Function Conversion(const Format& from, const Format& to) { return {Operation::kConvert, from, to}; }

  int Arity() const;
  ValueKind OperandKind() const;
  ValueKind ResultKind() const;
  // Hexadecimal digits that TestFloat writes for an operand and for the result.
  int OperandDigits() const;
  int ResultDigits() const;
  // Equality of results as fplab judges it: any NaN equals any NaN, everything else by its bits.
  bool SameResult(uint64_t a, uint64_t b) const;

  // Equal in everything but `rounding`: the same instruction on hardware, whose mode decides it.
  bool SameButRounding(const Function& other) const;
  friend bool operator==(const Function& a, const Function& b) {
    return a.SameButRounding(b) && a.rounding == b.rounding;
  }
};

// TestFloat's name: "f32_add", "f64_mulAdd", "f16_le_quiet", "f32_to_i64", "ui32_to_f16", "bf16_to_f32",
// "f64_roundToInt", "f64_roundToInt_r_minMag", "f64_roundToInt_x", "f32_to_i32_rx_near_even"; formats as in
// fparith/float/format.h. Beyond TestFloat: "f32_minimumNumber", "f32_maximumNumber", "f32_x86min", "f32_x86max".
FPLAB_EXPORT std::string Name(const Function& function);

// The inverse of Name. Throws Error that names what is accepted.
FPLAB_EXPORT Function ParseFunction(std::string_view name);

// The function on the model; operands beyond Arity() are ignored.
FPLAB_EXPORT Outcome Evaluate(const Function& function, const Environment& environment, uint64_t a, uint64_t b,
                              uint64_t c);

}  // namespace fplab::model

#endif  // FPLAB_FPARITH_MODEL_FUNCTION_H_
