// Types, literals, names and functions of statements; see fparith/statement/expression.h.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/elaborator.h>

#include <algorithm>
#include <charconv>

#include <fplab/fparith/model/model.h>
#include <fplab/fparith/statement/exact_counterpart.h>
#include <fplab/fparith/statement/operations.h>
#include <fplab/fparith/statement/scale.h>
#include <fplab/fparith/statement/wide_operations.h>
#include <fplab/fparith/text/float_text.h>
#include <fplab/fparith/text/wide_text.h>

namespace fplab::statement {
namespace {

constexpr size_t kMaxLets = 200;

bool IsOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool IsArithmetic(std::string_view word) { return IsOneOf(word, {"+", "-", "*", "/", "%", "|", "^", "&", "<<", ">>"}); }

std::optional<Rounding> RoundingOf(Form form) {
  switch (form) {
    case Form::kUp:
      return Rounding::kUp;
    case Form::kDown:
      return Rounding::kDown;
    case Form::kToZero:
      return Rounding::kTowardZero;
    case Form::kToEven:
      return Rounding::kNearestEven;
    case Form::kToAway:
      return Rounding::kNearestAway;
    case Form::kToOdd:
      return Rounding::kToOdd;
    default:
      return std::nullopt;
  }
}

std::optional<Op> NumberOp(std::string_view word) {
  if (word == "+") return Op::kAdd;
  if (word == "-") return Op::kSub;
  if (word == "*") return Op::kMul;
  if (word == "/") return Op::kDiv;
  return std::nullopt;
}

std::optional<Op> ExactOp(std::string_view word) {
  if (word == "+") return Op::kExactAdd;
  if (word == "-") return Op::kExactSub;
  if (word == "*") return Op::kExactMul;
  return std::nullopt;
}

Op IntegerOp(std::string_view word) {
  if (word == "+") return Op::kIntAdd;
  if (word == "-") return Op::kIntSub;
  if (word == "*") return Op::kIntMul;
  if (word == "/") return Op::kIntDiv;
  if (word == "%") return Op::kIntRemainder;
  if (word == "|") return Op::kIntOr;
  if (word == "^") return Op::kIntXor;
  if (word == "&") return Op::kIntAnd;
  return word == "<<" ? Op::kIntShiftLeft : Op::kIntShiftRight;
}

// 2^(1-p), which is subnormal or zero in formats of few exponents: then the least number there is.
uint64_t Epsilon(const Format& format) {
  const int field = format.Bias() + 1 - format.precision;
  return field > 0 ? static_cast<uint64_t>(field) << format.FractionBits()
                   : ParseFloat(format, fmt::format("0x1p{}", 1 - format.precision));
}

}  // namespace

void Elaborator::SetOrigin(size_t origin, std::string where) {
  origin_ = origin;
  where_ = std::move(where);
}

void Elaborator::Fail(size_t at, const std::string& message) const {
  throw ExpressionError(at - std::min(at, origin_) + 1, message, where_);
}

int Elaborator::Add(Op op, const Type& type, std::array<int, 3> args, const Context& context, Span span,
                    uint64_t value) {
  Instruction instruction{op, type};
  if (IsUnderMode(op)) {
    instruction.ieee = context.ieee;
    instruction.rounding = context.rounding;
  }
  instruction.args = args;
  instruction.value = value;
  instruction.begin = span.begin;
  instruction.end = span.end;
  return builder_.Append(instruction);
}

int Elaborator::AddPlain(Op op, const Type& type, std::array<int, 3> args, Span span, uint64_t value) {
  return Add(op, type, args, {}, span, value);
}

int Elaborator::Truths(Op op, int a, int b, Span span) { return AddPlain(op, Type::Truth(), {a, b, -1}, span); }

int Elaborator::Implies(int left, int right, Span span) {
  return Truths(Op::kOr, Truths(Op::kNot, left, -1, span), right, span);
}

int Elaborator::Lift(int index, const Context& context, Span span) {
  if (!context.exact) return index;
  if (builder_.TypeAt(index).is_scale) index = AppendScaleValue(builder_, index, span);
  if (!builder_.TypeAt(index).IsFloat()) return index;
  return AddPlain(Op::kExactValue, Type::Exact(), {index, -1, -1}, span);
}

int Elaborator::RequireTruth(int index, const Node& node) const {
  if (builder_.TypeAt(index).kind != Kind::kTruth) {
    Fail(node.outer_begin, "this is a number; a statement that is true or false is expected (==, <, <=, =>, <=> ...)");
  }
  return index;
}

int Elaborator::RequireValue(int index, const Node& node) const {
  if (builder_.TypeAt(index).kind == Kind::kTruth)
    Fail(node.outer_begin, "this is true or false; a number is expected");
  return index;
}

void Elaborator::RequireNoError(int index, const Node& node) const {
  if (builder_.TypeAt(index).kind == Kind::kExact) {
    Fail(node.outer_begin,
         "this is an exact number: an error belongs into comparisons, and into + - * and unary - in them");
  }
}

int Elaborator::RequireExact(int index, const Node& node) const {
  RequireValue(index, node);
  if (builder_.TypeAt(index).kind != Kind::kExact) {
    Fail(node.outer_begin, "integers do not belong into real(): convert them, such as f64(...)");
  }
  return index;
}

int Elaborator::RequireFloat(int index, const Node& node) const {
  RequireValue(index, node);
  RequireNoError(index, node);
  const Type& type = builder_.TypeAt(index);
  if (type.IsInteger()) {
    Fail(node.outer_begin, fmt::format("this is {}; a floating-point number is expected: convert it, such as f32(...)",
                                       statement::Name(type)));
  }
  return index;
}

void Elaborator::RefuseScale(size_t at, std::string_view what) const {
  Fail(at, fmt::format("there is no {} of e8m0, which has comparisons, choices, isfinite, isnan, bits and conversions: "
                       "convert it, such as f32(...)",
                       what));
}

void Elaborator::RefuseWide(std::string_view what, const Type& type, const Node& of) const {
  Fail(of.begin, fmt::format("there is no {} of {}, which has + - * / sqrt fma, unary -, abs, copysign, minima and "
                             "maxima, comparisons, predicates and conversions: convert it, such as f64(...)",
                             what, statement::Name(type)));
}

int Elaborator::RequireNumber(int index, const Node& node, std::string_view what, const Node& of) const {
  RequireFloat(index, node);
  if (builder_.TypeAt(index).IsWide()) RefuseWide(what, builder_.TypeAt(index), of);
  return index;
}

int Elaborator::RequireInteger(int index, const Node& node) const {
  RequireValue(index, node);
  RequireNoError(index, node);
  const Type& type = builder_.TypeAt(index);
  if (!type.IsInteger() || type.is_scale) {
    Fail(node.outer_begin,
         fmt::format("this is {}; an integer is expected: i32(...), bits(...) or a variable such as n: i32",
                     statement::Name(type)));
  }
  return index;
}

void Elaborator::RequireArguments(const Node& node, size_t count) const {
  if (node.children.size() == count) return;
  Fail(
      node.children.size() > count ? node.children[count].begin : node.end - 1,
      fmt::format("{}() takes {} argument{}, found {}", node.word, count, count == 1 ? "" : "s", node.children.size()));
}

std::optional<size_t> Elaborator::FindLet(std::string_view name) const {
  for (size_t i = 0; i < visible_; ++i) {
    if (lets_[i]->name == name) return i;
  }
  return std::nullopt;
}

void Elaborator::Define(const Let& let) {
  if (lets_.size() >= kMaxLets) Fail(let.begin, fmt::format("more than {} names are defined", kMaxLets));
  const int value = Elaborate(let.value, {}, std::nullopt);
  lets_.push_back(&let);
  defined_.push_back({{Context{}, value}});
  visible_ = lets_.size();
}

int Elaborator::DefinedName(size_t let, const Context& context, Span span) {
  Context own = context;
  own.exact = own.wide_literals = false;
  for (const auto& [known, index] : defined_[let]) {
    if (known == own) return Lift(index, context, span);
  }
  const size_t visible = std::exchange(visible_, let);
  const int value = Elaborate(lets_[let]->value, own, std::nullopt);
  visible_ = visible;
  defined_[let].emplace_back(own, value);
  return Lift(value, context, span);
}

int Elaborator::Truth(const Node& node, const Context& context) {
  return RequireTruth(Elaborate(node, context, std::nullopt), node);
}

int Elaborator::Value(const Node& node, const Context& context, const Type& expected) {
  return RequireValue(Elaborate(node, context, expected), node);
}

int Elaborator::Elaborate(const Node& node, const Context& context, const Expected& expected) {
  switch (node.kind) {
    case NodeKind::kLiteral:
      return Literal(node, context, expected);
    case NodeKind::kName:
      return Name(node, context, expected);
    case NodeKind::kCall:
      return Call(node, context, expected);
    case NodeKind::kPrefix:
      return Prefix(node, context, expected);
    case NodeKind::kChain:
      return IsArithmetic(node.operators[0].word) ? Chain(node, context, expected) : Logic(node, context);
    case NodeKind::kComparison:
      return Comparison(node, context);
    case NodeKind::kImplication:
      return Implication(node, context);
    case NodeKind::kConditional:
      return Select(node, context, expected);
    case NodeKind::kWithin:
      break;
  }
  return Within(node, context);
}

bool Elaborator::IsFlexible(const Node& node) const {
  const auto all = [&] {
    return std::all_of(node.children.begin(), node.children.end(), [&](const Node& n) { return IsFlexible(n); });
  };
  switch (node.kind) {
    case NodeKind::kLiteral:
      return true;
    case NodeKind::kName:
      return IsConstant(node.word) && !FindLet(node.word);
    case NodeKind::kPrefix:
      return node.operators[0].word != "not" && all();
    case NodeKind::kChain:
      return IsArithmetic(node.operators[0].word) && all();
    case NodeKind::kCall: {
      const FunctionName* function = FindFunction(node.word);
      const std::optional<Form> form = FindForm(node.word);
      return ((function != nullptr && !IsPredicate(function->op)) || (form && RoundingOf(*form))) && all();
    }
    case NodeKind::kConditional:
      return IsFlexible(node.children[1]) && IsFlexible(node.children[2]);
    case NodeKind::kComparison:
    case NodeKind::kImplication:
    case NodeKind::kWithin:
      break;
  }
  return false;
}

bool Elaborator::IsError(const Node& node) const {
  const auto any = [&] {
    return std::any_of(node.children.begin(), node.children.end(), [&](const Node& n) { return IsError(n); });
  };
  if (node.kind == NodeKind::kName) {
    const std::optional<size_t> let = FindLet(node.word);
    return let && builder_.TypeAt(defined_[*let].front().second).kind == Kind::kExact;
  }
  if (node.kind == NodeKind::kCall) {
    const std::optional<Form> form = FindForm(node.word);
    return form && (*form == Form::kError || ((*form == Form::kIeee || RoundingOf(*form)) && any()));
  }
  return (node.kind == NodeKind::kPrefix || (node.kind == NodeKind::kChain && IsArithmetic(node.operators[0].word))) &&
         any();
}

Elaborator::Context Elaborator::Beside(std::span<const Node> nodes, const Context& context) const {
  if (context.exact || std::none_of(nodes.begin(), nodes.end(), [&](const Node& n) { return IsError(n); })) {
    return context;
  }
  Context inside = context;
  inside.exact = inside.wide_literals = true;
  return inside;
}

Elaborator::Indices Elaborator::Uniform(std::span<const Node> nodes, const Context& context, const Expected& expected) {
  Indices indices(nodes.size(), -1);
  std::optional<Type> type;
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (IsFlexible(nodes[i])) continue;
    indices[i] = RequireValue(Elaborate(nodes[i], context, expected), nodes[i]);
    RequireNoError(indices[i], nodes[i]);
    const Type& found = builder_.TypeAt(indices[i]);
    if (type && found != *type) {
      Fail(nodes[i].begin,
           fmt::format("this is {}, and what it is used with is {}: convert one of them, such as {}(...)",
                       statement::Name(found), statement::Name(*type), statement::Name(*type)));
    }
    type = found;
  }
  if (!type) type = expected.value_or(default_);
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (indices[i] < 0) indices[i] = Elaborate(nodes[i], context, type);
  }
  return indices;
}

WideBits Elaborator::FloatLiteral(const Node& node, const Type& type) {
  WideBits bits = 0;
  bool is_exact = true;
  try {
    bits = type.IsWide() ? ParseFloat(type.wide, node.word, &is_exact)
                         : WideBits{ParseFloat(type.format, node.word, Rounding::kNearestEven, &is_exact)};
  } catch (const Error& error) {
    Fail(node.begin, error.what());
  }
  if (is_exact) return bits;
  if (bits == 0) {
    Fail(node.begin, fmt::format("\"{}\" is too small for {}: it would become zero", node.word, statement::Name(type)));
  }
  const bool known = std::any_of(inexact_.begin(), inexact_.end(), [&](const InexactLiteral& literal) {
    return literal.text == node.word && literal.type == type;
  });
  if (!known) inexact_.push_back({std::string(node.word), type, bits});
  return bits;
}

// The magnitude that a literal of decimal or hexadecimal digits writes; hexadecimal ones may fill the type's bits.
uint64_t Elaborator::IntegerLiteral(const Node& node, const Type& type) const {
  const bool hex = node.word.starts_with("0x") || node.word.starts_with("0X");
  const std::string_view digits = node.word.substr(hex ? 2 : 0);
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
  if (digits.empty() || end != digits.data() + digits.size() || error == std::errc::invalid_argument) {
    Fail(node.begin,
         fmt::format("\"{}\" is used with {}: a whole number is expected", node.word, statement::Name(type)));
  }
  const uint64_t most = hex ? Type::Integer(type.width, false).Greatest() : type.Greatest();
  if (error != std::errc{} || value > most) {
    Fail(node.begin, fmt::format("\"{}\" does not fit into {}", node.word, statement::Name(type)));
  }
  return type.Wrap(value);
}

uint64_t Elaborator::ScaleLiteral(const Node& node) const {
  std::optional<uint64_t> scale;
  try {
    bool is_exact = true;
    const uint64_t number = ParseFloat(kBinary64, node.word, Rounding::kNearestEven, &is_exact);
    if (is_exact) scale = ScaleOf(number);
  } catch (const Error& error) {
    Fail(node.begin, error.what());
  }
  if (!scale) {
    Fail(node.begin,
         fmt::format("\"{}\" is used with e8m0: a power of two from 0x1p-127 to 0x1p127 is expected", node.word));
  }
  return *scale;
}

int Elaborator::Literal(const Node& node, const Context& context, const Expected& expected) {
  const Type type = context.wide_literals ? Type::Number(kBinary64) : expected.value_or(default_);
  if (type.is_scale) return Lift(builder_.Constant(type, ScaleLiteral(node), SpanOf(node)), context, SpanOf(node));
  if (type.IsInteger()) return builder_.Constant(type, IntegerLiteral(node, type), SpanOf(node));
  return Lift(builder_.Constant(type, FloatLiteral(node, type), SpanOf(node)), context, SpanOf(node));
}

std::optional<uint64_t> Elaborator::Landmark(const Node& node, const Format& format) const {
  if (node.word == "min_normal") return format.MinNormal();
  if (node.word == "min_subnormal") return format.MinSubnormal();
  if (node.word == "max") return format.MaxFinite();
  if (node.word == "eps") return Epsilon(format);
  if (node.word != "nan" && node.word != "inf") return std::nullopt;
  if (node.word == "nan") {
    if (!format.HasNan()) Fail(node.begin, fmt::format("{} has no NaN", fplab::Name(format)));
    return format.CanonicalNan();
  }
  if (!format.HasInfinity()) Fail(node.begin, fmt::format("{} has no infinity", fplab::Name(format)));
  return format.Infinity();
}

WideBits Elaborator::WideLandmark(const Node& node, const WideFormat& format) const {
  if (node.word == "min_normal") return format.MinNormal();
  if (node.word == "min_subnormal") return format.MinSubnormal();
  if (node.word == "max") return format.MaxFinite();
  if (node.word == "eps") return ParseFloat(format, fmt::format("0x1p{}", 1 - format.precision));
  return node.word == "nan" ? format.CanonicalNan() : format.Infinity();
}

int Elaborator::Name(const Node& node, const Context& context, const Expected& expected) {
  const std::optional<size_t> let = FindLet(node.word);
  if (!node.annotation.empty() && (let || IsReserved(node.word))) {
    Fail(node.begin, fmt::format("\"{}\" is no variable: a type after a colon belongs to one", node.word));
  }
  if (let) return DefinedName(*let, context, SpanOf(node));
  if (IsConstant(node.word)) {
    const Type type = expected && expected->IsFloat() ? *expected : default_;
    if (expected && expected->is_scale && IsOneOf(node.word, {"max", "nan"})) {
      const uint64_t pattern = node.word == "max" ? expected->Greatest() : Type::kScaleNan;
      return builder_.Constant(*expected, pattern, SpanOf(node));
    }
    if (expected && expected->IsInteger()) {
      Fail(node.begin,
           fmt::format("\"{}\" belongs to formats, and is used with {}", node.word, statement::Name(*expected)));
    }
    const WideBits bits = type.IsWide() ? WideLandmark(node, type.wide) : WideBits{*Landmark(node, type.format)};
    return Lift(builder_.Constant(type, bits, SpanOf(node)), context, SpanOf(node));
  }
  if (IsReserved(node.word)) {
    const bool is_called = FindIntegerConversion(node.word) || FindType(node.word);
    Fail(node.begin, is_called ? fmt::format("\"{}\" is a type: \"(\" is missing", node.word)
                               : fmt::format("\"{}\" does not belong here", node.word));
  }
  const Expected annotation = node.annotation.empty() ? std::nullopt : FindType(node.annotation);
  const Type unless_said = expected && expected->IsInteger() ? *expected : default_;
  return Lift(builder_.Variable(node.word, annotation, unless_said, SpanOf(node)), context, SpanOf(node));
}

int Elaborator::Prefix(const Node& node, const Context& context, const Expected& expected) {
  const std::string_view word = node.operators[0].word;
  const Node& operand = node.children[0];
  if (word == "not") return Truths(Op::kNot, Truth(operand, context), -1, SpanOf(node));
  if (word == "-" && operand.kind == NodeKind::kLiteral && expected && expected->IsInteger() && !expected->is_scale) {
    // The least integer of a type has a magnitude that the type lacks.
    const Type magnitude = Type::Integer(expected->width, false);
    const uint64_t value = IntegerLiteral(operand, magnitude);
    if (value > magnitude.Wrap(0 - expected->Least())) {
      Fail(node.begin, fmt::format("\"-{}\" does not fit into {}", operand.word, statement::Name(*expected)));
    }
    return builder_.Constant(*expected, expected->Wrap(0 - value), SpanOf(node));
  }
  const int value = RequireValue(Elaborate(operand, context, expected), operand);
  const Type type = builder_.TypeAt(value);
  if (type.is_scale) RefuseScale(node.begin, fmt::format("unary {}", word));
  if (word == "~") return AddPlain(Op::kIntNot, type, {RequireInteger(value, operand), -1, -1}, SpanOf(node));
  const Op op = type.IsInteger() ? Op::kIntNegate : type.IsFloat() ? Op::kNegate : Op::kExactNegate;
  return AddPlain(op, type, {value, -1, -1}, SpanOf(node));
}

int Elaborator::Arithmetic(const Operator& operation, int a, int b, const Context& context, Span span) {
  const Type& type = builder_.TypeAt(a);
  if (type.kind == Kind::kExact) {
    if (const std::optional<Op> op = ExactOp(operation.word)) return AddPlain(*op, type, {a, b, -1}, span);
    if (operation.word == "/") {
      Fail(operation.begin, "\"/\" inside real(): quotients are not computed exactly; multiply instead");
    }
  } else if (type.is_scale) {
    RefuseScale(operation.begin, fmt::format("\"{}\"", operation.word));
  } else if (type.IsInteger()) {
    return AddPlain(IntegerOp(operation.word), type, {a, b, -1}, span);
  } else if (const std::optional<Op> op = NumberOp(operation.word)) {
    return Add(*op, type, {a, b, -1}, context, span);
  }
  Fail(operation.begin, operation.word == "%"
                            ? "\"%\" is of integers: rem(a,b) or fmod(a,b) of floating-point numbers"
                            : fmt::format("\"{}\" is of integers: bits(a) is a number's pattern", operation.word));
}

int Elaborator::Chain(const Node& node, const Context& outside, const Expected& expected) {
  const Context context = Beside(node.children, outside);
  const bool shift = IsOneOf(node.operators[0].word, {"<<", ">>"});
  Indices values;
  if (context.exact) {
    for (const Node& child : node.children) {
      values.push_back(RequireExact(Elaborate(child, context, expected), child));
    }
  } else if (shift) {
    values.push_back(RequireInteger(Elaborate(node.children[0], context, expected), node.children[0]));
    for (size_t i = 1; i < node.children.size(); ++i) {
      const Node& count = node.children[i];
      values.push_back(RequireInteger(Elaborate(count, context, builder_.TypeAt(values[0])), count));
    }
  } else {
    values = Uniform(node.children, context, expected);
  }
  int left = values[0];
  for (size_t i = 1; i < values.size(); ++i) {
    left = Arithmetic(node.operators[i - 1], left, values[i], context, {node.begin, node.children[i].outer_end});
  }
  return left;
}

int Elaborator::Logic(const Node& node, const Context& context) {
  int left = Truth(node.children[0], context);
  for (size_t i = 1; i < node.children.size(); ++i) {
    const int right = Truth(node.children[i], context);
    const Span span{node.begin, node.children[i].outer_end};
    const std::string_view word = node.operators[i - 1].word;
    if (word == "<=>") {
      left = Truths(Op::kAnd, Implies(left, right, span), Implies(right, left, span), span);
    } else {
      left = Truths(IsOneOf(word, {"and", "&&"}) ? Op::kAnd : Op::kOr, left, right, span);
    }
  }
  return left;
}

int Elaborator::Implication(const Node& node, const Context& context) {
  const int left = Truth(node.children[0], context);
  return Implies(left, Truth(node.children[1], context), SpanOf(node));
}

int Elaborator::Comparison(const Node& node, const Context& outside) {
  const Context context = Beside(node.children, outside);
  Indices values;
  if (context.exact) {
    for (const Node& child : node.children) {
      values.push_back(RequireExact(Elaborate(child, context, std::nullopt), child));
    }
  } else {
    values = Uniform(node.children, context, std::nullopt);
  }
  int chain = -1;
  for (size_t i = 1; i < values.size(); ++i) {
    const Span span{node.children[i - 1].outer_begin, node.children[i].outer_end};
    const bool exact = builder_.TypeAt(values[i]).kind == Kind::kExact;
    const Operator& link = node.operators[i - 1];
    const int compared =
        exact ? CompareExact(link, values[i - 1], values[i], span) : Compare(link, values[i - 1], values[i], span);
    chain = chain < 0 ? compared : Truths(Op::kAnd, chain, compared, {node.begin, span.end});
  }
  return chain;
}

int Elaborator::Compare(const Operator& link, int left, int right, Span span) {
  const std::string_view symbol = link.word;
  const bool negated = symbol[0] == '!', equality = symbol[0] == '=' || negated;
  if (symbol[0] == '>') std::swap(left, right);
  Op op = equality ? Op::kEqual : symbol.size() == 2 ? Op::kLessEqual : Op::kLess;
  if (equality && (symbol.size() == 3 || signed_zeros_)) op = Op::kSame;
  if (builder_.TypeAt(left).is_scale && !equality) {
    return AppendScaleIsLess(builder_, left, right, symbol.size() == 2, span);
  }
  if (builder_.TypeAt(left).IsInteger()) {
    op = equality ? Op::kIntEqual : symbol.size() == 2 ? Op::kIntLessEqual : Op::kIntLess;
  }
  const int result = Truths(op, left, right, span);
  return negated ? Truths(Op::kNot, result, -1, span) : result;
}

int Elaborator::CompareExact(const Operator& link, int left, int right, Span span) {
  const std::string_view symbol = link.word;
  if (symbol.size() == 3) {
    Fail(link.begin, fmt::format("\"{}\" inside real(): real numbers have one zero", symbol));
  }
  if (symbol[0] == '>') std::swap(left, right);
  const bool negated = symbol[0] == '!';
  const Op op = symbol[0] == '=' || negated ? Op::kExactEqual
                : symbol.size() == 2        ? Op::kExactLessEqual
                                            : Op::kExactLess;
  const int result = Truths(op, left, right, span);
  return negated ? Truths(Op::kNot, result, -1, span) : result;
}

int Elaborator::Select(const Node& node, const Context& context, const Expected& expected) {
  if (context.exact) Fail(node.begin, "a choice inside real() is not exact; give its result a name with let");
  const int condition = Truth(node.children[0], context);
  const Indices values = Uniform(std::span(node.children).subspan(1), context, expected);
  return AddPlain(Op::kSelect, builder_.TypeAt(values[0]), {condition, values[0], values[1]}, SpanOf(node));
}

int Elaborator::Within(const Node& node, const Context& context) {
  if (context.exact) Fail(node.begin, "ulps inside real() belong to no format");
  const Indices values = Uniform(std::span(node.children).first(2), context, std::nullopt);
  RequireNumber(values[0], node.children[0], "distance in ulps", node);
  const Type steps = Type::Integer(64, false);
  const int distance = AddPlain(Op::kUlps, steps, {values[0], values[1], -1}, SpanOf(node));
  const int most = RequireInteger(Elaborate(node.children[2], context, steps), node.children[2]);
  if (builder_.TypeAt(most) != steps) Fail(node.children[2].begin, "a number of ulps is u64");
  return Truths(Op::kIntLessEqual, distance, most, SpanOf(node));
}

int Elaborator::Call(const Node& node, const Context& context, const Expected& expected) {
  if (const std::optional<Form> form = FindForm(node.word)) return Special(node, *form, context, expected);
  if (const FunctionName* function = FindFunction(node.word)) return Function(node, *function, context, expected);
  if (const auto conversion = FindIntegerConversion(node.word)) {
    return Conversion(node, conversion->type, conversion->out_of_range, context);
  }
  if (const std::optional<Type> type = FindType(node.word)) return Conversion(node, *type, OutOfRange::kX86, context);
  for (size_t i = 0; i < outside_.size(); ++i) {
    if (outside_[i].name == node.word) return Outside(node, i, context, expected);
  }
  const std::string_view nearest = NearestFunction(node.word);
  Fail(node.begin, nearest.empty() ? fmt::format("\"{}\" is not a function", node.word)
                                   : fmt::format("\"{}\" is not a function; is {}() meant?", node.word, nearest));
}

void Elaborator::CheckAvailable(Op op, const Type& type, const Node& node) const {
  if (type.IsWide()) {
    if (!HasWideOperation(op)) RefuseWide(fmt::format("{}()", node.word), type, node);
    return;
  }
  const Format& format = type.format;
  const bool missing = (op == Op::kThroughF16c && format != kBinary16) ||
                       (op == Op::kThroughBf16 && format != kBfloat16) ||
                       (IsLibm(op) && format != kBinary32 && format != kBinary64);
  if (missing) Fail(node.begin, fmt::format("{}() is not defined for {}", node.word, fplab::Name(format)));
}

int Elaborator::Function(const Node& node, const FunctionName& function, const Context& context,
                         const Expected& expected) {
  const bool lifted = context.exact && (function.exact_op != function.op || function.op == Op::kFma);
  const bool on_bits = function.op >= Op::kNegate && function.op <= Op::kLogB;
  if (context.exact && !lifted && !on_bits) {
    Fail(node.begin, fmt::format("{}() inside real() is not exact; give its result a name with let", node.word));
  }
  RequireArguments(node, static_cast<size_t>(function.arity));
  Context inner = context;
  inner.exact = lifted;
  inner.wide_literals = lifted && context.wide_literals;
  Indices values;
  if (lifted) {
    for (const Node& child : node.children)
      values.push_back(RequireExact(Elaborate(child, inner, std::nullopt), child));
  } else {
    const bool takes_number = expected && expected->IsFloat() && !IsPredicate(function.op);
    values = Uniform(node.children, inner, takes_number ? expected : std::nullopt);
    if (builder_.TypeAt(values[0]).is_scale) return OfScale(node, function.op, values[0]);
    RequireFloat(values[0], node.children[0]);
    CheckAvailable(function.op, builder_.TypeAt(values[0]), node);
  }
  values.resize(3, -1);
  const std::array<int, 3> args = {values[0], values[1], values[2]};
  const Span span = SpanOf(node);
  if (lifted && function.op == Op::kFma) {
    const int product = AddPlain(Op::kExactMul, Type::Exact(), {args[0], args[1], -1}, span);
    return AddPlain(Op::kExactAdd, Type::Exact(), {product, args[2], -1}, span);
  }
  if (lifted) return AddPlain(function.exact_op, Type::Exact(), args, span);
  const Type type = IsPredicate(function.op) ? Type::Truth() : builder_.TypeAt(args[0]);
  return Lift(Add(function.op, type, args, context, span), context, span);
}

int Elaborator::OfScale(const Node& node, Op op, int scale) {
  const Span span = SpanOf(node);
  if (op == Op::kIsNan) return AppendScaleIsNan(builder_, scale, span);
  if (op == Op::kIsFinite) return Truths(Op::kNot, AppendScaleIsNan(builder_, scale, span), -1, span);
  RefuseScale(node.begin, fmt::format("{}()", node.word));
}

int Elaborator::Outside(const Node& node, size_t function, const Context& context, const Expected& expected) {
  if (context.exact) {
    Fail(node.begin, fmt::format("{}() inside real() is not exact; give its result a name with let", node.word));
  }
  if (node.children.empty() || node.children.size() > OutsideFunction::kMostArguments) {
    Fail(node.begin, fmt::format("{}() takes 1 to {} arguments", node.word, OutsideFunction::kMostArguments));
  }
  const Indices values = Uniform(node.children, context, expected && expected->IsNumber() ? expected : std::nullopt);
  RequireFloat(values[0], node.children[0]);
  const Type type = builder_.TypeAt(values[0]);
  CheckAvailable(Op::kOutside, type, node);
  int last = -1;
  for (size_t i = 0; i < values.size(); ++i) {
    last = AddPlain(Op::kArgument, type, {values[i], last, -1}, SpanOf(node.children[i]));
  }
  return Add(Op::kOutside, type, {last, -1, -1}, context, SpanOf(node), function);
}

// A literal inside a conversion is one of its type.
int Elaborator::Conversion(const Node& node, const Type& type, OutOfRange out_of_range, const Context& context) {
  RequireArguments(node, 1);
  const Node& operand = node.children[0];
  const Span span = SpanOf(node);
  Context inner = context;
  inner.exact = inner.wide_literals = false;
  const bool flexible = IsFlexible(operand) && out_of_range == OutOfRange::kX86;
  // A scale has no place for most literals: to it they are numbers that are rounded.
  const Expected literal = type.is_scale ? Type::Number(kBinary64) : type;
  const int value = RequireValue(Elaborate(operand, inner, flexible ? literal : std::nullopt), operand);
  RequireNoError(value, operand);
  const Type& from = builder_.TypeAt(value);
  if (context.exact && from != type) {
    Fail(node.begin, fmt::format("{}() inside real() is not exact; give its result a name with let", node.word));
  }
  if (from == type) return Lift(value, context, span);
  if (type.is_scale) return ToScale(value, out_of_range, inner, span);
  if (from.is_scale) return FromScale(value, type, out_of_range, inner, span);
  if (type.IsFloat()) {
    return Add(from.IsFloat() ? Op::kConvert : Op::kFromInteger, type, {value, -1, -1}, inner, span);
  }
  if (from.IsInteger()) return AddPlain(Op::kIntConvert, type, {value, -1, -1}, span);
  return AddPlain(Op::kToInteger, type, {value, -1, -1}, span, static_cast<uint64_t>(out_of_range));
}

int Elaborator::ToScale(int value, OutOfRange out_of_range, const Context& context, Span span) {
  const Type number = Type::Number(kBinary64);
  const Type& from = builder_.TypeAt(value);
  if (from != number) {
    // What binary64 does not hold is rounded to odd on its way, so that the second rounding alone counts.
    Context on_the_way = context;
    const bool may_round = from.IsWide() || (from.IsInteger() && from.width == 64);
    if (may_round) on_the_way.rounding = Rounding::kToOdd;
    value = Add(from.IsFloat() ? Op::kConvert : Op::kFromInteger, number, {value, -1, -1}, on_the_way,
                {span.end, span.end});
  }
  return AppendScale(builder_, value, {context.ieee, context.rounding, out_of_range == OutOfRange::kSaturate}, span);
}

int Elaborator::FromScale(int scale, const Type& type, OutOfRange out_of_range, const Context& context, Span span) {
  const bool is_last = type == Type::Number(kBinary64);
  const int value = AppendScaleValue(builder_, scale, is_last ? span : Span{span.end, span.end});
  if (is_last) return value;
  if (type.IsFloat()) return Add(Op::kConvert, type, {value, -1, -1}, context, span);
  return AddPlain(Op::kToInteger, type, {value, -1, -1}, span, static_cast<uint64_t>(out_of_range));
}

int Elaborator::Special(const Node& node, Form form, const Context& context, const Expected& expected) {
  const Span span = SpanOf(node);
  Context inner = context;
  inner.exact = inner.wide_literals = false;
  if (const std::optional<Rounding> rounding = RoundingOf(form)) {
    RequireArguments(node, 1);
    inner.rounding = rounding;
    return Lift(Elaborate(node.children[0], inner, expected), context, span);
  }
  switch (form) {
    case Form::kIeee:
      RequireArguments(node, 1);
      inner = {true, std::nullopt, false};
      return Lift(Elaborate(node.children[0], inner, expected), context, span);
    case Form::kReal:
      RequireArguments(node, 1);
      inner.exact = true;
      return Truth(node.children[0], inner);
    case Form::kRounded: {
      RequireArguments(node, 1);
      inner.exact = true;
      const int value = RequireExact(Elaborate(node.children[0], inner, std::nullopt), node.children[0]);
      const Type type = expected && expected->IsNumber() ? *expected : default_;
      if (type.IsWide()) RefuseWide("rounded()", type, node);
      return Lift(AddPlain(Op::kRounded, type, {value, -1, -1}, span), context, span);
    }
    case Form::kExact: {
      RequireArguments(node, 1);
      const int value = RequireFloat(Elaborate(node.children[0], inner, std::nullopt), node.children[0]);
      const int was_exact = WasExact(value, span);
      if (was_exact < 0) {
        Fail(node.children[0].begin,
             "exact() takes one operation: a + b, a - b, a * b, a / b, fma(a,b,c), sqrt(a) or a conversion");
      }
      return was_exact;
    }
    case Form::kError:
      return ErrorOf(node, inner, span);
    case Form::kThroughWide:
      return Lift(ThroughWide(node, inner, expected), context, span);
    default:
      break;
  }
  if (context.exact) {
    Fail(node.begin, fmt::format("{}() inside real() is not exact; give its result a name with let", node.word));
  }
  switch (form) {
    case Form::kSelect:
      RequireArguments(node, 3);
      return Select(node, context, expected);
    case Form::kBits: {
      RequireArguments(node, 1);
      const int operand = Elaborate(node.children[0], context, std::nullopt);
      if (builder_.TypeAt(operand).is_scale) {
        return AddPlain(Op::kIntConvert, Type::Integer(8, false), {operand, -1, -1}, span);
      }
      const int value = RequireNumber(operand, node.children[0], "bits()", node);
      return AddPlain(Op::kBits, BitsType(builder_.TypeAt(value).format), {value, -1, -1}, span);
    }
    case Form::kFromBits:
      return FromBits(node, context, expected);
    case Form::kUlps: {
      RequireArguments(node, 2);
      const Indices values = Uniform(node.children, context, std::nullopt);
      RequireNumber(values[0], node.children[0], "ulps()", node);
      return AddPlain(Op::kUlps, Type::Integer(64, false), {values[0], values[1], -1}, span);
    }
    case Form::kScale: {
      RequireArguments(node, 2);
      const int value =
          RequireNumber(Elaborate(node.children[0], context, expected), node.children[0], "ldexp()", node);
      const int exponent =
          RequireInteger(Elaborate(node.children[1], context, Type::Integer(32, true)), node.children[1]);
      return Add(Op::kScale, builder_.TypeAt(value), {value, exponent, -1}, context, span);
    }
    case Form::kFlags:
      RequireArguments(node, 1);
      return Flags(node.children[0], context, span);
    case Form::kRaises:
      return Raises(node, context);
    case Form::kDot:
    case Form::kDotFma:
      return Dot(node, form, context, expected);
    default:
      return Sum(node, form, context, expected);
  }
}

int Elaborator::WasExact(int index, Span span) {
  const Instruction operation = builder_.At(index);
  const auto lift = [&](int i) { return AddPlain(Op::kExactValue, Type::Exact(), {i, -1, -1}, span); };
  const auto equal = [&](int a, int b) { return Truths(Op::kExactEqual, a, b, span); };
  const auto exactly = [&](Op op, int a, int b) { return AddPlain(op, Type::Exact(), {a, b, -1}, span); };
  const auto argument = [&](size_t i) { return lift(operation.args[i]); };
  switch (operation.op) {
    case Op::kAdd:
      return equal(lift(index), exactly(Op::kExactAdd, argument(0), argument(1)));
    case Op::kSub:
      return equal(lift(index), exactly(Op::kExactSub, argument(0), argument(1)));
    case Op::kMul:
      return equal(lift(index), exactly(Op::kExactMul, argument(0), argument(1)));
    case Op::kDiv:
      return equal(exactly(Op::kExactMul, lift(index), argument(1)), argument(0));
    case Op::kSqrt:
      return equal(exactly(Op::kExactMul, lift(index), lift(index)), argument(0));
    case Op::kFma: {
      const int product = exactly(Op::kExactMul, argument(0), argument(1));
      return equal(lift(index), exactly(Op::kExactAdd, product, argument(2)));
    }
    case Op::kConvert:
      return equal(lift(index), argument(0));
    default:
      return -1;
  }
}

int Elaborator::ErrorOf(const Node& node, const Context& context, Span span) {
  RequireArguments(node, 1);
  const int value = RequireFloat(Elaborate(node.children[0], context, std::nullopt), node.children[0]);
  const int refused = FindWithoutCounterpart(builder_, value);
  if (refused >= 0) {
    Fail(builder_.At(refused).begin,
         "the real value of this is no fraction that error() has: it is asked of + - * / fma, abs, minima and maxima, "
         "conversions between formats and choices");
  }
  return AddPlain(Op::kExactError, Type::Exact(), {value, AppendExactCounterpart(builder_, value), -1}, span);
}

int Elaborator::FromBits(const Node& node, const Context& context, const Expected& expected) {
  Type type = expected && expected->IsNumber() ? *expected : default_;
  if (node.children.size() == 2) {
    const Node& named = node.children[1];
    const std::optional<Type> found = named.kind == NodeKind::kName ? FindType(named.word) : std::nullopt;
    if (!found || !(found->IsNumber() || found->is_scale)) {
      Fail(named.begin, "a format is expected: from_bits(n, f16)");
    }
    type = *found;
  } else {
    RequireArguments(node, 1);
  }
  if (type.IsWide()) RefuseWide("from_bits()", type, node);
  const Node& operand = node.children[0];
  const Type bits = type.is_scale ? Type::Integer(8, false) : BitsType(type.format);
  const int value = RequireInteger(Elaborate(operand, context, bits), operand);
  if (builder_.TypeAt(value).width != bits.width) {
    Fail(operand.outer_begin,
         fmt::format("this is {}; the bits of {} are {}: convert one of them", statement::Name(builder_.TypeAt(value)),
                     statement::Name(type), statement::Name(bits)));
  }
  return AddPlain(type.is_scale ? Op::kIntConvert : Op::kFromBits, type, {value, -1, -1}, SpanOf(node));
}

int Elaborator::Flags(const Node& of, const Context& context, Span span) {
  const Type type = Type::Integer(8, false);
  const int value = Elaborate(of, context, std::nullopt);
  int all = -1;
  for (const int index : builder_.Under(value)) {
    if (!IsUnderMode(builder_.At(index).op)) continue;
    const int one = AddPlain(Op::kFlags, type, {index, -1, -1}, span);
    all = all < 0 ? one : AddPlain(Op::kIntOr, type, {all, one, -1}, span);
  }
  return all < 0 ? builder_.Constant(type, 0, span) : all;
}

int Elaborator::Raises(const Node& node, const Context& context) {
  static constexpr std::array<std::pair<std::string_view, model::Flags>, 5> kNames = {
      {{"inexact", model::kInexact},
       {"underflow", model::kUnderflow},
       {"overflow", model::kOverflow},
       {"divide_by_zero", model::kDivideByZero},
       {"invalid", model::kInvalid}}};
  RequireArguments(node, 2);
  const Span span = SpanOf(node);
  for (const auto& [name, flag] : kNames) {
    if (node.children[0].kind != NodeKind::kName || node.children[0].word != name) continue;
    const int flags = Flags(node.children[1], context, span);
    const Type& type = builder_.TypeAt(flags);
    const int masked = AddPlain(Op::kIntAnd, type, {flags, builder_.Constant(type, flag, span), -1}, span);
    return Truths(Op::kNot, Truths(Op::kIntEqual, masked, builder_.Constant(type, 0, span), span), -1, span);
  }
  Fail(node.children[0].begin, "expected inexact, underflow, overflow, divide_by_zero or invalid");
}

int Elaborator::Sum(const Node& node, Form form, const Context& context, const Expected& expected) {
  if (node.children.empty()) Fail(node.end - 1, fmt::format("{}() takes one number or more", node.word));
  Indices terms = Uniform(node.children, context, expected);
  RequireFloat(terms[0], node.children[0]);
  const Type type = builder_.TypeAt(terms[0]);
  const Span span = SpanOf(node);
  const auto add = [&](int a, int b) { return Add(Op::kAdd, type, {a, b, -1}, context, span); };
  if (form == Form::kSum) {
    int sum = terms[0];
    for (size_t i = 1; i < terms.size(); ++i) sum = add(sum, terms[i]);
    return sum;
  }
  if (form == Form::kSumPairs) {
    while (terms.size() > 1) {
      Indices sums;
      for (size_t i = 0; i + 1 < terms.size(); i += 2) sums.push_back(add(terms[i], terms[i + 1]));
      if (terms.size() % 2 != 0) sums.push_back(terms.back());
      terms = std::move(sums);
    }
    return terms[0];
  }
  const auto tree = [&](const auto& self, std::span<const int> part) -> int {
    if (part.size() == 1) return part[0];
    const size_t half = (part.size() + 1) / 2;
    const int left = self(self, part.first(half));
    return add(left, self(self, part.subspan(half)));
  };
  return tree(tree, terms);
}

int Elaborator::Dot(const Node& node, Form form, const Context& context, const Expected& expected) {
  if (node.children.empty() || node.children.size() % 2 != 0) {
    Fail(node.end - 1, fmt::format("{}() takes pairs: an even number of arguments", node.word));
  }
  const Indices values = Uniform(node.children, context, expected);
  RequireFloat(values[0], node.children[0]);
  const Type type = builder_.TypeAt(values[0]);
  const Span span = SpanOf(node);
  const auto product = [&](size_t i) { return Add(Op::kMul, type, {values[i], values[i + 1], -1}, context, span); };
  int sum = product(0);
  for (size_t i = 2; i < values.size(); i += 2) {
    sum = form == Form::kDotFma ? Add(Op::kFma, type, {values[i], values[i + 1], sum}, context, span)
                                : Add(Op::kAdd, type, {sum, product(i), -1}, context, span);
  }
  return sum;
}

int Elaborator::ThroughWide(const Node& node, const Context& context, const Expected& expected) {
  RequireArguments(node, 1);
  const int value =
      RequireNumber(Elaborate(node.children[0], context, expected), node.children[0], "through_wide()", node);
  const Type type = builder_.TypeAt(value);
  if (type.format.exponent_bits > 10 || type.format.precision > 52) {
    Fail(node.begin, fmt::format("{}() is not defined for {}", node.word, statement::Name(type)));
  }
  const Span span = SpanOf(node);
  const int wide = Add(Op::kConvert, Type::Number(NextWiderFormat(type.format)), {value, -1, -1}, context, span);
  return Add(Op::kConvert, type, {wide, -1, -1}, context, span);
}

}  // namespace fplab::statement
