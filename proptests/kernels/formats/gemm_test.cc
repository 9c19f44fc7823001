// General products in five formats: every element is the exact model's chain, finished as the contract says, in every
// mode, on every ISA, for every orientation, scaling and shape.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/formats/gemm.h>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cstring>
#include <limits>
#include <utility>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/text/bits_text.h>
#include "proptests/support/format_data.h"
#include "proptests/support/kernel_data.h"

namespace fplab::kernels {
namespace {

template <typename T>
constexpr Format kFormatOf = kBinary32;
template <>
constexpr Format kFormatOf<double> = kBinary64;
template <>
constexpr Format kFormatOf<Bfloat16> = kBfloat16;
template <>
constexpr Format kFormatOf<Binary16> = kBinary16;

float FromPattern(uint64_t bits, float) { return FloatFromBits(static_cast<uint32_t>(bits)); }
double FromPattern(uint64_t bits, double) { return DoubleFromBits(bits); }
Bfloat16 FromPattern(uint64_t bits, Bfloat16) { return {static_cast<uint16_t>(bits)}; }
Binary16 FromPattern(uint64_t bits, Binary16) { return {static_cast<uint16_t>(bits)}; }
int8_t FromPattern(uint64_t bits, int8_t) { return static_cast<int8_t>(bits); }
int32_t FromPattern(uint64_t bits, int32_t) { return static_cast<int32_t>(bits); }

uint64_t PatternOf(float x) { return ToBits(x); }
uint64_t PatternOf(double x) { return ToBits(x); }
uint64_t PatternOf(Bfloat16 x) { return x.bits; }
uint64_t PatternOf(Binary16 x) { return x.bits; }

template <typename T>
T Draw(WordSource& source, Palette palette) {
  if constexpr (std::is_integral_v<T>) {
    const uint64_t word = source.Next();
    return palette == Palette::kBoundary ? T{-128} : FromPattern(word, T{});
  } else {
    return FromPattern(DrawPattern(source, kFormatOf<T>, kFormatOf<GemmSum<T>>, palette), T{});
  }
}

bool Same(float a, float b) { return SameBits(a, b); }
bool Same(double a, double b) { return SameBits(a, b); }
bool Same(int32_t a, int32_t b) { return a == b; }
std::string Text(float x) { return fmt::format("{}", Shown(x)); }
std::string Text(double x) { return fmt::format("{}", Shown(x)); }
std::string Text(int32_t x) { return fmt::format("{}", x); }

struct Shape {
  int m, n, k;
  bool turn_a = false, turn_b = false;
};

template <typename T>
struct Problem {
  using Sum = GemmSum<T>;

  Problem(uint64_t seed, Palette palette, const Shape& s, Sum alpha_, Sum beta_)
      : shape(s),
        a_stride((s.turn_a ? s.m : s.k) + 3),
        b_stride((s.turn_b ? s.k : s.n) + 2),
        a(static_cast<size_t>(s.turn_a ? s.k : s.m) * a_stride),
        b(static_cast<size_t>(s.turn_b ? s.n : s.k) * b_stride),
        before(static_cast<size_t>(s.m) * s.n),
        alpha(alpha_),
        beta(beta_) {
    WordSource source(seed);
    for (T& x : a) x = Draw<T>(source, palette);
    for (T& x : b) x = Draw<T>(source, palette);
    for (Sum& x : before) x = Draw<Sum>(source, palette == Palette::kUnderflow ? Palette::kSubnormal : palette);
  }

  GemmFactor<T> A() const {
    return {{a.data(), shape.turn_a ? shape.k : shape.m, shape.turn_a ? shape.m : shape.k, a_stride}, shape.turn_a};
  }
  GemmFactor<T> B() const {
    return {{b.data(), shape.turn_b ? shape.n : shape.k, shape.turn_b ? shape.k : shape.n, b_stride}, shape.turn_b};
  }
  T AtA(int i, int k) const { return a[static_cast<size_t>(shape.turn_a ? k * a_stride + i : i * a_stride + k)]; }
  T AtB(int k, int j) const { return b[static_cast<size_t>(shape.turn_b ? j * b_stride + k : k * b_stride + j)]; }

  // The definition, one model operation after the other.
  Sum Expected(int i, int j, Mode mode) const {
    if constexpr (std::is_same_v<T, int8_t>) {
      int64_t sum = 0;
      for (int k = 0; k < shape.k; ++k) sum += AtA(i, k) * AtB(k, j);
      return static_cast<int32_t>(sum);
    } else {
      constexpr Format kSums = kFormatOf<Sum>;
      const model::Environment environment = model::HardwareEnvironment(mode);
      const auto widened = [&](T x) {
        if constexpr (std::is_same_v<T, Sum>) return PatternOf(x);
        return model::Convert(kFormatOf<T>, kSums, model::HardwareEnvironment(kIeee), PatternOf(x)).bits;
      };
      const uint64_t c = PatternOf(before[static_cast<size_t>(i) * shape.n + j]), one = kSums.One();
      const bool beta_is_zero = kSums.IsZero(PatternOf(beta)), beta_is_one = PatternOf(beta) == one;
      const auto times_beta = [&] {
        if (beta_is_zero) return uint64_t{0};
        return beta_is_one ? c : model::Mul(kSums, environment, PatternOf(beta), c).bits;
      };
      if (shape.k == 0 || kSums.IsZero(PatternOf(alpha))) return FromPattern(times_beta(), Sum{});
      uint64_t chain = 0;
      for (int k = 0; k < shape.k; ++k) {
        chain = model::Fma(kSums, environment, widened(AtA(i, k)), widened(AtB(k, j)), chain).bits;
      }
      if (!beta_is_zero) chain = model::Fma(kSums, environment, PatternOf(alpha), chain, times_beta()).bits;
      if (beta_is_zero && PatternOf(alpha) != one) {
        chain = model::Mul(kSums, environment, PatternOf(alpha), chain).bits;
      }
      return FromPattern(chain, Sum{});
    }
  }

  std::vector<Sum> Expected(Mode mode) const {
    std::vector<Sum> c(before.size());
    for (int i = 0; i < shape.m; ++i) {
      for (int j = 0; j < shape.n; ++j) c[static_cast<size_t>(i) * shape.n + j] = Expected(i, j, mode);
    }
    return c;
  }

  Shape shape;
  ptrdiff_t a_stride, b_stride;
  std::vector<T> a, b;
  std::vector<Sum> before;
  Sum alpha, beta;
};

// c with five elements between its rows, which must stay as they are, and nothing behind its last element.
template <typename T>
struct Output {
  using Sum = GemmSum<T>;
  static Sum Canary() { return FromPattern(0x7fa5c3e1'7fa5c3e1, Sum{}); }

  explicit Output(const Problem<T>& p) : shape(p.shape), stride(p.shape.n + 5) {
    if (shape.m > 0) memory.resize(static_cast<size_t>((shape.m - 1) * stride + shape.n), Canary());
    for (int i = 0; i < shape.m; ++i) {
      for (int j = 0; j < shape.n; ++j) {
        memory[static_cast<size_t>(i * stride + j)] = p.before[static_cast<size_t>(i) * shape.n + j];
      }
    }
  }
  BasicMatrixView<Sum> view() { return {memory.data(), shape.m, shape.n, stride}; }

  std::string FirstDifference(const std::vector<Sum>& expected) const {
    for (size_t at = 0; at < memory.size(); ++at) {
      const auto i = static_cast<int>(at / stride), j = static_cast<int>(at % stride);
      const Sum want = j < shape.n ? expected[static_cast<size_t>(i) * shape.n + j] : Canary();
      if (j < shape.n ? Same(memory[at], want)
                      : std::bit_cast<std::array<char, sizeof(Sum)>>(memory[at]) ==
                            std::bit_cast<std::array<char, sizeof(Sum)>>(want)) {
        continue;
      }
      return fmt::format("({}, {}): found {}, expected {}", i, j, Text(memory[at]), Text(want));
    }
    return "";
  }

  Shape shape;
  ptrdiff_t stride;
  std::vector<Sum> memory;
};

// "" if the plain product and that by a packed factor are the contract's on every instruction set.
template <typename T>
std::string FirstFault(const Problem<T>& p, Mode mode) {
  const auto expected = p.Expected(mode);
  for (Isa isa : SupportedIsas()) {
    for (bool packed : {false, true}) {
      Output<T> c(p);
      if (packed) {
        PackedGemm<T>(p.alpha, p.A(), PackedFactor<T>(p.B(), isa), p.beta, c.view(), {isa, mode});
      } else {
        Gemm<T>(p.alpha, p.A(), p.B(), p.beta, c.view(), {isa, mode});
      }
      const std::string difference = c.FirstDifference(expected);
      if (difference.empty()) continue;
      return fmt::format("{} on {} in mode {}, {} x {} x {}{}{}: {}", packed ? "packed" : "plain", Name(isa),
                         Name(mode), p.shape.m, p.shape.n, p.shape.k, p.shape.turn_a ? ", a turned" : "",
                         p.shape.turn_b ? ", b turned" : "", difference);
    }
  }
  return CurrentMode() == kIeee ? "" : "the control word was not restored";
}

template <typename T>
class GemmOf : public testing::Test {};
using Formats = testing::Types<float, double, Bfloat16, Binary16, int8_t>;
TYPED_TEST_SUITE(GemmOf, Formats);

// One of: nothing but the chain; scaled; added to; both, by numbers that round and underflow; not read at all.
template <typename T>
std::pair<GemmSum<T>, GemmSum<T>> Scaling(uint64_t which) {
  using Sum = GemmSum<T>;
  if constexpr (std::is_same_v<T, int8_t>) {
    return {1, 0};
  } else {
    const Sum tiny = std::numeric_limits<Sum>::min() / 8;  // subnormal: zero to an operation under flush_inputs alone
    const std::pair<Sum, Sum> scalings[] = {{Sum(1), Sum(0)},      {Sum(0.7), Sum(0)},     {Sum(1), Sum(1)},
                                            {Sum(-1.3), Sum(0.9)}, {Sum(0.3), Sum(1)},     {Sum(1), Sum(-0.0)},
                                            {Sum(0), Sum(0.7)},    {Sum(-0.0), Sum(0)},    {Sum(1), tiny},
                                            {tiny, Sum(0)},        {Sum(0x1p-20), Sum(1)}, {Sum(0), Sum(1)}};
    return scalings[which % std::size(scalings)];
  }
}

template <typename T>
Problem<T> ProblemOf(uint64_t seed, Palette palette, const Shape& shape, uint64_t scaling) {
  const auto [alpha, beta] = Scaling<T>(scaling);
  return Problem<T>(seed, palette, shape, alpha, beta);
}

TYPED_TEST(GemmOf, EqualsTheModelOnEveryTileEdgeAndOrientation) {
  const std::vector<Mode> modes = HardwareModes();
  uint64_t seed = 1;
  for (int m : {0, 1, 2, 5, 6, 7, 12, 13, 17, 33}) {
    for (int n : {0, 1, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48}) {
      const Shape shape = {m, n, static_cast<int>(seed % 6), seed % 2 != 0, seed / 2 % 2 != 0};
      const auto problem = ProblemOf<TypeParam>(seed, kPalettes[seed % std::size(kPalettes)], shape, seed / 4);
      EXPECT_EQ(FirstFault(problem, modes[seed % modes.size()]), "");
      ++seed;
    }
  }
}

TYPED_TEST(GemmOf, EqualsTheModelForEveryModeScalingAndKindOfOperand) {
  for (Palette palette : kPalettes) {
    for (Mode mode : HardwareModes()) {
      for (uint64_t scaling = 0; scaling < 12; ++scaling) {
        const Shape shape = {5, 10, 7, scaling % 2 != 0, scaling % 3 == 0};
        EXPECT_EQ(FirstFault(ProblemOf<TypeParam>(scaling, palette, shape, scaling), mode), "")
            << Name(palette) << ", scaling " << scaling;
        if (std::is_same_v<TypeParam, int8_t>) break;
      }
    }
  }
}

// A chain goes on from one block of steps to the next; of int8, a lane is two steps.
TYPED_TEST(GemmOf, EqualsTheModelForEveryLengthOfTheChain) {
  for (int k : {1, 2, 3, 15, 16, 17, 31, 127, 128, 129, 255, 256, 257, 258, 511, 512, 513, 515, 1024, 1027}) {
    for (bool turn : {false, true}) {
      const Shape shape = {3, 17, k, turn, !turn};
      const auto scaling = static_cast<uint64_t>(k + (turn ? 1 : 0));
      EXPECT_EQ(FirstFault(ProblemOf<TypeParam>(scaling, kPalettes[scaling % 6], shape, scaling), kIeee), "");
    }
  }
}

// Without this the tests above could pass on kernels that forget the mode.
TYPED_TEST(GemmOf, OperandsOfTheseTestsTellTheModesApart) {
  if (std::is_same_v<TypeParam, int8_t>) GTEST_SKIP() << "no mode matters to integers";
  const bool underflows = !std::is_same_v<TypeParam, Binary16>;  // its products are at least 2^-48
  const Palette palette = underflows ? Palette::kUnderflow : Palette::kOrdinary;
  const std::vector<Mode> modes = HardwareModes();
  for (size_t a = 0; a < modes.size(); ++a) {
    for (size_t b = 0; b < a; ++b) {
      if (modes[a].rounding == modes[b].rounding && !underflows) continue;
      bool told_apart = false;
      for (uint64_t scaling : {0, 2}) {  // the chain alone; added to subnormal numbers
        const auto problem = ProblemOf<TypeParam>(3, palette, {7, 17, 21}, scaling);
        Output<TypeParam> c(problem);
        Gemm<TypeParam>(problem.alpha, problem.A(), problem.B(), problem.beta, c.view(), {BestIsa(), modes[a]});
        told_apart |= !c.FirstDifference(problem.Expected(modes[b])).empty();
      }
      EXPECT_TRUE(told_apart) << Name(modes[a]) << " and " << Name(modes[b]);
    }
  }
}

TYPED_TEST(GemmOf, DividedAmongWorkersItHasTheBitsOfTheUndividedProduct) {
  for (int threads : {2, 3}) {
    Workers workers(threads);
    uint64_t seed = 0;
    for (const Shape& shape : {Shape{0, 5, 3},
                               {12, 32, 50, true},
                               {1, 1021, 600, false, true},
                               {1021, 10, 127, true},
                               {97, 251, 64, false, true},
                               {130, 70, 300, true, true}}) {
      ++seed;
      const auto p = ProblemOf<TypeParam>(seed, Palette::kUnderflow, shape, seed);
      Output<TypeParam> whole(p), divided(p);
      const Execution execution = {BestIsa(), kIeee};
      Gemm<TypeParam>(p.alpha, p.A(), p.B(), p.beta, whole.view(), execution);
      Gemm<TypeParam>(workers, p.alpha, p.A(), p.B(), p.beta, divided.view(), execution);
      const size_t bytes = whole.memory.size() * sizeof(whole.memory[0]);
      EXPECT_TRUE(bytes == 0 || std::memcmp(whole.memory.data(), divided.memory.data(), bytes) == 0) << seed;
    }
  }
}

// A batch of products whose operands lie apart, or are shared, is the products one by one.
TYPED_TEST(GemmOf, ABatchIsItsProductsOneByOne) {
  using Sum = GemmSum<TypeParam>;
  Workers workers(3);
  uint64_t seed = 0;
  for (const Shape& one : {Shape{8, 16, 5}, {3, 5, 7, true}, {4, 32, 9, false, true}, {40, 48, 33}, {1, 1, 1}}) {
    for (bool share_b : {false, true}) {
      constexpr int kCount = 7;
      const auto [alpha, beta] = Scaling<TypeParam>(++seed);
      Problem<TypeParam> p(seed, Palette::kUnderflow, {one.m, one.n, one.k, one.turn_a, one.turn_b}, alpha, beta);
      const ptrdiff_t a_next = static_cast<ptrdiff_t>(p.a.size()), b_next = static_cast<ptrdiff_t>(p.b.size());
      const ptrdiff_t c_next = ptrdiff_t{one.m} * one.n + 1;
      WordSource source(seed);
      std::vector<TypeParam> a(p.a.size() * kCount), b(p.b.size() * kCount);
      for (TypeParam& x : a) x = Draw<TypeParam>(source, Palette::kUnderflow);
      for (TypeParam& x : b) x = Draw<TypeParam>(source, Palette::kUnderflow);
      std::vector<Sum> c(static_cast<size_t>(c_next * kCount));
      for (Sum& x : c) x = Draw<Sum>(source, Palette::kOrdinary);
      std::vector<Sum> expected = c, divided = c;

      GemmFactor<TypeParam> first_a = p.A(), first_b = p.B();
      first_a.matrix.data = a.data();
      first_b.matrix.data = b.data();
      for (int i = 0; i < kCount; ++i) {
        GemmFactor<TypeParam> my_a = first_a, my_b = first_b;
        my_a.matrix.data += i * a_next;
        my_b.matrix.data += share_b ? 0 : i * b_next;
        Gemm<TypeParam>(alpha, my_a, my_b, beta, {expected.data() + i * c_next, one.m, one.n, one.n}, {});
      }
      const GemmBatch batch = {kCount, a_next, share_b ? 0 : b_next, c_next};
      BatchedGemm<TypeParam>(batch, alpha, first_a, first_b, beta, {c.data(), one.m, one.n, one.n}, {});
      BatchedGemm<TypeParam>(workers, batch, alpha, first_a, first_b, beta, {divided.data(), one.m, one.n, one.n}, {});
      for (size_t i = 0; i < c.size(); ++i) {
        ASSERT_TRUE(Same(c[i], expected[i])) << "element " << i << ", case " << seed;
        ASSERT_TRUE(Same(divided[i], expected[i])) << "element " << i << ", case " << seed << ", divided";
      }
    }
  }
}

TEST(Gemm, WideningIsTheModelsForEveryNumberOfSixteenBits) {
  for (uint32_t bits = 0; bits <= 0xffff; ++bits) {
    const auto pattern = static_cast<uint16_t>(bits);
    const model::Environment ieee = model::HardwareEnvironment(kIeee);
    const uint64_t from_bfloat = model::Convert(kBfloat16, kBinary32, ieee, bits).bits;
    const uint64_t from_half = model::Convert(kBinary16, kBinary32, ieee, bits).bits;
    ASSERT_TRUE(kBinary32.SameBits(ToBits(Widen(Bfloat16{pattern})), from_bfloat)) << bits;
    ASSERT_TRUE(kBinary32.SameBits(ToBits(Widen(Binary16{pattern})), from_half)) << bits;
  }
}

// By products with 1, in the modes that would flush the operand of an addition or multiplication.
TEST(Gemm, EveryBinary16CountsWhetherSubnormalOrNotAndASubnormalBfloat16ObeysTheMode) {
  std::vector<Binary16> halves(0x10000);
  std::vector<Bfloat16> bfloats(0x10000);
  for (size_t i = 0; i < halves.size(); ++i) halves[i].bits = bfloats[i].bits = static_cast<uint16_t>(i);
  const Binary16 half_one = {0x3c00};
  const Bfloat16 bfloat_one = {0x3f80};
  std::vector<float> c(halves.size());
  const BasicMatrixView<float> row = {c.data(), 1, 0x10000, 0x10000};
  for (Isa isa : SupportedIsas()) {
    for (Mode mode : HardwareFlushModes()) {
      const model::Environment environment = model::HardwareEnvironment(mode);
      Gemm<Binary16>(1, {{&half_one, 1, 1, 1}}, {{halves.data(), 1, 0x10000, 0x10000}}, 0, row, {isa, mode});
      for (size_t i = 0; i < c.size(); ++i) {
        const uint64_t wide = ToBits(Widen(halves[i]));
        // 0 x 1 + 0 is +0 for a zero of either sign.
        ASSERT_TRUE(kBinary32.SameBits(ToBits(c[i]), kBinary32.IsZero(wide) ? 0 : wide)) << i << ", " << Name(isa);
      }
      Gemm<Bfloat16>(1, {{&bfloat_one, 1, 1, 1}}, {{bfloats.data(), 1, 0x10000, 0x10000}}, 0, row, {isa, mode});
      for (size_t i = 0; i < c.size(); ++i) {
        const uint64_t wide = ToBits(Widen(bfloats[i]));
        const uint64_t want = model::Fma(kBinary32, environment, kBinary32.One(), wide, 0).bits;
        ASSERT_TRUE(kBinary32.SameBits(ToBits(c[i]), want)) << i << ", " << Name(isa) << ", " << Name(mode);
      }
    }
  }
}

TEST(Gemm, TheLongestSumsOfInt8DoNotOverflow) {
  const std::vector<int8_t> least(kMaxInt8Steps, -128);
  for (Isa isa : SupportedIsas()) {
    int32_t c = 0;
    Gemm<int8_t>(1, {{least.data(), 1, kMaxInt8Steps, kMaxInt8Steps}}, {{least.data(), kMaxInt8Steps, 1, 1}}, 0,
                 {&c, 1, 1, 1}, {isa, kIeee});
    EXPECT_EQ(c, 2147467264) << Name(isa);
  }
}

TEST(Gemm, BetaZeroDoesNotReadTheOutput) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> a(6, 2.0f), b(6, 3.0f);
  for (float beta : {0.0f, -0.0f}) {
    for (float alpha : {1.0f, 0.5f, 0.0f}) {
      std::vector<float> c(9, nan);
      Gemm<float>(alpha, {{a.data(), 3, 2, 2}}, {{b.data(), 2, 3, 3}}, beta, {c.data(), 3, 3, 3}, {});
      for (float x : c) EXPECT_EQ(x, alpha * 12.0f);
    }
  }
}

TEST(Gemm, AlphaZeroReadsNeitherFactor) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> a(4, nan), b(4, nan);
  std::vector<float> c(4, 3.0f);
  Gemm<float>(0, {{a.data(), 2, 2, 2}}, {{b.data(), 2, 2, 2}}, 0.5f, {c.data(), 2, 2, 2}, {});
  for (float x : c) EXPECT_EQ(x, 1.5f);
}

TEST(Gemm, RefusesWhatDoesNotFit) {
  std::vector<float> a(64), b(64), c(64);
  const auto gemm = [&](const GemmFactor<float>& left, const GemmFactor<float>& right, const MatrixView& out) {
    Gemm<float>(1, left, right, 0, out, {});
  };
  const GemmFactor<float> square_a = {{a.data(), 4, 4, 4}}, square_b = {{b.data(), 4, 4, 4}};
  EXPECT_DEATH(gemm(square_a, {{b.data(), 3, 4, 4}}, {c.data(), 4, 4, 4}), "as many rows as op\\(a\\) has columns");
  EXPECT_DEATH(gemm(square_a, square_b, {c.data(), 4, 5, 5}), "c must be M x N");
  EXPECT_DEATH(gemm(square_a, square_b, {a.data() + 15, 4, 4, 4}), "c overlaps a");
  EXPECT_DEATH(gemm(square_a, square_b, {b.data(), 4, 4, 4}), "c overlaps b");
  EXPECT_DEATH(gemm(square_a, square_b, {c.data(), 4, 4, 3}), "stride less than its columns");
  EXPECT_DEATH(gemm(square_a, {{nullptr, 4, 4, 4}}, {c.data(), 4, 4, 4}), "b is null");
  EXPECT_DEATH(gemm({{a.data(), 4, -1, 4}}, square_b, {c.data(), 4, 4, 4}), "gemm");
  EXPECT_DEATH(BatchedGemm<float>({2, 0, 0, 15}, 1, square_a, square_b, 0, {c.data(), 4, 4, 4}, {}),
               "overlaps the next");
  EXPECT_DEATH(BatchedGemm<float>({2, -1, 0, 16}, 1, square_a, square_b, 0, {c.data(), 4, 4, 4}, {}),
               "negative distance");
  EXPECT_THROW(
      Gemm<float>(1, square_a, square_b, 0, {c.data(), 4, 4, 4}, {BestIsa(), {Rounding::kNearestAway, false, false}}),
      Error);
  const PackedFactor<float> packed(square_b, Isa::kFallback);
  if (BestIsa() != Isa::kFallback) {
    EXPECT_DEATH(PackedGemm<float>(1, square_a, packed, 0, {c.data(), 4, 4, 4}, {}), "for another instruction set");
  }
  std::vector<int8_t> bytes(kMaxInt8Steps + 1);
  int32_t sum = 0;
  const int k = kMaxInt8Steps + 1;
  EXPECT_DEATH(Gemm<int8_t>(1, {{bytes.data(), 1, k, k}}, {{bytes.data(), k, 1, 1}}, 0, {&sum, 1, 1, 1}, {}),
               "K must be at most 131071");
  EXPECT_DEATH(Gemm<int8_t>(2, {{bytes.data(), 1, 1, 1}}, {{bytes.data(), 1, 1, 1}}, 0, {&sum, 1, 1, 1}, {}),
               "alpha must be 1");
}

RC_GTEST_PROP(Gemm, EqualsTheModelForRandomShapesModesAndOperands, ()) {
  const Shape shape = {*rc::gen::inRange(0, 40).as("M"), *rc::gen::inRange(0, 70).as("N"),
                       *rc::gen::inRange(0, 20).as("K"), *rc::gen::arbitrary<bool>().as("a turned"),
                       *rc::gen::arbitrary<bool>().as("b turned")};
  const Palette palette = *rc::gen::elementOf(std::vector<Palette>(std::begin(kPalettes), std::end(kPalettes)));
  const Mode mode = *rc::gen::elementOf(HardwareModes());
  const auto seed = *rc::gen::arbitrary<uint64_t>().as("seed");
  RC_ASSERT(FirstFault(ProblemOf<float>(seed, palette, shape, seed), mode) == "");
  RC_ASSERT(FirstFault(ProblemOf<Bfloat16>(seed, palette, shape, seed), mode) == "");
}

}  // namespace
}  // namespace fplab::kernels
