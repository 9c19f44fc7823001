// Lemmas of operations are true of every operand of small formats in every mode and direction, and no more than that.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/operation_lemmas.h>

#include <gtest/gtest.h>

#include <string>

#include <fplab/fparith/proof/decide.h>
#include <fplab/fparith/proof/prove.h>

namespace fplab::proof {
namespace {

constexpr LemmaOperation kOperations[] = {LemmaOperation::kAdd, LemmaOperation::kMul, LemmaOperation::kDiv,
                                          LemmaOperation::kSqrt, LemmaOperation::kFma};

FloatResult ByCircuit(const FloatCircuit& circuit, LemmaOperation operation, const std::vector<Word>& x) {
  switch (operation) {
    case LemmaOperation::kAdd:
      return circuit.Add(x[0], x[1]);
    case LemmaOperation::kMul:
      return circuit.Mul(x[0], x[1]);
    case LemmaOperation::kDiv:
      return circuit.Div(x[0], x[1]);
    case LemmaOperation::kSqrt:
      return circuit.Sqrt(x[0]);
    case LemmaOperation::kFma:
      return circuit.Fma(x[0], x[1], x[2]);
  }
  return {};
}

LemmaCase CaseOf(const FloatCircuit& circuit, LemmaOperation operation) {
  const size_t arity = operation == LemmaOperation::kSqrt ? 1 : operation == LemmaOperation::kFma ? 3 : 2;
  LemmaCase x;
  x.operation = operation;
  for (size_t i = 0; i < arity; ++i) x.operands.push_back(circuit.Input());
  const FloatResult result = ByCircuit(circuit, operation, x.operands);
  x.result = result.bits;
  x.overflow = result.overflow;
  return x;
}

// FTZ and DAZ are inputs, so that a question is about all four modes.
std::vector<CircuitMode> Modes(Aig& aig) {
  const Lit ftz = aig.Input(), daz = aig.Input();
  std::vector<CircuitMode> modes;
  for (const Rounding rounding : {Rounding::kNearestEven, Rounding::kNearestAway, Rounding::kTowardZero, Rounding::kUp,
                                  Rounding::kDown, Rounding::kToOdd}) {
    for (const auto flush : {model::FlushSemantics::kAfterRounding, model::FlushSemantics::kBeforeRounding,
                             model::FlushSemantics::kIeeeThenZero}) {
      modes.push_back({rounding, ftz, daz, model::Tininess::kAfterRounding, flush, kFalse});
    }
  }
  return modes;
}

class OperationLemmasTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HasSatSolver()) GTEST_SKIP() << "built without CaDiCaL";
  }
};

TEST_F(OperationLemmasTest, AreTrueOfEveryOperationOfSmallFormatsInEveryModeAndDirection) {
  for (const Format& format : {Format{2, 3}, Format{3, 3}}) {
    for (const LemmaOperation operation : kOperations) {
      if (operation == LemmaOperation::kFma && format != Format{2, 3}) continue;
      Aig aig;
      for (const CircuitMode& mode : Modes(aig)) {
        const FloatCircuit circuit(aig, format, mode);
        const Lit lemma = LemmaOf(circuit, CaseOf(circuit, operation));
        EXPECT_EQ(Decide(aig, std::array{!lemma}, {}).verdict, SatVerdict::kUnsatisfiable)
            << Name(format) << " " << Name(operation) << " " << Name(mode.rounding);
      }
    }
  }
}

// Of all assignments of the graph's inputs.
bool IsTrueOfAll(const Aig& aig, Lit lit) {
  static constexpr uint64_t kLow[] = {0xaaaaaaaaaaaaaaaa, 0xcccccccccccccccc, 0xf0f0f0f0f0f0f0f0,
                                      0xff00ff00ff00ff00, 0xffff0000ffff0000, 0xffffffff00000000};
  Simulation simulation(aig);
  std::vector<uint64_t> inputs(aig.Inputs().size());
  for (uint64_t i = 0; i < uint64_t{1} << (inputs.size() - 6); ++i) {
    for (size_t k = 0; k < inputs.size(); ++k) inputs[k] = k < 6 ? kLow[k] : i >> (k - 6) & 1 ? ~uint64_t{0} : 0;
    simulation.Run(inputs);
    if (simulation[lit] != ~uint64_t{0}) return false;
  }
  return true;
}

TEST_F(OperationLemmasTest, AreTrueOfEveryTwoOperationsOfSmallFormatsInEveryModeAndDirection) {
  for (const LemmaOperation operation : kOperations) {
    const Format format = operation == LemmaOperation::kFma ? Format{2, 2} : Format{2, 3};
    Aig modes_of;
    for (size_t m = 0; m < Modes(modes_of).size(); ++m) {
      Aig aig;
      const CircuitMode mode = Modes(aig)[m];
      // Six operands of four bits take long: two directions, and the flush of x86.
      const bool wanted = mode.flush == model::FlushSemantics::kAfterRounding &&
                          (mode.rounding == Rounding::kNearestEven || mode.rounding == Rounding::kUp);
      if (operation == LemmaOperation::kFma && !wanted) continue;
      const FloatCircuit circuit(aig, format, mode);
      const LemmaCase x = CaseOf(circuit, operation), y = CaseOf(circuit, operation);
      EXPECT_TRUE(IsTrueOfAll(aig, LemmaOfPair(circuit, x, y))) << Name(operation) << " " << Name(mode.rounding);
    }
  }
}

TEST_F(OperationLemmasTest, OfAWrongResultAreFalse) {
  for (const LemmaOperation operation : kOperations) {
    Aig aig;
    const FloatCircuit circuit(aig, kBinary16, CircuitMode::Of({kIeee}));
    LemmaCase x = CaseOf(circuit, operation);
    x.result = circuit.Negate(x.result);
    EXPECT_EQ(Decide(aig, std::array{!LemmaOf(circuit, x)}, {}).verdict, SatVerdict::kSatisfiable) << Name(operation);
  }
}

TEST_F(OperationLemmasTest, AreOfFormatsWithInfinitiesAndOfFlushesToSignedZerosAlone) {
  Aig aig;
  CircuitMode mode;
  EXPECT_TRUE(HasLemmas(FloatCircuit(aig, kBinary32, mode)));
  EXPECT_FALSE(HasLemmas(FloatCircuit(aig, kE4M3, mode)));
  mode.flush = model::FlushSemantics::kNoSubnormals;
  EXPECT_FALSE(HasLemmas(FloatCircuit(aig, kBinary32, mode)));
  mode = {};
  mode.positive_zero = kTrue;
  EXPECT_FALSE(HasLemmas(FloatCircuit(aig, kBinary32, mode)));
}

// Rewriting "fma by 1": bits and flags of the sum, in all modes and directions.
TEST_F(OperationLemmasTest, AFusedMultiplyAddByOneIsTheSumInBitsAndFlags) {
  for (const Format& format : {Format{2, 3}, Format{3, 3}}) {
    Aig aig;
    for (const CircuitMode& mode : Modes(aig)) {
      const FloatCircuit circuit(aig, format, mode);
      const Word a = circuit.Input(), c = circuit.Input(), one = circuit.Constant(format.One());
      for (const bool negative : {false, true}) {
        const FloatResult fused = circuit.Fma(negative ? circuit.Negate(one) : one, a, c);
        const FloatResult sum = circuit.Add(negative ? circuit.Negate(a) : a, c);
        Lit same = EqualWords(aig, fused.bits, sum.bits);
        for (const auto flag : {&FloatResult::inexact, &FloatResult::underflow, &FloatResult::overflow,
                                &FloatResult::divide_by_zero, &FloatResult::invalid}) {
          same = aig.And(same, !aig.Xor(fused.*flag, sum.*flag));
        }
        EXPECT_EQ(Decide(aig, std::array{!same}, {}).verdict, SatVerdict::kUnsatisfiable)
            << Name(format) << " " << Name(mode.rounding) << (negative ? " -1" : " 1");
      }
    }
  }
}

ModeAnswer Ask(const std::string& statement, Mode mode, const Format& format = kBinary64) {
  ProveOptions options;
  options.modes = {mode};
  options.limits.conflicts = 20000;
  return proof::Prove(statement, format, options).answers[0];
}

TEST_F(OperationLemmasTest, ProveThatRoundedOperationsAreMonotoneInEveryModeOfBinary64) {
  for (const char* statement :
       {"a+c <= b+c when a <= b", "a*c <= b*c when a <= b and c >= 0", "sqrt(a) <= sqrt(b) when 0 <= a <= b",
        "fma(a,c,d) <= fma(b,c,d) when a <= b and c >= 0"}) {
    for (const Mode mode : kFlushModes) {
      const ModeAnswer answer = Ask(statement, mode);
      EXPECT_EQ(answer.answer, Answer::kProved) << statement << ": " << answer.how;
      EXPECT_NE(answer.how.find("by lemmas"), std::string::npos) << answer.how;
    }
  }
}

TEST_F(OperationLemmasTest, AreNotNeededWhereAFusedMultiplyAddByOneIsRewritten) {
  for (const Mode mode : kFlushModes) {
    const ModeAnswer answer = Ask("fma(a,1,c) == a+c", mode);
    EXPECT_EQ(answer.answer, Answer::kProved);
    EXPECT_EQ(answer.how, "fma by 1 as a sum; both sides are the same circuit");
  }
}

TEST_F(OperationLemmasTest, ProveNothingFalseThatLooksLikeWhatTheyProve) {
  for (const char* statement :
       {"a+c < b+c when a < b", "a*c < b*c when a < b and c > 0", "a*c <= b*c when a <= b",
        "a/c <= b/c when a <= b and c != 0", "c/a <= c/b when 0 < a <= b and c > 0",
        "sqrt(a) < sqrt(b) when 0 <= a < b", "fma(a,c,d) <= fma(b,c,d) when a <= b and c >= -1", "a*a <= a when 0 <= a",
        "abs(a/b) < 1 when abs(a) <= abs(b) and b != 0", "fma(a,1,c) == a-c", "fma(a,-1,c) == a+c", "fma(a,2,c) == a+c",
        "a+b >= a when b >= -min_normal", "a+c <= b+d when a <= b"}) {
    for (const Mode mode : kFlushModes) {
      for (const Format& format : {Format{3, 3}, kBinary16}) {
        const Answer answer = Ask(statement, mode, format).answer;
        EXPECT_TRUE(answer == Answer::kRefuted || answer == Answer::kUndecided) << statement << " " << Name(format);
      }
    }
  }
  // FTZ: a subnormal beside a zero is lost.
  EXPECT_EQ(Ask("a+b >= a when b >= 0", kIeee).answer, Answer::kProved);
  EXPECT_EQ(Ask("a+b >= a when b >= 0", kFtz).answer, Answer::kRefuted);
}

TEST_F(OperationLemmasTest, OfAConditionThatNothingMeetsProveNothing) {
  EXPECT_EQ(Ask("a*c <= b*c when a < b and b < a", kIeee, kBinary32).answer, Answer::kVacuous);
}

}  // namespace
}  // namespace fplab::proof
