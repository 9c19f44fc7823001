// Trying every operand, as a count and a digest that others can recompute.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_IDENTITY_EXHAUSTION_H_
#define FPLAB_FPARITH_IDENTITY_EXHAUSTION_H_

#include <cstdint>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/mode/mode.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::identity {

// Of all tuples of operands (finite numbers and all integers, or every pattern) that meet the condition.
struct ExhaustionDigest {
  uint64_t tuples = 0;
  uint64_t fails = 0;              // the claim is false and no result overflows or is NaN
  uint64_t fails_by_overflow = 0;  // it is false, and some result does, or is
  // The sum modulo 2^64, over these tuples, of the 64-bit FNV-1a hash of: each operand's pattern as 8 bytes, the least
  // significant first, integers extended to 64 bits by their sign, in the order of Expression::variables; of each wide
  // operand the pattern above its low 64 bits, likewise, in the same order; and one byte,
  // 1 where the claim is true, 0 where it fails, 2 where it fails by overflow. The order of the tuples does not matter.
  uint64_t digest = 0;

  friend bool operator==(const ExhaustionDigest&, const ExhaustionDigest&) = default;
};

// On the model, of this machine's flushing, case by case. "Overflows or is NaN" is as Stratum::kSpecial has it: in the
// evaluation without flushing, in the direction of the mode; never with `all_values`. Throws Error if the condition may
// admit more than `most` tuples.
FPLAB_EXPORT ExhaustionDigest DigestOfAll(const statement::Expression& expression, Mode mode, bool all_values,
                                          uint64_t most);

}  // namespace fplab::identity

#endif  // FPLAB_FPARITH_IDENTITY_EXHAUSTION_H_
