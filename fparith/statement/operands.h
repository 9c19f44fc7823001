// Tuples of operands as words of 64 bits.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_OPERANDS_H_
#define FPLAB_FPARITH_STATEMENT_OPERANDS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/float/wide_format.h>
#include <fplab/fparith/statement/value_type.h>

namespace fplab::statement {

// Word v of a tuple is operand v, as values travel (value_type.h); of a wide number its low 64 bits. The bits above
// these follow after all operands, a word for each wide one, in their order. So a tuple without wide operands has a
// word for each and nothing else, and what knows no wide numbers reads it by the operands' numbers. Below, `types` are
// those of all operands, and `operand` < types.size().
FPLAB_EXPORT size_t WordsOf(std::span<const Type> types);

// The word of the upper bits; precondition: the operand is wide.
FPLAB_EXPORT size_t UpperWordOf(std::span<const Type> types, size_t operand);

// The bits of an operand. Precondition: words.size() == WordsOf(types); of SetOperand also that the type holds them.
FPLAB_EXPORT WideBits OperandOf(std::span<const Type> types, std::span<const uint64_t> words, size_t operand);
FPLAB_EXPORT void SetOperand(std::span<const Type> types, std::span<uint64_t> words, size_t operand, WideBits bits);

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_OPERANDS_H_
