// Inside expression: the recursive-descent parser. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_EXPRESSION_PARSER_H_
#define FPLAB_FPARITH_STATEMENT_EXPRESSION_PARSER_H_

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <fplab/fparith/statement/expression.h>
#include <fplab/fparith/statement/expression_builder.h>
#include <fplab/fparith/statement/expression_lexer.h>

namespace fplab::statement {

class ExpressionParser {
 public:
  // Values of let names; they outlive the parser of the statement, for the parser of --when.
  using Names = std::map<std::string, int, std::less<>>;

  // `text` stands at `offset` of the whole text of the expression; `where` follows the column in errors.
  ExpressionParser(std::string_view text, size_t offset, std::string_view where, const Format& format,
                   bool signed_zeros, ExpressionBuilder& builder, Names& names);

  struct Statement {
    int claim = -1;
    std::optional<int> condition;
  };
  Statement ParseStatement();
  int ParseCondition();

 private:
  // Counts the levels of recursion that the text asks for; throws at the one too many.
  class Level {
   public:
    explicit Level(ExpressionParser& parser);
    ~Level() { --parser_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    ExpressionParser& parser_;
  };

  [[noreturn]] void Fail(size_t at, const std::string& message) const;
  void Advance();
  bool Accept(std::string_view symbol);
  void Expect(std::string_view symbol);
  void ExpectEnd() const;
  ExpressionBuilder::Span SpanFrom(size_t begin) const;
  int Add(Op op, std::array<int, 3> args, size_t begin);
  int RequireTruth(int index, size_t begin) const;
  int RequireNumber(int index, size_t begin) const;
  // A number as an exact one, inside real() and rounded().
  int Lift(int index, size_t begin);
  int Implies(int left, int right, size_t begin);
  int Compare(std::string_view symbol, int left, int right, size_t begin, size_t at);
  uint64_t Epsilon() const;
  void CheckAvailable(Op op, const Token& name) const;

  // One function for each level of precedence.
  void ParseLets();
  int ParseTruth();
  int ParseIff();
  int ParseImplication();
  int ParseOr();
  int ParseAnd();
  int ParseComparison();
  int ParseSum();
  int ParseProduct();
  int ParseUnary();
  int ParsePrimary();
  int ParseLiteral();
  int ParseName(const Token& name);
  int ParseCall(const Token& name);
  int ParseContext(const Token& name);

  std::string_view text_;
  size_t offset_;
  std::string_view where_;
  const Format& format_;
  bool signed_zeros_;
  ExpressionBuilder& builder_;
  Names& names_;
  Token token_;
  size_t end_ = 0;  // of the last token taken
  int depth_ = 0;
  bool exact_ = false;  // inside real() or rounded()
};

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_EXPRESSION_PARSER_H_
