// The grammar of statements, by recursive descent; see fparith/statement/expression.h.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/statement_parser.h>

#include <utility>

#include <fplab/fparith/statement/expression.h>
#include <fplab/fparith/statement/vocabulary.h>

namespace fplab::statement {
namespace {

constexpr int kMaxDepth = 200;
constexpr int kMaxNodes = 100000;

}  // namespace

StatementParser::Level::Level(StatementParser& parser) : parser_(parser) {
  if (++parser_.depth_ > kMaxDepth) {
    parser_.Fail(parser_.token_.begin, fmt::format("nested more than {} levels deep", kMaxDepth));
  }
}

StatementParser::StatementParser(std::string_view text, size_t offset, std::string_view where)
    : text_(text), offset_(offset), where_(where), token_(NextToken(text, 0)) {}

void StatementParser::Fail(size_t at, const std::string& message) const {
  throw ExpressionError(at + 1, message, where_);
}

void StatementParser::Advance() {
  end_ = token_.begin + token_.text.size();
  token_ = NextToken(text_, end_);
}

bool StatementParser::Accept(std::string_view symbol) {
  if (!token_.Is(symbol)) return false;
  Advance();
  return true;
}

void StatementParser::Expect(std::string_view symbol) {
  if (!Accept(symbol)) Fail(token_.begin, fmt::format("expected \"{}\", found {}", symbol, Quoted(token_)));
}

void StatementParser::ExpectEnd() const {
  if (token_.kind != TokenKind::kEnd) Fail(token_.begin, fmt::format("expected an operator, found {}", Quoted(token_)));
}

bool StatementParser::IsOneOf(std::initializer_list<std::string_view> words) const {
  for (const std::string_view word : words) {
    if (token_.Is(word)) return true;
  }
  return false;
}

Node StatementParser::MakeNode(NodeKind kind, size_t begin, std::string_view word) {
  if (++nodes_ > kMaxNodes) Fail(begin, fmt::format("the statement has more than {} operations and names", kMaxNodes));
  Node node;
  node.kind = kind;
  node.word = word;
  node.begin = node.outer_begin = offset_ + begin;
  node.end = node.outer_end = offset_ + end_;
  return node;
}

Node StatementParser::ParseChain(NodeKind kind, std::initializer_list<std::string_view> operators, Parse operand) {
  const size_t begin = token_.begin;
  Node first = (this->*operand)();
  if (!IsOneOf(operators)) return first;
  std::vector<Node> children;
  children.push_back(std::move(first));
  std::vector<Operator> found;
  while (IsOneOf(operators)) {
    found.push_back({token_.text, offset_ + token_.begin});
    Advance();
    children.push_back((this->*operand)());
  }
  Node chain = MakeNode(kind, begin);
  chain.children = std::move(children);
  chain.operators = std::move(found);
  return chain;
}

Syntax StatementParser::ParseStatement() {
  Syntax syntax;
  if (Accept("let")) {
    do {
      const Token name = token_;
      if (name.kind != TokenKind::kName) Fail(name.begin, fmt::format("expected a name, found {}", Quoted(name)));
      if (IsReserved(name.text)) Fail(name.begin, fmt::format("\"{}\" has a meaning already", name.text));
      for (const Let& known : syntax.lets) {
        if (known.name == name.text) Fail(name.begin, fmt::format("\"{}\" is defined twice", name.text));
      }
      Advance();
      Expect("=");
      syntax.lets.push_back({name.text, offset_ + name.begin, ParseConditional()});
    } while (Accept(","));
    Expect("in");
  }
  syntax.claim = ParseIff();
  if (Accept("when")) syntax.condition = ParseIff();
  ExpectEnd();
  return syntax;
}

Node StatementParser::ParseAlone() {
  Node node = ParseIff();
  ExpectEnd();
  return node;
}

Node StatementParser::ParseIff() { return ParseChain(NodeKind::kChain, {"<=>"}, &StatementParser::ParseImplication); }

Node StatementParser::ParseImplication() {
  const size_t begin = token_.begin;
  Node left = ParseConditional();
  if (!token_.Is("=>")) return left;
  const Operator arrow{token_.text, offset_ + token_.begin};
  Advance();
  const Level level(*this);
  Node right = ParseImplication();
  Node node = MakeNode(NodeKind::kImplication, begin);
  node.operators.push_back(arrow);
  node.children.push_back(std::move(left));
  node.children.push_back(std::move(right));
  return node;
}

Node StatementParser::ParseConditional() {
  const size_t begin = token_.begin;
  Node condition = ParseOr();
  if (!Accept("?")) return condition;
  const Level level(*this);
  Node if_true = ParseConditional();
  Expect(":");
  Node if_false = ParseConditional();
  Node node = MakeNode(NodeKind::kConditional, begin);
  node.children.push_back(std::move(condition));
  node.children.push_back(std::move(if_true));
  node.children.push_back(std::move(if_false));
  return node;
}

Node StatementParser::ParseOr() { return ParseChain(NodeKind::kChain, {"or", "||"}, &StatementParser::ParseAnd); }

Node StatementParser::ParseAnd() { return ParseChain(NodeKind::kChain, {"and", "&&"}, &StatementParser::ParseNot); }

Node StatementParser::ParseNot() {
  const size_t begin = token_.begin;
  if (!IsOneOf({"not", "!"})) return ParseComparison();
  const Operator negation{"not", offset_ + begin};
  Advance();
  const Level level(*this);
  Node operand = ParseNot();
  Node node = MakeNode(NodeKind::kPrefix, begin);
  node.operators.push_back(negation);
  node.children.push_back(std::move(operand));
  return node;
}

Node StatementParser::ParseComparison() {
  return ParseChain(NodeKind::kComparison, {"===", "!==", "==", "!=", "<=", ">=", "<", ">"},
                    &StatementParser::ParseWithin);
}

Node StatementParser::ParseWithin() {
  const size_t begin = token_.begin;
  Node a = ParseBitOr();
  if (!Accept("~")) return a;
  Node b = ParseBitOr();
  Expect("within");
  Node count = ParseBitOr();
  if (!Accept("ulps")) Expect("ulp");
  Node node = MakeNode(NodeKind::kWithin, begin);
  node.children.push_back(std::move(a));
  node.children.push_back(std::move(b));
  node.children.push_back(std::move(count));
  return node;
}

Node StatementParser::ParseBitOr() { return ParseChain(NodeKind::kChain, {"|"}, &StatementParser::ParseBitXor); }
Node StatementParser::ParseBitXor() { return ParseChain(NodeKind::kChain, {"^"}, &StatementParser::ParseBitAnd); }
Node StatementParser::ParseBitAnd() { return ParseChain(NodeKind::kChain, {"&"}, &StatementParser::ParseShift); }
Node StatementParser::ParseShift() { return ParseChain(NodeKind::kChain, {"<<", ">>"}, &StatementParser::ParseSum); }
Node StatementParser::ParseSum() { return ParseChain(NodeKind::kChain, {"+", "-"}, &StatementParser::ParseProduct); }
Node StatementParser::ParseProduct() {
  return ParseChain(NodeKind::kChain, {"*", "/", "%"}, &StatementParser::ParseUnary);
}

Node StatementParser::ParseUnary() {
  const size_t begin = token_.begin;
  if (!IsOneOf({"-", "~"})) return ParsePrimary();
  const Operator sign{token_.text, offset_ + begin};
  Advance();
  const Level level(*this);
  Node operand = ParseUnary();
  Node node = MakeNode(NodeKind::kPrefix, begin);
  node.operators.push_back(sign);
  node.children.push_back(std::move(operand));
  return node;
}

Node StatementParser::ParsePrimary() {
  const Level level(*this);
  const Token first = token_;
  if (Accept("(")) {
    Node inner = ParseIff();
    Expect(")");
    inner.outer_begin = offset_ + first.begin;
    inner.outer_end = offset_ + end_;
    return inner;
  }
  if (first.kind == TokenKind::kNumber) {
    Advance();
    return MakeNode(NodeKind::kLiteral, first.begin, first.text);
  }
  if (first.kind != TokenKind::kName) {
    Fail(first.begin, fmt::format("expected a number, a name or \"(\", found {}", Quoted(first)));
  }
  Advance();
  return token_.Is("(") ? ParseCall(first) : ParseName(first);
}

Node StatementParser::ParseCall(const Token& name) {
  Expect("(");
  std::vector<Node> arguments;
  if (!token_.Is(")")) {
    do {
      arguments.push_back(ParseIff());
    } while (Accept(","));
  }
  Expect(")");
  Node node = MakeNode(NodeKind::kCall, name.begin, name.text);
  node.children = std::move(arguments);
  return node;
}

// A colon belongs to the name if a type follows that is not called: "a: f16", but "c ? a : f16(b)".
Node StatementParser::ParseName(const Token& name) {
  const bool is_function = FindFunction(name.text) != nullptr || FindForm(name.text);
  if (is_function && !IsConstant(name.text)) {
    Fail(name.begin, fmt::format("\"{}\" is a function: \"(\" is missing", name.text));
  }
  Token type;
  if (token_.Is(":")) {
    type = NextToken(text_, token_.begin + 1);
    const bool is_called = NextToken(text_, type.begin + type.text.size()).Is("(");
    if (type.kind != TokenKind::kName || !FindType(type.text) || is_called) type = {};
  }
  if (!type.text.empty()) {
    Advance();
    Advance();
  }
  Node node = MakeNode(NodeKind::kName, name.begin, name.text);
  node.end = node.outer_end = offset_ + name.begin + name.text.size();
  node.annotation = type.text;
  return node;
}

}  // namespace fplab::statement
