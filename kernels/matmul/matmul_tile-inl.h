// The register tile of the matmul: kRows x kVecs vectors of outputs, one fused multiply-add chain each.
//
// AVX-512: 12 x 2 vectors of 16 = 24 accumulators + 2 of b + 1 broadcast of 32 registers. Zen 4 needs 4 chains in
// flight (latency 4, one 512-bit multiply-add a cycle), a core with two 512-bit units 8. AVX2: 6 x 2 vectors of 8 =
// 12 + 2 + 1 of 16 registers; 8 chains are needed (two 256-bit units). NEON: 6 x 4 vectors of 4 = 24 + 4 + 1 of 32.
// A panel of one vector's columns or fewer takes taller tiles of one vector.
// SPDX-License-Identifier: Apache-2.0
#if defined(FPLAB_KERNELS_MATMUL_MATMUL_TILE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef FPLAB_KERNELS_MATMUL_MATMUL_TILE_INL_H_
#undef FPLAB_KERNELS_MATMUL_MATMUL_TILE_INL_H_
#else
#define FPLAB_KERNELS_MATMUL_MATMUL_TILE_INL_H_
#endif

#include <utility>

#include <fplab/kernels/core/fma-inl.h>
#include <fplab/kernels/core/panel.h>
#include <fplab/kernels/matmul/matmul_plan.h>
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_AVX3
constexpr int kMaxRows = 12;
constexpr int kNarrowRows = 16;
constexpr int kTileVecs = 2;
#elif HWY_TARGET == HWY_NEON
constexpr int kMaxRows = 6;
constexpr int kNarrowRows = 16;
constexpr int kTileVecs = 4;
#else
constexpr int kMaxRows = 6;
constexpr int kNarrowRows = 8;
constexpr int kTileVecs = 2;
#endif

using FloatTag = hn::ScalableTag<float>;
using Vec = hn::Vec<FloatTag>;
constexpr int kLanes = HWY_LANES(float);  // every target here has vectors of one fixed size
constexpr int kTileCols = kTileVecs * kLanes;
static_assert(kPanelWidth % kTileCols == 0);

// A tile of one vector loads more often than it multiplies (16 + 1 times for 16 x 1), and Zen 4 and 5 load no more
// vectors a cycle than they multiply. So it takes some elements of the left factor four in one load, and permutes them
// in the register: of a panel, where four rows lie side by side, the first four rows of each step (kRowQuad); of a
// row-major left factor four steps of each of the first kStepQuads rows.
constexpr bool kHasQuads = HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3;
template <int kRows, int kVecs, bool kPanelLeft>
constexpr bool kRowQuad = kVecs == 1 && kRows >= 4 && (kPanelLeft) && kHasQuads;
template <int kRows, int kVecs, bool kPanelLeft>
constexpr int kStepQuads = kVecs == 1 && kRows >= 8 && !kPanelLeft && kHasQuads ? (HWY_TARGET == HWY_AVX3 ? 6 : 3) : 0;

// One link of all chains of a tile: acc[i][v] += a(i) * b[v]. Row i of the left factor is i % 3 rows after pointer
// i / 3: what x86 addresses with one register for the distance, so that twelve rows need five registers in all.
template <int kRows, int kVecs, bool kPanelLeft, int kPointers>
HWY_INLINE void Link(const float* const (&a)[kPointers], ptrdiff_t row, ptrdiff_t at, const float* HWY_RESTRICT b,
                     Vec (&acc)[kRows][kVecs]) {
  const FloatTag d;
  Vec bv[kVecs];
  HWY_UNROLL(4)
  for (int v = 0; v < kVecs; ++v) bv[v] = hn::Load(d, b + v * kLanes);
  constexpr int kFirst = kRowQuad<kRows, kVecs, kPanelLeft> ? 4 : 0;
  if constexpr (kFirst > 0) {
    const Vec quad = hn::LoadDup128(d, a[0] + at);
    acc[0][0] = Fma(d, hn::Broadcast<0>(quad), bv[0], acc[0][0]);
    acc[1][0] = Fma(d, hn::Broadcast<1>(quad), bv[0], acc[1][0]);
    acc[2][0] = Fma(d, hn::Broadcast<2>(quad), bv[0], acc[2][0]);
    acc[3][0] = Fma(d, hn::Broadcast<3>(quad), bv[0], acc[3][0]);
  }
  HWY_UNROLL(16)
  for (int i = kFirst; i < kRows; ++i) {
    const Vec av = hn::Set(d, kPanelLeft ? a[0][i + at] : a[i / 3][i % 3 * row + at]);
    HWY_UNROLL(4)
    for (int v = 0; v < kVecs; ++v) acc[i][v] = Fma(d, av, bv[v], acc[i][v]);
  }
}

// Link number kLink of four: quads[i] holds four steps of row i.
template <int kLink, int kRows, int kPointers, int kQuads>
HWY_INLINE void LinkOfFour(const float* const (&a)[kPointers], ptrdiff_t row, const Vec (&quads)[kQuads],
                           const float* HWY_RESTRICT b, Vec (&acc)[kRows][1]) {
  const FloatTag d;
  const Vec bv = hn::Load(d, b + kLink * kPanelWidth);
  // Opaque, or GCC keeps a register for every sum of a distance and a step, and runs out of them.
  asm volatile("" : "+r"(row));
  HWY_UNROLL(8)
  for (int i = 0; i < kQuads; ++i) acc[i][0] = Fma(d, hn::Broadcast<kLink>(quads[i]), bv, acc[i][0]);
  HWY_UNROLL(16)
  for (int i = kQuads; i < kRows; ++i) {
    acc[i][0] = Fma(d, hn::Set(d, a[i / 3][i % 3 * row + kLink]), bv, acc[i][0]);
  }
}

// Four links of a row-major tile of one vector.
template <int kQuads, int kRows, int kPointers>
HWY_INLINE void FourLinks(const float* const (&a)[kPointers], ptrdiff_t row, const float* HWY_RESTRICT b,
                          Vec (&acc)[kRows][1]) {
  Vec quads[kQuads];
  HWY_UNROLL(8)
  for (int i = 0; i < kQuads; ++i) quads[i] = hn::LoadDup128(FloatTag(), a[i / 3] + i % 3 * row);
  LinkOfFour<0>(a, row, quads, b, acc);
  LinkOfFour<1>(a, row, quads, b, acc);
  LinkOfFour<2>(a, row, quads, b, acc);
  LinkOfFour<3>(a, row, quads, b, acc);
}

// Stores the first `count` lanes, none if it is not positive. AVX2 has masked stores too, in tens of micro-operations.
HWY_INLINE void StoreFirst(Vec v, int count, float* to) {
  const FloatTag d;
#if HWY_TARGET == HWY_AVX3
  hn::BlendedStore(v, hn::FirstN(d, static_cast<size_t>(HWY_MAX(0, count))), d, to);
#else
  HWY_ALIGN float lanes[kLanes];
  hn::Store(v, d, lanes);
  for (int j = 0; j < HWY_MIN(count, kLanes); ++j) to[j] = lanes[j];
#endif
}

// The left factor's element (row i, step k) is a[i * row + k], or with kPanelLeft, where it lies in a panel,
// a[i + 32 k]. b is a panel row of 32 floats a step. `init` (null: zero) and c have rows of the given strides. A
// function by itself, so that its registers are its own; tools/check-asm finds it by its name.
template <int kRows, int kVecs, bool kPanelLeft>
HWY_NOINLINE void Tile(const float* a, ptrdiff_t row, const float* HWY_RESTRICT b, size_t steps, const float* init,
                       ptrdiff_t init_stride, float* c, ptrdiff_t c_stride, int cols) {
  const FloatTag d;
  Vec acc[kRows][kVecs];
  HWY_UNROLL(16)
  for (int i = 0; i < kRows; ++i) {
    HWY_UNROLL(4)
    for (int v = 0; v < kVecs; ++v) {
      acc[i][v] = init == nullptr ? hn::Zero(d) : hn::LoadU(d, init + i * init_stride + v * kLanes);
    }
  }

  constexpr int kPointers = kPanelLeft ? 1 : (kRows + 2) / 3;
  constexpr ptrdiff_t kStep = kPanelLeft ? kPanelWidth : 1;
  const float* pointers[kPointers];
  HWY_UNROLL(6)
  for (int j = 0; j < kPointers; ++j) pointers[j] = a + 3 * j * row;
  // Two links a round: counting takes slots of the units that multiply. With four, GCC 12 runs out of registers in a
  // tile of two vectors.
  constexpr int kQuads = kStepQuads<kRows, kVecs, kPanelLeft>;
  constexpr size_t kUnroll = kQuads > 0 ? 4 : 2;
  HWY_UNROLL(1)
  for (; steps >= kUnroll; steps -= kUnroll) {
    if constexpr (kQuads > 0) {
      FourLinks<kQuads>(pointers, row, b, acc);
    } else {
      HWY_UNROLL(2)
      for (size_t u = 0; u < kUnroll; ++u) {
        const auto at = static_cast<ptrdiff_t>(u);
        Link<kRows, kVecs, kPanelLeft, kPointers>(pointers, row, at * kStep, b + at * kPanelWidth, acc);
      }
    }
    HWY_UNROLL(6)
    for (int j = 0; j < kPointers; ++j) pointers[j] += kUnroll * kStep;
    b += kUnroll * kPanelWidth;
  }
  HWY_UNROLL(1)
  for (; steps > 0; --steps) {
    Link<kRows, kVecs, kPanelLeft, kPointers>(pointers, row, 0, b, acc);
    HWY_UNROLL(6)
    for (int j = 0; j < kPointers; ++j) pointers[j] += kStep;
    b += kPanelWidth;
  }

  if (HWY_LIKELY(cols >= kVecs * kLanes)) {
    HWY_UNROLL(16)
    for (int i = 0; i < kRows; ++i) {
      HWY_UNROLL(4)
      for (int v = 0; v < kVecs; ++v) hn::StoreU(acc[i][v], d, c + i * c_stride + v * kLanes);
    }
    return;
  }
  HWY_UNROLL(16)
  for (int i = 0; i < kRows; ++i) {
    HWY_UNROLL(4)
    for (int v = 0; v < kVecs; ++v) StoreFirst(acc[i][v], cols - v * kLanes, c + i * c_stride + v * kLanes);
  }
}

template <int kVecs, bool kPanelLeft, size_t... kIndex>
HWY_INLINE TileFunction* TileFrom(int rows, std::index_sequence<kIndex...>) {
  static constexpr TileFunction* kTiles[] = {&Tile<static_cast<int>(kIndex) + 1, kVecs, kPanelLeft>...};
  return kTiles[rows - 1];
}

// The tile of `rows` rows: at most kMaxRows, or kNarrowRows for one vector.
template <int kVecs, bool kPanelLeft>
HWY_INLINE TileFunction* TileOf(int rows) {
  return TileFrom<kVecs, kPanelLeft>(rows, std::make_index_sequence < kVecs == 1 ? kNarrowRows : kMaxRows > ());
}

// Splits rows into runs of at most `most`, as equal as they can be, so that no run is left with too few chains to hide
// the latency of the multiply-add: for (Runs r(rows, most); r.Next();) use r.first, r.count.
struct Runs {
  HWY_INLINE Runs(int row_count, int most) : rows(row_count), left((row_count + most - 1) / most) {}

  HWY_INLINE bool Next() {
    first += count;
    if (left == 0) return false;
    // Small products feel a division.
    count = left == 1 ? rows - first : (rows - first + left - 1) / left;
    --left;
    return true;
  }

  int rows;
  int left;
  int first = 0;
  int count = 0;
};

// The tallest tile for the first `cols` columns of a panel.
HWY_INLINE int MostRows(int cols) { return cols <= kLanes ? kNarrowRows : kMaxRows; }

// each(tile, first column) for the tiles of `rows` rows, at most MostRows(cols), across the first `cols` columns of a
// panel. Columns up to the next whole vector are computed along.
template <bool kPanelLeft, class Each>
HWY_INLINE void TilesAcross(int rows, int cols, const Each& each) {
  int j = 0;
  for (; j + kTileCols - kLanes < cols; j += kTileCols) each(TileOf<kTileVecs, kPanelLeft>(rows), j);
  // What is left is narrower than the tile by a vector at least.
  for (; j < cols; j += kLanes) each(TileOf<1, kPanelLeft>(rows), j);
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#endif  // FPLAB_KERNELS_MATMUL_MATMUL_TILE_INL_H_
