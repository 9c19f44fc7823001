// Inside expression: the recursive-descent parser, from text to trees. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_STATEMENT_PARSER_H_
#define FPLAB_FPARITH_STATEMENT_STATEMENT_PARSER_H_

#include <initializer_list>
#include <string>
#include <string_view>

#include <fplab/fparith/statement/lexer.h>
#include <fplab/fparith/statement/syntax.h>

namespace fplab::statement {

// Trees keep views of the text. Throws ExpressionError for what is no statement, for more than 200 levels and for more
// than 100,000 nodes.
class StatementParser {
 public:
  // `text` stands at `offset` of the whole text of the statement; `where` follows the column in errors.
  StatementParser(std::string_view text, size_t offset, std::string_view where);

  Syntax ParseStatement();
  // The whole text as one condition, or as one number.
  Node ParseAlone();

 private:
  // Counts the levels of recursion that the text asks for; throws at the one too many.
  class Level {
   public:
    explicit Level(StatementParser& parser);
    ~Level() { --parser_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    StatementParser& parser_;
  };

  using Parse = Node (StatementParser::*)();

  [[noreturn]] void Fail(size_t at, const std::string& message) const;
  void Advance();
  bool Accept(std::string_view symbol);
  void Expect(std::string_view symbol);
  void ExpectEnd() const;
  bool IsOneOf(std::initializer_list<std::string_view> words) const;
  // A node that begins at `begin` and ends with the last token taken.
  Node MakeNode(NodeKind kind, size_t begin, std::string_view word = "");
  // `operand (operator operand)*`; the operand alone where no operator follows.
  Node ParseChain(NodeKind kind, std::initializer_list<std::string_view> operators, Parse operand);

  // One function for each level of precedence, the loosest first.
  Node ParseIff();
  Node ParseImplication();
  Node ParseConditional();
  Node ParseOr();
  Node ParseAnd();
  Node ParseNot();
  Node ParseComparison();
  Node ParseWithin();
  Node ParseBitOr();
  Node ParseBitXor();
  Node ParseBitAnd();
  Node ParseShift();
  Node ParseSum();
  Node ParseProduct();
  Node ParseUnary();
  Node ParsePrimary();
  Node ParseCall(const Token& name);
  Node ParseName(const Token& name);

  std::string_view text_;
  size_t offset_;
  std::string_view where_;
  Token token_;
  size_t end_ = 0;  // of the last token taken
  int depth_ = 0;
  int nodes_ = 0;
};

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_STATEMENT_PARSER_H_
