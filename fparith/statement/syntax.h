// Statements as trees of words, before any of them means a type: what the parser makes and the elaborator reads. Inside
// expression; not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_SYNTAX_H_
#define FPLAB_FPARITH_STATEMENT_SYNTAX_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace fplab::statement {

enum class NodeKind : uint8_t {
  kLiteral,      // word: "0.1"
  kName,         // word: "a"; annotation: the type after a colon, if there is one
  kCall,         // word: "fma"; children: the arguments
  kPrefix,       // operators[0]: "-" "~" "not"; one child
  kChain,        // children joined by operators of one precedence, from left to right: a - b + c
  kComparison,   // the same, each link a comparison of its neighbours: a < b <= c
  kImplication,  // two children, left => right
  kConditional,  // children: condition, if true, if false
  kWithin,       // a ~ b within N ulp; children: a, b, N
};

struct Operator {
  std::string_view word;
  size_t begin;  // in the whole text
};

struct Node {
  NodeKind kind = NodeKind::kLiteral;
  std::string_view word;
  std::string_view annotation;
  size_t begin = 0, end = 0;              // in the whole text of the statement
  size_t outer_begin = 0, outer_end = 0;  // the same with the parentheses around it
  std::vector<Operator> operators;
  std::vector<Node> children;
};

struct Let {
  std::string_view name;
  size_t begin = 0;  // of the name
  Node value;
};

struct Syntax {
  std::vector<Let> lets;
  Node claim;
  std::optional<Node> condition;
};

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_SYNTAX_H_
