// Theorems and counterexamples about sums and products in binary16, binary32 and binary64, from circuits to checked
// proofs. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fplab/fparith/proof/decide.h>
#include <fplab/fparith/proof/float_circuit.h>
#include <fplab/fparith/proof/sweep.h>

namespace fplab::proof {
namespace {

// A question about a and b of one format.
class Question {
 public:
  Question(const Format& format, const CircuitMode& mode)
      : circuit(aig, format, mode), a(circuit.Input()), b(circuit.Input()) {}

  // Whether the claim holds wherever all conditions do; refuted, `a_bits` and `b_bits` are the operands.
  Decision Ask(Lit claim, std::vector<Lit> conditions) {
    conditions.push_back(!claim);
    Decision decision = Decide(aig, conditions, {});
    if (decision.verdict == SatVerdict::kSatisfiable) {
      Simulation simulation(aig);
      simulation.Run(decision.inputs);
      a_bits = ValueOf(simulation, a);
      b_bits = ValueOf(simulation, b);
    }
    return decision;
  }
  std::vector<Lit> Finite() { return {circuit.IsFinite(a), circuit.IsFinite(b)}; }
  Lit Same(Lit x, Lit y) { return !aig.Xor(x, y); }

  Aig aig;
  FloatCircuit circuit;
  Word a, b;
  uint64_t a_bits = 0, b_bits = 0;
};

class Proofs : public ::testing::TestWithParam<Format> {
 protected:
  void SetUp() override {
    if (!HasSatSolver()) GTEST_SKIP() << "built without CaDiCaL";
  }
};

INSTANTIATE_TEST_SUITE_P(Formats, Proofs, ::testing::Values(kBinary16, kBinary32, kBinary64),
                         [](const auto& format) { return Name(format.param); });

TEST_P(Proofs, ADifferenceIsZeroExactlyForEqualOperandsWithGradualUnderflow) {
  Question q(GetParam(), CircuitMode::Of({kIeee}));
  const Lit claim = q.Same(q.circuit.IsZero(q.circuit.Sub(q.a, q.b).bits), q.circuit.Equal(q.a, q.b));
  const Decision decision = q.Ask(claim, q.Finite());
  EXPECT_EQ(decision.verdict, SatVerdict::kUnsatisfiable);
  EXPECT_GT(decision.check.added, 0u);
}

TEST_P(Proofs, ADifferenceFlushedToZeroIsRefutedByOperandsThatTheModelConfirms) {
  const model::Environment ftz{kFtz};
  Question q(GetParam(), CircuitMode::Of(ftz));
  const Lit claim = q.Same(q.circuit.IsZero(q.circuit.Sub(q.a, q.b).bits), q.circuit.Equal(q.a, q.b));
  ASSERT_EQ(q.Ask(claim, q.Finite()).verdict, SatVerdict::kSatisfiable);
  const model::Outcome difference = model::Sub(GetParam(), ftz, q.a_bits, q.b_bits);
  EXPECT_TRUE(GetParam().IsZero(difference.bits)) << q.a_bits << " " << q.b_bits;
  EXPECT_NE(GetParam().Rank(q.a_bits), GetParam().Rank(q.b_bits));
}

// FTZ and DAZ are inputs: one proof for four modes. Operands are zero or at least 2^(p-1) min normal.
TEST_P(Proofs, ADifferenceOfOperandsThatAreZeroOrFarAboveMinNormalIsZeroExactlyForEqualOnesInEveryFlushingMode) {
  const Format format = GetParam();
  Question q(format, {});
  const CircuitMode any{Rounding::kNearestEven, q.aig.Input(), q.aig.Input()};
  const FloatCircuit circuit(q.aig, format, any);
  const uint64_t bound = format.MinNormal() + (static_cast<uint64_t>(format.FractionBits()) << format.FractionBits());
  const auto guarded = [&](const Word& x) {
    return q.aig.Or(circuit.IsZero(x), circuit.LessEqual(circuit.Constant(bound), circuit.Abs(x)));
  };
  std::vector<Lit> conditions = q.Finite();
  conditions.push_back(guarded(q.a));
  conditions.push_back(guarded(q.b));
  const Lit claim = q.Same(circuit.IsZero(circuit.Sub(q.a, q.b).bits), circuit.Equal(q.a, q.b));
  EXPECT_EQ(q.Ask(claim, conditions).verdict, SatVerdict::kUnsatisfiable);
}

// Sterbenz 1974: if b/2 <= a <= 2b then a - b is exact.
TEST_P(Proofs, ADifferenceWithinAFactorOfTwoIsExact) {
  Question q(GetParam(), CircuitMode::Of({kIeee}));
  const Lit positive = q.aig.And(!q.a.back(), !q.b.back());
  std::vector<Lit> conditions = q.Finite();
  conditions.push_back(positive);
  conditions.push_back(q.circuit.LessEqual(q.b, q.circuit.Add(q.a, q.a).bits));
  conditions.push_back(q.circuit.LessEqual(q.a, q.circuit.Add(q.b, q.b).bits));
  EXPECT_EQ(q.Ask(!q.circuit.Sub(q.a, q.b).inexact, conditions).verdict, SatVerdict::kUnsatisfiable);
}

// FTZ and DAZ are inputs here too.
TEST_P(Proofs, ADifferenceWithinAFactorOfTwoOfOperandsFarAboveMinNormalIsExactInEveryFlushingMode) {
  const Format format = GetParam();
  Question q(format, {});
  const FloatCircuit circuit(q.aig, format, {Rounding::kNearestEven, q.aig.Input(), q.aig.Input()});
  const uint64_t bound = format.MinNormal() + (static_cast<uint64_t>(format.FractionBits()) << format.FractionBits());
  std::vector<Lit> conditions = q.Finite();
  for (const Word* x : {&q.a, &q.b}) conditions.push_back(circuit.LessEqual(circuit.Constant(bound), *x));
  conditions.push_back(circuit.LessEqual(q.b, q.circuit.Add(q.a, q.a).bits));
  conditions.push_back(circuit.LessEqual(q.a, q.circuit.Add(q.b, q.b).bits));
  const FloatResult difference = circuit.Sub(q.a, q.b);
  const Lit claim = q.aig.And(!difference.inexact, !difference.underflow);
  EXPECT_EQ(q.Ask(claim, conditions).verdict, SatVerdict::kUnsatisfiable);
}

// A and B of FlushSemantics, in any direction; D is another thing.
TEST_P(Proofs, SumsAreFlushedAlikeBeforeAndAfterRoundingAndAsInAFormatWithoutSubnormalsTowardZeroOnly) {
  const Format format = GetParam();
  for (Rounding rounding : kAllRoundings) {
    const auto with = [&](model::FlushSemantics flush) {
      return CircuitMode::Of({{rounding, true, false}, model::Tininess::kAfterRounding, flush});
    };
    Question q(format, with(model::FlushSemantics::kAfterRounding));
    const FloatCircuit before(q.aig, format, with(model::FlushSemantics::kBeforeRounding));
    const FloatCircuit coarse(q.aig, format, with(model::FlushSemantics::kNoSubnormals));
    const Word sum = q.circuit.Add(q.a, q.b).bits;
    EXPECT_EQ(q.Ask(q.circuit.SameBits(sum, before.Add(q.a, q.b).bits), {}).verdict, SatVerdict::kUnsatisfiable);
    const Decision differs = q.Ask(q.circuit.SameBits(sum, coarse.Add(q.a, q.b).bits), {});
    EXPECT_EQ(differs.verdict,
              rounding == Rounding::kTowardZero ? SatVerdict::kUnsatisfiable : SatVerdict::kSatisfiable);
  }
}

TEST_P(Proofs, SumsCommuteByStructureAlone) {
  Question q(GetParam(), CircuitMode::Of({kFtzDaz}));
  const Lit claim = q.circuit.SameBits(q.circuit.Add(q.a, q.b).bits, q.circuit.Add(q.b, q.a).bits);
  EXPECT_TRUE(q.Ask(claim, {}).by_structure);
}

// Bits alone do not pass two multipliers; that they are the same one, sweeping finds. A product that is min normal only
// by the rounding of a subnormal one is an exception, which is found too: tiny is not the same as subnormal.
TEST(Proofs16, AProductIsDoubledByDoublingAFactorWhereNothingIsTinyAndNotWhereverResultsAreNormal) {
  if (!HasSatSolver()) GTEST_SKIP() << "built without CaDiCaL";
  Question q(kBinary16, CircuitMode::Of({kIeee}));
  const Word two = q.circuit.Constant(kBinary16.One() + kBinary16.MinNormal());
  const FloatResult product = q.circuit.Mul(q.a, q.b);
  const Word doubled = q.circuit.Mul(q.a, two).bits, right = q.circuit.Mul(product.bits, two).bits;
  const Word left = q.circuit.Mul(doubled, q.b).bits;
  const Lit differ = !q.circuit.SameBits(left, right);
  std::vector<Lit> conditions;
  for (const Word& x : {q.a, q.b, doubled, product.bits, right}) conditions.push_back(q.circuit.IsNormal(x));
  const Decision refuted = DecideBySweeping(q.aig, conditions, differ, {});
  ASSERT_EQ(refuted.verdict, SatVerdict::kSatisfiable);
  Simulation simulation(q.aig);
  simulation.Run(refuted.inputs);
  const uint64_t a = ValueOf(simulation, q.a), b = ValueOf(simulation, q.b);
  EXPECT_EQ(kBinary16.Magnitude(model::Mul(kBinary16, {kIeee}, a, b).bits), kBinary16.MinNormal());
  conditions.push_back(!product.tiny);
  SweepCounts counts;
  const Decision proved = DecideBySweeping(q.aig, conditions, differ, {}, &counts);
  EXPECT_EQ(proved.verdict, SatVerdict::kUnsatisfiable);
  EXPECT_GT(counts.equal, 500u);
}

// What x86 calls flushing is the IEEE result with its subnormals made zero only where a tiny result is exact.
class FlushKinds : public Question {
 public:
  explicit FlushKinds(const Format& format) : Question(format, x86()), then_zero(aig, format, emulated()) {}

  static CircuitMode x86() { return CircuitMode::Of({kFtz}); }
  static CircuitMode emulated() {
    return CircuitMode::Of({kFtz, model::Tininess::kAfterRounding, model::FlushSemantics::kIeeeThenZero});
  }

  FloatCircuit then_zero;
};

TEST_P(Proofs, TheFlushOfX86IsIeeeThenZeroForSums) {
  FlushKinds q(GetParam());
  const Lit claim = q.circuit.SameBits(q.circuit.Add(q.a, q.b).bits, q.then_zero.Add(q.a, q.b).bits);
  EXPECT_EQ(q.Ask(claim, {}).verdict, SatVerdict::kUnsatisfiable);
}

TEST_P(Proofs, TheFlushOfX86IsIeeeThenZeroForSquareRoots) {
  FlushKinds q(GetParam());
  const Lit claim = q.circuit.SameBits(q.circuit.Sqrt(q.a).bits, q.then_zero.Sqrt(q.a).bits);
  EXPECT_EQ(q.Ask(claim, {}).verdict, SatVerdict::kUnsatisfiable);
}

TEST_P(Proofs, TheFlushOfX86IsNotIeeeThenZeroForProductsAsTheModelConfirms) {
  const Format format = GetParam();
  FlushKinds q(format);
  const Lit claim = q.circuit.SameBits(q.circuit.Mul(q.a, q.b).bits, q.then_zero.Mul(q.a, q.b).bits);
  ASSERT_EQ(q.Ask(claim, {}).verdict, SatVerdict::kSatisfiable);
  const model::Outcome ieee = model::Mul(format, {kIeee}, q.a_bits, q.b_bits);
  const model::Outcome flushed = model::Mul(format, {kFtz}, q.a_bits, q.b_bits);
  EXPECT_EQ(format.Magnitude(ieee.bits), format.MinNormal());
  EXPECT_TRUE(format.IsZero(flushed.bits));
}

// Dekker 1971: for |a| >= |b| the error of a + b is (s - a) subtracted from b, without a rounding.
TEST(Proofs16, TheErrorOfAFastTwoSumIsExact) {
  if (!HasSatSolver()) GTEST_SKIP() << "built without CaDiCaL";
  Question q(kBinary16, CircuitMode::Of({kIeee}));
  const Word sum = q.circuit.Add(q.a, q.b).bits;
  const FloatResult part = q.circuit.Sub(sum, q.a), error = q.circuit.Sub(q.b, part.bits);
  std::vector<Lit> conditions = q.Finite();
  conditions.push_back(q.circuit.IsFinite(sum));
  conditions.push_back(q.circuit.LessEqual(q.circuit.Abs(q.b), q.circuit.Abs(q.a)));
  EXPECT_EQ(q.Ask(q.aig.And(!part.inexact, !error.inexact), conditions).verdict, SatVerdict::kUnsatisfiable);
}

}  // namespace
}  // namespace fplab::proof
