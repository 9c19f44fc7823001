// Statements about what may be flushed, as statements about all the ways to compute them.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/refinement.h>

#include <algorithm>
#include <array>
#include <utility>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/statement/expression_builder.h>

namespace fplab::statement {
namespace {

constexpr size_t kMostWays = 1024;

struct NamedFreedom {
  std::string_view name;
  Freedom freedom;
};

constexpr std::array<NamedFreedom, 3> kFreedoms = {
    {{"may-ftz", {kFtz, false}}, {"may-ftz+daz", {kFtzDaz, false}}, {"may-ftz+may-daz", {kFtzDaz, true}}}};

// Whether a result may be subnormal although no operand is returned as it is.
bool MayUnderflow(Op op) {
  switch (op) {
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kDiv:
    case Op::kFma:
    case Op::kHypot:
    case Op::kRemainder:
    case Op::kFmod:
    case Op::kScale:
    case Op::kConvert:
      return true;
    default:
      return false;
  }
}

struct Sides {
  int left, right;
  Op equation;  // kEqual, kSame, kIntEqual, or kAnd of two implications
};

class Rewriter {
 public:
  Rewriter(const Expression& statement, const Freedom& freedom) : statement_(statement), freedom_(freedom) {}

  Refinement Run() {
    const Sides sides = SidesOf(statement_.claim);
    Refinement result{statement_, {}, {}};
    result.expression.condition.reset();
    // Every variable keeps its instruction, whichever part names it.
    if (statement_.condition) result.expression.condition = Copy(*statement_.condition, {}, {});
    result.left = Ways(sides.left);
    result.right = Ways(sides.right);
    int all = -1;
    for (const int right : result.right) {
      int some = -1;
      for (const int left : result.left) {
        const int equal = Equal(sides.equation, left, right);
        some = some < 0 ? equal : Truth(Op::kOr, some, equal);
      }
      all = all < 0 ? some : Truth(Op::kAnd, all, some);
    }
    result.expression.claim = all;
    result.expression.program = builder_.TakeProgram();
    return result;
  }

 private:
  [[noreturn]] void Refuse() const {
    throw Error("\"{}\": what may be flushed is asked of LEFT == RIGHT, LEFT === RIGHT or LEFT <=> RIGHT",
                statement_.text);
  }

  // p of `not p or q`, and q.
  std::optional<std::pair<int, int>> ImplicationAt(int index) const {
    const Instruction& either = statement_.At(index);
    if (either.op != Op::kOr) return std::nullopt;
    for (const size_t side : {0u, 1u}) {
      const Instruction& premise = statement_.At(either.args[side]);
      if (premise.op == Op::kNot) return std::pair{premise.args[0], either.args[1 - side]};
    }
    return std::nullopt;
  }

  Sides SidesOf(int claim) const {
    const Instruction& equation = statement_.At(claim);
    if (equation.op == Op::kEqual || equation.op == Op::kSame || equation.op == Op::kIntEqual) {
      return {equation.args[0], equation.args[1], equation.op};
    }
    if (equation.op != Op::kAnd) Refuse();
    const auto forth = ImplicationAt(equation.args[0]), back = ImplicationAt(equation.args[1]);
    if (!forth || !back || forth->first != back->second || forth->second != back->first) Refuse();
    return {forth->first, forth->second, Op::kAnd};
  }

  // The instruction and all that it needs, with the choices of some of its operations: bit i of a word is that of the
  // operation number i, set where it does not flush.
  int Copy(int root, const std::vector<bool>& keeps_outputs, const std::vector<bool>& keeps_inputs) {
    std::vector<int> copies(static_cast<size_t>(root) + 1, -1);
    size_t output = 0, input = 0;
    for (const int index : statement_.Under(root)) {
      Instruction copy = statement_.At(index);
      for (int& arg : copy.args) arg = arg < 0 ? arg : copies[static_cast<size_t>(arg)];
      if (!keeps_outputs.empty() && ChoosesOutput(statement_.At(index))) copy.keeps_outputs = keeps_outputs[output++];
      if (!keeps_inputs.empty() && ChoosesInput(statement_.At(index))) copy.keeps_inputs = keeps_inputs[input++];
      copies[static_cast<size_t>(index)] = builder_.Append(copy);
    }
    return copies.back();
  }

  // Of an instruction of the statement.
  bool ChoosesOutput(const Instruction& instruction) const {
    return !instruction.ieee && MayUnderflow(instruction.op) && !statement_.IsWide(instruction);
  }
  bool ChoosesInput(const Instruction& instruction) const {
    return freedom_.inputs_may && !instruction.ieee && IsUnderMode(instruction.op) &&
           instruction.op != Op::kFromInteger && !statement_.IsWide(instruction);
  }

  std::vector<int> Ways(int root) {
    size_t outputs = 0, inputs = 0;
    for (const int index : statement_.Under(root)) {
      outputs += ChoosesOutput(statement_.At(index)) ? 1 : 0;
      inputs += ChoosesInput(statement_.At(index)) ? 1 : 0;
    }
    if (outputs + inputs > 10 || (ways_ += size_t{1} << (outputs + inputs)) > kMostWays) {
      throw Error("\"{}\": more than {} ways to flush", statement_.text, kMostWays);
    }
    std::vector<int> ways;
    for (size_t choice = 0; choice < size_t{1} << (outputs + inputs); ++choice) {
      std::vector<bool> keeps_outputs, keeps_inputs;
      for (size_t i = 0; i < outputs; ++i) keeps_outputs.push_back((choice >> i & 1) != 0);
      for (size_t i = 0; i < inputs; ++i) keeps_inputs.push_back((choice >> (outputs + i) & 1) != 0);
      const int way = Copy(root, keeps_outputs, keeps_inputs);
      if (std::find(ways.begin(), ways.end(), way) == ways.end()) ways.push_back(way);
    }
    return ways;
  }

  int Append(Op op, int a, int b) {
    Instruction instruction = statement_.At(statement_.claim);  // its place in the text
    instruction.op = op;
    instruction.args = {a, b, -1};
    return builder_.Append(instruction);
  }
  int Truth(Op op, int a, int b) { return Append(op, a, b); }

  int Equal(Op equation, int left, int right) {
    if (equation != Op::kAnd) return Append(equation, left, right);
    const int both = Truth(Op::kAnd, left, right);
    return Truth(Op::kOr, both, Truth(Op::kAnd, Append(Op::kNot, left, -1), Append(Op::kNot, right, -1)));
  }

  const Expression& statement_;
  const Freedom& freedom_;
  ExpressionBuilder builder_;
  size_t ways_ = 0;
};

}  // namespace

std::string Name(const Freedom& freedom) {
  for (const NamedFreedom& known : kFreedoms) {
    Freedom turned = known.freedom;
    turned.mode.rounding = freedom.mode.rounding;
    if (turned != freedom) continue;
    const bool plain = freedom.mode.rounding == Rounding::kNearestEven;
    return std::string(known.name) + (plain ? "" : "," + std::string(Name(freedom.mode.rounding)));
  }
  return "may " + Name(freedom.mode);
}

std::optional<Freedom> FindFreedom(std::string_view name) {
  if (!name.starts_with("may-")) return std::nullopt;
  const std::string_view word = name.substr(0, name.find(','));
  for (const NamedFreedom& known : kFreedoms) {
    if (known.name != word) continue;
    Freedom freedom = known.freedom;
    if (word.size() < name.size()) freedom.mode.rounding = ParseRounding(name.substr(word.size() + 1));
    return freedom;
  }
  throw Error("mode: found \"{}\", expected may-ftz, may-ftz+daz or may-ftz+may-daz, and a direction after a comma",
              name);
}

Refinement RefinementOf(const Expression& statement, const Freedom& freedom) {
  return Rewriter(statement, freedom).Run();
}

}  // namespace fplab::statement
