// Inside statement: classes of characters, whatever the locale. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_ASCII_H_
#define FPLAB_FPARITH_STATEMENT_ASCII_H_

namespace fplab::statement {

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_ASCII_H_
