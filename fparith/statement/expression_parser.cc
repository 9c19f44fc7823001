// The grammar of statements, by recursive descent; see fparith/expression.h.
#include "fparith/expression_parser.h"

#include <array>
#include <utility>

#include "fparith/expression_vocabulary.h"

namespace fplab {
namespace {

constexpr int kMaxDepth = 200;

}  // namespace

ExpressionParser::Level::Level(ExpressionParser& parser) : parser_(parser) {
  if (++parser_.depth_ > kMaxDepth) {
    parser_.Fail(parser_.token_.begin, fmt::format("nested more than {} levels deep", kMaxDepth));
  }
}

ExpressionParser::ExpressionParser(std::string_view text, size_t offset, std::string_view where, const Format& format,
                                   bool signed_zeros, ExpressionBuilder& builder, Names& names)
    : text_(text),
      offset_(offset),
      where_(where),
      format_(format),
      signed_zeros_(signed_zeros),
      builder_(builder),
      names_(names),
      token_(NextToken(text, 0)) {}

void ExpressionParser::Fail(size_t at, const std::string& message) const {
  throw ExpressionError(at + 1, message, where_);
}

void ExpressionParser::Advance() {
  end_ = token_.begin + token_.text.size();
  token_ = NextToken(text_, end_);
}

bool ExpressionParser::Accept(std::string_view symbol) {
  if (!token_.Is(symbol)) return false;
  Advance();
  return true;
}

void ExpressionParser::Expect(std::string_view symbol) {
  if (!Accept(symbol)) Fail(token_.begin, fmt::format("expected \"{}\", found {}", symbol, Quoted(token_)));
}

void ExpressionParser::ExpectEnd() const {
  if (token_.kind != TokenKind::kEnd) Fail(token_.begin, fmt::format("expected an operator, found {}", Quoted(token_)));
}

ExpressionBuilder::Span ExpressionParser::SpanFrom(size_t begin) const { return {offset_ + begin, offset_ + end_}; }

int ExpressionParser::Add(Op op, std::array<int, 3> args, size_t begin) {
  return builder_.Add(op, args, SpanFrom(begin));
}

int ExpressionParser::RequireTruth(int index, size_t begin) const {
  if (builder_.KindAt(index) != Kind::kTruth) {
    Fail(begin, "this is a number; a statement that is true or false is expected (==, <, <=, =>, <=> ...)");
  }
  return index;
}

int ExpressionParser::RequireNumber(int index, size_t begin) const {
  if (builder_.KindAt(index) == Kind::kTruth) Fail(begin, "this is true or false; a number is expected");
  return index;
}

ExpressionParser::Statement ExpressionParser::ParseStatement() {
  if (Accept("let")) ParseLets();
  Statement statement;
  statement.claim = ParseTruth();
  if (Accept("when")) statement.condition = ParseCondition();
  return statement;
}

int ExpressionParser::ParseCondition() {
  const int condition = builder_.InIeee(ParseTruth());
  ExpectEnd();
  return condition;
}

void ExpressionParser::ParseLets() {
  do {
    const Token name = token_;
    if (name.kind != TokenKind::kName) Fail(name.begin, fmt::format("expected a name, found {}", Quoted(name)));
    if (IsReserved(name.text)) Fail(name.begin, fmt::format("\"{}\" has a meaning already", name.text));
    Advance();
    Expect("=");
    const size_t begin = token_.begin;
    const int value = RequireNumber(ParseSum(), begin);
    if (!names_.emplace(name.text, value).second) Fail(name.begin, fmt::format("\"{}\" is defined twice", name.text));
  } while (Accept(","));
  Expect("in");
}

int ExpressionParser::ParseTruth() {
  const size_t begin = token_.begin;
  const int index = ParseIff();
  if (!token_.Is("when")) ExpectEnd();
  return RequireTruth(index, begin);
}

int ExpressionParser::ParseIff() {
  const size_t begin = token_.begin;
  int left = ParseImplication();
  while (token_.Is("<=>")) {
    RequireTruth(left, begin);
    Advance();
    const size_t right_begin = token_.begin;
    const int right = RequireTruth(ParseImplication(), right_begin);
    left = Add(Op::kAnd, {Implies(left, right, begin), Implies(right, left, begin), -1}, begin);
  }
  return left;
}

int ExpressionParser::Implies(int left, int right, size_t begin) {
  return Add(Op::kOr, {Add(Op::kNot, {left, -1, -1}, begin), right, -1}, begin);
}

int ExpressionParser::ParseImplication() {
  const size_t begin = token_.begin;
  const int left = ParseOr();
  if (!token_.Is("=>")) return left;
  RequireTruth(left, begin);
  Advance();
  const Level level(*this);
  const size_t right_begin = token_.begin;
  const int right = RequireTruth(ParseImplication(), right_begin);
  return Implies(left, right, begin);
}

int ExpressionParser::ParseOr() {
  const size_t begin = token_.begin;
  int left = ParseAnd();
  while (token_.Is("or") || token_.Is("||")) {
    RequireTruth(left, begin);
    Advance();
    const size_t right_begin = token_.begin;
    left = Add(Op::kOr, {left, RequireTruth(ParseAnd(), right_begin), -1}, begin);
  }
  return left;
}

int ExpressionParser::ParseAnd() {
  const size_t begin = token_.begin;
  int left = ParseComparison();
  while (token_.Is("and") || token_.Is("&&")) {
    RequireTruth(left, begin);
    Advance();
    const size_t right_begin = token_.begin;
    left = Add(Op::kAnd, {left, RequireTruth(ParseComparison(), right_begin), -1}, begin);
  }
  return left;
}

int ExpressionParser::ParseComparison() {
  const size_t begin = token_.begin;
  if (Accept("not") || Accept("!")) {
    const Level level(*this);
    const size_t operand = token_.begin;
    return Add(Op::kNot, {RequireTruth(ParseComparison(), operand), -1, -1}, begin);
  }
  static constexpr std::array<std::string_view, 8> kComparisons = {"===", "!==", "==", "!=", "<=", ">=", "<", ">"};
  int left = ParseSum(), chain = -1;
  size_t left_begin = begin;
  for (;;) {
    std::string_view symbol;
    for (std::string_view candidate : kComparisons) {
      if (token_.kind == TokenKind::kSymbol && token_.text == candidate) symbol = candidate;
    }
    if (symbol.empty()) return chain < 0 ? left : chain;
    RequireNumber(left, left_begin);
    const size_t at = token_.begin;
    Advance();
    const size_t right_begin = token_.begin;
    const int right = RequireNumber(ParseSum(), right_begin);
    const int link = Compare(symbol, left, right, left_begin, at);
    chain = chain < 0 ? link : Add(Op::kAnd, {chain, link, -1}, begin);
    left = right;
    left_begin = right_begin;
  }
}

int ExpressionParser::Compare(std::string_view symbol, int left, int right, size_t begin, size_t at) {
  const bool negated = symbol[0] == '!', swapped = symbol[0] == '>';
  if (swapped) std::swap(left, right);
  const bool equality = symbol[0] == '=' || negated;
  Op op = equality ? Op::kEqual : symbol.size() == 2 ? Op::kLessEqual : Op::kLess;
  if (equality && (symbol.size() == 3 || signed_zeros_)) op = Op::kSame;
  if (exact_) {
    if (symbol.size() == 3) Fail(at, fmt::format("\"{}\" inside real(): real numbers have one zero", symbol));
    op = equality ? Op::kExactEqual : symbol.size() == 2 ? Op::kExactLessEqual : Op::kExactLess;
  }
  const int result = Add(op, {left, right, -1}, begin);
  return negated ? Add(Op::kNot, {result, -1, -1}, begin) : result;
}

int ExpressionParser::ParseSum() {
  const size_t begin = token_.begin;
  int left = ParseProduct();
  while (token_.Is("+") || token_.Is("-")) {
    RequireNumber(left, begin);
    const bool plus = token_.Is("+");
    Advance();
    const size_t right_begin = token_.begin;
    const int right = RequireNumber(ParseProduct(), right_begin);
    const Op op = exact_ ? (plus ? Op::kExactAdd : Op::kExactSub) : (plus ? Op::kAdd : Op::kSub);
    left = Add(op, {left, right, -1}, begin);
  }
  return left;
}

int ExpressionParser::ParseProduct() {
  const size_t begin = token_.begin;
  int left = ParseUnary();
  while (token_.Is("*") || token_.Is("/")) {
    RequireNumber(left, begin);
    const bool times = token_.Is("*");
    if (exact_ && !times)
      Fail(token_.begin, "\"/\" inside real(): quotients are not computed exactly; multiply instead");
    Advance();
    const size_t right_begin = token_.begin;
    const int right = RequireNumber(ParseUnary(), right_begin);
    left = Add(exact_ ? Op::kExactMul : times ? Op::kMul : Op::kDiv, {left, right, -1}, begin);
  }
  return left;
}

int ExpressionParser::ParseUnary() {
  const size_t begin = token_.begin;
  if (!Accept("-")) return ParsePrimary();
  const Level level(*this);
  const size_t operand = token_.begin;
  const int value = RequireNumber(ParseUnary(), operand);
  return Add(exact_ ? Op::kExactNegate : Op::kNegate, {value, -1, -1}, begin);
}

}  // namespace fplab
