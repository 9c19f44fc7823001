// Making counterexamples small: fewer significand bits, exponents nearer to 0, positive signs.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_IDENTITY_SHRINK_H_
#define FPLAB_FPARITH_IDENTITY_SHRINK_H_

#include <cstdint>
#include <functional>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/statement/value_type.h>

namespace fplab::identity {

// Tuples of operands, here and below, are words (statement/operands.h). Whether one still shows what it is to show.
using StillFails = std::function<bool(const std::vector<uint64_t>&)>;

// How far operands are from the simplest ones, numbers and integers alike, compared in this order: bits set in all
// significands (the leading one included, so zeros count 0) and payloads of NaNs, with one more of a signaling NaN;
// distance of all exponents from 0, of a NaN the length of its payload; minus signs.
struct Complexity {
  int significand_bits = 0;
  int64_t exponents = 0;
  int minus_signs = 0;

  friend auto operator<=>(const Complexity&, const Complexity&) = default;
};
FPLAB_EXPORT Complexity ComplexityOf(const std::vector<statement::Type>& types, const std::vector<uint64_t>& operands);

// A tuple that still fails and that no single step makes simpler: an operand replaced by 0, 1 or its opposite, one of
// its bits dropped, its low bits dropped or rounded up, its exponent brought nearer to 0, or two or all exponents moved
// together; a NaN made quiet or positive, or its payload replaced by 0, 1 or 2, shifted down, or cut by a bit.
// Deterministic. Precondition: still_fails(operands); infinities stay.
FPLAB_EXPORT std::vector<uint64_t> Shrink(const std::vector<statement::Type>& types, std::vector<uint64_t> operands,
                                          const StillFails& still_fails);

}  // namespace fplab::identity

#endif  // FPLAB_FPARITH_IDENTITY_SHRINK_H_
