// Writing Python.
// SPDX-License-Identifier: Apache-2.0
#include "tools/emit/python_program.h"

#include <fmt/format.h>

#include <optional>

#include <fplab/fparith/text/float_text.h>

namespace fplab::tools {
namespace {

using statement::Op;
using statement::OutOfRange;
using statement::Type;

constexpr std::string_view kLanguage = "--emit python";

// Numbers are NumPy's scalars; integers are Python's, which have no width, wrapped by wrap().
std::string Literal(const Type& type, uint64_t bits) {
  if (type.IsNumber()) return fmt::format("{}({})", statement::Name(type), HexBits(type.format, bits));
  if (type.IsInteger()) {
    return type.is_signed ? fmt::format("{}", static_cast<int64_t>(bits)) : fmt::format("{}", bits);
  }
  return bits != 0 ? "True" : "False";
}

std::string NumPyType(const Type& number) { return number.format == kBinary64 ? "np.float64" : "np.float32"; }

constexpr std::string_view kHelpers = R"(def f32(bits):
    return np.array([bits], dtype=np.uint32).view(np.float32)[0]


def f64(bits):
    return np.array([bits], dtype=np.uint64).view(np.float64)[0]


def bits_of(x):
    return int(np.array([x]).view(np.uint32 if isinstance(x, np.float32) else np.uint64)[0])


def wrap(n, width, signed):
    n %= 1 << width
    return n - (1 << width) if signed and n >> (width - 1) else n


def divide(a, b):  # towards zero
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def show(text, found, predicted, any_nan=False):
    agrees = found == predicted or any_nan
    print(f"{text:<40} {found:#x}" + ("" if agrees else f", predicted {predicted:#x}"))
    return agrees


)";

constexpr std::string_view kControl = R"(
# Python has no means to set a mode. The C library's fesetenv writes the control word, which on x86-64 (MXCSR) is the
# eighth word of its fenv_t, on AArch64 (FPCR) the first. NumPy's scalars compute under it.
libm = ctypes.CDLL(None)
word_index = {"x86_64": 7, "aarch64": 0}.get(platform.machine())
if platform.system() != "Linux" or word_index is None:
    print("the layout of this C library's fenv_t is not known here: the mode cannot be set", file=sys.stderr)
    sys.exit(2)


def environment():
    words = (ctypes.c_uint32 * 64)()
    libm.fegetenv(words)
    return words


def set_mode(mode):
    words = environment()
    words[word_index] = mode[word_index == 0]
    libm.fesetenv(words)


def under(mode, step):
    set_mode(mode)
    found = environment()[word_index]
    result = step()
    set_mode(MODE_NONE)
    if (found ^ mode[word_index == 0]) & (0xE040 if word_index else 0x1C00003):
        print("the mode could not be set", file=sys.stderr)
        sys.exit(2)
    return result


)";

class Writer {
 public:
  explicit Writer(const EmittedSteps& steps) : steps_(steps) {}

  std::string Write() {
    RequireProgrammable(steps_, kLanguage);
    text_ = "#!/usr/bin/env python3\n";
    for (const std::string& line : HeadLines(steps_, {"Run, with NumPy:", "  python3 counterexample.py"})) {
      text_ += "# " + line + '\n';
    }
    const std::vector<Mode> modes = steps_.Modes();
    text_ += modes.size() > 1 ? "import ctypes\nimport platform\nimport sys\n\nimport numpy as np\n"
                              : "import sys\n\nimport numpy as np\n";
    text_ += "\nnp.seterr(all=\"ignore\")\n";
    if (modes.size() > 1) {
      for (const Mode mode : modes) {
        text_ += fmt::format("{} = ({:#x}, {:#x})  # MXCSR, FPCR\n", ModeConstant(mode), MxcsrOf(mode), FpcrOf(mode));
      }
      text_ += kControl;
    } else {
      text_ += "\n\n";
    }
    text_ += kHelpers;
    text_ += "agrees = True\n";
    for (const EmittedStep& step : steps_.steps) Add(step);
    text_ += fmt::format("sys.exit(3 if not agrees else 0 if {} else 1)\n", steps_.steps.back().name);
    return text_;
  }

 private:
  void Add(const EmittedStep& step) {
    if (step.IsLeaf()) {
      text_ += fmt::format("{} = {}  # {}\n", step.name, Literal(step.type, step.bits), step.text);
      return;
    }
    const std::string value = Compute(step);
    text_ += step.mode == kIeee
                 ? fmt::format("{} = {}\n", step.name, value)
                 : fmt::format("{} = under({}, lambda: {})\n", step.name, ModeConstant(step.mode), value);
    const bool number = step.type.IsNumber();
    // Truths of NumPy are no integers of Python.
    const std::string found = number                                         ? "bits_of(" + step.name + ")"
                              : step.type.IsInteger() && step.type.is_signed ? "wrap(" + step.name + ", 64, False)"
                                                                             : "int(" + step.name + ")";
    text_ +=
        fmt::format("agrees &= show(\"{}\", {}, {:#x}{})\n", step.text, found, step.bits,
                    number && step.type.format.IsNan(step.bits) ? fmt::format(", bool(np.isnan({}))", step.name) : "");
  }

  std::string Compute(const EmittedStep& step) const {
    if (const std::optional<std::string> number = ComputeNumber(step)) return *number;
    if (const std::optional<std::string> truth = ComputeTruth(step)) return *truth;
    if (const std::optional<std::string> integer = ComputeInteger(step)) return *integer;
    RefuseStep(step, kLanguage, "such a step is not among those that can be emitted");
  }

  const std::string& Name(const EmittedStep& step, size_t position) const {
    static const std::string kNone;
    return position < static_cast<size_t>(step.instruction.Arity()) ? steps_.Argument(step, position).name : kNone;
  }

  std::optional<std::string> ComputeNumber(const EmittedStep& step) const {
    const Type& type = steps_.Argument(step, 0).type;
    const std::string a = Name(step, 0), b = Name(step, 1), c = Name(step, 2);
    const std::string_view infix = InfixOf(step.instruction.op);
    if (!infix.empty() && step.type.IsNumber()) return fmt::format("{} {} {}", a, infix, b);
    switch (step.instruction.op) {
      case Op::kSqrt:
        return "np.sqrt(" + a + ")";
      case Op::kCeil:
        return "np.ceil(" + a + ")";
      case Op::kFloor:
        return "np.floor(" + a + ")";
      case Op::kTrunc:
        return "np.trunc(" + a + ")";
      case Op::kRint:
        return "np.rint(" + a + ")";
      case Op::kFmod:
        return "np.fmod(" + a + ", " + b + ")";
      case Op::kMin:
      case Op::kMax:
        if (step.mode.flush_inputs) RefuseStep(step, kLanguage, "NumPy has no minimum that flushes its operands");
        return fmt::format("{0} if {0} {2} {1} else {1}", a, b, step.instruction.op == Op::kMin ? '<' : '>');
      case Op::kConvert:
        return fmt::format("{}.astype({})", a, NumPyType(step.type));
      case Op::kFromInteger:  // by an integer of NumPy, which is rounded once
        return fmt::format("np.{}int{}({}).astype({})", type.is_signed ? "" : "u", type.width, a, NumPyType(step.type));
      case Op::kNegate:
        return "-" + a;
      case Op::kAbs:
        return "np.abs(" + a + ")";
      case Op::kCopySign:
        return "np.copysign(" + a + ", " + b + ")";
      case Op::kFromBits:
        return fmt::format("{}({} & {:#x})", statement::Name(step.type), a, step.type.format.Mask());
      case Op::kSelect:
        return b + " if " + a + " else " + c;
      default:
        return std::nullopt;
    }
  }

  std::optional<std::string> ComputeTruth(const EmittedStep& step) const {
    const std::string a = Name(step, 0), b = Name(step, 1);
    const auto both_nan = fmt::format("({0} != {0} and {1} != {1})", a, b);
    const std::string_view infix = InfixOf(step.instruction.op);
    if (!infix.empty() && step.type.kind == statement::Kind::kTruth) return fmt::format("{} {} {}", a, infix, b);
    switch (step.instruction.op) {
      case Op::kEqual:  // any NaN equals any NaN
        return fmt::format("{} == {} or {}", a, b, both_nan);
      case Op::kSame:
        return fmt::format("bits_of({}) == bits_of({}) or {}", a, b, both_nan);
      case Op::kIsFinite:
        return "np.isfinite(" + a + ")";
      case Op::kIsNan:
        return "np.isnan(" + a + ")";
      case Op::kIsInfinite:
        return "np.isinf(" + a + ")";
      case Op::kIsZero:
        return a + " == 0";
      case Op::kSignBit:
        return "np.signbit(" + a + ")";
      case Op::kIsNormal:
        return fmt::format("np.isfinite({0}) and np.abs({0}) >= np.finfo({0}).tiny", a);
      case Op::kIsSubnormal:
        return fmt::format("{0} != 0 and np.abs({0}) < np.finfo({0}).tiny", a);
      case Op::kIsInteger:
        return fmt::format("np.isfinite({0}) and np.trunc({0}) == {0}", a);
      case Op::kNot:
        return "not " + a;
      case Op::kAnd:
        return a + " and " + b;
      case Op::kOr:
        return a + " or " + b;
      default:
        return std::nullopt;
    }
  }

  std::optional<std::string> ComputeInteger(const EmittedStep& step) const {
    const std::string a = Name(step, 0), b = Name(step, 1);
    const auto wrapped = [&](const std::string& value) {
      return fmt::format("wrap({}, {}, {})", value, step.type.width, step.type.is_signed ? "True" : "False");
    };
    if (const std::string_view infix = InfixOf(step.instruction.op); !infix.empty()) {
      return wrapped(fmt::format("{} {} {}", a, infix, b));
    }
    switch (step.instruction.op) {
      case Op::kToInteger:
        return ToInteger(step, a);
      case Op::kBits:
        return "bits_of(" + a + ")";
      case Op::kIntConvert:
        return wrapped(a);
      case Op::kIntNegate:
        return wrapped("-" + a);
      case Op::kIntNot:
        return wrapped("~" + a);
      case Op::kIntDiv:
        return fmt::format("0 if {} == 0 else {}", b, wrapped(fmt::format("divide({}, {})", a, b)));
      case Op::kIntRemainder:
        return fmt::format("{0} if {1} == 0 else {0} - {1} * divide({0}, {1})", a, b);
      case Op::kIntShiftLeft:
        return wrapped(fmt::format("{} << ({} & {})", a, b, step.type.width - 1));
      case Op::kIntShiftRight:
        return fmt::format("{} >> ({} & {})", a, b, step.type.width - 1);
      default:
        return std::nullopt;
    }
  }

  // int() truncates, and knows neither infinities nor NaN.
  std::string ToInteger(const EmittedStep& step, const std::string& a) const {
    if (ConvertsInRange(steps_, step)) return "int(" + a + ")";
    const EmittedStep& number = steps_.Argument(step, 0);
    const auto kind = static_cast<OutOfRange>(step.instruction.value);
    const Type& type = step.type;
    const bool is_signed = type.is_signed;
    if (kind == OutOfRange::kSaturate && !number.type.format.IsNan(number.bits)) {
      return fmt::format("{} if {} < 0 else {}", Literal(type, type.Least()), a, Literal(type, type.Greatest()));
    }
    if (kind == OutOfRange::kWrap || kind == OutOfRange::kSaturate) {
      return fmt::format("wrap(int({0}), {1}, {2}) if np.isfinite({0}) else 0", a, type.width,
                         is_signed ? "True" : "False");
    }
    RefuseStep(step, kLanguage, "Python has no integer indefinite of x86");
  }

  const EmittedSteps& steps_;
  std::string text_;
};

}  // namespace

std::string PythonProgram(const EmittedSteps& steps) { return Writer(steps).Write(); }

}  // namespace fplab::tools
