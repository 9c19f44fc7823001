// Tokens: names, numbers, and the longest symbol that matches.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/lexer.h>

#include <array>

#include <fplab/fparith/statement/ascii.h>

namespace fplab::statement {
namespace {

// Longer symbols before their beginnings.
constexpr std::array<std::string_view, 30> kSymbols = {"<=>", "===", "!==", "==", "!=", "<=", ">=", "=>", "&&", "||",
                                                       "<<",  ">>",  "<",   ">",  "=",  "!",  "+",  "-",  "*",  "/",
                                                       "%",   "(",   ")",   ",",  "?",  ":",  "~",  "&",  "|",  "^"};

bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

char At(std::string_view text, size_t i) { return i < text.size() ? text[i] : '\0'; }

// Length of the number at the start of `text`: whatever looks like one; ParseFloat has the last word.
size_t NumberLength(std::string_view text) {
  const bool hex = At(text, 0) == '0' && (At(text, 1) == 'x' || At(text, 1) == 'X');
  size_t length = hex ? 2 : 0;
  while (hex ? IsHexDigit(At(text, length)) || At(text, length) == '.'
             : IsDigit(At(text, length)) || At(text, length) == '.') {
    ++length;
  }
  const char mark = At(text, length);
  if (hex ? mark == 'p' || mark == 'P' : mark == 'e' || mark == 'E') {
    size_t digits = length + 1;
    if (At(text, digits) == '+' || At(text, digits) == '-') ++digits;
    while (IsDigit(At(text, digits))) ++digits;
    length = digits;
  }
  // "2a" and "1.5x" are one malformed number rather than a number beside a name.
  while (IsLetter(At(text, length)) || IsDigit(At(text, length))) ++length;
  return length;
}

}  // namespace

Token NextToken(std::string_view statement, size_t at) {
  while (IsSpace(At(statement, at))) ++at;
  if (at >= statement.size()) return {TokenKind::kEnd, "", statement.size()};
  const std::string_view rest = statement.substr(at);
  if (IsDigit(rest[0]) || (rest[0] == '.' && IsDigit(At(rest, 1)))) {
    return {TokenKind::kNumber, rest.substr(0, NumberLength(rest)), at};
  }
  if (IsLetter(rest[0])) {
    size_t length = 1;
    while (IsLetter(At(rest, length)) || IsDigit(At(rest, length))) ++length;
    return {TokenKind::kName, rest.substr(0, length), at};
  }
  for (std::string_view symbol : kSymbols) {
    if (rest.starts_with(symbol)) return {TokenKind::kSymbol, rest.substr(0, symbol.size()), at};
  }
  // A character of several bytes (UTF-8) is one token.
  size_t length = 1;
  while ((static_cast<unsigned char>(At(rest, length)) & 0xc0) == 0x80) ++length;
  return {TokenKind::kUnknown, rest.substr(0, length), at};
}

}  // namespace fplab::statement
