// Packing: row-major factors of any format into lanes, in panels or in rows, widened exactly.
//
// No function here rounds or depends on the mode: what is not moved as bits is widened by instructions that ignore it.
// SPDX-License-Identifier: Apache-2.0
#if defined(FPLAB_KERNELS_FORMATS_PACK_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef FPLAB_KERNELS_FORMATS_PACK_INL_H_
#undef FPLAB_KERNELS_FORMATS_PACK_INL_H_
#else
#define FPLAB_KERNELS_FORMATS_PACK_INL_H_
#endif

#include <fplab/kernels/core/panel.h>
#include <fplab/kernels/formats/narrow_float.h>
#include <fplab/kernels/matmul/matmul.h>
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

HWY_INLINE float WidenOne(float x) { return x; }
HWY_INLINE double WidenOne(double x) { return x; }
HWY_INLINE float WidenOne(Bfloat16 x) { return Widen(x); }
HWY_INLINE float WidenOne(Binary16 x) { return Widen(x); }

// As many elements as a vector of `d` has lanes.
template <class D>
HWY_INLINE hn::Vec<D> LoadWide(D d, const hn::TFromD<D>* from) {
  return hn::LoadU(d, from);
}
template <class D>
HWY_INLINE hn::Vec<D> LoadWide(D d, const Bfloat16* from) {
  const hn::Rebind<uint32_t, D> d32;
  const hn::Rebind<uint16_t, D> d16;
  return hn::BitCast(d, hn::ShiftLeft<16>(hn::PromoteTo(d32, hn::LoadU(d16, &from->bits))));
}
// The conversion from binary16 ignores flushing of inputs, and no result is subnormal (F16C; FCVTL).
template <class D>
HWY_INLINE hn::Vec<D> LoadWide(D d, const Binary16* from) {
#if HWY_TARGET == HWY_SCALAR
  return hn::Set(d, Widen(*from));
#else
  const hn::Rebind<uint16_t, D> d16;
  const hn::Rebind<hwy::float16_t, D> d_half;
  return hn::PromoteTo(d, hn::BitCast(d_half, hn::LoadU(d16, &from->bits)));
#endif
}

// Two int8 as the lane of two int16: the first in the lower half.
HWY_INLINE int32_t PairOf(int8_t first, int8_t second) {
  return static_cast<int32_t>(static_cast<uint32_t>(static_cast<uint16_t>(first)) |
                              static_cast<uint32_t>(static_cast<uint16_t>(second)) << 16);
}
template <class D>
HWY_INLINE hn::Vec<D> LoadPairs(D d, const int8_t* first, const int8_t* second) {
  const hn::Rebind<int8_t, D> d8;
  const auto low = hn::PromoteTo(d, hn::LoadU(d8, first)), high = hn::PromoteTo(d, hn::LoadU(d8, second));
  return hn::Or(hn::And(low, hn::Set(d, 0xffff)), hn::ShiftLeft<16>(high));
}

// Row k of a factor as lanes to[0 .. count-1]. Of int8: rows 2k and 2k + 1, zeros past the last row.
template <typename Lane, typename T>
HWY_INLINE void WidenRow(const BasicMatrixView<const T>& from, int k, int column, int count, Lane* to) {
  const hn::ScalableTag<Lane> d;
  constexpr int kLaneCount = HWY_LANES(Lane);
  int j = 0;
  if constexpr (std::is_same_v<T, int8_t>) {
    const int8_t* first = from.data + 2 * k * from.stride + column;
    const bool alone = 2 * k + 1 == from.rows;
    const int8_t* second = alone ? first : first + from.stride;
    for (; !alone && j + kLaneCount <= count; j += kLaneCount) {
      hn::StoreU(LoadPairs(d, first + j, second + j), d, to + j);
    }
    for (; j < count; ++j) to[j] = PairOf(first[j], alone ? int8_t{0} : second[j]);
  } else {
    const T* row = from.data + k * from.stride + column;
    for (; j + kLaneCount <= count; j += kLaneCount) hn::StoreU(LoadWide(d, row + j), d, to + j);
    for (; j < count; ++j) to[j] = WidenOne(row[j]);
  }
}

// Rows of a K x N matrix into panels of `steps` rows of `width` lanes, one after the other; padding columns are zero.
// Some rows at a time: those of all panels, so that a page is not left for another with every line.
template <typename Lane, typename T>
HWY_INLINE void PackRows(const BasicMatrixView<const T>& from, int steps, int width, Lane* to) {
  constexpr int kBlock = 16;
  const ptrdiff_t panel = static_cast<ptrdiff_t>(steps) * width;
  for (int begin = 0; begin < steps; begin += kBlock) {
    const int end = HWY_MIN(steps, begin + kBlock);
    Lane* first = to + static_cast<ptrdiff_t>(begin) * width;
    for (int column = 0; column < from.cols; column += width, first += panel) {
      const int count = HWY_MIN(width, from.cols - column);
      Lane* row = first;
      for (int k = begin; k < end; ++k, row += width) {
        WidenRow(from, k, column, count, row);
        for (int j = count; j < width; ++j) row[j] = 0;
      }
    }
  }
}

// Element k of a row: of int8 the pair 2k, 2k + 1.
template <typename T>
HWY_INLINE auto LaneAt(const T* row, int k, int) {
  return WidenOne(row[k]);
}
HWY_INLINE int32_t LaneAt(const int8_t* row, int k, int length) {
  return PairOf(row[2 * k], 2 * k + 1 < length ? row[2 * k + 1] : int8_t{0});
}

// Turns `rows` (at most as many as a panel is wide) rows from `row` on, lanes [k, end), into columns of the panel `to`.
// Rows are read a cache line or less at a time, which then stays in the first-level cache.
template <typename Lane, typename T>
HWY_INLINE void TurnBlock(const BasicMatrixView<const T>& from, int row, int rows, int k, int end, int width,
                          Lane* to) {
  int j = 0;
#if HWY_TARGET != HWY_SCALAR
  if constexpr (sizeof(Lane) == 4 && !std::is_same_v<T, int8_t>) {
    // Four rows by four steps in registers, the widest that is the same on every instruction set.
    const hn::FixedTag<float, 4> d;
    const hn::Repartition<uint64_t, decltype(d)> d64;
    for (; j + 4 <= rows; j += 4) {
      const T* first = from.data + (row + j) * from.stride;
      int step = k;
      for (; step + 4 <= end; step += 4) {
        const auto r0 = LoadWide(d, first + step), r1 = LoadWide(d, first + from.stride + step);
        const auto r2 = LoadWide(d, first + 2 * from.stride + step), r3 = LoadWide(d, first + 3 * from.stride + step);
        const auto low01 = hn::BitCast(d64, hn::InterleaveLower(d, r0, r1));
        const auto low23 = hn::BitCast(d64, hn::InterleaveLower(d, r2, r3));
        const auto high01 = hn::BitCast(d64, hn::InterleaveUpper(d, r0, r1));
        const auto high23 = hn::BitCast(d64, hn::InterleaveUpper(d, r2, r3));
        Lane* out = to + static_cast<ptrdiff_t>(step) * width + j;
        hn::StoreU(hn::BitCast(d, hn::InterleaveLower(d64, low01, low23)), d, out);
        hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(d64, low01, low23)), d, out + width);
        hn::StoreU(hn::BitCast(d, hn::InterleaveLower(d64, high01, high23)), d, out + 2 * width);
        hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(d64, high01, high23)), d, out + 3 * width);
      }
      for (; step < end; ++step) {
        for (int i = 0; i < 4; ++i) {
          to[static_cast<ptrdiff_t>(step) * width + j + i] = LaneAt(first + i * from.stride, step, from.cols);
        }
      }
    }
  }
#endif
  for (; j < rows; ++j) {
    const T* line = from.data + (row + j) * from.stride;
    for (int step = k; step < end; ++step) {
      to[static_cast<ptrdiff_t>(step) * width + j] = LaneAt(line, step, from.cols);
    }
  }
}

// Columns of an N x K matrix into panels of `steps` rows of `width` lanes; padding columns are zero.
template <typename Lane, typename T>
HWY_INLINE void PackColumns(const BasicMatrixView<const T>& from, int steps, int width, Lane* to) {
  constexpr int kBlock = 16;
  for (int row = 0; row < from.rows; row += width, to += static_cast<ptrdiff_t>(steps) * width) {
    const int rows = HWY_MIN(width, from.rows - row);
    for (int k = 0; k < steps; k += kBlock) {
      const int end = HWY_MIN(steps, k + kBlock);
      TurnBlock(from, row, rows, k, end, width, to);
      for (int step = k; step < end; ++step) {
        for (int j = rows; j < width; ++j) to[static_cast<ptrdiff_t>(step) * width + j] = 0;
      }
    }
  }
}

// Rows of an M x K matrix, widened: `steps` lanes a row.
template <typename Lane, typename T>
HWY_INLINE void WidenRows(const BasicMatrixView<const T>& from, int steps, Lane* to) {
  for (int row = 0; row < from.rows; ++row, to += steps) {
    if constexpr (std::is_same_v<T, int8_t>) {
      // Pairs lie side by side: int16 in the order of memory.
      const hn::ScalableTag<int16_t> d;
      const hn::Rebind<int8_t, decltype(d)> d8;
      constexpr int kCount = HWY_LANES(int16_t);
      const int8_t* line = from.data + row * from.stride;
      int k = 0;
      if constexpr (kCount > 1) {
        for (; k + kCount <= from.cols; k += kCount) {
          hn::StoreU(hn::PromoteTo(d, hn::LoadU(d8, line + k)), d, reinterpret_cast<int16_t*>(to) + k);
        }
      }
      for (int step = k / 2; step < steps; ++step) to[step] = LaneAt(line, step, from.cols);
    } else {
      WidenRow(from, row, 0, from.cols, to);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#endif  // FPLAB_KERNELS_FORMATS_PACK_INL_H_
