// Inside expression: from trees to programs, where every value gets its type. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_ELABORATOR_H_
#define FPLAB_FPARITH_STATEMENT_ELABORATOR_H_

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fplab/fparith/statement/expression.h>
#include <fplab/fparith/statement/expression_builder.h>
#include <fplab/fparith/statement/syntax.h>
#include <fplab/fparith/statement/vocabulary.h>

namespace fplab::statement {

class Elaborator {
 public:
  // What surrounds a piece of a statement.
  struct Context {
    bool ieee = false;
    std::optional<Rounding> rounding;
    bool exact = false;          // inside real() or rounded(), or beside error()
    bool wide_literals = false;  // beside error(): literals are of binary64

    friend bool operator==(const Context&, const Context&) = default;
  };

  // Numbers that name no format have `format`; == means === if `signed_zeros`.
  Elaborator(const Type& format, bool signed_zeros, ExpressionBuilder& builder)
      : default_(format), signed_zeros_(signed_zeros), builder_(builder) {}

  // Functions that trees may call, from here on; they outlive the elaborator.
  void SetOutside(std::span<const OutsideFunction> functions) { outside_ = functions; }

  // Names that later trees may use; the tree outlives the elaborator. Each is elaborated where it stands, so that an
  // error in one that nothing uses is found, too.
  void Define(const Let& let);

  // The index of the truth value that the tree is.
  int Truth(const Node& node, const Context& context);

  // The index of the number or integer that the tree is; `expected` is the type of what has none of its own.
  int Value(const Node& node, const Context& context, const Type& expected);

  // From here on, columns of errors are counted from offset `origin` of the text, and `where` follows them.
  void SetOrigin(size_t origin, std::string where);

  std::vector<InexactLiteral> TakeInexactLiterals() { return std::move(inexact_); }

 private:
  using Indices = std::vector<int>;
  using Expected = std::optional<Type>;
  using Span = ExpressionBuilder::Span;

  static Span SpanOf(const Node& node) { return {node.begin, node.end}; }

  [[noreturn]] void Fail(size_t at, const std::string& message) const;

  int Elaborate(const Node& node, const Context& context, const Expected& expected);
  int Literal(const Node& node, const Context& context, const Expected& expected);
  WideBits FloatLiteral(const Node& node, const Type& type);
  uint64_t IntegerLiteral(const Node& node, const Type& type) const;
  uint64_t ScaleLiteral(const Node& node) const;
  int Name(const Node& node, const Context& context, const Expected& expected);
  int DefinedName(size_t let, const Context& context, Span span);
  std::optional<uint64_t> Landmark(const Node& node, const Format& format) const;
  WideBits WideLandmark(const Node& node, const WideFormat& format) const;
  int Prefix(const Node& node, const Context& context, const Expected& expected);
  int Chain(const Node& node, const Context& outside, const Expected& expected);
  int Logic(const Node& node, const Context& context);
  int Comparison(const Node& node, const Context& outside);
  int Compare(const Operator& link, int left, int right, Span span);
  int Implication(const Node& node, const Context& context);
  int CompareExact(const Operator& link, int left, int right, Span span);
  int Select(const Node& node, const Context& context, const Expected& expected);
  int Within(const Node& node, const Context& context);

  int Call(const Node& node, const Context& context, const Expected& expected);
  int Function(const Node& node, const FunctionName& function, const Context& context, const Expected& expected);
  int OfScale(const Node& node, Op op, int scale);
  int Outside(const Node& node, size_t function, const Context& context, const Expected& expected);
  int Special(const Node& node, Form form, const Context& context, const Expected& expected);
  int Conversion(const Node& node, const Type& type, OutOfRange out_of_range, const Context& context);
  int FromScale(int scale, const Type& type, OutOfRange out_of_range, const Context& context, Span span);
  int ToScale(int value, OutOfRange out_of_range, const Context& context, Span span);
  int WasExact(int index, Span span);
  int ErrorOf(const Node& node, const Context& context, Span span);
  int FromBits(const Node& node, const Context& context, const Expected& expected);
  int Flags(const Node& of, const Context& context, Span span);
  int Raises(const Node& node, const Context& context);
  int Sum(const Node& node, Form form, const Context& context, const Expected& expected);
  int Dot(const Node& node, Form form, const Context& context, const Expected& expected);
  int ThroughWide(const Node& node, const Context& context, const Expected& expected);

  // Elaborates nodes that must be of one type: that of those which have one, or `expected`, or the default.
  Indices Uniform(std::span<const Node> nodes, const Context& context, const Expected& expected);
  // Whether the node's type is what its surroundings ask for: literals, landmarks, arithmetic of such.
  bool IsFlexible(const Node& node) const;
  // Whether the node is an exact number outside real(): error(), and arithmetic with it.
  bool IsError(const Node& node) const;
  // For operands that stand beside each other: inside real() if one of them is an error.
  Context Beside(std::span<const Node> nodes, const Context& context) const;
  std::optional<size_t> FindLet(std::string_view name) const;

  void RequireArguments(const Node& node, size_t count) const;
  int RequireTruth(int index, const Node& node) const;
  int RequireFloat(int index, const Node& node) const;  // a number, narrow or wide
  // A number that is not wide, as the argument `node` of `what`, whose column is that of `of`.
  int RequireNumber(int index, const Node& node, std::string_view what, const Node& of) const;
  int RequireInteger(int index, const Node& node) const;  // no scale
  int RequireValue(int index, const Node& node) const;    // a number, an integer, or an exact number in a real()
  int RequireExact(int index, const Node& node) const;
  void RequireNoError(int index, const Node& node) const;
  [[noreturn]] void RefuseScale(size_t at, std::string_view what) const;
  [[noreturn]] void RefuseWide(std::string_view what, const Type& type, const Node& of) const;
  void CheckAvailable(Op op, const Type& type, const Node& node) const;

  int Add(Op op, const Type& type, std::array<int, 3> args, const Context& context, Span span, uint64_t value = 0);
  // Operations that no mode changes.
  int AddPlain(Op op, const Type& type, std::array<int, 3> args, Span span, uint64_t value = 0);
  int Arithmetic(const Operator& operation, int a, int b, const Context& context, Span span);
  int Truths(Op op, int a, int b, Span span);
  int Implies(int left, int right, Span span);
  // The number as an exact one, where the context is real().
  int Lift(int index, const Context& context, Span span);

  Type default_;
  bool signed_zeros_;
  ExpressionBuilder& builder_;
  std::vector<const Let*> lets_;
  std::vector<std::vector<std::pair<Context, int>>> defined_;  // by let: what it is in each context it was used in
  std::vector<InexactLiteral> inexact_;
  std::span<const OutsideFunction> outside_;
  size_t visible_ = 0;  // lets that what is being elaborated may name
  size_t origin_ = 0;
  std::string where_;
};

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_ELABORATOR_H_
