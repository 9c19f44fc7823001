// Writing C and C++, which differ in their headers and in how bits become numbers.
// SPDX-License-Identifier: Apache-2.0
#include "tools/emit/c_program.h"

#include <fmt/format.h>

#include <optional>

#include <fplab/fparith/text/float_text.h>

namespace fplab::tools {
namespace {

using statement::Op;
using statement::OutOfRange;
using statement::Type;

bool IsDouble(const Type& type) { return type.IsNumber() && type.format == kBinary64; }

std::string TypeName(const Type& type) {
  if (type.IsNumber()) return IsDouble(type) ? "double" : "float";
  if (type.IsInteger()) return fmt::format("{}int{}_t", type.is_signed ? "" : "u", type.width);
  return "int";
}

// The bits of a value as a literal of its type.
std::string Literal(const Type& type, uint64_t bits) {
  if (type.IsNumber())
    return fmt::format("{}_from_bits({}u{})", Name(type), HexBits(type.format, bits), IsDouble(type) ? "ll" : "");
  if (type.IsInteger()) return fmt::format("({}){:#x}ull", TypeName(type), bits);
  return bits != 0 ? "1" : "0";
}

constexpr std::string_view kRunner = R"(static void run(void (*step)(void), enum Control mode) {
  void (*volatile opaque)(void) = step;
  set_mode(mode);
  opaque();
  set_mode(MODE_NONE);
}

static int show(const char *text, uint64_t found, uint64_t predicted, int any_nan) {
  const int agrees = found == predicted || any_nan;
  printf("%-40s 0x%llx", text, (unsigned long long)found);
  if (!agrees) printf(", predicted 0x%llx", (unsigned long long)predicted);
  printf("\n");
  return agrees;
}

)";

class Writer {
 public:
  Writer(const EmittedSteps& steps, CDialect dialect)
      : steps_(steps), cpp_(dialect == CDialect::kCpp), language_(cpp_ ? "--emit c++" : "--emit c") {}

  std::string Write() {
    RequireProgrammable(steps_, language_);
    std::string body(kRunner);
    for (const EmittedStep& step : steps_.steps) body += Definition(step);
    body += Main();
    return Head() + Controls() + Helpers(body) + body;
  }

 private:
  std::string Head() const {
    const std::string command = cpp_ ? "c++ -std=c++20 -O2 -ffp-contract=off counterexample.cc -o counterexample"
                                     : "cc -std=c99 -O2 -ffp-contract=off counterexample.c -o counterexample -lm";
    std::string text;
    for (const std::string& line : HeadLines(steps_, {"Compile and run:", "  " + command + " && ./counterexample"})) {
      text += "// " + line + '\n';
    }
    text += cpp_ ? "#include <bit>\n#include <cmath>\n#include <cstdint>\n#include <cstdio>\n\n"
                 : "#include <math.h>\n#include <stdint.h>\n#include <stdio.h>\n#include <string.h>\n\n";
    return text;
  }

  std::string Constants(uint32_t (*value)(Mode)) const {
    std::string text = "enum Control {\n";
    for (const Mode mode : steps_.Modes()) text += fmt::format("  {} = {:#x},\n", ModeConstant(mode), value(mode));
    return text + "};\n";
  }

  std::string Controls() const {
    return "#if defined(__x86_64__)\n"
           "#include <immintrin.h>\n"
           "// MXCSR with all exceptions masked; bit 15 flushes results (FTZ), bit 6 operands (DAZ), 13 and 14 are "
           "the\n"
           "// direction.\n" +
           Constants(MxcsrOf) +
           "static void set_mode(enum Control mode) { _mm_setcsr((unsigned)mode); }\n"
           "#elif defined(__aarch64__)\n"
           "// FPCR; bit 24 (FZ) flushes both sides, with bit 1 (AH, of FEAT_AFP) results alone; bit 0 (FIZ) "
           "operands;\n"
           "// 22 and 23 are the direction.\n" +
           Constants(FpcrOf) +
           "static void set_mode(enum Control mode) {\n"
           "  uint64_t word = (uint64_t)mode;\n"
           "  __asm__ volatile(\"msr fpcr, %0\" : : \"r\"(word) : \"memory\");\n"
           "}\n"
           "#else\n"
           "#error \"the control words of x86-64 and AArch64 are known here, and no others\"\n"
           "#endif\n\n";
  }

  // Those that the body calls: compilers warn of others.
  std::string Helpers(const std::string& body) const {
    std::string text;
    const auto add = [&](const std::string& name, const std::string& definition) {
      if (body.find(name + "(") != std::string::npos) text += definition;
    };
    for (const Type& type : {Type::Number(kBinary32), Type::Number(kBinary64)}) {
      const std::string name = statement::Name(type);
      const std::string number = TypeName(type), bits = TypeName(statement::BitsType(type.format));
      add(name + "_from_bits", FromTo(name + "_from_bits", bits, number));
      add(name + "_bits", FromTo(name + "_bits", number, bits));
      add(name + "_min", Minimum(name, number, "min", '<'));
      add(name + "_max", Minimum(name, number, "max", '>'));
    }
    return text + '\n';
  }

  // The function that takes a value as one of the other type with the same bits.
  std::string FromTo(const std::string& name, const std::string& from, const std::string& to) const {
    if (cpp_) return fmt::format("static {2} {0}({1} from) {{ return std::bit_cast<{2}>(from); }}\n", name, from, to);
    return fmt::format("static {2} {0}({1} from) {{\n  {2} to;\n  memcpy(&to, &from, sizeof to);\n  return to;\n}}\n",
                       name, from, to);
  }

  // x86 has an instruction, which also flushes operands; a compiler may take a comparison and a branch.
  static std::string Minimum(const std::string& name, const std::string& type, const char* order, char symbol) {
    return fmt::format(
        "static {1} {0}_{2}({1} a, {1} b) {{\n"
        "#if defined(__x86_64__)\n"
        "  return _mm_cvt{4}_{0}(_mm_{2}_{4}(_mm_set_{4}(a), _mm_set_{4}(b)));\n"
        "#else\n"
        "  return a {3} b ? a : b;\n"
        "#endif\n"
        "}}\n",
        name, type, order, symbol, name == "f32" ? "ss" : "sd");
  }

  std::string Definition(const EmittedStep& step) const {
    const std::string variable = fmt::format("static volatile {} {};", TypeName(step.type), step.name);
    if (step.instruction.op == Op::kVariable) return variable + '\n';
    const std::string line = fmt::format("{}  // {}\n", variable, step.text);
    return step.IsLeaf() ? line
                         : line + fmt::format("__attribute__((noinline)) static void step_{0}(void) {{ {0} = {1}; }}\n",
                                              step.name, Compute(step));
  }

  std::string Main() const {
    std::string text = "\nint main(void) {\n  int agrees = 1;\n";
    for (const EmittedStep& step : steps_.steps) {
      if (!step.IsLeaf()) continue;
      text += fmt::format("  {} = {};\n", step.name, Literal(step.type, step.bits));
    }
    for (const EmittedStep& step : steps_.steps) {
      if (step.IsLeaf()) continue;
      text += fmt::format("  run(step_{}, {});\n", step.name, ModeConstant(step.mode));
      text += fmt::format("  agrees &= show(\"{}\", {}, {:#x}u{}, {});\n", step.text, Found(step), step.bits,
                          step.type.IsInteger() || IsDouble(step.type) ? "ll" : "", AnyNan(step));
    }
    const EmittedStep& claim = steps_.steps.back();
    return text + fmt::format("  if (!agrees) return 3;\n  return {} ? 0 : 1;\n}}\n", claim.name);
  }

  std::string Found(const EmittedStep& step) const {
    if (step.type.IsNumber()) return fmt::format("{}_bits({})", Name(step.type), step.name);
    return fmt::format("(uint64_t){}", step.name);
  }
  static std::string AnyNan(const EmittedStep& step) {
    const bool nan = step.type.IsNumber() && step.type.format.IsNan(step.bits);
    return nan ? fmt::format("{0} != {0}", step.name) : "0";
  }

  // "fmaf" in C, "std::fma" in C++.
  std::string Function(const char* name, const Type& type) const {
    return cpp_ ? fmt::format("std::{}", name) : fmt::format("{}{}", name, IsDouble(type) ? "" : "f");
  }
  // A macro of C, a function of C++.
  std::string Predicate(const char* name) const { return cpp_ ? fmt::format("std::{}", name) : name; }

  std::string Compute(const EmittedStep& step) const {
    if (const std::optional<std::string> number = ComputeNumber(step)) return *number;
    if (const std::optional<std::string> truth = ComputeTruth(step)) return *truth;
    if (const std::optional<std::string> integer = ComputeInteger(step)) return *integer;
    RefuseStep(step, language_, "such a step is not among those that can be emitted");
  }

  std::optional<std::string> ComputeNumber(const EmittedStep& step) const {
    const Type& type = steps_.Argument(step, 0).type;
    const std::string a = Name(step, 0), b = Name(step, 1), c = Name(step, 2);
    const auto call = [&](const char* name) { return Function(name, type) + "(" + a + ")"; };
    const auto call2 = [&](const char* name) { return Function(name, type) + "(" + a + ", " + b + ")"; };
    const std::string_view infix = InfixOf(step.instruction.op);
    if (!infix.empty() && step.type.IsNumber()) return fmt::format("{} {} {}", a, infix, b);
    switch (step.instruction.op) {
      case Op::kFma:
        return Function("fma", type) + "(" + a + ", " + b + ", " + c + ")";
      case Op::kSqrt:
        return call("sqrt");
      case Op::kCeil:
        return call("ceil");
      case Op::kFloor:
        return call("floor");
      case Op::kTrunc:
        return call("trunc");
      case Op::kRint:
        return call("rint");
      case Op::kRound:
        return call("round");
      case Op::kFmod:
        return call2("fmod");
      case Op::kRemainder:
        return call2("remainder");
      case Op::kMin:
      case Op::kMax:
        return fmt::format("{}_{}({}, {})", statement::Name(type), step.instruction.op == Op::kMin ? "min" : "max", a,
                           b);
      case Op::kConvert:
      case Op::kFromInteger:
        return fmt::format("({}){}", TypeName(step.type), a);
      case Op::kNegate:
        return "-" + a;
      case Op::kAbs:
        return call("fabs");
      case Op::kCopySign:
        return call2("copysign");
      case Op::kFromBits:
        return fmt::format("{}_from_bits((uint{}_t){})", statement::Name(step.type), step.type.format.Width(), a);
      case Op::kSelect:
        return a + " ? " + b + " : " + c;
      default:
        return std::nullopt;
    }
  }

  std::optional<std::string> ComputeTruth(const EmittedStep& step) const {
    const std::string a = Name(step, 0), b = Name(step, 1);
    const auto predicate = [&](const char* name) { return Predicate(name) + "(" + a + ") != 0"; };
    const std::string_view infix = InfixOf(step.instruction.op);
    if (!infix.empty() && step.type.kind == statement::Kind::kTruth) return fmt::format("{} {} {}", a, infix, b);
    switch (step.instruction.op) {
      case Op::kEqual:  // any NaN equals any NaN
        return fmt::format("{0} == {1} || ({0} != {0} && {1} != {1})", a, b);
      case Op::kSame:
        return fmt::format("{2}_bits({0}) == {2}_bits({1}) || ({0} != {0} && {1} != {1})", a, b,
                           statement::Name(steps_.Argument(step, 0).type));
      case Op::kIsFinite:
        return predicate("isfinite");
      case Op::kIsNan:
        return a + " != " + a;
      case Op::kIsInfinite:
        return predicate("isinf");
      case Op::kIsZero:
        return a + " == 0";
      case Op::kSignBit:
        return predicate("signbit");
      case Op::kIsNormal:
        return predicate("isnormal");
      case Op::kIsSubnormal:
        return fmt::format("{}({}) == FP_SUBNORMAL", Predicate("fpclassify"), a);
      case Op::kIsInteger:
        return fmt::format("{0}({1}) && {2}({1}) == {1}", Predicate("isfinite"), a,
                           Function("trunc", steps_.Argument(step, 0).type));
      case Op::kNot:
        return "!" + a;
      case Op::kAnd:
        return a + " && " + b;
      case Op::kOr:
        return a + " || " + b;
      default:
        return std::nullopt;
    }
  }

  // Integers wrap: computed without a sign, then converted, as every compiler of these machines defines it.
  std::optional<std::string> ComputeInteger(const EmittedStep& step) const {
    const std::string a = Name(step, 0), b = Name(step, 1), type = TypeName(step.type);
    if (const std::string_view infix = InfixOf(step.instruction.op); !infix.empty()) {
      return fmt::format("({})((uint64_t){} {} (uint64_t){})", type, a, infix, b);
    }
    switch (step.instruction.op) {
      case Op::kToInteger:
        return ToInteger(step, a);
      case Op::kBits:
        return statement::Name(steps_.Argument(step, 0).type) + "_bits(" + a + ")";
      case Op::kIntConvert:
        return fmt::format("({}){}", type, a);
      case Op::kIntNegate:
        return fmt::format("({})(0 - (uint64_t){})", type, a);
      case Op::kIntNot:
        return fmt::format("({})~(uint64_t){}", type, a);
      case Op::kIntDiv:  // by zero 0
        return step.type.is_signed
                   ? fmt::format("{1} == 0 ? 0 : {1} == -1 ? ({2})(0 - (uint64_t){0}) : ({2})({0} / {1})", a, b, type)
                   : fmt::format("{1} == 0 ? 0 : ({2})({0} / {1})", a, b, type);
      case Op::kIntRemainder:  // by zero the dividend
        return step.type.is_signed ? fmt::format("{1} == 0 ? {0} : {1} == -1 ? 0 : ({2})({0} % {1})", a, b, type)
                                   : fmt::format("{1} == 0 ? {0} : ({2})({0} % {1})", a, b, type);
      case Op::kIntShiftLeft:
        return fmt::format("({})((uint64_t){} << ({} & {}))", type, a, b, step.type.width - 1);
      case Op::kIntShiftRight:
        return fmt::format("({})({} >> ({} & {}))", type, a, b, step.type.width - 1);
      default:
        return std::nullopt;
    }
  }

  // Outside the range of a type C leaves a conversion undefined, so that it is asked about first.
  std::string ToInteger(const EmittedStep& step, const std::string& a) const {
    const auto kind = static_cast<OutOfRange>(step.instruction.value);
    if (kind == OutOfRange::kWrap && !ConvertsInRange(steps_, step)) {
      RefuseStep(step, language_, "C has no conversion that wraps");
    }
    const Type wide = kind == OutOfRange::kX86 && step.type.width < 32 ? Type::Integer(32, true) : step.type;
    const std::string type = TypeName(wide);
    const std::string fits = InRange(wide, a), inside = fmt::format("({}){}", type, a);
    if (kind == OutOfRange::kX86) {
      const std::string value =
          fmt::format("{} ? {} : {}", fits, inside, Literal(wide, wide.is_signed ? wide.Least() : wide.Greatest()));
      return wide == step.type ? value : fmt::format("({})({})", TypeName(step.type), value);
    }
    if (kind == OutOfRange::kSaturate) {
      return fmt::format("{0} ? {1} : {2} != {2} ? 0 : {2} < 0 ? {3} : {4}", fits, inside, a,
                         Literal(wide, wide.Least()), Literal(wide, wide.Greatest()));
    }
    return inside;
  }

  // Whether the number, truncated, is one of the type; in binary64, which holds the ends of every type but the least
  // of 64 bits less one.
  static std::string InRange(const Type& type, const std::string& a) {
    const std::string low = !type.is_signed    ? "> -1.0"
                            : type.width == 64 ? ">= -9223372036854775808.0"
                                               : fmt::format("> {}.0", static_cast<int64_t>(type.Least()) - 1);
    const std::string high = type.width == 64 ? (type.is_signed ? "9223372036854775808.0" : "18446744073709551616.0")
                                              : fmt::format("{}.0", type.Greatest() + 1);
    return fmt::format("(double){0} {1} && (double){0} < {2}", a, low, high);
  }

  const std::string& Name(const EmittedStep& step, size_t position) const {
    static const std::string kNone;
    return position < static_cast<size_t>(step.instruction.Arity()) ? steps_.Argument(step, position).name : kNone;
  }
  static std::string Name(const Type& type) { return statement::Name(type); }

  const EmittedSteps& steps_;
  const bool cpp_;
  const std::string_view language_;
};

}  // namespace

std::string CProgram(const EmittedSteps& steps, CDialect dialect) { return Writer(steps, dialect).Write(); }

}  // namespace fplab::tools
