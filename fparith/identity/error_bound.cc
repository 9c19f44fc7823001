// Errors as statements: "no case has an error above k", asked for greater and greater k.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/error_bound.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <utility>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/identity/case_source.h>
#include <fplab/fparith/identity/judge.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/statement/expression_builder.h>

namespace fplab::identity {
namespace {

using statement::Expression;
using statement::Instruction;
using statement::Op;
using statement::Type;

constexpr Type kWide = Type::Number(kBinary64);
// Equal constants are one instruction, and the limit is one of its own: as a number this is a signaling NaN.
constexpr uint64_t kNoOtherConstant = 0x7ff4'0b0d'ed5e'a2c4;

// A claim "error <= limit" of which the limit can be moved.
struct ErrorClaim {
  Expression expression;
  int limit = -1;             // the constant's instruction
  int error = -1, ulp = -1;   // the error is that of the one in units of the other
  bool counts_steps = false;  // an integer without a unit
};

// Makes the claim of a statement "value === value", or "value === against".
class ErrorClaimMaker {
 public:
  explicit ErrorClaimMaker(const Expression& statement) : statement_(statement) {
    const Instruction& value = statement_.At(statement_.At(statement_.claim).args[0]);
    if (!value.type.IsWide()) return;
    throw Error("\"{}\": {} has no ulps here to be measured in; convert it, such as f64(...)", statement_.TextOf(value),
                Name(value.type));
  }

  ErrorClaim Against() {
    ErrorClaim claim = Begin();
    const Instruction& same = statement_.At(statement_.claim);
    const Type steps = Type::Integer(64, false);
    claim.counts_steps = true;
    claim.error = Append(Op::kUlps, steps, Copied(same.args[0]), Copied(same.args[1]));
    claim.limit = builder_.Constant(steps, kNoOtherConstant, {});
    return End(std::move(claim), Op::kIntLessEqual);
  }

  ErrorClaim AgainstExact() {
    ErrorClaim claim = Begin();
    const int root = statement_.At(statement_.claim).args[0];
    const Format& format = statement_.At(root).type.format;
    if (format.precision > kBinary32.precision || format.exponent_bits > kBinary32.exponent_bits) {
      throw Error("\"{}\": {} has no wider format to be compared with; name another expression to compare with it",
                  statement_.TextOf(statement_.At(root)), Name(format));
    }
    const int exact = Exactly(root);
    const int computed = Widened(Copied(root));
    claim.error = Append(Op::kAbs, kWide, Append(Op::kSub, kWide, computed, exact));
    // 2^exponent of the exact value by its exponent field, and of that what the last place of the format is.
    const Type bits = Type::Integer(64, false);
    const int field = builder_.Constant(bits, kBinary64.ExponentMask(), {});
    const int binade = Append(Op::kFromBits, kWide, Append(Op::kIntAnd, bits, Append(Op::kBits, bits, exact), field));
    const int last = Append(Op::kMul, kWide, binade, Wide(kBinary64.One(), -format.FractionBits()));
    claim.ulp = Append(Op::kMax, kWide, last, Wide(kBinary64.One(), format.MinExponent() - format.FractionBits()));
    claim.limit = builder_.Constant(kWide, kNoOtherConstant, {});
    const int most = Append(Op::kMul, kWide, claim.limit, claim.ulp);
    claim.expression.claim = Append(Op::kLessEqual, Type::Truth(), claim.error, most);
    claim.expression.program = builder_.TakeProgram();
    return claim;
  }

 private:
  ErrorClaim Begin() {
    ErrorClaim claim;
    claim.expression = statement_;
    if (statement_.condition) claim.expression.condition = Copied(*statement_.condition);
    return claim;
  }

  ErrorClaim End(ErrorClaim claim, Op comparison) {
    claim.expression.claim = Append(comparison, Type::Truth(), claim.error, claim.limit);
    claim.expression.program = builder_.TakeProgram();
    return claim;
  }

  int Append(Op op, const Type& type, int a, int b = -1, int c = -1) {
    Instruction instruction{op, type};
    instruction.ieee = true;
    instruction.args = {a, b, c};
    instruction.end = statement_.text.size();
    return builder_.Append(instruction);
  }
  // 2^exponent.
  int Wide(uint64_t one, int exponent) {
    return builder_.Constant(kWide, one + (static_cast<uint64_t>(exponent) << kBinary64.FractionBits()), {});
  }
  int Widened(int index) { return builder_.TypeAt(index) == kWide ? index : Append(Op::kConvert, kWide, index); }

  // An instruction of the statement and what it needs, as it is.
  int Copied(int root) {
    copies_.resize(statement_.program.size(), -1);
    for (const int index : statement_.Under(root)) {
      int& copy = copies_[static_cast<size_t>(index)];
      if (copy >= 0) continue;
      Instruction instruction = statement_.At(index);
      for (int& arg : instruction.args) arg = arg < 0 ? arg : copies_[static_cast<size_t>(arg)];
      copy = builder_.Append(instruction);
    }
    return copies_[static_cast<size_t>(root)];
  }

  // The value of an instruction without its roundings.
  int Exactly(int root) {
    std::vector<int> exact(statement_.program.size(), -1);
    for (const int index : statement_.Under(root)) {
      const Instruction& instruction = statement_.At(index);
      if (!instruction.type.IsFloat()) continue;
      const auto argument = [&](size_t position) {
        const int arg = instruction.args[position];
        return arg < 0 ? arg : exact[static_cast<size_t>(arg)];
      };
      exact[static_cast<size_t>(index)] = ExactStep(index, argument(0), argument(1), argument(2));
    }
    return exact[static_cast<size_t>(root)];
  }

  int ExactStep(int index, int a, int b, int c) {
    const Instruction& instruction = statement_.At(index);
    const bool is_leaf = instruction.op == Op::kVariable || instruction.op == Op::kConstant;
    if (is_leaf && instruction.type.IsWide()) {
      throw Error("\"{}\" is {}, and the exact value is computed in binary64; name another expression to compare with",
                  statement_.TextOf(instruction), Name(instruction.type));
    }
    switch (instruction.op) {
      case Op::kVariable:
      case Op::kConstant:
      case Op::kFromInteger:
      case Op::kFromBits:
        return Widened(Copied(index));
      case Op::kConvert:
        return a;
      case Op::kSelect:
        return Append(Op::kSelect, kWide, Copied(instruction.args[0]), b, c);
      case Op::kAdd:
      case Op::kSub:
      case Op::kMul:
      case Op::kDiv:
      case Op::kFma:
      case Op::kSqrt:
      case Op::kHypot:
      case Op::kMin:
      case Op::kMax:
      case Op::kCeil:
      case Op::kFloor:
      case Op::kTrunc:
      case Op::kRint:
      case Op::kRound:
      case Op::kRoundEven:
      case Op::kNegate:
      case Op::kAbs:
      case Op::kCopySign:
        return Append(instruction.op, kWide, a, b, c);
      default:
        throw Error(
            "\"{}\": an error is asked of + - * / fma sqrt hypot min max, roundings to integers, conversions "
            "and choices; name another expression to compare with it",
            statement_.TextOf(instruction));
    }
  }

  const Expression& statement_;
  statement::ExpressionBuilder builder_;
  std::vector<int> copies_;
};

// Of one case that the evaluator has evaluated.
double ErrorOf(const ErrorClaim& claim, const statement::Evaluator& evaluator, size_t i) {
  const uint64_t error = evaluator.Number(claim.error, i);
  if (claim.counts_steps) return static_cast<double>(error);
  return std::bit_cast<double>(model::Div(kBinary64, {}, error, evaluator.Number(claim.ulp, i)).bits);
}

void SetLimit(ErrorClaim& claim, double ulps) {
  claim.expression.program[static_cast<size_t>(claim.limit)].value =
      claim.counts_steps ? static_cast<uint64_t>(ulps) : std::bit_cast<uint64_t>(ulps);
}

// The simplest operands of the same stratum that are found with an error no smaller.
std::vector<uint64_t> SimplestWith(const LargestError& largest, ErrorClaim& claim, const SearchOptions& options,
                                   Stratum stratum) {
  SetLimit(claim, claim.counts_steps ? largest.ulps - 1 : std::nextafter(largest.ulps, 0.0));
  const Failure failure{largest.operands, options.targets[0]};
  return Judge(claim.expression, options).Shrunk(options.modes[0], stratum, stratum, failure).operands;
}

struct LargestFound {
  LargestError error;
  Stratum stratum = Stratum::kSpecial;
};

// The largest error of a chunk's cases that are of `stratum` or a later one. Precondition: there is such a case.
LargestFound LargestOfChunk(const ErrorClaim& claim, const SearchOptions& options, uint64_t chunk, Stratum stratum) {
  const Mode mode = options.modes[0];
  CaseSource source(claim.expression, options);
  Judge judge(claim.expression, options);
  statement::Evaluator evaluator(claim.expression);
  statement::Cases cases(claim.expression.Words(), std::vector<uint64_t>(kBlockCases));
  std::vector<bool> admitted;
  std::vector<Stratum> strata;
  LargestFound largest;
  largest.error.ulps = -1;
  source.Start(chunk);
  while (const size_t count = source.Fill(cases, kBlockCases)) {
    judge.Admit(cases, count, admitted);
    judge.Classify(mode.rounding, cases, count, strata);
    evaluator.Run(statement::Evaluator::Part::kClaim, options.targets[0], claim.expression.EnvironmentIn(mode), cases,
                  count);
    for (size_t i = 0; i < count; ++i) {
      if (!admitted[i] || strata[i] < stratum) continue;
      const double error = ErrorOf(claim, evaluator, i);
      const bool later = error == largest.error.ulps && strata[i] > largest.stratum;
      if (!(error > largest.error.ulps) && !later) continue;
      largest = {{error, {}}, strata[i]};
      for (const std::vector<uint64_t>& values : cases) largest.error.operands.push_back(values[i]);
    }
  }
  return largest;
}

// Raises the limit to the largest error of the chunk that exceeds it first, until none does, and goes on from there.
// `attained`: the stratum of the operands, where there are some.
LargestError LargestIn(ErrorClaim& claim, SearchOptions options, Stratum stratum, ModeBound& bound,
                       std::optional<Stratum>& attained) {
  LargestError largest;
  options.all_strata = stratum == kLastStratum;
  options.keep_simplest = false;
  const auto simplest = [&] {
    if (attained && !largest.operands.empty()) largest.operands = SimplestWith(largest, claim, options, *attained);
    return largest;
  };
  while (true) {
    SetLimit(claim, largest.ulps);
    const SearchResult found = Search(claim.expression, options);
    bound.stopped = bound.stopped || found.stopped;
    bound.judged = std::max(bound.judged, found.Judged());
    const std::optional<Stratum> last = LastStratum(found.failures[0]);
    if (!last || *last < stratum) {
      bound.exhaustive = found.exhaustive;
      return simplest();
    }
    const uint64_t chunk = found.failures[0][static_cast<size_t>(*last)]->chunk;
    const LargestFound raised = LargestOfChunk(claim, options, chunk, stratum);
    if (!(raised.error.ulps > largest.ulps)) return simplest();  // equal by a rounding of the quotient
    largest = raised.error;
    attained = raised.stratum;
    options.after = found.clean;
    if (found.stopped) return simplest();
  }
}

}  // namespace

ErrorBounds BoundError(std::string_view value, const Type& format, const SearchOptions& options,
                       std::string_view against, std::string_view when, const model::Environment& arithmetic) {
  if (options.targets.size() != 1) throw Error("targets: found {}, expected one", options.targets.size());
  if (options.modes.empty()) throw Error("modes: found none, expected at least one");
  statement::ExpressionOptions parsing;
  parsing.when = when;
  parsing.arithmetic = arithmetic;
  // Names stand before the equation, for both of its sides.
  const size_t names = value.starts_with("let ") ? value.rfind(" in ") : std::string_view::npos;
  const std::string_view lets = names == std::string_view::npos ? "" : value.substr(0, names + 4);
  const std::string_view number = value.substr(lets.size());
  const std::string text =
      std::string(lets) + "(" + std::string(number) + ") === (" + std::string(against.empty() ? number : against) + ")";
  ErrorBounds bounds{statement::ParseExpression(text, format, parsing), {}};
  const Expression& expression = bounds.expression;
  if (expression.At(expression.claim).op != Op::kSame) {
    throw Error("\"{}\": expected an expression that is a floating-point number", value);
  }
  ErrorClaimMaker maker(expression);
  ErrorClaim claim = against.empty() ? maker.AgainstExact() : maker.Against();
  for (const Mode& mode : options.modes) {
    SearchOptions one = options;
    one.modes = {mode};
    ModeBound bound;
    bound.mode = mode;
    std::optional<Stratum> attained;
    bound.in_range = LargestIn(claim, one, Stratum::kFinite, bound, attained);
    // What is attained without underflow is the largest there, too; and no error at all is none there.
    const bool same = bound.in_range.operands.empty() || attained == kLastStratum;
    bound.no_underflow = same ? bound.in_range : LargestIn(claim, one, kLastStratum, bound, attained);
    bounds.bounds.push_back(std::move(bound));
  }
  return bounds;
}

}  // namespace fplab::identity
