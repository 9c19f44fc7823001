// FPCore read as statements: benchmarks of FPBench, contexts, and what is refused.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/fpcore.h>

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/identity/identity.h>
#include <fplab/fparith/statement/constant_value.h>
#include <fplab/fparith/text/float_text.h>
#include "proptests/support/scratch_folder.h"

namespace fplab::statement {
namespace {

FpCore Core(std::string_view text) { return ReadFpCores(text).at(0); }

std::string Refusal(std::string_view text) {
  try {
    ReadFpCores(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "(no error)";
}

// The body's result under kIeee for operands that are given as text, in the order of the statement's variables.
bool Holds(const FpCore& core, const std::string& claim, const std::vector<std::pair<std::string, double>>& operands,
           Mode mode = kIeee) {
  const Expression expression = ParseExpression(core.Statement(claim), core.format, {false, core.condition});
  std::vector<uint64_t> bits;
  for (const Variable& variable : expression.variables) {
    for (const auto& [name, value] : operands) {
      if (name == variable.name) bits.push_back(ConstantValue(fmt::format("{}", value), variable.type));
    }
  }
  EXPECT_EQ(bits.size(), expression.variables.size()) << expression.text;
  return identity::TraceClaim(expression, bits, Target::kModel, mode).back().bits != 0;
}

struct Benchmark {
  std::string text;
  std::vector<std::pair<std::string, double>> operands;
  double expected;  // by this machine's double arithmetic
};

// Ten benchmarks of FPBench's public suite (fpbench.org/benchmarks.html), with one result each.
std::vector<Benchmark> Benchmarks() {
  const double x = 0.3, y = 0.7, u = 17.5, v = 1234.0, t = 22.0;
  const double t1 = 331.4 + 0.6 * t;
  const double x1 = 1.25, x2 = -2.5, x3 = 0.1;
  const double h1 = (x1 * x1 + x2) - 11, h2 = (x1 + x2 * x2) - 7;
  const double w = 0.5, r = 4.5, n = -1.5;
  const double jt = (3 * x1 * x1 + 2 * x2) - x1, jd = x1 * x1 + 1, js = jt / jd;
  const double jq = (3 * x1 * x1 - 2 * x2) - x1, js2 = jq / jd;
  return {
      {"(FPCore (x) :name \"NMSE example 3.1\" :cite (hamming-1987) :pre (>= x 0) (- (sqrt (+ x 1)) (sqrt x)))",
       {{"x", x}},
       std::sqrt(x + 1) - std::sqrt(x)},
      {"(FPCore (x) :name \"NMSE example 3.6\" :pre (>= x 0) (- (/ 1 (sqrt x)) (/ 1 (sqrt (+ x 1)))))",
       {{"x", x}},
       1 / std::sqrt(x) - 1 / std::sqrt(x + 1)},
      {"(FPCore (u v T) :name \"doppler1\" :precision binary64 :pre (and (<= -100 u 100) (<= 20 v 20000) (<= -30 T 50))"
       " (let ((t1 (+ 331.4 (* 0.6 T)))) (/ (* (- t1) v) (* (+ t1 u) (+ t1 u)))))",
       {{"u", u}, {"v", v}, {"T", t}},
       (-t1 * v) / ((t1 + u) * (t1 + u))},
      {"(FPCore (x1 x2 x3) :name \"rigidBody1\" :precision binary64"
       " :pre (and (<= -15 x1 15) (<= -15 x2 15) (<= -15 x3 15))"
       " (- (- (- (* (- x1) x2) (* (* 2 x2) x3)) x1) x3))",
       {{"x1", x1}, {"x2", x2}, {"x3", x3}},
       ((-x1 * x2 - 2 * x2 * x3) - x1) - x3},
      {"(FPCore (x1 x2 x3) :name \"rigidBody2\" :precision binary64"
       " :pre (and (<= -15 x1 15) (<= -15 x2 15) (<= -15 x3 15))"
       " (- (+ (- (+ (* (* (* 2 x1) x2) x3) (* (* 3 x3) x3)) (* (* (* x2 x1) x2) x3)) (* (* 3 x3) x3)) x2))",
       {{"x1", x1}, {"x2", x2}, {"x3", x3}},
       (((2 * x1 * x2 * x3 + 3 * x3 * x3) - x2 * x1 * x2 * x3) + 3 * x3 * x3) - x2},
      {"(FPCore (x) :name \"verhulst\" :precision binary64 :pre (<= 0.1 x 0.3)"
       " (let ((r 4.0) (K 1.11)) (/ (* r x) (+ 1 (/ x K)))))",
       {{"x", x}},
       (4.0 * x) / (1 + x / 1.11)},
      {"(FPCore (x) :name \"predatorPrey\" :precision binary64 :pre (<= 0.1 x 0.3)"
       " (let ((r 4.0) (K 1.11)) (/ (* (* r x) x) (+ 1 (* (/ x K) (/ x K))))))",
       {{"x", x}},
       (4.0 * x * x) / (1 + (x / 1.11) * (x / 1.11))},
      {"(FPCore (x) :name \"sqroot\" :precision binary64 :pre (<= 0 x 1)"
       " (- (+ (- (+ 1 (* 0.5 x)) (* (* 0.125 x) x)) (* (* (* 0.0625 x) x) x)) (* (* (* (* 0.0390625 x) x) x) x)))",
       {{"x", y}},
       ((1 + 0.5 * y) - 0.125 * y * y + 0.0625 * y * y * y) - 0.0390625 * y * y * y * y},
      {"(FPCore (v w r) :name \"turbine1\" :precision binary64"
       " :pre (and (<= -9/2 v -3/10) (<= 2/5 w 9/10) (<= 19/5 r 39/5))"
       " (- (- (+ 3 (/ 2 (* r r))) (/ (* (* 0.125 (- 3 (* 2 v))) (* (* (* w w) r) r)) (- 1 v))) 4.5))",
       {{"v", n}, {"w", w}, {"r", r}},
       ((3 + 2 / (r * r)) - (0.125 * (3 - 2 * n) * (w * w * r * r)) / (1 - n)) - 4.5},
      {"(FPCore (x1 x2) :name \"himmilbeau\" :precision binary64 :pre (and (<= -5 x1 5) (<= -5 x2 5))"
       " (let ((a (- (+ (* x1 x1) x2) 11)) (b (- (+ x1 (* x2 x2)) 7))) (+ (* a a) (* b b))))",
       {{"x1", x1}, {"x2", x2}},
       h1 * h1 + h2 * h2},
      {"(FPCore (x1 x2) :name \"jetEngine, in part\" :precision binary64 :pre (and (<= -5 x1 5) (<= -20 x2 5))"
       " (let* ((t (- (+ (* (* 3 x1) x1) (* 2 x2)) x1)) (t* (- (- (* (* 3 x1) x1) (* 2 x2)) x1))"
       "        (d (+ (* x1 x1) 1)) (s (/ t d)) (s* (/ t* d))) (+ x1 (+ (* (* s x1) 3) s*))))",
       {{"x1", x1}, {"x2", x2}},
       x1 + ((js * x1) * 3 + js2)},
  };
}

TEST(FpCore, BenchmarksOfFpBenchGiveWhatThisMachineComputes) {
  for (const Benchmark& benchmark : Benchmarks()) {
    const FpCore core = Core(benchmark.text);
    EXPECT_FALSE(core.is_truth);
    EXPECT_EQ(core.format, Type::Number(kBinary64));
    EXPECT_FALSE(core.condition.empty()) << core.name;
    const std::string claim = fmt::format("result == {}", benchmark.expected);
    EXPECT_TRUE(Holds(core, claim, benchmark.operands)) << core.name << ": " << core.Statement(claim);
  }
}

TEST(FpCore, BenchmarksOfFpBenchCanBeRefuted) {
  for (const Benchmark& benchmark : Benchmarks()) {
    const FpCore core = Core(benchmark.text);
    identity::SearchOptions options;
    options.cases = 2000;
    options.modes = {kIeee};
    const identity::Refutation finite =
        identity::Refute(core.Statement("finite(result)"), core.format, options, {false, core.condition});
    EXPECT_GT(finite.search.Judged(), 0u) << core.name;
    // Its own precondition admits 0, of which it takes the reciprocal.
    EXPECT_EQ(finite.Holds(), core.name != "NMSE example 3.6") << core.name;
    EXPECT_FALSE(
        identity::Refute(core.Statement("result == 1.5"), core.format, options, {false, core.condition}).Holds())
        << core.name;
  }
}

TEST(FpCore, ABodyThatIsTrueOrFalseIsTheStatement) {
  const FpCore core = Core("(FPCore sterbenz (x y) :precision binary32 :pre (<= (/ y 2) x (* 2 y)) (== (- x y) 1))");
  EXPECT_TRUE(core.is_truth);
  EXPECT_EQ(core.name, "sterbenz");
  EXPECT_EQ(core.format, Type::Number(kBinary32));
  EXPECT_EQ(core.arguments, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(core.Statement(), "((x - y) == 1)");
  EXPECT_EQ(core.condition, "((y / 2) <= x and x <= (2 * y))");
  EXPECT_THROW(core.Statement("finite(result)"), Error);
  EXPECT_THROW(Core("(FPCore (x) (+ x 1))").Statement(), Error);
}

TEST(FpCore, NamesThatStatementsReserveOrCannotSpellAreChanged) {
  const FpCore core = Core("(FPCore (max x' x* result) (+ (+ max x') (+ x* result)))");
  EXPECT_EQ(core.arguments, (std::vector<std::string>{"max_", "x_", "x_1", "result_1"}));
  EXPECT_EQ(core.Statement("result == 0"), "let result = ((max_ + x_) + (x_1 + result_1)) in result == 0");
}

TEST(FpCore, LetIsParallelAndLetStarIsNot) {
  EXPECT_TRUE(Holds(Core("(FPCore (a b) (let ((a b) (b a)) (- a b)))"), "result == 2", {{"a", 1}, {"b", 3}}));
  EXPECT_TRUE(Holds(Core("(FPCore (a b) (let* ((a b) (b a)) (- a b)))"), "result == 0", {{"a", 1}, {"b", 3}}));
  EXPECT_TRUE(Holds(Core("(FPCore (a) (+ (let ((b (* a 2))) b) (let ((b (* a 3))) b)))"), "result == 5", {{"a", 1}}));
}

TEST(FpCore, ContextsRoundInTheirDirectionAndNumbersToo) {
  const FpCore up = Core("(FPCore (x) :precision binary32 (! :round toPositive (+ x 0x1p-30)))");
  EXPECT_TRUE(Holds(up, "result == 1+eps", {{"x", 1}}));
  const FpCore outer = Core("(FPCore (x) :precision binary32 :round toZero (! :round nearestEven (+ x 0x1.8p-24)))");
  EXPECT_TRUE(Holds(outer, "result == 1+eps", {{"x", 1}}));
  const FpCore let = Core("(FPCore (x) :precision binary32 (let ((y (+ x 0x1p-30))) (! :round toPositive (* y 1))))");
  EXPECT_TRUE(Holds(let, "result == 1", {{"x", 1}})) << "a name is computed where it is bound";
  EXPECT_EQ(Core("(FPCore (x) :precision binary32 :round toPositive (* x 0.1))").body, "up((x * 0x1.99999ap-4))");
  EXPECT_EQ(Core("(FPCore (x) :precision binary32 :round toNegative (* x 0.1))").body, "down((x * 0x1.999998p-4))");
  EXPECT_EQ(Core("(FPCore (x) :precision binary32 :round toNegative (* x -1/3))").body, "down((x * (-0x1.555556p-2)))");
}

TEST(FpCore, FormatsMeetWhereNothingIsRoundedTwice) {
  const FpCore wide = Core("(FPCore ((! :precision binary32 x)) :precision binary64 (* x x))");
  EXPECT_EQ(wide.Statement("result >= 0"), "let result = (f64((x: f32)) * f64(x)) in result >= 0");
  EXPECT_NE(Refusal("(FPCore (x) (! :precision binary32 (+ x 1)))").find("column 39: an operand of f64"),
            std::string::npos);
  EXPECT_EQ(Core("(FPCore (x) (! :precision binary32 (+ (cast x) 1)))").body, "(f32(x) + f32(1))");
  EXPECT_EQ(Core("(FPCore (x) :precision (float 4 9) (sqrt x))").format, Type::Number(ParseFormat("e4p5")));
}

TEST(FpCore, AProgramComparesUnderItsModeAndAStatementDoesNot) {
  const FpCore program = Core("(FPCore (x) :precision binary32 (if (== x 0) 1 2))");
  EXPECT_TRUE(Holds(program, "result == 2", {{"x", 0x1p-140}}));
  EXPECT_TRUE(Holds(program, "result == 1", {{"x", 0x1p-140}}, kDaz));
  EXPECT_FALSE(Holds(Core("(FPCore (x) :precision binary32 (== x 0))"), "", {{"x", 0x1p-140}}, kDaz));
  const FpCore chain = Core("(FPCore (x) (if (< 0 (+ x 1) 3) (if (!= x 1 2 4) 5 6) 7))");
  EXPECT_TRUE(Holds(chain, "result == 5", {{"x", 0}}));
  EXPECT_TRUE(Holds(chain, "result == 6", {{"x", 1}}));
  EXPECT_TRUE(Holds(chain, "result == 7", {{"x", 5}}));
}

TEST(FpCore, EveryOperationIsOneOfTheStatementsLanguage) {
  const std::string text =
      "(FPCore (x y) :precision binary32 (+ (fma x y (sqrt (fabs (copysign x y)))) (+ (fmin x (fmax y 1)) (+ (floor x)"
      "(+ (ceil x) (+ (trunc x) (+ (round x) (+ (nearbyint x) (+ (fmod x y) (+ (remainder x y) (+ (hypot x y) (+ PI"
      "(+ (digits 3 -2 2) (+ (digits -25 -2 10) (if (and (isfinite x) (or (isnan x) (not (isinf x))) (isnormal x)"
      "(signbit x) TRUE) INFINITY [- E])))))))))))))))";
  const FpCore core = Core(text);
  EXPECT_NO_THROW(ParseExpression(core.Statement("isfinite(result)"), core.format)) << core.Statement("result == 0");
}

TEST(FpCore, AConditionMayNameItsPartsAndTellManyNumbersApart) {
  const FpCore core = Core("(FPCore (x y) :pre (let* ((s (+ x y)) (t (- s x))) (and (!= s t x 3) (< 0 t 9))) (* x y))");
  EXPECT_TRUE(Holds(core, "result == 2 and isfinite(x)", {{"x", 1}, {"y", 2}})) << "not admitted";
  const auto admits = [&](const std::string& x, const std::string& y) {
    const std::string text = fmt::format("let x = {}, y = {} in {} and a == a", x, y, core.condition);
    const Expression expression = ParseExpression(text, kBinary64);
    Evaluator evaluator(expression);
    evaluator.Run(Evaluator::Part::kClaim, Target::kModel, {}, OneCase({0}), 1);
    return evaluator.Claim(0);
  };
  EXPECT_FALSE(admits("1", "2")) << "s is 3";
  EXPECT_FALSE(admits("2", "2")) << "t is x";
  EXPECT_FALSE(admits("-5", "-2")) << "t is negative";
  EXPECT_TRUE(admits("-5", "2"));
}

TEST(FpCore, TheDifferenceOfFdimIsPositiveRoundedOrNan) {
  const FpCore core = Core("(FPCore (x y) :precision binary32 (fdim (+ x 0) y))");
  EXPECT_TRUE(Holds(core, "result === 2", {{"x", 3}, {"y", 1}}));
  EXPECT_TRUE(Holds(core, "result === 0", {{"x", 1}, {"y", 3}}));
  EXPECT_TRUE(Holds(core, "result === 0", {{"x", -0.0}, {"y", 0}}));
  EXPECT_TRUE(Holds(core, "result === 1", {{"x", 1}, {"y", 0x1p-30}}));
  EXPECT_TRUE(Holds(core, "isnan(result)", {{"x", std::numeric_limits<double>::quiet_NaN()}, {"y", 3}}));
  EXPECT_TRUE(Holds(Core("(FPCore (x y) :precision binary32 :round toZero (fdim x y))"), "result == 1-eps/2",
                    {{"x", 1}, {"y", 0x1p-30}}));
}

TEST(FpCore, SeveralStandInOneTextWithComments) {
  const auto cores = ReadFpCores("; one\n(FPCore (x) :name \"a\" (== x x)) ; two (\n(FPCore b [y] (< y y))");
  ASSERT_EQ(cores.size(), 2u);
  EXPECT_EQ(cores[0].name, "a");
  EXPECT_EQ(cores[1].name, "b");
}

TEST(FpCore, WhatIsOutsideIsRefusedByLineAndColumn) {
  EXPECT_EQ(Refusal(""), "line 1, column 1: no FPCore");
  EXPECT_EQ(Refusal("(FPCore (x)\n (+ x 1)"), "line 1, column 1: this parenthesis is never closed");
  EXPECT_EQ(Refusal("(FPCore (x) (+ x 1)))"), "line 1, column 21: a closing parenthesis without an opening one");
  EXPECT_EQ(Refusal("(FPCore (x) (+ x 1])"),
            "line 1, column 19: found ']', expected the end of the list of line 1, column 13");
  EXPECT_EQ(Refusal("(FPCore (x) \"body)"), "line 1, column 13: this string has no end");
  const std::vector<std::pair<std::string, std::string>> bodies = {
      {"(exp x)", "line 2, column 2: \"exp\" is not supported"},
      {"(while (< x 1) ((x x (+ x 1))) x)", "line 2, column 2: \"while\" is not supported"},
      {"(tensor ((i 3)) i)", "line 2, column 2: \"tensor\" is not supported"},
      {"(frobnicate x)", "line 2, column 2: \"frobnicate\" is not supported"},
      {"(+ x y)", "line 2, column 6: \"y\" is no argument"},
      {"(+ x)", "line 2, column 1: \"+\" takes 2 arguments, found 1"},
      {"(fma x x)", "line 2, column 1: \"fma\" takes 3 arguments, found 2"},
      {"(+ x (< x 1))", "line 2, column 6: this is true or false"},
      {"(and x x)", "line 2, column 6: this is a number"},
      {"(if (< x 1) x)", "line 2, column 1: \"if\" takes 3 arguments"},
      {"(if (< x 1) x TRUE)", "line 2, column 1: both branches"},
      {"(let ((y)) y)", "line 2, column 7: a binding is"},
      {"(+ x 1e999)", "line 2, column 6: \"1e999\" is no number"},
      {"(+ x 1e-999)", "line 2, column 6: \"1e-999\" rounds to zero"},
      {"(+ x 1/0)", "line 2, column 6: \"1/0\" is not a quotient"},
      {"(+ x 1.2.3)", "line 2, column 6: \"1.2.3\" is no number"},
      {"(+ x (digits 1 2 3))", "line 2, column 6: (digits"},
      {"(! :precision binary256 (+ x 1))", "line 2, column 15: :precision \"binary256\" is not supported"},
      {"(! :precision real (+ x 1))", "line 2, column 15: :precision \"real\" is not supported"},
      {"(! :round awayZero (+ x 1))", "line 2, column 11: :round \"awayZero\" is not supported"},
      {"(< x)", "line 2, column 1: \"<\" takes two arguments at least"},
      {"()", "line 2, column 1: found a list without an operator"},
      {"\"x\"", "line 2, column 1: found a string"},
      {"x 1", "line 2, column 3: found more after the body"},
      {"", "line 1, column 1: an FPCore needs a body"},
  };
  for (const auto& [body, message] : bodies) {
    EXPECT_EQ(Refusal("(FPCore (x)\n" + body + ")").substr(0, message.size()), message) << body;
  }
  EXPECT_NE(Refusal("(FPCore ((x 3)) 1)").find("tensors are not supported"), std::string::npos);
  EXPECT_NE(Refusal("(lambda (x) x)").find("expected (FPCore"), std::string::npos);
}

TEST(FpCore, HostileTextsAreRefusedInBoundedWork) {
  const std::string deep(100'000, '(');
  EXPECT_EQ(Refusal(deep), "line 1, column 201: more than 200 levels");
  std::string many = "(FPCore (x) (+ x ";
  for (int i = 0; i < 1'000'000; ++i) many += "(sqrt x) ";
  EXPECT_NE(Refusal(many).find("more than 200000 expressions"), std::string::npos);
  EXPECT_LT(Refusal("(FPCore (x) (+ x " + std::string(10'000'000, '1') + "))").size(), 200u);
  EXPECT_LT(Refusal("(FPCore (x) " + std::string(10'000'000, 'a') + ")").size(), 200u);
  EXPECT_EQ(Refusal(std::string("(FPCore (x) \xff\x01)")),
            "line 1, column 13: \"\\xff\\x01\" is no argument, no name of a let and no constant");
  // Each level writes its operand twice, but by a name.
  std::string nested = "x";
  for (int i = 0; i < 60; ++i) nested = "(if (< 0 (+ " + nested + " 1) 3) 1 2)";
  const FpCore core = Core("(FPCore (x) " + nested + ")");
  EXPECT_LT(core.Statement("result == 1").size(), 20'000u);
  // A condition has no names to do so.
  EXPECT_NE(Refusal("(FPCore (x) :pre (== 1 " + nested + ") x)").find("more than 65536 characters as a statement"),
            std::string::npos);
}

}  // namespace
}  // namespace fplab::statement
