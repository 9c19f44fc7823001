// The language of identities: parsing a statement about floating-point numbers into a flat program.
//
//   statement   [let NAME = number [, NAME = number]... in] truth [when truth]
//   truth       <=> (iff, lowest), => (right to left), or ||, and &&, not !, comparisons, true/false functions
//   comparison  == != === !== < <= > >= between numbers; a chain "a <= b <= c" means each of its links
//   number      + - * / and unary -, literals ("0.1", "0x1p-126"), constants, variables, functions
//   constants   min_normal min_subnormal max eps (2^(1-p))
//
// Rounded operations, under the mode in question: + - * / fma(a,b,c) sqrt(a) min(a,b) max(a,b) (those of x86: the
// second operand unless the first is less, or greater) ceil(a) floor(a) trunc(a) rint(a); in-mode comparisons
// eq_mode(a,b) lt_mode(a,b) le_mode(a,b). through_wide(a) converts to the next wider format and back; through_f16c(a),
// of binary16, does so by VCVTPH2PS and VCVTPS2PH, which ignore DAZ and FTZ; through_bf16(a), of bfloat16, narrows by
// VCVTNEPS2BF16, which flushes always. libm_log(a) libm_exp(a) libm_strtod(a) call this machine's C library under the
// mode (hardware only; strtod reads a as a decimal of 9 or 17 digits).
//
// Not subject to the mode: unary -, abs, copysign(a,b), next_up(a), next_down(a), ulp(a), which work on bits;
// comparisons, which judge values (+0 equals -0, any NaN equals any NaN and is unordered); === and !==, which tell
// zeros' signs apart; finite(a) nan(a) normal(a) subnormal(a) power_of_two(a). What stands inside ieee(...) and after
// `when` is computed in IEEE mode. real(truth) computes everything inside it, but the computed values it is given by
// variables, let names and constants, in exact arithmetic (+ - * fma abs min max); rounded(number) rounds such an exact
// number to nearest-even once; exact(x op y) says that an operation's computed result is the real result.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_EXPRESSION_H_
#define FPLAB_FPARITH_STATEMENT_EXPRESSION_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/export.h>
#include <fplab/fparith/float/format.h>

namespace fplab::statement {

// What an instruction does with its arguments.
enum class Op : uint8_t {
  // Numbers: leaves.
  kVariable,
  kConstant,
  // Numbers: operations under the mode.
  kAdd,
  kSub,
  kMul,
  kDiv,
  kFma,
  kSqrt,
  kMin,
  kMax,
  kCeil,
  kFloor,
  kTrunc,
  kRint,
  kThroughWide,
  kThroughF16c,
  kThroughBf16,
  kLibmLog,
  kLibmExp,
  kLibmStrtod,
  // Numbers: operations on bits.
  kNegate,
  kAbs,
  kCopySign,
  kNextUp,
  kNextDown,
  kUlp,
  kRounded,  // of an exact number
  // Truth values: comparisons under the mode.
  kEqualInMode,
  kLessInMode,
  kLessEqualInMode,
  // Truth values: judged outside the mode.
  kEqual,
  kSame,
  kLess,
  kLessEqual,
  kIsFinite,
  kIsNan,
  kIsNormal,
  kIsSubnormal,
  kIsPowerOfTwo,
  // Logic.
  kNot,
  kAnd,
  kOr,
  // Exact numbers, and their comparisons.
  kExactValue,  // of a number; not finite: every comparison is false
  kExactAdd,
  kExactSub,
  kExactMul,
  kExactNegate,
  kExactAbs,
  kExactMin,
  kExactMax,
  kExactEqual,
  kExactLess,
  kExactLessEqual,
};

enum class Kind : uint8_t { kNumber, kTruth, kExact };

constexpr Kind KindOf(Op op) {
  if (op <= Op::kRounded) return Kind::kNumber;
  return op <= Op::kOr || op >= Op::kExactEqual ? Kind::kTruth : Kind::kExact;
}

// Whether the result of `op` depends on the mode.
constexpr bool IsUnderMode(Op op) {
  return (op >= Op::kAdd && op <= Op::kLibmStrtod) || (op >= Op::kEqualInMode && op <= Op::kLessEqualInMode);
}
constexpr bool IsLibm(Op op) { return op >= Op::kLibmLog && op <= Op::kLibmStrtod; }

struct Instruction {
  Op op = Op::kConstant;
  bool ieee = false;                       // computed in IEEE mode whatever the mode
  std::array<int, 3> args = {-1, -1, -1};  // indices of earlier instructions
  uint64_t value = 0;                      // of a constant: its bits; of a variable: its number
  size_t begin = 0, end = 0;               // where it stands in the text

  int Arity() const { return args[0] < 0 ? 0 : args[1] < 0 ? 1 : args[2] < 0 ? 2 : 3; }
};

// A statement as a flat program in postfix order: every instruction refers to earlier ones only, and equal
// subexpressions are one instruction.
struct FPLAB_EXPORT Expression {
  Format format;
  std::string text;
  std::vector<std::string> variables;  // in the order of their appearance
  std::vector<Instruction> program;
  int claim = -1;                // the instruction whose truth is the statement's
  std::optional<int> condition;  // that of the `when` clause; all under it is computed in IEEE mode

  // The same statement with signs of zeros told apart: every == that the claim joins by `and` becomes ===. nullopt if
  // the claim is anything but such equations, or if all are === already.
  std::optional<Expression> WithSignedZeros() const;
  // The instruction's piece of the text.
  std::string_view TextOf(const Instruction& instruction) const;
  bool NeedsLibm() const;
};

// An error in a statement; what() names the column, counted from 1.
class FPLAB_EXPORT ExpressionError : public Error {
 public:
  ExpressionError(size_t column, const std::string& message, std::string_view where = "")
      : Error("column {}{}: {}", column, where, message), column_(column) {}
  size_t column() const { return column_; }

 private:
  size_t column_;
};

struct ExpressionOptions {
  bool signed_zeros = false;  // == means ===, and != means !==
  std::string when;           // one more condition, beside that of the statement; empty: none
};

// Parses `text` for numbers of `format`; literals are rounded to nearest-even. Throws ExpressionError: syntax, unknown
// names, numbers where truth values belong, literals that overflow or that round to zero, nesting deeper than 200
// levels, more than 8 variables or 2000 instructions, functions that the format lacks. Errors in options.when say so.
// Throws Error for a format out of range, and where the exact numbers of real() and rounded() may become too large: one
// of more than 100,000 bits, 2^20 bits of all in one case, or 2^20 multiplications of 32-bit words.
FPLAB_EXPORT Expression ParseExpression(std::string_view text, const Format& format,
                                        const ExpressionOptions& options = {});

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_EXPRESSION_H_
