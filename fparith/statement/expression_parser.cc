// The grammar of statements, by recursive descent; see fparith/statement/expression.h.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/expression_parser.h>

#include <array>
#include <utility>

#include <fplab/fparith/statement/expression_vocabulary.h>
#include <fplab/fparith/text/float_text.h>

namespace fplab::statement {
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

int ExpressionParser::Lift(int index, size_t begin) {
  const bool number = builder_.KindAt(index) == Kind::kNumber;
  return exact_ && number ? builder_.Exact(index, SpanFrom(begin)) : index;
}

int ExpressionParser::ParsePrimary() {
  const Level level(*this);
  const Token first = token_;
  if (Accept("(")) {
    const int inner = ParseIff();
    Expect(")");
    return inner;
  }
  if (first.kind == TokenKind::kNumber) return ParseLiteral();
  if (first.kind != TokenKind::kName) {
    Fail(first.begin, fmt::format("expected a number, a name or \"(\", found {}", Quoted(first)));
  }
  Advance();
  return token_.Is("(") ? ParseCall(first) : ParseName(first);
}

int ExpressionParser::ParseLiteral() {
  const Token literal = token_;
  uint64_t bits = 0;
  bool is_exact = true;
  try {
    bits = ParseFloat(format_, literal.text, Rounding::kNearestEven, &is_exact);
  } catch (const Error& error) {
    Fail(literal.begin, error.what());
  }
  if (format_.IsZero(bits) && !is_exact) {
    Fail(literal.begin,
         fmt::format("\"{}\" is too small for {}: it would become zero", literal.text, fplab::Name(format_)));
  }
  Advance();
  return Lift(builder_.Constant(bits, SpanFrom(literal.begin)), literal.begin);
}

int ExpressionParser::ParseName(const Token& name) {
  const ExpressionBuilder::Span span = SpanFrom(name.begin);
  if (const auto found = names_.find(name.text); found != names_.end()) return Lift(found->second, name.begin);
  if (name.text == "min_normal") return Lift(builder_.Constant(format_.MinNormal(), span), name.begin);
  if (name.text == "min_subnormal") return Lift(builder_.Constant(format_.MinSubnormal(), span), name.begin);
  if (name.text == "max") return Lift(builder_.Constant(format_.MaxFinite(), span), name.begin);
  if (name.text == "eps") return Lift(builder_.Constant(Epsilon(), span), name.begin);
  if (name.text == "inf" || name.text == "nan" || name.text == "infinity") {
    Fail(name.begin, fmt::format("\"{}\" is not a finite number", name.text));
  }
  if (IsReserved(name.text)) {
    const bool is_function = FindFunction(name.text) != nullptr;
    Fail(name.begin, is_function ? fmt::format("\"{}\" is a function: \"(\" is missing", name.text)
                                 : fmt::format("\"{}\" does not belong here", name.text));
  }
  return Lift(builder_.Variable(name.text, span), name.begin);
}

// 2^(1-p), which is subnormal or zero in formats of few exponents: then the least number there is.
uint64_t ExpressionParser::Epsilon() const {
  const int field = format_.Bias() + 1 - format_.precision;
  return field > 0 ? static_cast<uint64_t>(field) << format_.FractionBits()
                   : ParseFloat(format_, fmt::format("0x1p{}", 1 - format_.precision));
}

int ExpressionParser::ParseCall(const Token& name) {
  const bool outer_exact = exact_;
  if (name.text == "real" || name.text == "rounded" || name.text == "ieee" || name.text == "exact") {
    return ParseContext(name);
  }
  const FunctionName* function = FindFunction(name.text);
  if (function == nullptr) Fail(name.begin, fmt::format("\"{}\" is not a function", name.text));
  const bool lifted = outer_exact && (function->exact_op != function->op || function->op == Op::kFma);
  const bool on_bits = function->op >= Op::kNegate && function->op <= Op::kUlp;
  if (outer_exact && !lifted && !on_bits) {
    Fail(name.begin, fmt::format("{}() inside real() is not exact; give its result a name with let", name.text));
  }
  CheckAvailable(function->op, name);
  exact_ = lifted;
  Expect("(");
  std::array<int, 3> args = {-1, -1, -1};
  for (int i = 0; i < function->arity; ++i) {
    if (i > 0) Expect(",");
    const size_t begin = token_.begin;
    args[static_cast<size_t>(i)] = RequireNumber(ParseSum(), begin);
  }
  Expect(")");
  exact_ = outer_exact;
  if (lifted && function->op == Op::kFma) {
    return Add(Op::kExactAdd, {Add(Op::kExactMul, {args[0], args[1], -1}, name.begin), args[2], -1}, name.begin);
  }
  return Lift(Add(lifted ? function->exact_op : function->op, args, name.begin), name.begin);
}

void ExpressionParser::CheckAvailable(Op op, const Token& name) const {
  const bool missing = (op == Op::kThroughF16c && format_ != kBinary16) ||
                       (op == Op::kThroughBf16 && format_ != kBfloat16) ||
                       (op == Op::kThroughWide && (format_.exponent_bits > 10 || format_.precision > 52)) ||
                       (IsLibm(op) && format_ != kBinary32 && format_ != kBinary64);
  if (missing) Fail(name.begin, fmt::format("{}() is not defined for {}", name.text, fplab::Name(format_)));
}

// real(truth), rounded(number), ieee(anything), exact(operation).
int ExpressionParser::ParseContext(const Token& name) {
  const bool outer_exact = exact_;
  exact_ = name.text == "real" || name.text == "rounded";
  Expect("(");
  const size_t begin = token_.begin;
  int inner = ParseIff();
  Expect(")");
  exact_ = outer_exact;
  if (name.text == "real") return RequireTruth(inner, begin);
  if (name.text == "ieee") return Lift(builder_.InIeee(inner), name.begin);
  RequireNumber(inner, begin);
  if (name.text == "rounded") return Lift(Add(Op::kRounded, {inner, -1, -1}, name.begin), name.begin);
  inner = builder_.WasExact(inner, SpanFrom(name.begin));
  if (inner < 0) Fail(begin, "exact() takes one operation: a + b, a - b, a * b, a / b, fma(a,b,c) or sqrt(a)");
  return inner;
}

}  // namespace fplab::statement
