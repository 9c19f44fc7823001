// Inside expression: the words that statements may use. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_EXPRESSION_VOCABULARY_H_
#define FPLAB_FPARITH_STATEMENT_EXPRESSION_VOCABULARY_H_

#include <string>
#include <string_view>

#include <fplab/fparith/statement/expression.h>
#include <fplab/fparith/statement/expression_lexer.h>

namespace fplab::statement {

struct FunctionName {
  std::string_view name;
  int arity;
  Op op;
  Op exact_op;  // inside real() and rounded(); the same as op if there is none
};

// The function of that name; null if there is none.
const FunctionName* FindFunction(std::string_view name);

// Whether `name` is a keyword, a constant or a function, and so can't name a variable.
bool IsReserved(std::string_view name);

// The token for an error message.
std::string Quoted(const Token& token);

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_EXPRESSION_VOCABULARY_H_
