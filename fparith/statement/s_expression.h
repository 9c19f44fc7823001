// Inside fpcore: S-expressions, as FPCore writes them. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_S_EXPRESSION_H_
#define FPLAB_FPARITH_STATEMENT_S_EXPRESSION_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fplab::statement {

// A list, a string or an atom (a symbol or a number), and where it begins in the text.
struct SExpression {
  bool is_list = false;
  bool is_string = false;
  std::string_view text;  // of an atom, and of a string without its quotes, as written
  size_t line = 1, column = 1;
  std::vector<SExpression> children;

  bool IsAtom() const { return !is_list && !is_string; }
  bool IsAtom(std::string_view word) const { return IsAtom() && text == word; }
  // A list that begins with the atom `word`.
  bool IsForm(std::string_view word) const { return is_list && !children.empty() && children[0].IsAtom(word); }
};

// Throws Error, "line 3, column 7: MESSAGE".
[[noreturn]] void FailAt(const SExpression& where, const std::string& message);

// The expressions of `text`, which they point into. ( ) and [ ] are one; comments begin with a semicolon. Throws Error
// that names line and column: parentheses that don't match, a string without an end, more than 200 levels, more than
// 200,000 expressions.
std::vector<SExpression> ReadSExpressions(std::string_view text);

// `text` as a message quotes it: its beginning if it is long.
std::string Quoted(std::string_view text);

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_S_EXPRESSION_H_
