// SmtLib: a statement as a question for SMT solvers, x86's flushing included.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_SMTLIB_H_
#define FPLAB_FPARITH_PROOF_SMTLIB_H_

#include <string>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/mode/mode.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::proof {

// SMT-LIB 2.6, logic QF_BVFP: satisfiable if some operands (finite ones, unless `all_values`) that meet the condition
// make the claim false in `mode`, by this machine's flushing; the model's values are the operands' patterns. Operands
// are bit vectors, numbers FloatingPoint terms. A subnormal operand is replaced by a zero of its sign under DAZ; under
// FTZ a sum is zero where it is subnormal, and any other result where the same operation in a format of two exponent
// bits more, which is rounding with unbounded exponent, is below min normal.
//
// Throws Error that names what has no such term: formats without infinity, remainders of C, hypot, ldexp, the minima of
// the standards, neighbours, ulps, conversions to integers, flags, exact arithmetic, rounding to odd.
FPLAB_EXPORT std::string SmtLib(const statement::Expression& expression, Mode mode, bool all_values = false);

}  // namespace fplab::proof

#endif  // FPLAB_FPARITH_PROOF_SMTLIB_H_
