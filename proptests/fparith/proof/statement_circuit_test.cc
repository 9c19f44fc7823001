// Statements as circuits: every instruction computes what the evaluator on the model computes, in every mode.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/statement_circuit.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/proof/decide.h>
#include <fplab/fparith/statement/evaluator.h>
#include "proptests/support/float_generators.h"
#include "proptests/support/moved_seed.h"

namespace fplab::proof {
namespace {

constexpr size_t kCases = 64;

std::vector<Mode> Modes() {
  std::vector<Mode> modes(kFlushModes.begin(), kFlushModes.end());
  modes.push_back({Rounding::kUp, true, false});
  modes.push_back({Rounding::kTowardZero, false, true});
  modes.push_back({Rounding::kNearestAway, false, false});
  return modes;
}

// Operands of each variable for 64 cases; later ones are often the first again, or its opposite.
statement::Cases DrawCases(const statement::Expression& expression, uint64_t seed) {
  statement::Cases cases;
  for (const statement::Variable& variable : expression.variables) {
    const Format format = variable.type.IsNumber() ? variable.type.format : kBinary64;
    FloatGenerator generator(format, Specials::kAll, MovedSeed(seed + cases.size()));
    std::vector<uint64_t> column;
    for (size_t i = 0; i < kCases; ++i) {
      uint64_t value = generator.One();
      const bool alike = !cases.empty() && expression.variables[0].type == variable.type;
      if (alike && i % 4 == 0) value = cases[0][i] ^ (i % 8 == 0 ? 0 : format.SignMask());
      column.push_back(variable.type.IsInteger() ? variable.type.Wrap(i % 3 == 0 ? value >> 50 : value) : value);
    }
    cases.push_back(column);
  }
  return cases;
}

std::vector<uint64_t> InputsOf(const statement::Cases& cases, const std::vector<Word>& operands) {
  std::vector<uint64_t> inputs;
  for (size_t v = 0; v < operands.size(); ++v) {
    for (size_t bit = 0; bit < operands[v].size(); ++bit) {
      uint64_t column = 0;
      for (size_t i = 0; i < kCases; ++i) column |= (cases[v][i] >> bit & 1) << i;
      inputs.push_back(column);
    }
  }
  return inputs;
}

uint64_t ValueAt(const Simulation& simulation, const Word& word, size_t i) {
  uint64_t value = 0;
  for (size_t bit = 0; bit < word.size(); ++bit) value |= (simulation[word[bit]] >> i & 1) << bit;
  return value;
}

void ExpectSameSteps(const std::string& text, const Format& format, Mode mode,
                     model::NanRule nans = model::NanRule::kCanonical) {
  using statement::Evaluator;
  model::Environment environment = model::HardwareEnvironment(mode);
  environment.nans = nans;
  statement::ExpressionOptions options;
  options.arithmetic = environment;
  const statement::Expression expression = statement::ParseExpression(text, format, options);
  Aig aig;
  const std::vector<Word> operands = StatementCircuit::Operands(aig, expression);
  StatementCircuit circuit(aig, expression, operands, CircuitMode::Of(environment));
  circuit.At(expression.claim);
  const statement::Cases cases = DrawCases(expression, 100);
  Evaluator evaluator(expression);
  evaluator.Run(Evaluator::Part::kClaim, statement::Target::kModel, environment, cases, kCases);
  Simulation simulation(aig);
  simulation.Run(InputsOf(cases, operands));
  for (const int index : evaluator.InstructionsOf(Evaluator::Part::kClaim)) {
    const statement::Instruction& instruction = expression.At(index);
    if (instruction.type.kind == statement::Kind::kExact) continue;
    const Word& bits = circuit.At(index).bits;
    for (size_t i = 0; i < kCases; ++i) {
      uint64_t value = ValueAt(simulation, bits, i);
      if (instruction.type.IsInteger()) value = instruction.type.Wrap(value);
      const uint64_t expected = evaluator.Number(index, i);
      ASSERT_TRUE(expression.NeedsNanRule() ? value == expected : instruction.type.SameBits(value, expected))
          << text << " in " << Name(mode) << ", " << Name(format) << ": " << expression.TextOf(instruction) << " is "
          << value << ", expected " << expected << " for " << cases[0][i] << " under " << Name(nans);
    }
  }
}

TEST(StatementCircuit, EveryInstructionIsWhatTheModelEvaluates) {
  for (const char* statement : {
           "a+b == b-a and a*b <= a/b or fma(a,b,a) > sqrt(a)",
           "up(a*b) >= down(a*b) and to_odd(a+b) !== to_zero(a+b) and ieee(a*b) === a*b and to_away(a-b) == a",
           "min(a,b) === max(a,b) or min_num(a,b) === max_num(b,a) or minimum(a,b) === maximum(a,b)",
           "minimum_number(a,b) < maximum_number(a,b)",
           "ceil(a) == floor(a) and trunc(a) == rint(b) or round(a) != round_even(a)",
           "eq_mode(a,b) or lt_mode(a,b) or le_mode(b,a)",
           "-a == abs(b) and copysign(a,b) == next_up(a) and next_down(a) < ulp(b)",
           "isfinite(a) and isnan(b) and isinf(a) and iszero(a) and signbit(b) and normal(a) and subnormal(b)",
           "is_integer(a) or signaling(b) or power_of_two(a)",
           "(a < b ? a : b) == select(a == b, b, a)",
           "bits(a) == bits(b) and from_bits(~bits(a)) == a and ulps(a,b) < 5 and a ~ b within 2 ulps",
           "f64(a) == f64(b) and f16(a) == f16(b) and bf16(a) <= bf16(b) and e4m3(a) == e4m3(b) and e5m2(a) < 2",
           "e4m3sat(a) == e4m3sat(b) and e5m2fnuz(a) == -e5m2fnuz(b) and e2m1(a) < e2m1(b) and e3m4(a) < e3m4(b)",
           "i32(a) == 3 and i64(a) > i64(b) and u32(a) < 7 and i8(a) != i8(b) and u16(a) == 0 and u64(b) == 1",
           "raises(inexact, a*b) and flags(a/b) == flags(a+b) and raises(invalid, sqrt(a))",
           "exact(a+b) and exact(a-b) or exact(a*b) or exact(a/b) or exact(sqrt(a)) or exact(e5m2(a))",
           "let s = a+b in real(a+b-s == 0) or real(abs(a) <= max(b,-s)) or real(a < b) or real(min(a,b) == s)",
           "ldexp(a, n: i32) == ldexp(b, m: i16) and ldexp(a, 3) > ldexp(b, u8(7))",
           "real(a*b == a) or real(a*b + a <= b)",
           "e8m0(a) <= e8m0(b) and f32(s: e8m0) < 1 and up(e8m0sat(a)) == s and isfinite(down(e8m0(b)))",
       }) {
    for (const Format& format :
         {kBinary16, kBinary32, ParseFormat("e4p5"), kE4M3, kE4M3Fnuz, kE2M3, Saturating(kE5M2)}) {
      for (const Mode mode : Modes()) ExpectSameSteps(statement, format, mode);
    }
  }
}

TEST(StatementCircuit, EveryInstructionOnIntegersIsWhatTheEvaluatorComputes) {
  for (const char* type : {"i8", "u16", "i32", "u64"}) {
    const std::string declared = std::string("n: ") + type + " == n and m: " + type + " == m and ";
    for (const char* statement : {
             "n + m == n - m and n * m < -n and ~n <= m",
             "(n | m) == (n & m) and (n ^ m) > n",
             "n << m == n >> m and n >> 3 == m << 1",
             "f32(n) == f32(m) and i16(n) == i16(m) and u64(n) < u64(m) and i8(n) > 0",
         }) {
      for (const Mode mode : {kIeee, Mode{Rounding::kUp, true, true}}) {
        ExpectSameSteps(declared + statement, kBinary32, mode);
      }
    }
  }
}

TEST(StatementCircuit, NansAreThoseOfTheRuleWithTheirPayloadsAndSigns) {
  for (const char* statement : {
           "bits(a+b) == bits(b+a) or bits(a-b) == bits(a/b)",
           "bits(a*b) == bits(sqrt(a)) or signbit(rint(a))",
           "bits(fma(a,b,c)) == bits(fma(c,a,b)) or flags(fma(b,c,a)) == 0 or bits(fma(1,a,b)) == bits(fma(-1,a,b))",
           "bits(f64(a)) == 0 or bits(f16(a)) == 0 or bits(bf16(b)) == 0 or bits(e4m3(b)) == 0",
           "bits(min(a,b)) == bits(max(a,b)) or bits(minimum(a,b)) == bits(min_num(a,b))",
           "bits(minimum_number(a,b)) == bits(maximum_number(b,a)) or bits(ldexp(a, 3)) == 0",
       }) {
    for (const Format& format : {kBinary16, kBinary32, ParseFormat("e4p5"), kE4M3}) {
      for (const model::NanRule nans : {model::NanRule::kX86, model::NanRule::kArm, model::NanRule::kRiscV}) {
        for (const Mode mode : {kIeee, kDaz}) ExpectSameSteps(statement, format, mode, nans);
      }
    }
  }
}

TEST(StatementCircuit, WhatHasNoCircuitIsNamed) {
  const auto refusal = [](const std::string& text) {
    const statement::Expression expression = statement::ParseExpression(text, kBinary32);
    Aig aig;
    StatementCircuit circuit(aig, expression, StatementCircuit::Operands(aig, expression), CircuitMode{});
    try {
      circuit.At(expression.claim);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(refusal("fmod(a,b) == a"), "\"fmod(a,b)\" has no circuit");
  EXPECT_EQ(refusal("i32_sat(a) == 1"), "\"i32_sat(a)\" has no circuit");
  EXPECT_EQ(refusal("n: i32 / 3 == n"), "\"n: i32 / 3\" has no circuit");
  EXPECT_EQ(refusal("raises(inexact, min(a,b))"), "\"min(a,b)\" has no circuit");
  EXPECT_EQ(refusal("f32(x87(a)*x87(b)) == a*b"), "\"x87(a)\" has no circuit");
}

}  // namespace
}  // namespace fplab::proof
