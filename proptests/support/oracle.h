// The oracle: what every operation must return, found by definition and by other means than the model's. The exact
// result is kept as an integer relation; its place among the values of the format is found by bisection over all of
// them, with exact comparisons; rounding, tininess and flushing are then read off that place, as their definitions are
// written.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_ORACLE_H_
#define FPLAB_PROPTESTS_SUPPORT_ORACLE_H_

#include <cstdint>

#include <fplab/fparith/model/function.h>

namespace fplab::oracle {

// Where a number lies between two neighbours.
enum class Position : uint8_t { kAtLower, kLowerHalf, kMiddle, kUpperHalf };

// Where an exact result lies among the values of a format. Of the environment it knows only whether inputs are flushed.
struct Place {
  // A result that needs no rounding (NaN, infinity, an integer, a truth value, a zero) is `bits`.
  bool settled = false;
  bool zero_sum = false;  // an exact zero of operands with opposite signs: its sign is the rounding direction's
  uint64_t bits = 0;
  model::Flags flags = 0;  // those that the operands alone decide, kDenormal excluded

  // Any other result has this sign, and a magnitude in [value(lower), value(lower + 1)). The pattern after max finite
  // counts as the number it would be; magnitudes beyond that are at kAtLower of it.
  bool sign = false;
  uint64_t lower = 0;
  Position position = Position::kAtLower;
  // Where it lies between the greatest value below min normal that has full precision, and min normal; not there at all
  // if `near_normal` is false.
  bool near_normal = false;
  Position top = Position::kAtLower;

  bool subnormal_operand = false;
  bool silent = false;  // a NaN operand, invalid, or divide-by-zero: kDenormal is not raised
};

// `hint` is a guess of Place::lower, which saves the bisection when it is right.
Place Locate(const model::Function& function, bool flush_inputs, uint64_t a, uint64_t b, uint64_t c, uint64_t hint = 0);

// The outcome of a function whose exact result is at `place`. environment.mode.flush_inputs must be what Locate got.
model::Outcome Settle(const model::Function& function, const model::Environment& environment, const Place& place);

// Functions that round to an integer depend on the direction before the place does, so it takes them as a whole.
model::Outcome Evaluate(const model::Function& function, const model::Environment& environment, uint64_t a, uint64_t b,
                        uint64_t c);

}  // namespace fplab::oracle

#endif  // FPLAB_PROPTESTS_SUPPORT_ORACLE_H_
