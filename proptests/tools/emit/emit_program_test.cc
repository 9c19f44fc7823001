// Counterexamples as code: what is emitted compiles without a warning, runs, and finds every predicted bit.
// SPDX-License-Identifier: Apache-2.0
#include "tools/emit/emit_program.h"

#include <gtest/gtest.h>

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/model/function.h>
#include <fplab/fparith/statement/constant_value.h>
#include "proptests/support/cli_expectations.h"

namespace fplab::tools {
namespace {

using statement::Expression;
using statement::ParseExpression;
using statement::Target;

struct Case {
  const char* name;
  std::string statement;
  Format format;
  std::string mode;
  std::vector<std::string> operands;  // in the order of the variables
};

// One step at least of each operation that all languages have.
const std::string kNumbers =
    "a+b == c and a-b == c and a*b == c and a/b == c and sqrt(abs(a)) == b and floor(a) == ceil(b) and trunc(b) == c "
    "and fmod(c,b) == a and copysign(c,a) === -b and (a < b ? a : c) <= b and isfinite(a) and isnan(b) and isinf(c) "
    "and iszero(a) and signbit(b) and normal(c) and subnormal(a) and is_integer(b) and not a == b and (a < c or b == "
    "c) "
    "and eq_mode(a,c) and lt_mode(a,b) and le_mode(b,c) and f32(f64(a)) == f32(b)";
// NumPy and Rust lack some of these.
const std::string kMoreNumbers =
    "fma(a,b,c) == a and rint(a) == round(b) and min(a,b) == max(b,c) and up(a+b) == down(a*b) and to_zero(a/c) == b";
const std::string kIntegers =
    "n+m == n*m and n-m == -n and n/m == n%m and (n & m) == (n | m) and (n ^ m) == ~n and n << m == n >> m and "
    "i8(n) == i8(m) and u16(n) < u16(m) and f32(n) < f32(m) and f64(n) <= f64(u64(m)) and bits(f32(n)) == 7 and "
    "from_bits(u32(n)) === f32(m) and i32(f32(n)) != n and i64_sat(f32(m)) == 7 and (n < m ? n : m) == 3";

// Two counterexamples of every kind of mode, an integer's, and every operation that can be emitted.
const std::vector<Case>& Cases() {
  static const std::vector<Case> kCases = {
      {"ieee", "(a+b)+c == a+(b+c)", kBinary32, "none", {"1", "0x1p-24", "0x1p-24"}},
      {"ftz", "(a+b)*c == a*c + b*c", kBinary32, "ftz", {"0.4*min_normal", "0.5*min_normal", "1/min_normal"}},
      {"daz", "a*b > 0", kBinary32, "daz", {"max*0x1p-100", "min_subnormal"}},
      {"ftz_daz_f64", "a-b == 0 <=> a == b", kBinary64, "ftz+daz", {"1.5*min_normal", "min_normal"}},
      {"up_f64", "a+b == b+a and (a+b)-b == a", kBinary64, "none,up", {"1", "0x1p-60"}},
      {"down", "a/b*b == a", kBinary32, "none,down", {"1", "49"}},
      {"integers", "i32(f32(n: i32)) == n and f32(n) < 0", kBinary32, "none", {"16777217"}},
      {"out_of_range", "i32(a) == 5 and u8(a) == 5 and u32(a) == 5 and i16_sat(a) == 5", kBinary32, "none", {"1e20"}},
      {"negative_out_of_range", "u64(a) == 5 and i8_sat(a) == 5 and i64(a) == 5", kBinary64, "none", {"-1e30"}},
      {"nan", "a*0 == 0 and a === 0*a and i32(a-a) == 0 and u16_sat(a-a) == 1", kBinary32, "none", {"inf"}},
      {"rint", "rint(a) == a and rint(b) == b", kBinary32, "ftz", {"0.5", "-1.5"}},
      {"bit_trick", "from_bits(bits(a) + 1) == a", kBinary64, "none", {"1"}},
      {"numbers_f32", kNumbers, kBinary32, "none", {"3*min_subnormal", "-1.5", "0x1.234568p+3"}},
      {"numbers_f64", kNumbers, kBinary64, "none", {"3*min_subnormal", "-1.5", "0x1.23456789p+3"}},
      {"all_integers", "(n: i32) == (m: i32) and " + kIntegers, kBinary32, "none", {"-1234567", "5"}},
      {"division_by_zero", "(n: i64) == (m: i64) and n/m == 1 and n%m == n+1", kBinary32, "none", {"9", "0"}},
  };
  return kCases;
}

const std::vector<Case>& CasesOfCompiledCode() {
  static const std::vector<Case> kCases = {
      {"more_f32", kMoreNumbers, kBinary32, "none", {"3*min_subnormal", "-1.5", "0x1.234568p+3"}},
      {"more_ftz_daz", kMoreNumbers, kBinary32, "ftz+daz", {"3*min_subnormal", "-1.5", "0x1.234568p+3"}},
      {"more_f64_up", kMoreNumbers, kBinary64, "none,up", {"1.5*min_normal", "-min_normal", "1e-300"}},
      {"minimum_daz", "min(a,b) == a*3 and max(b,a) == a*3", kBinary64, "daz", {"-3*min_subnormal", "1"}},
  };
  return kCases;
}

std::string Emitted(EmitLanguage language, const Case& test) {
  const Expression expression = ParseExpression(test.statement, test.format);
  std::vector<uint64_t> operands;
  for (size_t v = 0; v < expression.variables.size(); ++v) {
    operands.push_back(statement::ConstantValue(test.operands.at(v), expression.variables[v].type));
  }
  return EmitProgram(language, expression, operands, Target::kModel, ParseMode(test.mode));
}

struct ShellResult {
  int status = -1;
  std::string out;
};

// Both streams together.
ShellResult Shell(const std::string& command) {
  ShellResult result;
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return result;
  std::array<char, 4096> part;
  for (size_t size; (size = std::fread(part.data(), 1, part.size(), pipe)) > 0;) result.out.append(part.data(), size);
  const int status = ::pclose(pipe);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
  return result;
}

bool ShellHas(const std::string& command) { return Shell(command).status == 0; }

// The program ends with 1, the statement being false, and no step has other bits than predicted. `compile` makes
// ./program of the source; empty: there is nothing to compile.
void ExpectReproduced(EmitLanguage language, const Case& test, const std::string& source, const std::string& compile,
                      const std::string& run) {
  if (!HardwareSupports(ParseMode(test.mode))) return;
  SCOPED_TRACE(test.name);
  ScratchFolder folder;
  const std::string program = Emitted(language, test);
  Put(folder / source, program);
  const std::string enter = "cd '" + folder.path().string() + "' && ";
  if (!compile.empty()) {
    const ShellResult compiled = Shell(enter + compile);
    ASSERT_EQ(compiled.status, 0) << compiled.out << program;
    EXPECT_EQ(compiled.out, "");
  }
  const ShellResult result = Shell(enter + run);
  EXPECT_EQ(result.status, 1) << result.out << program;
  EXPECT_EQ(result.out.find("predicted"), std::string::npos) << result.out << program;
  EXPECT_TRUE(Contains(result.out, " 0x0\n")) << result.out;
}

constexpr const char* kStrict = " -O2 -ffp-contract=off -Wall -Wextra -Werror ";

TEST(EmitProgram, CReproducesEveryPredictedBit) {
  const std::string compile =
      FPLAB_COMPILER + std::string(" -x c -std=c99") + kStrict + "counterexample.c -o program -lm";
  for (const auto& cases : {Cases(), CasesOfCompiledCode()}) {
    for (const Case& test : cases) {
      ExpectReproduced(EmitLanguage::kC, test, "counterexample.c", compile, FPLAB_EMULATOR "./program");
    }
  }
}

// It differs from C in its headers and in the names of functions: some of the cases show that.
TEST(EmitProgram, CppReproducesEveryPredictedBit) {
  const std::string compile = FPLAB_COMPILER + std::string(" -std=c++20") + kStrict + "counterexample.cc -o program";
  std::vector<Case> cases = CasesOfCompiledCode();
  cases.insert(cases.end(), Cases().begin(), Cases().begin() + 5);
  for (const Case& test : Cases()) {
    if (std::string(test.name).starts_with("numbers") || test.statement.find(kIntegers) != std::string::npos) {
      cases.push_back(test);
    }
  }
  for (const Case& test : cases) {
    ExpectReproduced(EmitLanguage::kCpp, test, "counterexample.cc", compile, FPLAB_EMULATOR "./program");
  }
}

TEST(EmitProgram, RustReproducesEveryPredictedBit) {
  const bool native = std::string(FPLAB_EMULATOR).empty();
  if (!native || !ShellHas("rustc --version")) GTEST_SKIP() << "rustc is not installed for this machine";
  for (const Case& test : Cases()) {
    ExpectReproduced(EmitLanguage::kRust, test, "counterexample.rs",
                     "rustc --edition 2021 -O -D warnings counterexample.rs -o program", "./program");
  }
  const Case fma = {"fma",
                    "fma(a,b,c) == a*b+c and round(a) == b and min(a,b) === max(a,c)",
                    kBinary64,
                    "ftz+daz",
                    {"1+eps", "1-eps", "-1"}};
  ExpectReproduced(EmitLanguage::kRust, fma, "counterexample.rs",
                   "rustc --edition 2021 -O -D warnings counterexample.rs -o program", "./program");
}

TEST(EmitProgram, PythonReproducesEveryPredictedBit) {
  const bool native = std::string(FPLAB_EMULATOR).empty();
  if (!native || !ShellHas("python3 -c 'import numpy'")) GTEST_SKIP() << "python3 with NumPy is not installed";
  for (const Case& test : Cases()) {
    if (std::string(test.name).find("out_of_range") != std::string::npos) continue;  // refused: see below
    if (std::string(test.name) == "nan") continue;
    ExpectReproduced(EmitLanguage::kPython, test, "counterexample.py", "", "python3 counterexample.py");
  }
}

// Wrong bits are no agreement: a program whose prediction is changed says so.
TEST(EmitProgram, AStepWithOtherBitsIsSaidAndEndsWithThree) {
  std::string program = Emitted(EmitLanguage::kC, Cases()[0]);
  const std::string one = "0x3f800001u";
  const size_t at = program.find(one);
  ASSERT_NE(at, std::string::npos) << program;
  program.replace(at, one.size(), "0x3f800002u");
  ScratchFolder folder;
  Put(folder / "counterexample.c", program);
  const ShellResult result = Shell("cd '" + folder.path().string() + "' && " + FPLAB_COMPILER +
                                   " -x c -std=c99 counterexample.c -o program -lm && " FPLAB_EMULATOR "./program");
  EXPECT_EQ(result.status, 3) << result.out;
  EXPECT_TRUE(Contains(result.out, "0x3f800001, predicted 0x3f800002")) << result.out;
}

TEST(EmitProgram, TestFloatsLinesAreWhatTheModelComputes) {
  const Case test = {"vectors",
                     "(a+b)*c == a*c + b*c and up(a*b) == f32(n: i32)",
                     kBinary32,
                     "ftz",
                     {"0.4*min_normal", "0.5*min_normal", "1/min_normal", "-3"}};
  const std::string text = Emitted(EmitLanguage::kTestFloat, test);
  EXPECT_EQ(text,
            "# ftz\n"
            "f32_add 00333333 00400000 00000000 03\n"
            "f32_mul 00000000 7E800000 00000000 00\n"
            "f32_mul 00333333 7E800000 3ECCCCCC 00\n"
            "f32_mul 00400000 7E800000 3F000000 00\n"
            "f32_add 3ECCCCCC 3F000000 3F666666 00\n"
            "# ftz,up\n"
            "f32_mul 00333333 00400000 00000000 03\n"
            "# ftz\n"
            "i32_to_f32 FFFFFFFD C0400000 00\n");
}

std::string ErrorOf(EmitLanguage language, const std::string& statement, const Format& format, const std::string& mode,
                    const std::vector<std::string>& operands) {
  try {
    Emitted(language, {"", statement, format, mode, operands});
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(EmitProgram, WhatNoProgramComputesIsRefusedByNameInOneLine) {
  constexpr EmitLanguage kC = EmitLanguage::kC;
  EXPECT_EQ(ErrorOf(kC, "a+1 == a", kBinary16, "none", {"1"}),
            "--emit c: \"a\": f16 is no type of its; f32 and f64 are");
  EXPECT_EQ(ErrorOf(kC, "real(a+1 == a)", kBinary32, "none", {"1"}), "--emit: \"a\": exact arithmetic is no program's");
  EXPECT_EQ(ErrorOf(kC, "to_odd(a+1) == a", kBinary32, "none", {"1"}), "--emit c: \"a+1\": no processor rounds to-odd");
  EXPECT_EQ(ErrorOf(kC, "a+1 == a", kBinary32, "none,nearest-away", {"1"}),
            "--emit c: \"a+1\": no processor rounds nearest-away");
  EXPECT_EQ(ErrorOf(kC, "fmod(a,2) == a", kBinary32, "ftz", {"3"}),
            "--emit c: \"fmod(a,2)\": the C library's remainders do not obey flushing");
  EXPECT_EQ(ErrorOf(kC, "hypot(a,1) == a", kBinary32, "none", {"1"}),
            "--emit c: \"hypot(a,1)\": such a step is not among those that can be emitted");
  EXPECT_EQ(ErrorOf(kC, "i32_wrap(a) == 1", kBinary32, "none", {"1e20"}),
            "--emit c: \"i32_wrap(a)\": C has no conversion that wraps");
  EXPECT_EQ(ErrorOf(EmitLanguage::kRust, "up(rint(a)) == a", kBinary32, "none", {"0.5"}),
            "--emit rust: \"rint(a)\": Rust has no rounding to an integer in the direction of the control word");
  EXPECT_EQ(ErrorOf(EmitLanguage::kPython, "fma(a,a,a) == a", kBinary32, "none", {"1"}),
            "--emit python: \"fma(a,a,a)\": such a step is not among those that can be emitted");
  EXPECT_EQ(ErrorOf(EmitLanguage::kPython, "i32(a) == 1", kBinary32, "none", {"1e20"}),
            "--emit python: \"i32(a)\": Python has no integer indefinite of x86");
  EXPECT_EQ(ErrorOf(EmitLanguage::kTestFloat, "abs(a) == a", kBinary32, "none", {"-1"}),
            "--emit testfloat: no step is a function of TestFloat");
}

TEST(EmitCommand, PrintsTheProgramOfACounterexampleThatItFinds) {
  const CliResult found = Fplab({"refute", "(a+b)*c == a*c+b*c", "--mode", "ftz", "--emit", "c"});
  EXPECT_EQ(found.status, 1);
  EXPECT_TRUE(found.out.starts_with("// (a+b)*c == a*c+b*c\n// is false in f32 under ftz")) << found.out;
  EXPECT_TRUE(found.out.ends_with("}\n")) << found.out;
  const CliResult at =
      Fplab({"refute", "(a+b)-b == a", "--at", "a=1.5*min_normal,b=-min_normal", "--emit", "testfloat"});
  EXPECT_EQ(at.status, 1);
  EXPECT_TRUE(Contains(at.out, "f32_add 00C00000 80800000 00000000 03\n")) << at.out;
  const CliResult differs = Fplab({"refute", "a*b == 0", "--differs", "ftz", "none", "--emit", "python"});
  EXPECT_EQ(differs.status, 1);
  EXPECT_TRUE(Contains(differs.out, "import numpy")) << differs.out;
  const CliResult none = Fplab({"refute", "a+b == b+a", "--format", "e4m3", "--emit", "rust"});
  EXPECT_EQ(none.status, 0);
  EXPECT_EQ(none.out, "");
  EXPECT_TRUE(Contains(none.err, "no counterexample was found: nothing to emit")) << none.err;
  EXPECT_EQ(Fplab({"refute", "a == a", "--at", "a=1", "--emit", "c"}).status, 0);
}

TEST(EmitCommand, WrongUsageIsOneLine) {
  ExpectUsageError({"refute", "a == b", "--emit", "fortran"}, "expected c, c++, python, rust or testfloat");
  ExpectUsageError({"refute", "a == b", "--emit", "c", "--json"}, "--emit: takes one statement");
  ExpectUsageError({"refute", "--file", "x", "--emit", "c"}, "--emit: takes one statement");
  ExpectUsageError({"refute", "--fpcore", "x", "--emit", "c"}, "--emit: takes one statement");
  ExpectUsageError({"refute", "a*b == b*a", "--mode", "may-ftz", "--emit", "c"},
                   "--emit: a program flushes or does not");
  ExpectUsageError({"refute", "a+1 == a", "--format", "f16", "--emit", "c++"}, "f16 is no type of its");
}

}  // namespace
}  // namespace fplab::tools
