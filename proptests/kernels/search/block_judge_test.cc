// Blocks of cases judged by vectors, against the judge of single ones.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <fplab/fparith/identity/judge.h>
#include <fplab/fparith/identity/operand_generator.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/kernels/search/search_accelerator.h>

namespace fplab::kernels {
namespace {

using identity::kBlockCases;
using statement::Target;

constexpr std::array<Format, 18> kFormats = {kE2M1,
                                             kE2M3,
                                             kE3M2,
                                             Saturating(kE4M3),
                                             Saturating(kE5M2),
                                             Format{6, 9, SpecialValues::kFiniteOnly, false, -20},
                                             kE4M3,
                                             kE5M2,
                                             kBinary16,
                                             kBfloat16,
                                             kBinary32,
                                             kBinary64,
                                             Format{2, 3},
                                             Format{2, 2},
                                             Format{5, 20},
                                             Format{11, 21},
                                             Format{3, 29},
                                             Format{8, 24, SpecialValues::kOneNan}};

std::vector<Mode> ModelModes() {
  std::vector<Mode> modes;
  for (const Rounding rounding : kAllRoundings) {
    for (const Mode& mode : kFlushModes) modes.push_back({rounding, mode.flush_outputs, mode.flush_inputs});
  }
  return modes;
}

std::vector<Mode> HardwareModes() {
  std::vector<Mode> modes;
  for (const Mode& mode : ModelModes()) {
    if (HardwareSupports(mode)) modes.push_back(mode);
  }
  return modes;
}

std::vector<Isa> VectorIsas() {
  std::vector<Isa> isas;
  for (const Isa isa : SupportedIsas()) {
    if (isa != Isa::kFallback) isas.push_back(isa);
  }
  return isas;
}

// Operands of every kind, later ones often related to the first.
statement::Cases DrawCases(const std::vector<statement::Type>& types, size_t count, uint64_t seed) {
  statement::Cases cases(types.size(), std::vector<uint64_t>(count));
  for (size_t v = 0; v < types.size(); ++v) {
    const Format format = types[v].IsNumber() ? types[v].format : kBinary64;
    identity::OperandGenerator generator(format, seed + 31 * v);
    for (size_t i = 0; i < count; ++i) {
      if (types[v].IsInteger()) {
        cases[v][i] = types[v].Wrap(generator.random().Next() >> generator.random().Between(0, 63));
      } else if (v > 0 && types[0] == types[v] && format.IsFinite(cases[0][i]) && generator.random().OneIn(2)) {
        cases[v][i] = generator.Related(cases[0][i], generator.PickRelation());
      } else {
        cases[v][i] = generator.AnyPattern();
      }
    }
  }
  return cases;
}

// Every pair, or the beginning of all triples, of a small format.
statement::Cases AllPairs(const Format& format, size_t variables) {
  const size_t patterns = size_t{1} << format.Width();
  statement::Cases cases(variables, std::vector<uint64_t>(patterns * patterns));
  for (size_t i = 0; i < cases[0].size(); ++i) {
    uint64_t rest = i;
    for (std::vector<uint64_t>& operand : cases) {
      operand[i] = rest % patterns;
      rest = rest / patterns + (variables > 2 ? i * 7 : 0);
    }
  }
  return cases;
}

// Blocks and single cases say the same of all cases, of the condition, the claim in every mode and the stratum.
void ExpectSameJudgement(const std::string& text, const Format& format, Target target, const statement::Cases& cases,
                         const std::vector<Mode>& modes, bool all_values) {
  SCOPED_TRACE(text + " in " + Name(format));
  const statement::Expression expression = statement::ParseExpression(text, format);
  identity::SearchOptions options;
  options.targets = {target};
  options.modes = modes;
  options.all_values = all_values;
  identity::Judge judge(expression, options);
  for (const Isa isa : VectorIsas()) {
    SCOPED_TRACE(Name(isa));
    const std::unique_ptr<identity::BlockJudge> blocks =
        SearchAccelerator(1, isa).Compile(expression, target, all_values);
    ASSERT_TRUE(blocks);
    for (size_t first = 0; first < cases[0].size(); first += kBlockCases) {
      const size_t count = std::min(kBlockCases, cases[0].size() - first);
      statement::Cases some;
      for (const auto& operand : cases) {
        some.emplace_back(operand.begin() + static_cast<ptrdiff_t>(first),
                          operand.begin() + static_cast<ptrdiff_t>(first + count));
      }
      std::array<uint64_t, kBlockCases / 64> bits{};
      const auto bit = [&](size_t i) { return (bits[i / 64] >> i % 64 & 1) != 0; };
      blocks->Load(cases, first, count);
      blocks->Admit(bits.data());
      std::vector<bool> admitted;
      judge.Admit(some, count, admitted);
      for (size_t i = 0; i < count; ++i) ASSERT_EQ(bit(i), admitted[i]) << "admitted: case " << i;
      std::vector<identity::Judge::Outcome> outcomes;
      for (const Mode& mode : modes) {
        blocks->Claim(mode, bits.data());
        judge.Decide(mode, some, count, outcomes);
        for (size_t i = 0; i < count; ++i) {
          ASSERT_EQ(bit(i), outcomes[i] == identity::Judge::Outcome::kHolds)
              << Name(mode) << ": " << std::hex << some[0][i] << " " << some[some.size() - 1][i];
        }
        std::array<uint8_t, kBlockCases> strata;
        std::vector<identity::Stratum> expected;
        blocks->Classify(mode.rounding, strata.data());
        judge.Classify(mode.rounding, some, count, expected);
        for (size_t i = 0; i < count; ++i) {
          if (strata[i] == identity::kUnsureStratum) continue;
          ASSERT_EQ(static_cast<int>(strata[i]), static_cast<int>(expected[i]))
              << "stratum, " << Name(mode) << ": " << std::hex << some[0][i] << " " << some[some.size() - 1][i];
        }
      }
    }
  }
}

// r is given the result that the model has, so that a claim of equality is true: or false, where r is off by one.
void ExpectResults(const std::string& operation, const Format& format, Target target, statement::Cases cases,
                   const std::vector<Mode>& modes) {
  SCOPED_TRACE(operation + " in " + Name(format));
  const statement::Expression alone = statement::ParseExpression(operation + " === r", format);
  const size_t r = alone.variables.size() - 1;
  ASSERT_EQ(alone.variables[r].name, "r");
  const size_t count = std::min(cases[0].size(), size_t{1} << 16);
  statement::Evaluator evaluator(alone);
  const int root = alone.At(alone.claim).args[0];
  for (const Isa isa : VectorIsas()) {
    const auto blocks = SearchAccelerator(1, isa).Compile(alone, target, true);
    ASSERT_TRUE(blocks);
    for (const Mode& mode : modes) {
      evaluator.Run(statement::Evaluator::Part::kClaim, Target::kModel, model::HardwareEnvironment(mode), cases, count);
      for (size_t i = 0; i < count; ++i) cases[r][i] = evaluator.Number(root, i) ^ (i % 97 == 0 ? 1 : 0);
      for (size_t first = 0; first < count; first += kBlockCases) {
        std::array<uint64_t, kBlockCases / 64> holds{};
        const size_t some = std::min(kBlockCases, count - first);
        blocks->Load(cases, first, some);
        blocks->Claim(mode, holds.data());
        for (size_t i = 0; i < some; ++i) {
          const uint64_t expected = evaluator.Number(root, first + i);
          ASSERT_EQ((holds[i / 64] >> i % 64 & 1) != 0, alone.At(root).type.SameBits(expected, cases[r][first + i]))
              << Name(isa) << ", " << Name(mode) << std::hex << ": " << cases[0][first + i] << " "
              << cases[r - 1][first + i] << " -> " << expected;
        }
      }
    }
  }
}

constexpr const char* kOperations[] = {"a+b", "a-b", "a*b", "a/b", "min(a,b)", "max(a,b)"};
constexpr const char* kOperationsOfOne[] = {"sqrt(a)", "floor(a)", "ceil(a)", "trunc(a)", "rint(a)", "round_even(a)"};

TEST(BlockJudge, OperationsOnEveryPairOfSmallFormatsAreTheModels) {
  for (const Format& format :
       {Format{2, 3}, Format{4, 2}, Format{3, 4}, Format{3, 3, SpecialValues::kOneNan}, Format{2, 2}, kE2M1, kE2M3,
        Format{2, 4, SpecialValues::kOneNan}, Format{3, 3, SpecialValues::kInfinityAndNans, true},
        Format{2, 3, SpecialValues::kOneNan, true}, Format{3, 3, SpecialValues::kFiniteOnly, false, 2}}) {
    for (const char* operation : kOperations) {
      ExpectResults(operation, format, Target::kModel, AllPairs(format, 3), ModelModes());
    }
    for (const char* operation : kOperationsOfOne) {
      ExpectResults(operation, format, Target::kModel, AllPairs(format, 2), ModelModes());
    }
    ExpectResults("round(a)", format, Target::kModel, AllPairs(format, 2), ModelModes());
    ExpectResults("fma(a,b,c)", format, Target::kModel, AllPairs(format, 4), ModelModes());
  }
}

TEST(BlockJudge, OperationsOnStrataOfEveryFormatAreTheModels) {
  for (const Format& format : kFormats) {
    const statement::Type type = statement::Type::Number(format);
    for (const char* operation : kOperations) {
      ExpectResults(operation, format, Target::kModel, DrawCases({type, type, type}, 4000, 1), ModelModes());
    }
    for (const char* operation : kOperationsOfOne) {
      ExpectResults(operation, format, Target::kModel, DrawCases({type, type}, 4000, 2), ModelModes());
    }
    if (format.precision <= 24) {
      ExpectResults("fma(a,b,c)", format, Target::kModel, DrawCases({type, type, type, type}, 4000, 3), ModelModes());
    }
  }
}

TEST(BlockJudge, ConversionsAreTheModels) {
  for (const Format& from : kFormats) {
    for (const Format& to : kFormats) {
      const std::vector<statement::Type> types = {statement::Type::Number(from), statement::Type::Number(to)};
      ExpectResults(Name(to) + "(a: " + Name(from) + ")", to, Target::kModel, DrawCases(types, 2000, 4), ModelModes());
    }
  }
}

TEST(BlockJudge, InstructionsAreTheModelsInEveryModeOfThisMachine) {
  for (const Format& format : {kBinary32, kBinary64}) {
    const statement::Type type = statement::Type::Number(format);
    for (const char* operation : kOperations) {
#if !defined(__x86_64__)
      if (operation[0] == 'm') continue;
#endif
      ExpectResults(operation, format, Target::kHardware, DrawCases({type, type, type}, 8000, 5), HardwareModes());
    }
    for (const char* operation : kOperationsOfOne) {
      ExpectResults(operation, format, Target::kHardware, DrawCases({type, type}, 8000, 6), HardwareModes());
    }
    ExpectResults("fma(a,b,c)", format, Target::kHardware, DrawCases({type, type, type, type}, 8000, 7),
                  HardwareModes());
  }
}

TEST(BlockJudge, SixteenBitsOnHardwareAreJudgedAsSingleCasesInEveryMode) {
  const char* const statements[] = {"a*b/b == a",    "(a+b)-b === a",         "sqrt(abs(a)) <= b",
                                    "floor(a) == a", "rint(a/b) <= trunc(a)", "up(a+b) == down(a+b)"};
  for (const Format& format : {kBinary16, kBfloat16}) {
    const statement::Type type = statement::Type::Number(format);
    for (const char* text : statements) {
      ExpectSameJudgement(text, format, Target::kHardware, DrawCases({type, type}, 6000, 12), HardwareModes(), true);
    }
  }
#if defined(__x86_64__)
  const statement::Type wide = statement::Type::Number(kBinary32), half = statement::Type::Number(kBinary16);
  ExpectSameJudgement("f32(f16(a)) === a", kBinary32, Target::kHardware, DrawCases({wide}, 6000, 13), HardwareModes(),
                      true);
  ExpectSameJudgement("f16(f32(a) * f32(b)) === max(a,b)", kBinary16, Target::kHardware,
                      DrawCases({half, half}, 6000, 14), HardwareModes(), true);
#endif
}

TEST(BlockJudge, ScalesAreJudgedAsSingleCasesAre) {
  for (const Format& format : {kBinary32, kBinary64}) {
    for (const char* text : {"f32(s: e8m0) < 2 or e8m0(a) <= s", "up(e8m0sat(a)) == s: e8m0 or isnan(e8m0(a))"}) {
      const statement::Expression expression = statement::ParseExpression(text, format);
      ExpectSameJudgement(text, format, Target::kModel, DrawCases(expression.VariableTypes(), 6000, 15), ModelModes(),
                          true);
    }
  }
}

TEST(BlockJudge, WhatIsInIeeeModeIsTheModelsBits) {
  const char* const statements[] = {"bits(ieee(a+b)) <= bits(b)", "bits(ieee(a/b)) != bits(ieee(sqrt(a)))",
                                    "bits(ieee(a-a)) == bits(ieee(rint(a*b)))", "ieee(fma(a,b,a)) == ieee(a*b)+a",
                                    "a < b when a*b < 1 or bits(a-b) != 0"};
  for (const Format& format : {kBinary32, kBinary64}) {
    const statement::Type type = statement::Type::Number(format);
    for (const char* text : statements) {
      ExpectSameJudgement(text, format, Target::kModel, DrawCases({type, type}, 6000, 15), ModelModes(), true);
    }
  }
}

TEST(BlockJudge, WhatIsOnBitsIsJudgedAsSingleCases) {
  const char* const statements[] = {
      "-a == b or abs(a) === copysign(b, a)",
      "next_up(a) <= b and next_down(a) != b",
      "a < b => next_up(a) <= b",
      "isfinite(a) or isnan(a) <=> not isinf(a)",
      "iszero(a) and signbit(b) or normal(a) and subnormal(b)",
      "(a < b ? a : b) !== min(a, b) when a >= b or not isnan(a)",
      "lt_mode(a,b) <=> eq_mode(b,a) or le_mode(a,b)",
      "from_bits(bits(a) ^ bits(b)) == a",
      "(bits(a) + bits(b) * 3 - 1) < (bits(a) << 3 | bits(b) >> 2 & ~bits(a))",
      "ieee(a+b) == a+b when a != b",
      "up(a+b) >= down(a+b)",
  };
  for (const char* text : statements) {
    for (const Format& format : {kE5M2, kE3M2, Saturating(kE5M2), kBinary16, kBinary32, kBinary64}) {
      const std::string statement = text;
      if (format == kBinary64 && statement.find('*') != std::string::npos) continue;
      const statement::Type type = statement::Type::Number(format);
      ExpectSameJudgement(statement, format, Target::kModel, DrawCases({type, type}, 3000, 8), ModelModes(), true);
    }
  }
}

TEST(BlockJudge, IntegersWrapOrderAndShiftAsSingleCases) {
  for (const char* text : {"n + m - k < n ^ m", "-n <= ~m and n == (m & n)", "n * m != (k | n)", "(n << m) < k"}) {
    for (const char* type : {"i8", "u8", "i16", "u16", "i32", "u32"}) {
      std::string statement = text;
      statement.insert(statement.find('n') + 1, std::string(": ") + type);
      statement.insert(statement.find('m') + 1, std::string(": ") + type);
      if (statement.find('k') != std::string::npos) statement.insert(statement.find('k') + 1, std::string(": ") + type);
      const statement::Type of = *statement::FindType(type);
      ExpectSameJudgement(statement, kBinary32, Target::kModel, DrawCases({of, of, of}, 2000, 9), {kIeee}, true);
    }
  }
}

TEST(BlockJudge, StrataAreThoseOfSingleCasesWhereTheyAreSure) {
  const char* const statements[] = {
      "(a+b)-b == a", "a*b/b == a",       "sqrt(a*a) == abs(a)",     "1/(a-b) != 0 when a != b",
      "a/b*b <= a",   "fma(a,b,-1) != b", "a*a - b*b == (a-b)*(a+b)"};
  for (const char* text : statements) {
    for (const bool all_values : {false, true}) {
      for (const Format& format : {kE4M3, kE5M2, kE2M3, Saturating(kE4M3), Saturating(kE5M2), kBinary16, kBinary32}) {
        const statement::Type type = statement::Type::Number(format);
        ExpectSameJudgement(text, format, Target::kModel, DrawCases({type, type}, 4000, 10), ModelModes(), all_values);
      }
    }
  }
}

// Exact numbers as sums of two binary64 numbers: equal, ordered and rounded as unbounded arithmetic has it.
TEST(BlockJudge, ExactArithmeticIsJudgedAsSingleCases) {
  const char* const statements[] = {
      "let s = a+b, t = s-a, e = (a-(s-t))+(b-t) in real(s+e == a+b)",
      "let s = a+b, e = b-(s-a) in real(s+e <= a+b) when abs(a) >= abs(b)",
      "exact(a+b) or exact(a-b) or exact(a*b) or exact(sqrt(a))",
      "a+b === rounded(a+b) and a-b === rounded(a-b)",
      "a*b === rounded(a*b)",
      "let p = a*b, e = fma(a,b,-p) in real(p+e == a*b)",
      "let s = sqrt(a) in real(s*s < a) or rounded(a-s*s) <= b",
      "real(abs(a-b) < abs(a) + abs(b)) when real(a*b <= -a)",
      "rounded(min(a,-b)) <= rounded(max(a*1,a+b)) or real(min(a,b) > max(-a,b*b))",
      "f16(rounded(a+b)) == f16(a+b)",
  };
  for (const Format& format : {kE2M1, kE2M3, kE4M3, kE5M2, Saturating(kE5M2), kBinary16, kBfloat16, kBinary32,
                               Format{6, 9, SpecialValues::kFiniteOnly, false, -20}}) {
    const statement::Type type = statement::Type::Number(format);
    for (const char* text : statements) {
      ExpectSameJudgement(text, format, Target::kModel, DrawCases({type, type}, 800, 16), ModelModes(), true);
    }
  }
  const statement::Type single = statement::Type::Number(kBinary32);
  for (const char* text : {statements[0], statements[2], statements[3], statements[4]}) {
    ExpectSameJudgement(text, kBinary32, Target::kHardware, DrawCases({single, single}, 3000, 17), HardwareModes(),
                        true);
  }
  const Format small{2, 3};
  for (const char* text : statements) {
    ExpectSameJudgement(text, small, Target::kModel, AllPairs(small, 2), ModelModes(), true);
  }
}

// Two binary64 numbers hold neither a sum of three parts nor what reaches beyond their own range.
TEST(BlockJudge, ExactNumbersThatTwoPartsDoNotHoldHaveNoVectors) {
  const SearchAccelerator accelerator(1);
  for (const char* text : {"real(a+b+a*b == b)", "real(a*b*a == b)", "real((a+b)*b == a)", "error(a+b) <= 0.5"}) {
    EXPECT_FALSE(accelerator.Compile(statement::ParseExpression(text, kBinary32), Target::kModel, false)) << text;
  }
  for (const char* text : {"real(a+b == b+a)", "real(a*b == b)", "rounded(a*b) == a"}) {
    EXPECT_FALSE(accelerator.Compile(statement::ParseExpression(text, kBinary64), Target::kModel, false)) << text;
  }
  EXPECT_TRUE(accelerator.Compile(statement::ParseExpression("real(a == b)", kBinary64), Target::kModel, false));
}

TEST(BlockJudge, AStatementThatVectorsLackHasNone) {
  const SearchAccelerator accelerator(1);
  for (const char* text : {"real(a+b) == a+b", "ulps(a,b) == 0", "fma(a,b,a) == f64(a)", "flags(a+b) == 0",
                           "hypot(a,b) >= a", "power_of_two(a)", "f64(x87(a)) == a", "isnan(f128(a))"}) {
    try {
      const statement::Expression expression = statement::ParseExpression(text, kBinary64);
      EXPECT_FALSE(accelerator.Compile(expression, Target::kModel, false)) << text;
    } catch (const Error&) {
      // Types that do not fit are no matter of this test.
    }
  }
  for (const char* text : {"a+b == b+a", "f32(e4m3fnuz(a: f32)) == a", "-a == b"}) {
    EXPECT_FALSE(accelerator.Compile(statement::ParseExpression(text, kE4M3Fnuz), Target::kModel, false)) << text;
  }
  const statement::Expression half = statement::ParseExpression("fma(a,b,a) == b", kBinary16);
  EXPECT_FALSE(accelerator.Compile(half, Target::kHardware, false));
  // Of two NaNs either may come out of an addition.
  const statement::Expression nans = statement::ParseExpression("bits(a+b) == bits(b+a)", kBinary32);
  EXPECT_FALSE(accelerator.Compile(nans, Target::kHardware, true));
  EXPECT_TRUE(accelerator.Compile(nans, Target::kHardware, false));
  EXPECT_FALSE(SearchAccelerator(1, Isa::kFallback).Compile(half, Target::kModel, false));
}

TEST(BlockJudge, NansOfAnotherRuleThanTheCanonicalOneAreLeftToSingleCases) {
  const auto compiles = [](const std::string& text, model::NanRule rule) {
    statement::ExpressionOptions options;
    options.arithmetic.nans = rule;
    const statement::Expression expression = statement::ParseExpression(text, kBinary32, options);
    return SearchAccelerator(1, VectorIsas()[0]).Compile(expression, Target::kModel, true) != nullptr;
  };
  if (VectorIsas().empty()) GTEST_SKIP() << "no vectors";
  for (const model::NanRule rule : {model::NanRule::kX86, model::NanRule::kArm}) {
    EXPECT_FALSE(compiles("bits(a+b) == bits(b+a)", rule)) << Name(rule);
    EXPECT_FALSE(compiles("signbit(a-b) or a < b", rule)) << Name(rule);
    EXPECT_TRUE(compiles("a+b == b+a", rule)) << "no NaN is told from another";
  }
  EXPECT_TRUE(compiles("bits(a+b) == bits(b+a)", model::NanRule::kRiscV));
  EXPECT_TRUE(compiles("bits(a+b) == bits(b+a)", model::NanRule::kCanonical));
}

}  // namespace
}  // namespace fplab::kernels
