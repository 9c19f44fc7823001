// Writing Rust.
// SPDX-License-Identifier: Apache-2.0
#include "tools/emit/rust_program.h"

#include <fmt/format.h>

#include <optional>
#include <tuple>

#include <fplab/fparith/text/float_text.h>

namespace fplab::tools {
namespace {

using statement::Op;
using statement::OutOfRange;
using statement::Type;

constexpr std::string_view kLanguage = "--emit rust";

std::string TypeName(const Type& type) {
  if (type.is_scale) return "u8";
  return type.kind == statement::Kind::kTruth ? "bool" : statement::Name(type);
}

std::string Literal(const Type& type, uint64_t bits) {
  if (type.IsNumber()) return fmt::format("{}::from_bits({})", TypeName(type), HexBits(type.format, bits));
  if (type.IsInteger()) return fmt::format("{:#x}u64 as {}", bits, TypeName(type));
  return bits != 0 ? "true" : "false";
}

class Writer {
 public:
  explicit Writer(const EmittedSteps& steps) : steps_(steps) {}

  std::string Write() {
    RequireProgrammable(steps_, kLanguage);
    for (const std::string& line :
         HeadLines(steps_, {"Compile and run:", "  rustc -O counterexample.rs && ./counterexample"})) {
      text_ += "// " + line + '\n';
    }
    text_ += "#![allow(dead_code, non_snake_case, unused_parens)]\nuse std::hint::black_box;\n\n";
    Modes();
    Helpers();
    for (const EmittedStep& step : steps_.steps) {
      if (!step.IsLeaf()) Define(step);
    }
    Main();
    return text_;
  }

 private:
  void Modes() {
    const auto constants = [&](auto value) {
      for (const Mode mode : steps_.Modes()) {
        text_ += fmt::format("    pub const {}: u64 = {:#x};\n", ModeConstant(mode), value(mode));
      }
    };
    text_ +=
        "// MXCSR with all exceptions masked; bit 15 flushes results (FTZ), bit 6 operands (DAZ), 13 and 14 are the\n"
        "// direction.\n"
        "#[cfg(target_arch = \"x86_64\")]\nmod control {\n";
    constants(MxcsrOf);
    text_ +=
        "    pub fn set(mode: u64) {\n"
        "        let word = mode as u32;\n"
        "        unsafe { std::arch::asm!(\"ldmxcsr [{}]\", in(reg) &word, options(nostack)) }\n"
        "    }\n}\n"
        "// FPCR; bit 24 (FZ) flushes both sides, with bit 1 (AH, of FEAT_AFP) results alone; bit 0 (FIZ) operands;\n"
        "// 22 and 23 are the direction.\n"
        "#[cfg(target_arch = \"aarch64\")]\nmod control {\n";
    constants(FpcrOf);
    text_ +=
        "    pub fn set(mode: u64) {\n"
        "        unsafe { std::arch::asm!(\"msr fpcr, {}\", in(reg) mode, options(nostack)) }\n"
        "    }\n}\n"
        "use control::*;\n\n";
  }

  void Helpers() {
    text_ +=
        "fn under<T>(mode: u64, step: impl FnOnce() -> T) -> T {\n"
        "    set(mode);\n"
        "    let result = step();\n"
        "    set(MODE_NONE);\n"
        "    result\n"
        "}\n\n"
        "fn show(text: &str, found: u64, predicted: u64, any_nan: bool) -> bool {\n"
        "    let agrees = found == predicted || any_nan;\n"
        "    let note = if agrees { String::new() } else { format!(\", predicted {:#x}\", predicted) };\n"
        "    println!(\"{:<40} {:#x}{}\", text, found, note);\n"
        "    agrees\n"
        "}\n\n";
    for (const auto& [op, order, symbol] : {std::tuple{Op::kMin, "min", '<'}, std::tuple{Op::kMax, "max", '>'}}) {
      for (const EmittedStep& step : steps_.steps) {
        if (step.instruction.op != op) continue;
        Minimum("f32", "ss", order, symbol);
        Minimum("f64", "sd", order, symbol);
        break;
      }
    }
  }

  // x86 has an instruction, which also flushes operands; a compiler may take a comparison and a branch.
  void Minimum(std::string_view type, std::string_view suffix, std::string_view order, char symbol) {
    text_ += fmt::format(
        "#[cfg(target_arch = \"x86_64\")]\n"
        "fn {0}_{2}(a: {0}, b: {0}) -> {0} {{\n"
        "    use std::arch::x86_64::*;\n"
        "    unsafe {{ _mm_cvt{1}_{0}(_mm_{2}_{1}(_mm_set_{1}(a), _mm_set_{1}(b))) }}\n"
        "}}\n"
        "#[cfg(not(target_arch = \"x86_64\"))]\n"
        "fn {0}_{2}(a: {0}, b: {0}) -> {0} {{\n"
        "    if a {3} b {{ a }} else {{ b }}\n"
        "}}\n\n",
        type, suffix, order, symbol);
  }

  void Define(const EmittedStep& step) {
    std::string parameters;
    for (size_t i = 0; i < static_cast<size_t>(step.instruction.Arity()); ++i) {
      parameters += fmt::format("{}{}: {}", i > 0 ? ", " : "", "abc"[i], TypeName(steps_.Argument(step, i).type));
    }
    text_ += fmt::format("// {}\n#[inline(never)]\nfn step_{}({}) -> {} {{\n    {}\n}}\n", step.text, step.name,
                         parameters, TypeName(step.type), Compute(step));
  }

  void Main() {
    text_ += "\nfn main() {\n    let mut agrees = true;\n";
    for (const EmittedStep& step : steps_.steps) {
      step.IsLeaf() ? Leaf(step) : Call(step);
    }
    text_ += fmt::format("    std::process::exit(if !agrees {{ 3 }} else if {} {{ 0 }} else {{ 1 }});\n}}\n",
                         steps_.steps.back().name);
  }

  void Leaf(const EmittedStep& step) {
    text_ += fmt::format("    let {} = black_box({}); // {}\n", step.name, Literal(step.type, step.bits), step.text);
  }

  void Call(const EmittedStep& step) {
    std::string arguments, blanks;
    for (size_t i = 0; i < static_cast<size_t>(step.instruction.Arity()); ++i) {
      arguments += (i > 0 ? ", " : "") + steps_.Argument(step, i).name;
      blanks += i > 0 ? ", _" : "_";
    }
    text_ += fmt::format("    let {0}: {4} = under({1}, || black_box(step_{0} as fn({2}) -> _)({3}));\n", step.name,
                         ModeConstant(step.mode), blanks, arguments, TypeName(step.type));
    const bool number = step.type.IsNumber();
    text_ += fmt::format("    agrees &= show(\"{}\", {}{} as u64, {:#x}, {});\n", step.text, step.name,
                         number ? ".to_bits()" : "", step.bits,
                         number && step.type.format.IsNan(step.bits) ? step.name + ".is_nan()" : "false");
  }

  std::string Compute(const EmittedStep& step) const {
    if (const std::optional<std::string> number = ComputeNumber(step)) return *number;
    if (const std::optional<std::string> truth = ComputeTruth(step)) return *truth;
    if (const std::optional<std::string> integer = ComputeInteger(step)) return *integer;
    RefuseStep(step, kLanguage, "such a step is not among those that can be emitted");
  }

  std::optional<std::string> ComputeNumber(const EmittedStep& step) const {
    const Type& type = steps_.Argument(step, 0).type;
    const std::string_view infix = InfixOf(step.instruction.op);
    if (!infix.empty() && step.type.IsNumber()) return fmt::format("a {} b", infix);
    switch (step.instruction.op) {
      case Op::kFma:
        return "a.mul_add(b, c)";
      case Op::kSqrt:
        return "a.sqrt()";
      case Op::kCeil:
        return "a.ceil()";
      case Op::kFloor:
        return "a.floor()";
      case Op::kTrunc:
        return "a.trunc()";
      case Op::kRound:
        return "a.round()";
      case Op::kRint:
        if (step.mode.rounding == Rounding::kNearestEven) return "a.round_ties_even()";
        RefuseStep(step, kLanguage, "Rust has no rounding to an integer in the direction of the control word");
      case Op::kFmod:
        return "a % b";
      case Op::kMin:
      case Op::kMax:
        return fmt::format("{}_{}(a, b)", TypeName(type), step.instruction.op == Op::kMin ? "min" : "max");
      case Op::kConvert:
      case Op::kFromInteger:
        return "a as " + TypeName(step.type);
      case Op::kNegate:
        return "-a";
      case Op::kAbs:
        return "a.abs()";
      case Op::kCopySign:
        return "a.copysign(b)";
      case Op::kFromBits:
        return fmt::format("{}::from_bits(a as u{})", TypeName(step.type), step.type.format.Width());
      case Op::kSelect:
        return "if a { b } else { c }";
      default:
        return std::nullopt;
    }
  }

  static std::optional<std::string> ComputeTruth(const EmittedStep& step) {
    const std::string_view infix = InfixOf(step.instruction.op);
    if (!infix.empty() && step.type.kind == statement::Kind::kTruth) return fmt::format("a {} b", infix);
    switch (step.instruction.op) {
      case Op::kEqual:  // any NaN equals any NaN
        return "a == b || (a.is_nan() && b.is_nan())";
      case Op::kSame:
        return "a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())";
      case Op::kIsFinite:
        return "a.is_finite()";
      case Op::kIsNan:
        return "a.is_nan()";
      case Op::kIsInfinite:
        return "a.is_infinite()";
      case Op::kIsZero:
        return "a == 0.0";
      case Op::kSignBit:
        return "a.is_sign_negative()";
      case Op::kIsNormal:
        return "a.is_normal()";
      case Op::kIsSubnormal:
        return "a.is_subnormal()";
      case Op::kIsInteger:
        return "a.is_finite() && a.trunc() == a";
      case Op::kNot:
        return "!a";
      case Op::kAnd:
        return "a && b";
      case Op::kOr:
        return "a || b";
      default:
        return std::nullopt;
    }
  }

  std::optional<std::string> ComputeInteger(const EmittedStep& step) const {
    const int mask = step.type.width - 1;
    switch (step.instruction.op) {
      case Op::kToInteger:
        return ToInteger(step);
      case Op::kBits:
        return "a.to_bits()";
      case Op::kIntConvert:
        return "a as " + TypeName(step.type);
      case Op::kIntNegate:
        return "a.wrapping_neg()";
      case Op::kIntNot:
        return "!a";
      case Op::kIntAdd:
        return "a.wrapping_add(b)";
      case Op::kIntSub:
        return "a.wrapping_sub(b)";
      case Op::kIntMul:
        return "a.wrapping_mul(b)";
      case Op::kIntAnd:
        return "a & b";
      case Op::kIntOr:
        return "a | b";
      case Op::kIntXor:
        return "a ^ b";
      case Op::kIntDiv:
        return "if b == 0 { 0 } else { a.wrapping_div(b) }";
      case Op::kIntRemainder:
        return "if b == 0 { a } else { a.wrapping_rem(b) }";
      case Op::kIntShiftLeft:
        return fmt::format("a << (b & {})", mask);
      case Op::kIntShiftRight:
        return fmt::format("a >> (b & {})", mask);
      default:
        return std::nullopt;
    }
  }

  // `as` saturates.
  std::string ToInteger(const EmittedStep& step) const {
    const auto kind = static_cast<OutOfRange>(step.instruction.value);
    const std::string type = TypeName(step.type);
    if (kind == OutOfRange::kSaturate || ConvertsInRange(steps_, step)) return "a as " + type;
    if (kind == OutOfRange::kWrap) RefuseStep(step, kLanguage, "Rust has no conversion that wraps");
    const Type wide = step.type.width < 32 ? Type::Integer(32, true) : step.type;
    const uint64_t indefinite = wide.is_signed ? wide.Least() : wide.Greatest();
    // i128 holds every number that is not far out of range, and saturates beyond.
    return fmt::format("if a as i128 == (a as {0}) as i128 && !a.is_nan() {{ a as {0} as {1} }} else {{ {2} as {1} }}",
                       TypeName(wide), type, Literal(wide, indefinite));
  }

  const EmittedSteps& steps_;
  std::string text_;
};

}  // namespace

std::string RustProgram(const EmittedSteps& steps) { return Writer(steps).Write(); }

}  // namespace fplab::tools
