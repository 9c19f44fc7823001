// Inside evaluate: single operations of the language on arrays. Not for callers.
#ifndef FPLAB_FPARITH_EVALUATE_OPERATION_H_
#define FPLAB_FPARITH_EVALUATE_OPERATION_H_

#include <array>
#include <cstdint>
#include <span>

#include "fparith/evaluate.h"
#include "fparith/evaluate_exact.h"
#include "fparith/expression.h"
#include "fparith/model.h"

namespace fplab {

using Operands = std::array<std::span<const uint64_t>, 3>;

// Whether `target` can execute `op`, which is under the mode, on `format`.
bool HasOperation(Op op, const Format& format, Target target);

// Precondition: HasOperation. Results come with the flags raised, except libm's, of which only overflow and
// divide-by-zero are told, by the result.
void ExecuteOnModel(Op op, const Format& format, const Environment& environment, const Operands& operands,
                    std::span<Outcome> results);
void ExecuteOnHardware(Op op, const Format& format, Mode mode, const Operands& operands, std::span<Outcome> results);

// The C library's function under `mode`.
void ExecuteLibm(Op op, const Format& format, Mode mode, std::span<const uint64_t> operands,
                 std::span<Outcome> results);

ExactReal ExactOperation(Op op, const ExactReal& a, const ExactReal& b);
bool ExactComparison(Op op, const ExactReal& a, const ExactReal& b);

// The format that through_wide passes through: binary32, or binary64 for what doesn't fit into that.
Format WideFormat(const Format& format);

// Gap from |a| to the next greater magnitude; of what is not finite, NaN.
uint64_t Ulp(const Format& format, uint64_t a);

bool IsPowerOfTwo(const Format& format, uint64_t a);

}  // namespace fplab

#endif  // FPLAB_FPARITH_EVALUATE_OPERATION_H_
