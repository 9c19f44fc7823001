// Statements written back as text from their programs, and compared as programs: an oracle for the parser.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_STATEMENT_TEXT_H_
#define FPLAB_PROPTESTS_SUPPORT_STATEMENT_TEXT_H_

#include <optional>
#include <string>

#include <fplab/fparith/statement/expression.h>

namespace fplab {

// A text that ParseExpression makes the same statement of, fully parenthesised, constants in hexadecimal. nullopt if it
// would be longer than `max_length`: the text of a shared subexpression stands wherever it is used.
std::optional<std::string> StatementText(const statement::Expression& expression, size_t max_length = 1 << 16);

// Whether claim and condition of both compute the same from variables of the same names, in whatever order the
// programs' instructions are and whatever they hold besides.
bool SameStatement(const statement::Expression& a, const statement::Expression& b);

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_STATEMENT_TEXT_H_
