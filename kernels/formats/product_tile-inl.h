// The register tile of the products here: kRows x kVecs vectors of outputs, one chain each, for every kind of lane.
//
// As many rows and vectors as the tile of kernels/matmul, and for the same reason: the accumulators, a row of b and one
// broadcast element of a fill the registers. Pairs of int16 need one register more, for the product.
// SPDX-License-Identifier: Apache-2.0
#if defined(FPLAB_KERNELS_FORMATS_PRODUCT_TILE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef FPLAB_KERNELS_FORMATS_PRODUCT_TILE_INL_H_
#undef FPLAB_KERNELS_FORMATS_PRODUCT_TILE_INL_H_
#else
#define FPLAB_KERNELS_FORMATS_PRODUCT_TILE_INL_H_
#endif

#include <utility>

#include <fplab/kernels/core/fma-inl.h>
#include <fplab/kernels/core/panel.h>
#include <fplab/kernels/formats/binary64_fma.h>
#include <fplab/kernels/formats/product_tile.h>
#include <fplab/kernels/matmul/matmul_tile-inl.h>
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// acc + a * b rounded once; of a lane of two int16, acc + a0 * b0 + a1 * b1, exactly.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V ChainLink(D d, V a, V b, V acc) {
  using Lane = hn::TFromD<D>;
  if constexpr (std::is_same_v<Lane, int32_t>) {
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
    const hn::Repartition<int16_t, D> d16;
    V unused = hn::Zero(d);
    V sum = hn::ReorderWidenMulAccumulate(d, hn::BitCast(d16, a), hn::BitCast(d16, b), acc, unused);
    // Opaque, or GCC adds two links before it adds them to the accumulator; and in this order, or it has more products
    // than registers under way.
    asm volatile("" : "+v"(sum.raw));
    return sum;
#else
    const V low = hn::Mul(hn::ShiftRight<16>(hn::ShiftLeft<16>(a)), hn::ShiftRight<16>(hn::ShiftLeft<16>(b)));
    return hn::Add(acc, hn::Add(low, hn::Mul(hn::ShiftRight<16>(a), hn::ShiftRight<16>(b))));
#endif
  } else if constexpr (std::is_same_v<Lane, double> && HWY_TARGET == HWY_SCALAR) {
    return hn::Set(d, FmaBinary64(hn::GetLane(a), hn::GetLane(b), hn::GetLane(acc)));
  } else {
    return Fma(d, a, b, acc);
  }
}

// One link of all chains of a tile. Row i of the left factor is i % 3 rows after pointer i / 3.
template <typename Lane, int kRows, int kVecs, int kPointers, class V>
HWY_INLINE void TileLink(const Lane* const (&a)[kPointers], ptrdiff_t row, const Lane* HWY_RESTRICT b,
                         V (&acc)[kRows][kVecs]) {
  const hn::ScalableTag<Lane> d;
  V bv[kVecs];
  HWY_UNROLL(4)
  for (int v = 0; v < kVecs; ++v) bv[v] = hn::LoadU(d, b + v * HWY_LANES(Lane));
  HWY_UNROLL(16)
  for (int i = 0; i < kRows; ++i) {
    const V av = hn::Set(d, a[i / 3][i % 3 * row]);
    HWY_UNROLL(4)
    for (int v = 0; v < kVecs; ++v) acc[i][v] = ChainLink(d, av, bv[v], acc[i][v]);
  }
}

template <class D, class V, typename Lane>
HWY_INLINE V Finished(D d, const TileEnds<Lane>& ends, V chain, const Lane* c) {
  if constexpr (std::is_same_v<Lane, int32_t>) return chain;  // sums of integers are not scaled
  switch (ends.finish) {
    case Finish::kScaled:
      return hn::Mul(hn::Set(d, ends.alpha), chain);
    case Finish::kAdded:
      return ChainLink(d, hn::Set(d, ends.alpha), chain, hn::LoadU(d, c));
    case Finish::kScaledAndAdded:
      return ChainLink(d, hn::Set(d, ends.alpha), chain, hn::Mul(hn::Set(d, ends.beta), hn::LoadU(d, c)));
    case Finish::kChain:
      break;
  }
  return chain;
}

// Finishes the chains of a tile, rows of `length` lanes one after the other, and stores the first `cols` columns of
// each; reads no others of c. A function by itself: it is no part of what the registers of a tile are for.
template <typename Lane>
HWY_NOINLINE void FinishTile(const TileEnds<Lane>& ends, const Lane* chains, int rows, int length, Lane* c,
                             ptrdiff_t c_row, int cols) {
  const hn::ScalableTag<Lane> d;
  constexpr int kLaneCount = HWY_LANES(Lane);
  for (int i = 0; i < rows; ++i, chains += length, c += c_row) {
    for (int j = 0; j < length; j += kLaneCount) {
      const auto chain = hn::Load(d, chains + j);
      if (j + kLaneCount <= cols) {
        hn::StoreU(Finished(d, ends, chain, c + j), d, c + j);
        continue;
      }
      HWY_ALIGN Lane lanes[kLaneCount] = {};
      const bool reads = ends.finish == Finish::kAdded || ends.finish == Finish::kScaledAndAdded;
      for (int at = j; reads && at < cols; ++at) lanes[at - j] = c[at];
      hn::Store(Finished(d, ends, chain, lanes), d, lanes);
      for (int at = j; at < cols; ++at) c[at] = lanes[at - j];
    }
  }
}

// A ProductTile: a function by itself, so that its registers are its own; tools/check-asm finds it by its name.
template <typename Lane, int kRows, int kVecs>
HWY_NOINLINE void LaneTile(const Lane* a, ptrdiff_t a_row, ptrdiff_t a_step, const Lane* HWY_RESTRICT b,
                           ptrdiff_t b_step, size_t steps, const TileEnds<Lane>& ends, Lane* c, ptrdiff_t c_row,
                           int cols) {
  const hn::ScalableTag<Lane> d;
  using V = hn::Vec<decltype(d)>;
  constexpr int kLaneCount = HWY_LANES(Lane);
  V acc[kRows][kVecs];
  HWY_UNROLL(16)
  for (int i = 0; i < kRows; ++i) {
    HWY_UNROLL(4)
    for (int v = 0; v < kVecs; ++v) {
      acc[i][v] = ends.init == nullptr ? hn::Zero(d) : hn::LoadU(d, ends.init + i * ends.init_row + v * kLaneCount);
    }
  }

  constexpr int kPointers = (kRows + 2) / 3;
  const Lane* pointers[kPointers];
  HWY_UNROLL(6)
  for (int j = 0; j < kPointers; ++j) pointers[j] = a + 3 * j * a_row;
  // Two links a round where GCC 12 has the registers for it.
  constexpr size_t kUnroll = std::is_same_v<Lane, int32_t> || kRows > 12 ? 1 : 2;
  HWY_UNROLL(1)
  for (; steps >= kUnroll; steps -= kUnroll) {
    HWY_UNROLL(2)
    for (size_t u = 0; u < kUnroll; ++u) {
      TileLink<Lane, kRows, kVecs>(pointers, a_row, b, acc);
      HWY_UNROLL(6)
      for (int j = 0; j < kPointers; ++j) pointers[j] += a_step;
      b += b_step;
    }
  }
  if (steps > 0) TileLink<Lane, kRows, kVecs>(pointers, a_row, b, acc);

  HWY_ALIGN Lane chains[kRows * kVecs * kLaneCount];
  const bool plain = HWY_LIKELY(cols >= kVecs * kLaneCount && ends.finish == Finish::kChain);
  Lane* to = plain ? c : chains;
  const ptrdiff_t to_row = plain ? c_row : kVecs * kLaneCount;
  HWY_UNROLL(16)
  for (int i = 0; i < kRows; ++i) {
    HWY_UNROLL(4)
    for (int v = 0; v < kVecs; ++v) hn::StoreU(acc[i][v], d, to + i * to_row + v * kLaneCount);
  }
  if (!plain) FinishTile(ends, chains, kRows, kVecs * kLaneCount, c, c_row, cols);
}

template <typename Lane, int kVecs, size_t... kIndex>
HWY_INLINE ProductTile<Lane>* LaneTileFrom(int rows, std::index_sequence<kIndex...>) {
  static constexpr ProductTile<Lane>* kTiles[] = {&LaneTile<Lane, static_cast<int>(kIndex) + 1, kVecs>...};
  return kTiles[rows - 1];
}

// The tile of `rows` rows: at most kMaxRows, or kNarrowRows for one vector.
template <typename Lane, int kVecs>
HWY_INLINE ProductTile<Lane>* LaneTileOf(int rows) {
  return LaneTileFrom<Lane, kVecs>(rows, std::make_index_sequence < kVecs == 1 ? kNarrowRows : kMaxRows > ());
}

// The left factor is cut into blocks of rows that stay in the second-level cache (half a MiB on Zen 3, which others may
// share) while the panels of b go by. Which rows are in one block changes no bit.
constexpr int64_t kLaneBlockBytes = 192 * 1024;

// Splits units into as few blocks of at most `most` as can be, as equal as they can be.
struct EqualBlocks {
  HWY_INLINE EqualBlocks(int64_t unit_count, int64_t most)
      : units(unit_count), count(static_cast<int>(unit_count / most + (unit_count % most != 0 ? 1 : 0))) {}
  HWY_INLINE int64_t Begin(int block) const { return units * block / count; }

  int64_t units;
  int count;
};

// One tile of a product as the loops find it: its first row and column (in the panel), and the links that it computes.
struct LanePlace {
  int row, column, panel;
  size_t step, steps;
};

// each(tile, place) for the tiles of the product in the order they are computed.
template <typename Lane, class Each>
HWY_INLINE void ForEachLaneTile(const LaneProduct<Lane>& p, const Each& each) {
  static_assert(SliverWidth<Lane>(HWY_TARGET == HWY_AVX3 ? Isa::kAvx512 : Isa::kAvx2) % (kTileVecs * HWY_LANES(Lane)) ==
                0);
  constexpr int kWidth = LaneProduct<Lane>::kWidth, kLaneCount = HWY_LANES(Lane), kCols = kTileVecs * kLaneCount;
  const EqualBlocks step_blocks(static_cast<int64_t>(HWY_MAX(p.steps, size_t{1})), p.MostSteps());
  const int unit = p.a_in_panels ? kWidth : kMaxRows;
  const auto row_bytes = static_cast<int64_t>(HWY_MIN(p.steps, static_cast<size_t>(p.MostSteps())) * sizeof(Lane));
  const EqualBlocks row_blocks(p.m / unit + (p.m % unit != 0 ? 1 : 0),
                               HWY_MAX(int64_t{1}, kLaneBlockBytes / HWY_MAX(int64_t{1}, row_bytes) / unit));
  for (int row_block = 0; row_block < row_blocks.count; ++row_block) {
    const auto begin = static_cast<int>(row_blocks.Begin(row_block) * unit);
    const auto end = static_cast<int>(HWY_MIN(int64_t{p.m}, row_blocks.Begin(row_block + 1) * unit));
    for (int step_block = 0; step_block < step_blocks.count; ++step_block) {
      const auto step = static_cast<size_t>(step_blocks.Begin(step_block));
      const size_t steps = p.steps == 0 ? 0 : static_cast<size_t>(step_blocks.Begin(step_block + 1)) - step;
      for (int panel = 0; int64_t{panel} * p.width < p.n; ++panel) {
        const int cols = HWY_MIN(p.width, p.n - panel * p.width), most = cols <= kLaneCount ? kNarrowRows : kMaxRows;
        for (int row = begin; row < end;) {
          const int rows = p.a_in_panels ? HWY_MIN(end - row, kWidth) : end - row;
          for (Runs run(rows, most); run.Next();) {
            int j = 0;
            for (; j + kCols - kLaneCount < cols; j += kCols) {
              each(LaneTileOf<Lane, kTileVecs>(run.count), LanePlace{row + run.first, j, panel, step, steps});
            }
            for (; j < cols; j += kLaneCount) {
              each(LaneTileOf<Lane, 1>(run.count), LanePlace{row + run.first, j, panel, step, steps});
            }
          }
          row += rows;
        }
      }
    }
  }
}

// Where row `row` of the left factor begins.
template <typename Lane>
HWY_INLINE ptrdiff_t LeftPlace(const LaneProduct<Lane>& p, int row) {
  constexpr int kWidth = LaneProduct<Lane>::kWidth;
  return p.a_in_panels ? row / kWidth * p.a_panel + row % kWidth : row * p.a_row;
}

// Operands of an empty sum may be null, and a null pointer must not be moved: these stand in their place, unread.
template <typename Lane>
HWY_INLINE LaneProduct<Lane> WithoutNullFactors(LaneProduct<Lane> p) {
  static constexpr Lane kUnread[2 * LaneProduct<Lane>::kWidth] = {};
  if (p.steps > 0) return p;
  p.a = p.b = kUnread;
  p.a_row = p.a_panel = p.a_step = p.b_panel = p.b_step = 0;
  return p;
}

template <typename Lane>
void RunLaneProduct(const LaneProduct<Lane>& product) {
  const LaneProduct<Lane> p = WithoutNullFactors(product);
  ForEachLaneTile<Lane>(p, [&](ProductTile<Lane>* tile, const LanePlace& at) HWY_ATTR {
    const auto step = static_cast<ptrdiff_t>(at.step);
    const Lane* a = p.a + LeftPlace(p, at.row) + step * p.a_step;
    const Lane* b = p.b + at.panel * p.b_panel + at.column + step * p.b_step;
    TileEnds<Lane> ends = p.ends;
    Lane* partial = nullptr;
    if (p.partial != nullptr) partial = p.partial + at.panel * p.partial_panel + at.row * p.partial_row + at.column;
    if (at.step > 0) {
      ends.init = partial;
      ends.init_row = p.partial_row;
    } else if (ends.init != nullptr) {
      ends.init += at.panel * p.init_panel + at.row * ends.init_row + at.column;
    }
    if (at.step + at.steps < p.steps) {
      ends.finish = Finish::kChain;
      return tile(a, p.a_row, p.a_step, b, p.b_step, at.steps, ends, partial, p.partial_row, p.width);
    }
    tile(a, p.a_row, p.a_step, b, p.b_step, at.steps, ends, p.c + at.panel * p.c_panel + at.row * p.c_row + at.column,
         p.c_row, p.c_padded ? p.width : p.n - at.panel * p.width - at.column);
  });
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#endif  // FPLAB_KERNELS_FORMATS_PRODUCT_TILE_INL_H_
