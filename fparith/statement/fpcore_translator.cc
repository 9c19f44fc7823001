// From FPCore to text: contexts, names, and an operation at a time.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/fpcore_translator.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/mode.h>
#include <fplab/fparith/statement/ascii.h>
#include <fplab/fparith/statement/fpcore_number.h>
#include <fplab/fparith/statement/fpcore_vocabulary.h>
#include <fplab/fparith/statement/vocabulary.h>

namespace fplab::statement {
namespace {

// What the properties around an expression say.
struct Context {
  Type format = Type::Number(kBinary64);
  std::optional<Rounding> rounding;  // nullopt: that of the mode
  bool decides = false;              // of an `if`: comparisons are under the mode
  bool condition = false;            // inside :pre
};

// An expression as text that can stand anywhere.
struct Piece {
  std::string text;
  std::optional<Type> format;  // nullopt: true or false
};

struct Binding {
  std::string_view outside;
  Piece inside;
};

// What decides which numbers of a type are numbers of another.
struct Reach {
  bool has_infinity;
  int precision, min_exponent, max_exponent;
};

Reach ReachOf(const Type& type) {
  const auto of = [](const auto& format) {
    return Reach{format.HasInfinity(), format.precision, format.MinExponent(), format.MaxExponent()};
  };
  return type.IsWide() ? of(type.wide) : of(type.format);
}

// Every value of `narrow` is one of `wide`.
bool Holds(const Type& wide, const Type& narrow) {
  const Reach a = ReachOf(wide), b = ReachOf(narrow);
  return wide == narrow ||
         (a.has_infinity && b.precision <= a.precision &&
          b.min_exponent - b.precision >= a.min_exponent - a.precision && b.max_exponent <= a.max_exponent);
}

// Of what one expression becomes: some operands are written more than once, and nested ones would be so 2^depth times.
constexpr size_t kMaxPiece = size_t{1} << 16;

class Translator {
 public:
  // `directed`: some context rounds in a direction, so that all must say theirs.
  explicit Translator(bool directed) : directed_(directed) { used_.insert("result"); }

  FpCore Translate(const SExpression& form) {
    size_t at = 1;
    if (at < form.children.size() && form.children[at].IsAtom()) core_.name = form.children[at++].text;
    if (at >= form.children.size() || !form.children[at].is_list) FailAt(form, "an FPCore needs a list of arguments");
    const SExpression& arguments = form.children[at++];
    Context context;
    if (directed_) context.rounding = Rounding::kNearestEven;
    const SExpression* condition = nullptr;
    while (at + 1 < form.children.size() && IsProperty(form.children[at])) {
      const SExpression &key = form.children[at], &value = form.children[at + 1];
      if (key.text == ":pre") condition = &value;
      if (key.text == ":name") core_.name = value.text;
      TakeProperty(key, value, context);
      at += 2;
    }
    if (at >= form.children.size()) FailAt(form, "an FPCore needs a body");
    if (at + 1 < form.children.size()) FailAt(form.children[at + 1], "found more after the body of the FPCore");
    core_.format = context.format;
    for (const SExpression& argument : arguments.children) AddArgument(argument, context);
    const Piece body = Of(form.children[at], context);
    core_.is_truth = !body.format;
    core_.body = body.text;
    if (condition != nullptr) {
      Context outside;
      outside.format = context.format;
      outside.condition = true;
      core_.condition = Truth(*condition, outside).text;
      std::erase(core_.condition, kArgumentMark);
    }
    return std::move(core_);
  }

 private:
  static bool IsProperty(const SExpression& expression) {
    return expression.IsAtom() && expression.text.size() > 1 && expression.text[0] == ':';
  }

  static void TakeProperty(const SExpression& key, const SExpression& value, Context& context) {
    if (key.text == ":precision") context.format = FpCorePrecision(value);
    if (key.text == ":round") {
      const Rounding rounding = FpCoreRounding(value);
      if (context.rounding || rounding != Rounding::kNearestEven) context.rounding = rounding;
    }
  }

  void AddArgument(const SExpression& argument, Context context) {
    const SExpression* symbol = &argument;
    if (argument.IsForm("!")) {
      const auto& parts = argument.children;
      for (size_t i = 1; i + 2 < parts.size(); i += 2) TakeProperty(parts[i], parts[i + 1], context);
      symbol = &parts.back();
    }
    if (!symbol->IsAtom() || symbol->text.empty() || LooksLikeNumber(symbol->text)) {
      FailAt(argument, "an argument is a symbol, or (! PROPERTIES symbol); tensors are not supported");
    }
    const std::string name = FreshName(symbol->text);
    core_.arguments.push_back(name);
    const bool own = context.format != core_.format;
    if (own) core_.annotations.emplace_back(name, context.format);
    names_.push_back({symbol->text, {own ? kArgumentMark + name + kArgumentMark : name, context.format}});
  }

  // A name that statements can spell and that nothing else has.
  std::string FreshName(std::string_view outside) {
    std::string name;
    for (const char c : outside.substr(0, 60)) name += IsLetter(c) || IsDigit(c) ? c : '_';
    if (IsDigit(name[0])) name.insert(name.begin(), '_');
    if (IsReserved(name)) name += '_';
    for (int i = 1; used_.contains(name); ++i) name = fmt::format("{}_{}", name.substr(0, name.find_last_of('_')), i);
    used_.insert(name);
    return name;
  }

  Piece Number(const SExpression& expression, const Context& context) {
    Piece piece = Of(expression, context);
    if (!piece.format) FailAt(expression, "this is true or false, and a number is expected");
    return piece;
  }

  Piece Truth(const SExpression& expression, const Context& context) {
    Piece piece = Of(expression, context);
    if (piece.format) FailAt(expression, "this is a number, and true or false is expected");
    return piece;
  }

  // A number as an operand of the context's format.
  std::string Operand(const SExpression& expression, const Context& context) {
    const Piece piece = Number(expression, context);
    if (*piece.format == context.format) return piece.text;
    if (!Holds(context.format, *piece.format)) {
      FailAt(expression,
             fmt::format("an operand of {} in an operation of {} would be rounded twice; (cast x) rounds it",
                         Name(*piece.format), Name(context.format)));
    }
    return fmt::format("{}({})", Name(context.format), piece.text);
  }

  static Piece Rounded(const std::string& text, const Context& context, bool rounds) {
    const bool wraps = rounds && context.rounding;
    return {wraps ? fmt::format("{}({})", FormOf(*context.rounding), text) : text, context.format};
  }

  Piece Of(const SExpression& expression, const Context& context) {
    Piece piece = Whatever(expression, context);
    if (piece.text.size() > kMaxPiece) {
      FailAt(expression, fmt::format("this is more than {} characters as a statement", kMaxPiece));
    }
    return piece;
  }

  Piece Whatever(const SExpression& expression, const Context& context) {
    if (expression.is_string) FailAt(expression, "found a string, expected an expression");
    if (!expression.is_list) return Atom(expression, context);
    if (expression.children.empty() || !expression.children[0].IsAtom()) {
      FailAt(expression, "found a list without an operator, expected an expression");
    }
    const SExpression& head = expression.children[0];
    if (head.text == "!") return Annotated(expression, context);
    if (head.text == "if") return Choice(expression, context);
    if (head.text == "let" || head.text == "let*") return Let(expression, context);
    if (head.text == "fdim") return PositiveDifference(expression, context);
    if (head.text == "cast") {
      RequireArguments(expression, 1);
      const Piece piece = Number(expression.children[1], context);
      if (*piece.format == context.format) return piece;
      return Rounded(fmt::format("{}({})", Name(context.format), piece.text), context, true);
    }
    if (head.text == "digits") {
      RequireArguments(expression, 3);
      return Literal(ReadFpCoreDigits(expression, context.format, DirectionOf(context)), context);
    }
    if (head.text == "and" || head.text == "or" || head.text == "not") return Logic(expression, context);
    for (const std::string_view comparison : {"<", ">", "<=", ">=", "==", "!="}) {
      if (head.text == comparison) return Comparison(expression, context);
    }
    if (const auto predicate = FindFpCorePredicate(head.text)) {
      RequireArguments(expression, 1);
      return {fmt::format("{}({})", *predicate, Number(expression.children[1], context).text), std::nullopt};
    }
    return Arithmetic(expression, context);
  }

  Piece Arithmetic(const SExpression& expression, const Context& context) {
    const SExpression& head = expression.children[0];
    if (head.text == "-" && expression.children.size() == 2) {
      return {fmt::format("(-{})", Operand(expression.children[1], context)), context.format};
    }
    const FpCoreOperation* operation = FindFpCoreOperation(head.text);
    if (operation == nullptr) {
      FailAt(head,
             fmt::format("{} is not supported: loops, tensors, and functions that are neither exact nor correctly "
                         "rounded are outside",
                         Quoted(head.text)));
    }
    RequireArguments(expression, operation->arity);
    std::string text;
    const bool infix = std::ispunct(static_cast<unsigned char>(operation->word[0])) != 0;
    for (size_t i = 1; i < expression.children.size(); ++i) {
      if (i > 1) text += infix ? fmt::format(" {} ", operation->word) : ", ";
      text += Operand(expression.children[i], context);
    }
    return Rounded(fmt::format("{}({})", infix ? "" : operation->word, text), context, operation->rounds);
  }

  // C's fdim: NaN for NaN, as the comparison is then false.
  Piece PositiveDifference(const SExpression& expression, const Context& context) {
    RequireArguments(expression, 2);
    std::array<std::string, 2> operands;
    for (size_t i = 0; i < 2; ++i) {
      operands[i] = Named({Operand(expression.children[i + 1], context), context.format}, context).text;
    }
    const auto& [x, y] = operands;
    const Piece difference = Rounded(fmt::format("({} - {})", x, y), context, true);
    return {fmt::format("({} ? {} : {})", Compared("<=", x, y, !context.condition), Typed("0", context).text,
                        difference.text),
            context.format};
  }

  static void RequireArguments(const SExpression& expression, size_t count) {
    if (expression.children.size() == count + 1) return;
    FailAt(expression, fmt::format("{} takes {} argument{}, found {}", Quoted(expression.children[0].text), count,
                                   count == 1 ? "" : "s", expression.children.size() - 1));
  }

  Piece Annotated(const SExpression& expression, Context context) {
    size_t at = 1;
    for (; at + 1 < expression.children.size() && IsProperty(expression.children[at]); at += 2) {
      TakeProperty(expression.children[at], expression.children[at + 1], context);
    }
    if (at + 1 != expression.children.size()) FailAt(expression, "(! PROPERTIES expression) is expected");
    return Of(expression.children[at], context);
  }

  Piece Choice(const SExpression& expression, const Context& context) {
    RequireArguments(expression, 3);
    Context deciding = context;
    deciding.decides = !context.condition;
    const Piece decision = Truth(expression.children[1], deciding);
    const Piece first = Of(expression.children[2], context), second = Of(expression.children[3], context);
    if (first.format != second.format) {
      FailAt(expression, "both branches of an if are expected to be of one format, or both true or false");
    }
    return {fmt::format("({} ? {} : {})", decision.text, first.text, second.text), first.format};
  }

  Piece Let(const SExpression& expression, const Context& context) {
    RequireArguments(expression, 2);
    const bool sequential = expression.children[0].text == "let*";
    const size_t outer = names_.size();
    std::vector<Binding> parallel;
    for (const SExpression& binding : expression.children[1].children) {
      if (!binding.is_list || binding.children.size() != 2 || !binding.children[0].IsAtom()) {
        FailAt(binding, "a binding is (symbol expression)");
      }
      const Piece value = Number(binding.children[1], context);
      Binding name{binding.children[0].text, Bound(binding.children[0].text, value, context)};
      (sequential ? names_ : parallel).push_back(std::move(name));
    }
    names_.insert(names_.end(), parallel.begin(), parallel.end());
    Piece body = Of(expression.children[2], context);
    names_.resize(outer);
    return body;
  }

  // What is written twice gets a name if it is long; in :pre, which has none, it stays as it is.
  Piece Named(const Piece& operand, const Context& context) {
    const bool is_long = operand.text.find('(') != std::string::npos;
    return is_long && !context.condition ? Define("part", operand) : operand;
  }

  // In :pre a name stands for its text.
  Piece Bound(std::string_view name, const Piece& value, const Context& context) {
    return context.condition ? value : Define(name, value);
  }

  Piece Define(std::string_view name, const Piece& value) {
    const std::string inside = FreshName(name);
    core_.definitions.emplace_back(inside, value.text);
    return {inside, value.format};
  }

  Piece Logic(const SExpression& expression, const Context& context) {
    const std::string_view word = expression.children[0].text;
    if (word == "not") {
      RequireArguments(expression, 1);
      return {fmt::format("(not {})", Truth(expression.children[1], context).text), std::nullopt};
    }
    if (expression.children.size() < 2) FailAt(expression, fmt::format("\"{}\" takes an argument at least", word));
    std::string text;
    for (size_t i = 1; i < expression.children.size(); ++i) {
      if (i > 1) text += fmt::format(" {} ", word);
      text += Truth(expression.children[i], context).text;
    }
    return {"(" + text + ")", std::nullopt};
  }

  Piece Comparison(const SExpression& expression, const Context& context) {
    const std::string_view word = expression.children[0].text;
    const size_t count = expression.children.size() - 1;
    if (count < 2) FailAt(expression, fmt::format("\"{}\" takes two arguments at least", word));
    std::vector<Piece> operands;
    Type widest = Number(expression.children[1], context).format.value();
    for (size_t i = 1; i <= count; ++i) {
      operands.push_back(Number(expression.children[i], context));
      if (Holds(*operands.back().format, widest)) widest = *operands.back().format;
    }
    for (size_t i = 0; i < count; ++i) {
      Piece& operand = operands[i];
      if (!Holds(widest, *operand.format)) {
        FailAt(expression.children[i + 1],
               "the operands of a comparison have formats of which neither holds the other");
      }
      if (*operand.format != widest) operand.text = fmt::format("{}({})", Name(widest), operand.text);
      if (count > 2) operand = Named({operand.text, widest}, context);
    }
    std::string text;
    for (size_t i = 0; i < count; ++i) {
      for (size_t j = i + 1; j < (word == "!=" ? count : std::min(i + 2, count)); ++j) {
        if (!text.empty()) text += " and ";
        text += Compared(word, operands[i].text, operands[j].text, context.decides);
      }
    }
    return {"(" + text + ")", std::nullopt};
  }

  static std::string Compared(std::string_view word, const std::string& a, const std::string& b, bool in_mode) {
    if (!in_mode) return fmt::format("{} {} {}", a, word, b);
    if (word == "<") return fmt::format("lt_mode({}, {})", a, b);
    if (word == ">") return fmt::format("lt_mode({}, {})", b, a);
    if (word == "<=") return fmt::format("le_mode({}, {})", a, b);
    if (word == ">=") return fmt::format("le_mode({}, {})", b, a);
    return fmt::format("{}eq_mode({}, {})", word == "!=" ? "not " : "", a, b);
  }

  Piece Atom(const SExpression& atom, const Context& context) {
    if (LooksLikeNumber(atom.text)) {
      return Literal(ReadFpCoreNumber(atom, std::string(atom.text), context.format, DirectionOf(context)), context);
    }
    for (auto name = names_.rbegin(); name != names_.rend(); ++name) {
      if (name->outside == atom.text) return name->inside;
    }
    if (atom.text == "TRUE" || atom.text == "FALSE") {
      return {atom.text == "TRUE" ? "(0 == 0)" : "(0 != 0)", std::nullopt};
    }
    if (atom.text == "INFINITY" || atom.text == "NAN") return Typed(atom.text == "NAN" ? "nan" : "inf", context);
    if (const auto digits = FindFpCoreConstant(atom.text)) {
      return Literal(ReadFpCoreNumber(atom, std::string(*digits), context.format, DirectionOf(context)), context);
    }
    FailAt(atom, fmt::format("{} is no argument, no name of a let and no constant", Quoted(atom.text)));
  }

  // A number without operands: one of the statement's format unless it says another.
  Piece Typed(const std::string& text, const Context& context) const {
    const bool own = context.format != core_.format;
    return {own ? fmt::format("{}({})", Name(context.format), text) : text, context.format};
  }

  static Rounding DirectionOf(const Context& context) { return context.rounding.value_or(Rounding::kNearestEven); }

  Piece Literal(const FpCoreNumber& number, const Context& context) const {
    Piece piece = Typed(number.magnitude, context);
    if (number.negative) piece.text = "(-" + piece.text + ")";
    return piece;
  }

  bool directed_;
  FpCore core_;
  std::vector<Binding> names_;
  std::set<std::string> used_;
};

// Some :round of the tree is not nearestEven.
bool RoundsInADirection(const SExpression& expression) {
  for (size_t i = 0; i + 1 < expression.children.size(); ++i) {
    if (expression.children[i].IsAtom(":round") && !expression.children[i + 1].IsAtom("nearestEven")) return true;
  }
  return std::any_of(expression.children.begin(), expression.children.end(), RoundsInADirection);
}

}  // namespace

FpCore TranslateFpCore(const SExpression& form) { return Translator(RoundsInADirection(form)).Translate(form); }

}  // namespace fplab::statement
