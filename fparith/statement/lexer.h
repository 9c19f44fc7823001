// Inside expression: cutting a statement into tokens. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_LEXER_H_
#define FPLAB_FPARITH_STATEMENT_LEXER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fplab::statement {

enum class TokenKind : uint8_t { kNumber, kName, kSymbol, kUnknown, kEnd };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;
  size_t begin = 0;  // offset in the statement

  bool Is(std::string_view symbol_or_keyword) const {
    return (kind == TokenKind::kSymbol || kind == TokenKind::kName) && text == symbol_or_keyword;
  }
};

// The token that starts at or after offset `at`; behind the last one, kEnd. A character that starts no token is a
// kUnknown token of its own.
Token NextToken(std::string_view statement, size_t at);

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_LEXER_H_
