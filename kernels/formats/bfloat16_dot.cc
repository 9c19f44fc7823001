// VDPBF16PS: the model, and a product by it.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/formats/bfloat16_dot.h>

#if defined(__x86_64__)
// GCC 12 warns of its own "undefined" operands in the AVX-512 intrinsics.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>
#endif

#include <algorithm>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/model/model.h>
#include <fplab/kernels/core/check_arguments.h>
#include <fplab/kernels/core/isa.h>

namespace fplab::kernels {

float Bfloat16DotModel(float sum, Bfloat16 a0, Bfloat16 a1, Bfloat16 b0, Bfloat16 b1) {
  const model::Environment environment = {kFtzDaz, model::Tininess::kAfterRounding,
                                          model::FlushSemantics::kAfterRounding};
  const auto add = [&](uint64_t acc, Bfloat16 a, Bfloat16 b) {
    return model::Fma(kBinary32, environment, ToBits(Widen(a)), ToBits(Widen(b)), acc).bits;
  };
  return FloatFromBits(static_cast<uint32_t>(add(add(ToBits(sum), a1, b1), a0, b0)));
}

#if defined(__x86_64__)

bool HasBfloat16Dot() {
  static const bool has = IsSupported(Isa::kAvx512) && __builtin_cpu_supports("avx512bf16");
  return has;
}

namespace {

// Rows of a panel of the right factor: one vector of pairs.
constexpr int kPairLanes = 16;
constexpr int kDotRows = 12;

// op(m) as pairs of consecutive k: pair (k, i) holds elements 2k and 2k + 1 of line i, at to[(i / 16) * pairs * 16 +
// k * 16 + i % 16]; what lies outside is +0. `line` i runs over op(m)'s columns, or rows if `by_rows`.
BasicAlignedBuffer<uint32_t> PackPairs(const GemmFactor<Bfloat16>& m, bool by_rows) {
  const int lines = by_rows ? m.rows() : m.cols(), steps = by_rows ? m.cols() : m.rows();
  const int pairs = steps / 2 + steps % 2, panels = lines / kPairLanes + (lines % kPairLanes != 0 ? 1 : 0);
  const bool along_rows = by_rows != m.transposed;  // a line is a row of the matrix in memory
  BasicAlignedBuffer<uint32_t> packed(static_cast<size_t>(panels) * kPairLanes * static_cast<size_t>(pairs));
  for (int i = 0; i < lines; ++i) {
    uint32_t* to = packed.data() + static_cast<ptrdiff_t>(i / kPairLanes) * pairs * kPairLanes + i % kPairLanes;
    for (int k = 0; k < steps; ++k) {
      const Bfloat16 x = m.matrix.data[along_rows ? i * m.matrix.stride + k : k * m.matrix.stride + i];
      to[static_cast<ptrdiff_t>(k / 2) * kPairLanes] |= static_cast<uint32_t>(x.bits) << (16 * (k % 2));
    }
  }
  return packed;
}

// Up to kDotRows rows, from row `row` of a panel of the left factor on, times one panel of the right factor.
template <int kRows>
[[gnu::target("avx512f,avx512bf16"), gnu::noinline]] void DotTile(const uint32_t* a, const uint32_t* b, int pairs,
                                                                  float* c, ptrdiff_t c_row, int cols) {
  __m512 acc[kRows];
#pragma GCC unroll 12
  for (int i = 0; i < kRows; ++i) acc[i] = _mm512_setzero_ps();
  for (int k = 0; k < pairs; ++k, a += kPairLanes, b += kPairLanes) {
    const __m512i right = _mm512_loadu_si512(b);
#pragma GCC unroll 12
    for (int i = 0; i < kRows; ++i) {
      const __m512i left = _mm512_set1_epi32(static_cast<int>(a[i]));
      acc[i] =
          _mm512_dpbf16_ps(acc[i], reinterpret_cast<const __m512bh&>(left), reinterpret_cast<const __m512bh&>(right));
    }
  }
  const auto mask = static_cast<__mmask16>((1u << std::min(cols, kPairLanes)) - 1);
#pragma GCC unroll 12
  for (int i = 0; i < kRows; ++i) _mm512_mask_storeu_ps(c + i * c_row, mask, acc[i]);
}

using DotFunction = void(const uint32_t* a, const uint32_t* b, int pairs, float* c, ptrdiff_t c_row, int cols);
constexpr DotFunction* kDotTiles[] = {DotTile<1>, DotTile<2>, DotTile<3>, DotTile<4>,  DotTile<5>,  DotTile<6>,
                                      DotTile<7>, DotTile<8>, DotTile<9>, DotTile<10>, DotTile<11>, DotTile<12>};

template <typename T>
void CheckOperand(const BasicMatrixView<const T>& v, const char* argument) {
  CheckArgument(v.rows >= 0 && v.cols >= 0, "bfloat16 dot", argument, "has negative rows or columns");
  if (v.rows == 0 || v.cols == 0) return;
  CheckArgument(v.data != nullptr, "bfloat16 dot", argument, "is null");
  CheckArgument(v.rows == 1 || v.stride >= v.cols, "bfloat16 dot", argument, "has a stride less than its columns");
}

}  // namespace

void Bfloat16DotGemm(const GemmFactor<Bfloat16>& a, const GemmFactor<Bfloat16>& b, const BasicMatrixView<float>& c) {
  if (!HasBfloat16Dot()) throw Error("the instruction VDPBF16PS: this machine does not have AVX512_BF16");
  FPLAB_CHECK(a.cols() == b.rows(), "bfloat16 dot: op(b) must have as many rows as op(a) has columns (K)");
  FPLAB_CHECK(c.rows == a.rows() && c.cols == b.cols(), "bfloat16 dot: c must be M x N");
  CheckOperand(a.matrix, "a");
  CheckOperand(b.matrix, "b");
  CheckOperand(BasicMatrixView<const float>(c), "c");
  const int pairs = a.cols() / 2 + a.cols() % 2;
  const BasicAlignedBuffer<uint32_t> left = PackPairs(a, /*by_rows=*/true), right = PackPairs(b, /*by_rows=*/false);
  const ptrdiff_t panel = static_cast<ptrdiff_t>(pairs) * kPairLanes;
  for (int j = 0; j < c.cols; j += kPairLanes) {
    for (int i = 0; i < c.rows;) {
      const int in_panel = i % kPairLanes;
      const int rows = std::min({kPairLanes - in_panel, c.rows - i, kDotRows});
      kDotTiles[rows - 1](left.data() + i / kPairLanes * panel + in_panel, right.data() + j / kPairLanes * panel, pairs,
                          c.data + i * c.stride + j, c.stride, c.cols - j);
      i += rows;
    }
  }
}

#else

bool HasBfloat16Dot() { return false; }

void Bfloat16DotGemm(const GemmFactor<Bfloat16>&, const GemmFactor<Bfloat16>&, const BasicMatrixView<float>&) {
  throw Error("the instruction VDPBF16PS: this machine does not have AVX512_BF16");
}

#endif

}  // namespace fplab::kernels
