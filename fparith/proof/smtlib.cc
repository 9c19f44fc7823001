// Statements in SMT-LIB.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/smtlib.h>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/model/model.h>

namespace fplab::proof {
namespace {

using statement::Expression;
using statement::Instruction;
using statement::Kind;
using statement::Op;
using statement::Type;

std::string_view RoundingTerm(Rounding rounding) {
  switch (rounding) {
    case Rounding::kNearestAway:
      return "RNA";
    case Rounding::kTowardZero:
      return "RTZ";
    case Rounding::kUp:
      return "RTP";
    case Rounding::kDown:
      return "RTN";
    default:
      return "RNE";
  }
}

std::string Sort(const Type& type) {
  if (type.IsInteger()) return fmt::format("(_ BitVec {})", type.width);
  if (type.IsNumber()) return fmt::format("(_ FloatingPoint {} {})", type.format.exponent_bits, type.format.precision);
  return "Bool";
}

std::string Pattern(uint64_t value, int width) { return fmt::format("#b{:0{}b}", value, width); }

// A bit vector as a number.
std::string FromPattern(const Format& format, const std::string& bits) {
  return fmt::format("((_ to_fp {} {}) {})", format.exponent_bits, format.precision, bits);
}

std::string Zero(const Format& format, const std::string& negative) {
  return fmt::format("(ite {} (_ -zero {} {}) (_ +zero {} {}))", negative, format.exponent_bits, format.precision,
                     format.exponent_bits, format.precision);
}

// A format of two exponent bits more: what is rounded in it is rounded with unbounded exponent.
Format Unbounded(const Format& format) { return {format.exponent_bits + 2, format.precision}; }

class Writer {
 public:
  Writer(const Expression& expression, Mode mode, bool all_values)
      : expression_(expression), mode_(mode), all_values_(all_values) {}

  std::string Run() {
    Line("; {}", expression_.text);
    Line("; in {} under {}: satisfiable if it is false for some operands, whose patterns are the values",
         Name(expression_.format), Name(mode_));
    Line("(set-logic QF_BVFP)");
    std::string names;
    for (size_t v = 0; v < expression_.variables.size(); ++v) {
      const statement::Variable& variable = expression_.variables[v];
      const int width = variable.type.IsInteger() ? variable.type.width : variable.type.format.Width();
      Line("(declare-const {} (_ BitVec {}))", Name(v), width);
      names += (v > 0 ? " " : "") + Name(v);
    }
    for (size_t i = 0; i < expression_.program.size(); ++i) Define(static_cast<int>(i));
    for (size_t v = 0; v < expression_.variables.size(); ++v) {
      const Type& type = expression_.variables[v].type;
      if (type.is_scale && !all_values_)
        Line("(assert (not (= {} {})))", Name(v), Pattern(Type::kScaleNan, type.width));
      if (!type.IsNumber() || all_values_) continue;
      const std::string number = FromPattern(type.format, Name(v));
      Line("(assert (not (or (fp.isInfinite {}) (fp.isNaN {}))))", number, number);
    }
    if (expression_.condition) Line("(assert t!{})", *expression_.condition);
    Line("(assert (not t!{}))", expression_.claim);
    Line("(check-sat)");
    if (!names.empty()) Line("(get-value ({}))", names);
    return text_;
  }

 private:
  template <typename... Args>
  void Line(fmt::format_string<Args...> format, Args&&... args) {
    text_ += fmt::format(format, std::forward<Args>(args)...) + "\n";
  }

  // Quoted: a variable may have the name of a command.
  std::string Name(size_t variable) const { return "|" + expression_.variables[variable].name + "|"; }
  static std::string Name(const Format& format) { return fplab::Name(format); }
  static std::string Name(const Type& type) { return statement::Name(type); }
  static std::string Name(Mode mode) { return fplab::Name(mode); }

  [[noreturn]] void Refuse(const Instruction& instruction) const {
    throw Error("\"{}\" has no term in SMT-LIB here", expression_.TextOf(instruction));
  }

  static void RequireIeee(const Format& format) {
    if (format == Format{format.exponent_bits, format.precision}) return;
    throw Error("SMT-LIB has no format like {}: its formats have infinities, NaNs and the usual bias", Name(format));
  }

  void Define(int index) {
    const Instruction& instruction = expression_.At(index);
    const Type& type = instruction.type;
    if (type.kind == Kind::kExact || expression_.IsWide(instruction)) Refuse(instruction);
    if (type.IsNumber()) RequireIeee(type.format);
    if (instruction.op == Op::kBits) return DefineBits(index);
    Line("(define-fun t!{} () {} {})", index, Sort(type), Term(instruction));
  }

  // The pattern of a number: the one that is that number, of NaN the model's.
  void DefineBits(int index) {
    const Instruction& instruction = expression_.At(index);
    const Format& format = expression_.ArgumentType(instruction, 0).format;
    const std::string number = Argument(instruction, 0), bits = fmt::format("b!{}", index);
    Line("(declare-const {} (_ BitVec {}))", bits, format.Width());
    Line("(assert (ite (fp.isNaN {}) (= {} {}) (= {} {})))", number, bits,
         Pattern(format.CanonicalNan(), format.Width()), FromPattern(format, bits), number);
    Line("(define-fun t!{} () {} {})", index, Sort(instruction.type),
         Extended(bits, format.Width(), instruction.type.width, false));
  }

  static std::string Extended(const std::string& bits, int from, int to, bool is_signed) {
    if (from == to) return bits;
    if (from > to) return fmt::format("((_ extract {} 0) {})", to - 1, bits);
    return fmt::format("((_ {}_extend {}) {})", is_signed ? "sign" : "zero", to - from, bits);
  }

  static std::string Argument(const Instruction& instruction, size_t position) {
    return fmt::format("t!{}", instruction.args[position]);
  }

  // The operand that takes part.
  std::string Flushed(const Instruction& instruction, size_t position) const {
    const std::string term = Argument(instruction, position);
    const Type& type = expression_.ArgumentType(instruction, position);
    if (!instruction.Under(mode_).flush_inputs || !type.IsNumber()) return term;
    return fmt::format("(ite (fp.isSubnormal {}) {} {})", term,
                       Zero(type.format, fmt::format("(fp.isNegative {})", term)), term);
  }

  std::string Term(const Instruction& instruction) const {
    const Op op = instruction.op;
    if (op == Op::kVariable) {
      const std::string name = Name(instruction.value);
      return instruction.type.IsNumber() ? FromPattern(instruction.type.format, name) : name;
    }
    if (op == Op::kConstant) return Constant(instruction);
    if (statement::IsUnderMode(op)) return UnderMode(instruction);
    if (op >= Op::kIntConvert && op <= Op::kIntShiftRight) return OnIntegers(instruction);
    return OnBits(instruction);
  }

  static std::string Constant(const Instruction& instruction) {
    const Type& type = instruction.type;
    if (type.IsNumber()) return FromPattern(type.format, Pattern(instruction.value, type.format.Width()));
    if (type.IsInteger()) return Pattern(instruction.value & (~uint64_t{0} >> (64 - type.width)), type.width);
    return instruction.value != 0 ? "true" : "false";
  }

  static std::string Rounded(std::string_view operation, std::string_view rounding, const std::string& operands) {
    return fmt::format("({} {} {})", operation, rounding, operands);
  }

  std::string UnderMode(const Instruction& instruction) const {
    const Mode mode = instruction.Under(mode_);
    if (mode.rounding == Rounding::kToOdd) Refuse(instruction);
    const std::string_view rounding = RoundingTerm(mode.rounding);
    const auto x = [&](size_t position) { return Flushed(instruction, position); };
    switch (instruction.op) {
      case Op::kAdd:
      case Op::kSub: {
        const char* operation = instruction.op == Op::kAdd ? "fp.add" : "fp.sub";
        const std::string sum = Rounded(operation, rounding, x(0) + " " + x(1));
        if (!mode.flush_outputs) return sum;
        return fmt::format("(let ((r! {})) (ite (fp.isSubnormal r!) {} r!))", sum,
                           Zero(instruction.type.format, "(fp.isNegative r!)"));
      }
      case Op::kMul:
        return Flushing(instruction, "fp.mul", {x(0), x(1)});
      case Op::kDiv:
        return Flushing(instruction, "fp.div", {x(0), x(1)});
      case Op::kFma:
        return Flushing(instruction, "fp.fma", {x(0), x(1), x(2)});
      case Op::kConvert:
        return Flushing(instruction, "", {x(0)});
      case Op::kSqrt:
        return Rounded("fp.sqrt", rounding, x(0));
      case Op::kFromInteger: {
        const bool is_signed = expression_.ArgumentType(instruction, 0).is_signed;
        const Format& format = instruction.type.format;
        return fmt::format("((_ {} {} {}) {} {})", is_signed ? "to_fp" : "to_fp_unsigned", format.exponent_bits,
                           format.precision, rounding, x(0));
      }
      case Op::kMin:
        return fmt::format("(ite (fp.lt {} {}) {} {})", x(0), x(1), x(0), x(1));
      case Op::kMax:
        return fmt::format("(ite (fp.lt {} {}) {} {})", x(1), x(0), x(0), x(1));
      case Op::kCeil:
        return Rounded("fp.roundToIntegral", "RTP", x(0));
      case Op::kFloor:
        return Rounded("fp.roundToIntegral", "RTN", x(0));
      case Op::kTrunc:
        return Rounded("fp.roundToIntegral", "RTZ", x(0));
      case Op::kRint:
        return Rounded("fp.roundToIntegral", rounding, x(0));
      case Op::kRound:
        return Rounded("fp.roundToIntegral", "RNA", x(0));
      case Op::kRoundEven:
        return Rounded("fp.roundToIntegral", "RNE", x(0));
      case Op::kEqualInMode:
        return fmt::format("(fp.eq {} {})", x(0), x(1));
      case Op::kLessInMode:
        return fmt::format("(fp.lt {} {})", x(0), x(1));
      case Op::kLessEqualInMode:
        return fmt::format("(fp.leq {} {})", x(0), x(1));
      default:
        Refuse(instruction);
    }
  }

  // An operation, or a conversion where it has no name, flushed where it is tiny after rounding (A) or before it (B).
  std::string Flushing(const Instruction& instruction, const std::string& operation,
                       const std::vector<std::string>& operands) const {
    const Mode mode = instruction.Under(mode_);
    const std::string_view rounding = RoundingTerm(mode.rounding);
    const Format& format = instruction.type.format;
    const Format wide = Unbounded(format);
    const auto in = [&](const Format& to, std::string_view direction) {
      std::string term = operation.empty()
                             ? fmt::format("((_ to_fp {} {}) {}", to.exponent_bits, to.precision, direction)
                             : fmt::format("({} {}", operation, direction);
      for (const std::string& operand : operands) {
        const bool widened = !operation.empty() && to != format;
        term +=
            widened ? fmt::format(" ((_ to_fp {} {}) RNE {})", to.exponent_bits, to.precision, operand) : " " + operand;
      }
      return term + ")";
    };
    const std::string result = in(format, rounding);
    if (!mode.flush_outputs) return result;
    const bool after = model::HardwareFlushSemantics() == model::FlushSemantics::kAfterRounding;
    const uint64_t least = static_cast<uint64_t>(format.MinExponent() + wide.Bias()) << wide.FractionBits();
    return fmt::format("(let ((r! {}) (w! (fp.abs {}))) (ite (fp.lt w! {}) {} r!))", result,
                       in(wide, after ? rounding : "RTZ"), FromPattern(wide, Pattern(least, wide.Width())),
                       Zero(format, "(fp.isNegative r!)"));
  }

  std::string OnBits(const Instruction& instruction) const {
    const auto x = [&](size_t position) { return Argument(instruction, position); };
    switch (instruction.op) {
      case Op::kNegate:
        return fmt::format("(fp.neg {})", x(0));
      case Op::kAbs:
        return fmt::format("(fp.abs {})", x(0));
      case Op::kCopySign:  // the sign of a NaN counts as plus: the model's own NaNs have none
        return fmt::format("(ite (fp.isNegative {}) (fp.neg (fp.abs {})) (fp.abs {}))", x(1), x(0), x(0));
      case Op::kSelect:
        return fmt::format("(ite {} {} {})", x(0), x(1), x(2));
      case Op::kFromBits: {
        const Format& format = instruction.type.format;
        const int width = expression_.ArgumentType(instruction, 0).width;
        return FromPattern(format, Extended(x(0), width, format.Width(), false));
      }
      case Op::kEqual:
        return fmt::format("(or (fp.eq {} {}) (= {} {}))", x(0), x(1), x(0), x(1));
      case Op::kSame:
        return fmt::format("(= {} {})", x(0), x(1));
      case Op::kLess:
        return fmt::format("(fp.lt {} {})", x(0), x(1));
      case Op::kLessEqual:
        return fmt::format("(fp.leq {} {})", x(0), x(1));
      case Op::kIntEqual:
        return fmt::format("(= {} {})", x(0), x(1));
      case Op::kIntLess:
        return fmt::format("({} {} {})", IsSigned(instruction) ? "bvslt" : "bvult", x(0), x(1));
      case Op::kIntLessEqual:
        return fmt::format("({} {} {})", IsSigned(instruction) ? "bvsle" : "bvule", x(0), x(1));
      case Op::kIsFinite:
        return fmt::format("(not (or (fp.isInfinite {}) (fp.isNaN {})))", x(0), x(0));
      case Op::kIsNan:
        return fmt::format("(fp.isNaN {})", x(0));
      case Op::kIsInfinite:
        return fmt::format("(fp.isInfinite {})", x(0));
      case Op::kIsZero:
        return fmt::format("(fp.isZero {})", x(0));
      case Op::kSignBit:
        return fmt::format("(fp.isNegative {})", x(0));
      case Op::kIsNormal:
        return fmt::format("(fp.isNormal {})", x(0));
      case Op::kIsSubnormal:
        return fmt::format("(fp.isSubnormal {})", x(0));
      case Op::kIsInteger:
        return fmt::format("(and (not (fp.isInfinite {})) (fp.eq {} (fp.roundToIntegral RTZ {})))", x(0), x(0), x(0));
      case Op::kNot:
        return fmt::format("(not {})", x(0));
      case Op::kAnd:
        return fmt::format("(and {} {})", x(0), x(1));
      case Op::kOr:
        return fmt::format("(or {} {})", x(0), x(1));
      default:
        Refuse(instruction);
    }
  }

  bool IsSigned(const Instruction& instruction) const { return expression_.ArgumentType(instruction, 0).is_signed; }

  std::string OnIntegers(const Instruction& instruction) const {
    const auto x = [&](size_t position) { return Argument(instruction, position); };
    const auto binary = [&](std::string_view operation) { return fmt::format("({} {} {})", operation, x(0), x(1)); };
    const Type& type = instruction.type;
    const auto shift = [&](std::string_view operation) {
      const std::string mask = Pattern(static_cast<uint64_t>(type.width - 1), type.width);
      return fmt::format("({} {} (bvand {} {}))", operation, x(0), x(1), mask);
    };
    switch (instruction.op) {
      case Op::kIntConvert: {
        const Type& from = expression_.ArgumentType(instruction, 0);
        return Extended(x(0), from.width, type.width, from.is_signed);
      }
      case Op::kIntNegate:
        return fmt::format("(bvneg {})", x(0));
      case Op::kIntNot:
        return fmt::format("(bvnot {})", x(0));
      case Op::kIntAdd:
        return binary("bvadd");
      case Op::kIntSub:
        return binary("bvsub");
      case Op::kIntMul:
        return binary("bvmul");
      case Op::kIntAnd:
        return binary("bvand");
      case Op::kIntOr:
        return binary("bvor");
      case Op::kIntXor:
        return binary("bvxor");
      case Op::kIntShiftLeft:
        return shift("bvshl");
      case Op::kIntShiftRight:
        return shift(type.is_signed ? "bvashr" : "bvlshr");
      default:
        Refuse(instruction);
    }
  }

  const Expression& expression_;
  Mode mode_;
  bool all_values_;
  std::string text_;
};

}  // namespace

std::string SmtLib(const Expression& expression, Mode mode, bool all_values) {
  if (expression.NeedsNanRule()) {
    throw Error("SMT-LIB: has one NaN, and the statement tells those of {} apart", Name(expression.arithmetic.nans));
  }
  if (!expression.HasHardwareFlushing()) {
    throw Error("SMT-LIB: this machine's flushing can be written, not that by semantics {}",
                model::FlushText(expression.arithmetic));
  }
  return Writer(expression, mode, all_values).Run();
}

}  // namespace fplab::proof
