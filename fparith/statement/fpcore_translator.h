// Inside fpcore: one FPCore into the language of statements. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_FPCORE_TRANSLATOR_H_
#define FPLAB_FPARITH_STATEMENT_FPCORE_TRANSLATOR_H_

#include <fplab/fparith/statement/fpcore.h>
#include <fplab/fparith/statement/s_expression.h>

namespace fplab::statement {

// Stands before and after an argument with a format of its own, until the text is whole: its first place says which.
inline constexpr char kArgumentMark = '\x01';

// Throws Error that names line and column.
FpCore TranslateFpCore(const SExpression& form);

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_FPCORE_TRANSLATOR_H_
