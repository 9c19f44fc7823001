// The language of statements: what is asked about floating-point numbers, parsed into a flat program.
//
//   statement   [let NAME = value [, NAME = value]... in] truth [when truth]
//   truth       <=> (iff, lowest), => (right to left), c ? x : y, or ||, and &&, not !, comparisons, predicates
//   comparison  == != === !== < <= > >= between values; a chain "a <= b <= c" means each of its links;
//               a ~ b within 2 ulp
//   value       | ^ & << >> of integers, + - * / (% of integers), unary - and ~, literals ("0.1", "0x1p-126", "7"),
//               constants, variables, functions
//   constants   min_normal min_subnormal max eps (2^(1-p)) inf nan
//
// Types. Every number has a format, every integer a width: a variable that of its annotation ("a: f16", "n: i32", once
// is enough), otherwise the format of the statement; a literal or a constant that of what it is used with. Different
// types meet by conversion alone: f16(x) bf16(x) f32(x) f64(x) e4m3(x) and any other name of a format (float/format.h:
// e2m1, e4m3fnuz, e5m2sat, e6p10) round under the mode (a literal inside is one of that format); i8 i16 i32 i64 u8 u16
// u32 u64 truncate a number, or wrap an integer. What does not fit is x86's integer indefinite (of 8 and 16 bits: the
// low bits of that of 32), saturated by i32_sat(x), its low bits by i32_wrap(x); NaN is then 0. bits(a) is a number's
// pattern in the narrowest unsigned integer, from_bits(n) or from_bits(n, f16) the number. Integers wrap; / and %
// truncate, by zero they are 0 and the dividend; shifts are by the count modulo the width, >> of signed integers keeps
// the sign.
//
// Wide types are x87, f128 and any other eXpY of up to 15 exponent bits and 113 of precision that is no Format
// (wide_format.h): of variables ("a: x87"), of the statement, and by conversion, x87(x). Their operations round in the
// direction of the mode and flush nothing, operand or result, whatever the mode; a conversion from one flushes nothing
// either. They have + - * / sqrt fma, the sums and dot
// products, unary -, abs, copysign, min max and the other minima, comparisons, choices, isfinite isnan isinf iszero
// signbit normal subnormal, conversions to numbers and integers and from them, up(x) and the like, flags, exact(),
// error(), and a place in real() by their names; on the model only. f64(x87(a)*x87(b)) == a*b asks of rounding twice.
//
// Scales, of the type e8m0 (OCP MX 1.0, 5.4.1): powers of two from 0x1p-127 to 0x1p127, and NaN. A variable may be one
// (s: e8m0), bits(s) is its pattern of 8 bits, from_bits(n, e8m0) the scale; f32(s) and the like are its value, rounded
// and flushed as any; e8m0(x) is the power of two that a number or an integer rounds to, in the direction of the mode;
// to nearest the middle goes to the larger (IEEE 754-2019, 4.3.1). Zeros and all below 0x1p-127 become that; negative
// numbers, infinities and what overflows become NaN, of e8m0sat(x) the scale that is next to them. They have
// comparisons, choices, isfinite, isnan and a place in real(), and no arithmetic: f32(s)*a.
//
// Rounded operations, under the mode in question: + - * / fma(a,b,c) sqrt(a) hypot(a,b) rem(a,b) fmod(a,b) ldexp(a,n);
// ceil floor trunc rint round (half away from zero) round_even; min(a,b) max(a,b) (those of x86: the second operand
// unless the first is less, or greater), min_num max_num (IEEE 754-2008, and fmin fmax of C), minimum maximum and
// minimum_number maximum_number (IEEE 754-2019); in-mode comparisons eq_mode(a,b) lt_mode(a,b) le_mode(a,b).
// On hardware the conversions of binary16 and bfloat16 are F16C's and AVX-512's, which do not follow the mode's
// flushing, and their arithmetic goes through binary32 (machine/detour.h), which flushes nothing of binary16's.
// through_wide(a) converts to the next wider format and back; through_f16c(a), of binary16, does so by
// VCVTPH2PS and VCVTPS2PH, which ignore DAZ and FTZ; through_bf16(a), of bfloat16, narrows by VCVTNEPS2BF16, which
// flushes always. Functions from outside (OutsideFunction) are called by their names, on the hardware only. libm_log(a)
// libm_exp(a) libm_strtod(a) call this machine's C library under the mode (hardware only; strtod reads a as a decimal
// of 9 or 17 digits). sum(a,b,c,...) adds from left to right, sum_pairs neighbours, then the neighbours of their sums,
// sum_tree the sums of both halves; dot(a,b, c,d, ...) adds the products of pairs from left to right, dot_fma by a
// chain of fma from a rounded first product.
//
// up(x) down(x) to_zero(x) to_even(x) to_away(x) to_odd(x): the rounded operations inside round in that direction,
// whatever that of the mode. ieee(x), and all after `when`, computes in IEEE mode. A name defined by let stands for its
// definition.
//
// Not subject to the mode: unary -, abs, copysign(a,b), next_up(a), next_down(a), ulp(a), logb(a), significand(a),
// c ? x : y and select(c,x,y), which work on bits; comparisons, which judge values (+0 equals -0, any NaN equals any
// NaN and is unordered); === and !==, which tell zeros' signs apart; ulps(a,b), the steps between two numbers (the most
// that 64 bits hold if either is NaN, none if both are); the predicates isfinite (or finite) isnan (nan) isinf iszero
// signbit normal subnormal signaling is_integer power_of_two.
// flags(x) is the union of the exception flags that the rounded operations inside raise, as TestFloat numbers them (1
// inexact, 2 underflow, 4 overflow, 8 divide-by-zero, 16 invalid); raises(underflow, x) asks for one of them.
// real(truth) computes everything inside it, but the computed values it is given by variables, let names and constants,
// in exact arithmetic (+ - * fma abs min max, of numbers of any formats); rounded(number) rounds such an exact number
// to nearest-even once; exact(x op y) says that an operation's computed result is the real result.
// error(x) is how far the computed x lies from the real value of the same expression on the same operands, in ulps of
// that value in the format of x (ExactReal::ErrorInUlps): an exact number, of + - * / fma, abs, unary -, minima and
// maxima, conversions between formats (that round nothing there) and choices (made as they are computed). It belongs
// into comparisons, + - * and unary -, which beside it are as inside real(), its literals of binary64: error(a*b) <=
// 0.5, error(fma(a,b,c)) <= error(a*b+c). Infinite and NaN, on either side, make comparisons false. Names defined by
// let stand for their definitions in it.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_EXPRESSION_H_
#define FPLAB_FPARITH_STATEMENT_EXPRESSION_H_

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/export.h>
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/mode/mode.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/statement/value_type.h>

namespace fplab::statement {

// What an instruction does with its arguments.
enum class Op : uint8_t {
  // Leaves, of any type.
  kVariable,
  kConstant,
  // Numbers: operations under the mode.
  kAdd,
  kSub,
  kMul,
  kDiv,
  kFma,
  kSqrt,
  kHypot,
  kRemainder,
  kFmod,
  kScale,  // of a number and an integer
  kMin,
  kMax,
  kMinNum,
  kMaxNum,
  kMinimum,
  kMaximum,
  kMinimumNumber,
  kMaximumNumber,
  kCeil,
  kFloor,
  kTrunc,
  kRint,
  kRound,
  kRoundEven,
  kConvert,      // of a number of another format
  kFromInteger,  // of an integer
  kThroughF16c,
  kThroughBf16,
  kLibmLog,
  kLibmExp,
  kLibmStrtod,
  kOutside,  // of its last kArgument; value: which of Expression::outside
  // Truth values: comparisons under the mode.
  kEqualInMode,
  kLessInMode,
  kLessEqualInMode,
  // Numbers: operations on bits.
  kNegate,
  kAbs,
  kCopySign,
  kNextUp,
  kNextDown,
  kUlp,
  kSignificand,
  kLogB,
  kFromBits,  // of an integer
  kArgument,  // args[0], the one after args[1], of a kOutside; args[1] is a kArgument too, or there is none
  kRounded,   // of an exact number
  // Any type: args[0] ? args[1] : args[2].
  kSelect,
  // Integers.
  kToInteger,  // of a number; value: OutOfRange
  kBits,       // of a number
  kUlps,       // of two numbers
  kFlags,      // that the operation args[0] raised
  kIntConvert,
  kIntNegate,
  kIntNot,
  kIntAdd,
  kIntSub,
  kIntMul,
  kIntDiv,
  kIntRemainder,
  kIntAnd,
  kIntOr,
  kIntXor,
  kIntShiftLeft,
  kIntShiftRight,
  // Truth values: comparisons and predicates, judged outside the mode.
  kEqual,
  kSame,
  kLess,
  kLessEqual,
  kIntEqual,
  kIntLess,
  kIntLessEqual,
  kIsFinite,
  kIsNan,
  kIsInfinite,
  kIsZero,
  kIsSignaling,
  kSignBit,
  kIsNormal,
  kIsSubnormal,
  kIsInteger,
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
  kExactDiv,
  kExactError,  // of a number and an exact one: ExactReal::ErrorInUlps in the number's format
  kExactEqual,
  kExactLess,
  kExactLessEqual,
};

// Whether the result of `op` depends on the mode, and it may raise flags.
constexpr bool IsUnderMode(Op op) { return op >= Op::kAdd && op <= Op::kLessEqualInMode; }
// Calls of what fplab does not compute itself: the C library, and functions from outside.
constexpr bool IsLibm(Op op) { return op >= Op::kLibmLog && op <= Op::kOutside; }
// Whether `op` makes a truth value of numbers or exact numbers.
constexpr bool IsPredicate(Op op) {
  return (op >= Op::kEqualInMode && op <= Op::kLessEqualInMode) || (op >= Op::kEqual && op <= Op::kIsPowerOfTwo) ||
         op >= Op::kExactEqual;
}

// Whether `op` makes a number or a truth value of exact numbers.
constexpr bool JudgesExact(Op op) { return op == Op::kRounded || op >= Op::kExactEqual; }

// What becomes of a number that an integer type does not hold.
enum class OutOfRange : uint8_t { kX86, kSaturate, kWrap };

struct FPLAB_EXPORT Instruction {
  Op op = Op::kConstant;
  Type type;          // of the result
  bool ieee = false;  // computed in IEEE mode whatever the mode
  // Flushes no result, or no operand, even where the mode does (refinement.h).
  bool keeps_outputs = false, keeps_inputs = false;
  std::optional<Rounding> rounding = {};   // instead of that of the mode
  std::array<int, 3> args = {-1, -1, -1};  // indices of earlier instructions
  uint64_t value = 0;                      // of a constant: its bits; of a variable: its number; see Op
  uint64_t upper = 0;                      // of a wide constant: its bits above the 64 of `value`
  size_t begin = 0, end = 0;               // where it stands in the text

  int Arity() const { return args[0] < 0 ? 0 : args[1] < 0 ? 1 : args[2] < 0 ? 2 : 3; }
  // The mode it is computed in when `mode` is asked about.
  Mode Under(Mode mode) const;
  // Of a wide constant.
  WideBits WideValue() const { return static_cast<WideBits>(upper) << 64 | value; }
};

// The instructions of a program that `root` needs, itself included, in order.
FPLAB_EXPORT std::vector<int> InstructionsUnder(const std::vector<Instruction>& program, int root);

struct Variable {
  std::string name;
  Type type;  // a number, narrow or wide, or an integer
};

// A literal that its format does not hold, and what it became.
struct InexactLiteral {
  std::string text;
  Type type;  // a number, narrow or wide
  WideBits bits;
};

// Operands of many calls: operands[j][i] is argument j of call i.
using OutsideOperands = std::vector<std::vector<uint64_t>>;

// A function that a statement may call by name, of 1 to 8 numbers of one format, binary32 or binary64, that gives one
// of it. On the machine only.
struct OutsideFunction {
  static constexpr size_t kMostArguments = 8;

  std::string name;
  // The results' bits, computed in `mode`. Throws Error if there are none. Called by one thread at a time.
  std::function<std::vector<uint64_t>(const Format& format, Mode mode, const OutsideOperands& operands)> call;
};

// A statement as a flat program in postfix order: every instruction refers to earlier ones only, and equal
// subexpressions are one instruction.
struct FPLAB_EXPORT Expression {
  Type format;  // of numbers that name no other: narrow or wide ones
  std::string text;
  std::vector<Variable> variables;  // in the order of their appearance
  std::vector<Instruction> program;
  int claim = -1;                // the instruction whose truth is the statement's
  std::optional<int> condition;  // that of the `when` clause; all under it is computed in IEEE mode
  std::vector<InexactLiteral> inexact_literals;
  std::vector<OutsideFunction> outside;  // those of ExpressionOptions
  // Of the model: its flush semantics, tininess and NaNs; the mode is another matter.
  model::Environment arithmetic = model::HardwareEnvironment(kIeee);

  const Instruction& At(int index) const { return program[static_cast<size_t>(index)]; }
  const Type& ArgumentType(const Instruction& instruction, size_t position) const {
    return At(instruction.args[position]).type;
  }

  // What the model computes in when `mode` is asked about.
  model::Environment EnvironmentIn(Mode mode) const;
  std::vector<Type> VariableTypes() const;
  // How many words a tuple of operands has (operands.h).
  size_t Words() const;
  // Whether the instruction computes with a wide number, or gives one: it flushes nothing, and only the model has it.
  bool IsWide(const Instruction& instruction) const;
  bool HasWide() const;
  // The instructions that `root` needs, itself included, in order.
  std::vector<int> Under(int root) const { return InstructionsUnder(program, root); }

  // The same statement with signs of zeros told apart: every == that the claim joins by `and` becomes ===. nullopt if
  // the claim is anything but such equations, or if all are === already.
  std::optional<Expression> WithSignedZeros() const;
  // The instruction's piece of the text.
  std::string_view TextOf(const Instruction& instruction) const;
  bool NeedsLibm() const;  // or a function from outside: the model can't evaluate it
  // Whether `arithmetic` flushes as this machine does, whatever its NaNs.
  bool HasHardwareFlushing() const;
  // Whether it looks at the sign or the payload of a NaN that it computes.
  bool TellsNansApart() const;
  // Whether its truth may depend on arithmetic.nans, by such a NaN or by a flag: asked of vectors and circuits, which
  // know the canonical NaN alone.
  bool NeedsNanRule() const;
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
  std::vector<OutsideFunction> outside = {};
  model::Environment arithmetic = model::HardwareEnvironment(kIeee);  // Expression::arithmetic
};

// Parses `text`, in which numbers have `format`, narrow or wide, if they name no other; literals are rounded to
// nearest-even. Throws ExpressionError: syntax, unknown names, types that do not fit together, literals that overflow
// or that round to zero, nesting deeper than 200 levels, more than 8 variables, 2000 instructions or 100,000 operations
// and names, functions that a format lacks. Errors in options.when say so. Throws Error for a format out of range, for
// a name of a function that is no name or is taken, and where the exact numbers of real() and rounded() may become too
// large: one of more than 100,000 bits, 2^20 bits of all in one case, or 2^20 multiplications of 32-bit words.
FPLAB_EXPORT Expression ParseExpression(std::string_view text, const Type& format,
                                        const ExpressionOptions& options = {});
inline Expression ParseExpression(std::string_view text, const Format& format, const ExpressionOptions& options = {}) {
  return ParseExpression(text, Type::Number(format), options);
}

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_EXPRESSION_H_
