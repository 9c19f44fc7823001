// The leaves of statements: literals, names, calls, and the contexts real(), rounded(), ieee() and exact().
#include <array>

#include "fparith/expression_parser.h"
#include "fparith/expression_vocabulary.h"
#include "fparith/float_text.h"

namespace fplab {

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

}  // namespace fplab
