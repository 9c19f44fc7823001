// Inside evaluator: single operations of the language on arrays. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_OPERATIONS_H_
#define FPLAB_FPARITH_STATEMENT_OPERATIONS_H_

#include <array>
#include <cstdint>
#include <span>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/statement/evaluator.h>
#include <fplab/fparith/statement/exact_real.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::statement {

using Operands = std::array<std::span<const uint64_t>, 3>;

// Whether `target` can execute the instruction, which is under the mode.
bool HasOperation(const Expression& expression, const Instruction& instruction, Target target);
// Whether the hardware executes it by a detour (machine/detour.h), which shows no flags.
bool GoesByDetour(const Expression& expression, const Instruction& instruction);

// Precondition: HasOperation. `operand` is the type of the first argument. Results come with the flags raised, except
// libm's, of which only overflow and divide-by-zero are told, by the result.
void ExecuteOnModel(const Instruction& instruction, const Type& operand, const model::Environment& environment,
                    const Operands& operands, std::span<model::Outcome> results);
void ExecuteOnHardware(const Instruction& instruction, const Type& operand, Mode mode, const Operands& operands,
                       std::span<model::Outcome> results);

// The C library's function under `mode`.
void ExecuteLibm(Op op, const Format& format, Mode mode, std::span<const uint64_t> operands,
                 std::span<model::Outcome> results);

// An operation that no mode changes, of one case; `operand` is the type of the first argument.
uint64_t OnBits(const Instruction& instruction, const Type& operand, uint64_t a, uint64_t b, uint64_t c);

// What a comparison for equality or a predicate says of patterns of a format, narrow or wide.
template <typename AnyFormat, typename Bits>
bool JudgePatterns(Op op, const AnyFormat& format, Bits a, Bits b) {
  switch (op) {
    case Op::kEqual:
      return format.SameBits(a, b) || (format.IsZero(a) && format.IsZero(b));
    case Op::kSame:
      return format.SameBits(a, b);
    case Op::kIsFinite:
      return format.IsFinite(a);
    case Op::kIsNan:
      return format.IsNan(a);
    case Op::kIsInfinite:
      return format.IsInfinite(a);
    case Op::kIsZero:
      return format.IsZero(a);
    case Op::kSignBit:
      return format.SignBit(a);
    case Op::kIsNormal:
      return format.IsNormal(a);
    case Op::kIsSubnormal:
      return format.IsSubnormal(a);
    default:
      CheckFailed(__FILE__, __LINE__, "an operation on patterns of numbers");
  }
}

// The integer part of a number: its sign, and its magnitude modulo 2^64.
struct Truncated {
  bool negative = false;
  bool fits = false;  // the magnitude is below 2^64, and finite
  uint64_t magnitude = 0;
  bool infinite = false, nan = false;
};
// Of the finite number (-1)^negative significand 2^exponent.
Truncated Truncate(bool negative, WideBits significand, int exponent);
// What kToInteger makes of it.
uint64_t ToInteger(const Type& type, OutOfRange out_of_range, const Truncated& whole);

ExactReal ExactOperation(Op op, const ExactReal& a, const ExactReal& b);
bool ExactComparison(Op op, const ExactReal& a, const ExactReal& b);

// The format that through_wide passes through: binary32, or binary64 for what doesn't fit into that.
Format NextWiderFormat(const Format& format);

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_OPERATIONS_H_
