// Rank update, element-wise step and product of one slice of units at a time, through Highway.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/matmul/updated_product.h>

#include <utility>

#include <fplab/kernels/core/targets.h>  // before any Highway header
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fplab/kernels/matmul/updated_product.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
// After highway.h.
#include <fplab/kernels/core/fma-inl.h>

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using FloatTag = hn::ScalableTag<float>;
constexpr int kLanes = HWY_LANES(float);

// The rank update holds the changes of up to kMaxRank inputs in registers, kUpdateVecs vectors of samples each, and
// takes each weight for all of them. AVX2: 4 x 2 vectors + 2 sums and 1 broadcast a unit of 16 registers, so that the
// next unit's fit beside. AVX-512: 8 x 2 + 2 + 1 of 32; NEON: 4 x 4 + 4 + 1 of 32. Its chains are short: what hides
// their latency are the units after.
#if HWY_TARGET == HWY_AVX3
constexpr int kMaxRank = 8;
constexpr int kUpdateVecs = 2;
#elif HWY_TARGET == HWY_NEON
constexpr int kMaxRank = 4;
constexpr int kUpdateVecs = 4;
#else
constexpr int kMaxRank = 4;
constexpr int kUpdateVecs = 2;
#endif
constexpr int kUpdateCols = kUpdateVecs * kLanes;
static_assert(kPanelWidth % kUpdateCols == 0);

// to(j) = from(j) and kRank links of its chain, for `units` units of one panel of weights. Rows of weights, of changes,
// of `from` and of `to` are a panel's width apart.
template <int kRank>
HWY_NOINLINE void UpdateTile(const float* HWY_RESTRICT weight, const float* HWY_RESTRICT change, const float* from,
                             float* to, int units) {
  const FloatTag d;
  hn::Vec<FloatTag> x[kRank][kUpdateVecs];
  HWY_UNROLL(8)
  for (int i = 0; i < kRank; ++i) {
    HWY_UNROLL(4)
    for (int v = 0; v < kUpdateVecs; ++v) x[i][v] = hn::Load(d, change + i * kPanelWidth + v * kLanes);
  }
  HWY_UNROLL(2)
  for (int j = 0; j < units; ++j) {
    hn::Vec<FloatTag> acc[kUpdateVecs];
    HWY_UNROLL(4)
    for (int v = 0; v < kUpdateVecs; ++v) acc[v] = hn::Load(d, from + v * kLanes);
    HWY_UNROLL(8)
    for (int i = 0; i < kRank; ++i) {
      const auto w = hn::Set(d, weight[i * kPanelWidth]);
      HWY_UNROLL(4)
      for (int v = 0; v < kUpdateVecs; ++v) acc[v] = Fma(d, w, x[i][v], acc[v]);
    }
    HWY_UNROLL(4)
    for (int v = 0; v < kUpdateVecs; ++v) hn::Store(acc[v], d, to + v * kLanes);
    ++weight;
    from += kPanelWidth;
    to += kPanelWidth;
  }
}

using UpdateFunction = void(const float* weight, const float* change, const float* from, float* to, int units);

template <size_t... kIndex>
HWY_INLINE UpdateFunction* UpdateTileOf(int rank, std::index_sequence<kIndex...>) {
  static constexpr UpdateFunction* kTiles[] = {&UpdateTile<static_cast<int>(kIndex) + 1>...};
  return kTiles[rank - 1];
}

// z = `from` with the change of `rank` inputs, for units of the columns of `weight`: rank x (the units), `change`: rank
// rows of one panel.
void UpdateKernel(const ConstPanelView& weight, const float* change, const float* from, float* z) {
  for (int p = 0; p < weight.panels(); ++p) {
    const int units = HWY_MIN(kPanelWidth, weight.cols - p * kPanelWidth);
    const ptrdiff_t at = ptrdiff_t{p} * kPanelWidth * kPanelWidth;
    for (int i = 0; i < weight.rows; i += kMaxRank) {
      UpdateFunction* const tile =
          UpdateTileOf(HWY_MIN(kMaxRank, weight.rows - i), std::make_index_sequence<kMaxRank>());
      for (int c = 0; c < kPanelWidth; c += kUpdateCols) {
        tile(weight.Panel(p) + ptrdiff_t{i} * kPanelWidth, change + ptrdiff_t{i} * kPanelWidth + c,
             (i == 0 ? from : z) + at + c, z + at + c, units);
      }
    }
  }
}

void StepKernel(float* z, const float* bias, int units) {
  const FloatTag d;
  for (int j = 0; j < units; ++j, z += kPanelWidth) {
    const auto b = hn::Set(d, bias[j]);
    HWY_UNROLL(8)
    for (int c = 0; c < kPanelWidth; c += kLanes) hn::Store(hn::Add(hn::Load(d, z + c), b), d, z + c);
  }
}

void ScaledStepKernel(float* z, const float* bias, int units, float down, float up) {
  const FloatTag d;
  const auto down_vec = hn::Set(d, down), up_vec = hn::Set(d, up);
  for (int j = 0; j < units; ++j, z += kPanelWidth) {
    const auto b = hn::Set(d, bias[j]);
    HWY_UNROLL(8)
    for (int c = 0; c < kPanelWidth; c += kLanes) {
      const auto sum = hn::Add(hn::Mul(hn::Load(d, z + c), down_vec), b);
      hn::Store(hn::Mul(sum, up_vec), d, z + c);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>

#include <fplab/kernels/core/check_arguments.h>
#include <fplab/kernels/core/dispatch.h>
#include <fplab/kernels/matmul/matmul_plan.h>

namespace fplab::kernels {
namespace {

constexpr char kUpdated[] = "updated products";

// Units of a slice: 8 KiB of 32 samples each, beside as many of the pre-activations before and of the weights above. A
// longer slice leaves the first-level cache, a shorter one switches modes and calls tiles more often.
constexpr int kSliceUnits = 2 * kPanelWidth;
constexpr size_t kBlocksTogether = 4;

void CheckUpdate(const ConstPanelView& before, const ConstPanelView& weight, std::span<const InputBlock> blocks,
                 const ConstPanelView& change, const PanelView& out) {
  CheckView(before, kUpdated, "before");
  CheckView(weight, kUpdated, "weight");
  CheckView(change, kUpdated, "change");
  CheckView(out, kUpdated, "out");
  CheckArgument(before.rows > 0, kUpdated, "before", "has no rows");
  CheckArgument(before.cols <= kPanelWidth, kUpdated, "before", "has more than one panel");
  CheckArgument(weight.cols == before.rows, kUpdated, "weight", "must have a column for each row of before");
  CheckArgument(change.rows == weight.rows && change.cols == before.cols, kUpdated, "change",
                "must have the rows of weight and the columns of before");
  CheckArgument(static_cast<size_t>(out.panels()) == blocks.size(), kUpdated, "out",
                "must have a panel for each block");
  for (const InputBlock& block : blocks) {
    CheckArgument(block.count > 0 && block.first >= 0 && block.count <= weight.rows - block.first, kUpdated, "a block",
                  "is empty or not within the rows of weight");
  }
  for (const ConstPanelView& input : {before, weight, change}) {
    CheckApart(kUpdated, ExtentOf(out), ExtentOf(input), "out overlaps an input");
  }
}

void CheckLayer(const UpdatedLayer& layer, const PanelView& out) {
  const int units = layer.before.rows, outputs = layer.next.cols;
  CheckView(layer.next, kUpdated, "next");
  CheckArgument(layer.next.rows == units, kUpdated, "next", "must have a row for each row of before");
  CheckArgument(outputs <= kPanelWidth, kUpdated, "next", "has more than one panel");
  CheckArgument(out.rows == outputs, kUpdated, "out", "must have a row for each column of next");
  CheckArgument(layer.step.bias != nullptr, kUpdated, "bias", "is null");
  CheckApart(kUpdated, ExtentOf(out), ExtentOf(layer.next), "out overlaps an input");
  CheckApart(kUpdated, ExtentOf(out), ExtentOf(layer.step.bias, static_cast<size_t>(units)), "out overlaps bias");
}

ptrdiff_t Row(int r) { return ptrdiff_t{r} * kPanelWidth; }

// The kernels of one instruction set, which every slice calls through pointers: the compiler can't move their
// arithmetic across the changes of mode.
class SliceKernels {
 public:
  SliceKernels(const UpdatedLayer& layer, Isa isa)
      : layer_(layer),
        update_(FPLAB_CHOOSE(UpdateKernel, isa)),
        step_(FPLAB_CHOOSE(StepKernel, isa)),
        scaled_step_(FPLAB_CHOOSE(ScaledStepKernel, isa)),
        tile_count_(PlanTransposed(layer.next.cols, kPanelWidth, kSliceUnits, isa, tiles_, kMostTiles)) {
    FPLAB_CHECK(tile_count_ <= kMostTiles, "updated products: more tiles than were counted on");
  }

  // Units unit .. unit + units - 1 after the change of one block, into slice_.
  void Update(int unit, int units, const InputBlock& block, const ConstPanelView& change) {
    const ConstPanelView weight = layer_.weight.Panels(unit / kPanelWidth, PanelCount(units));
    update_(weight.Rows(block.first, block.count), change.data + Row(block.first), layer_.before.data + Row(unit),
            slice_);
  }

  void Step(int unit, int units) {
    const ElementwiseStep& step = layer_.step;
    const ScopedGuest guard(step.mode);
    if (step.scaled) return scaled_step_(slice_, step.bias + unit, units, step.down, step.up);
    step_(slice_, step.bias + unit, units);
  }

  // The links of those units in the chains of every output.
  void Outputs(int unit, int units, float* out) const {
    if (tile_count_ == 0) return;  // null operands must not be moved
    const float* weight = layer_.next.data + Row(unit);
    for (size_t i = 0; i < tile_count_; ++i) {
      const TileStep& at = tiles_[i];
      at.tile(weight + at.a, 1, slice_ + at.b, static_cast<size_t>(units), unit == 0 ? nullptr : out + at.c,
              kPanelWidth, out + at.c, kPanelWidth, at.cols);
    }
  }

 private:
  // The fallback's: 16 of two columns, of up to six rows each.
  static constexpr size_t kMostTiles = 16 * 6;

  const UpdatedLayer& layer_;
  void (*update_)(const ConstPanelView& weight, const float* change, const float* from, float* z);
  void (*step_)(float* z, const float* bias, int units);
  void (*scaled_step_)(float* z, const float* bias, int units, float down, float up);
  TileStep tiles_[kMostTiles];
  size_t tile_count_;
  alignas(kAlignment) float slice_[kSliceUnits * kPanelWidth];
};

}  // namespace

void UpdatedProducts(const UpdatedLayer& layer, std::span<const InputBlock> blocks, const ConstPanelView& change,
                     const PanelView& out, const Execution& execution) {
  CheckUpdate(layer.before, layer.weight, blocks, change, out);
  CheckLayer(layer, out);
  SliceKernels kernels(layer, execution.isa);
  const ScopedGuest guard(execution.mode);
  const int units = layer.before.rows;
  // A slice is read for some blocks while it is in the cache, with their outputs beside it.
  for (size_t first = 0; first < blocks.size(); first += kBlocksTogether) {
    const size_t last = std::min(blocks.size(), first + kBlocksTogether);
    for (int unit = 0; unit < units; unit += kSliceUnits) {
      const int count = std::min(kSliceUnits, units - unit);
      for (size_t b = first; b < last; ++b) {
        kernels.Update(unit, count, blocks[b], change);
        kernels.Step(unit, count);
        kernels.Outputs(unit, count, out.Panel(static_cast<int>(b)));
      }
    }
  }
}

void RankUpdates(const ConstPanelView& before, const ConstPanelView& weight, std::span<const InputBlock> blocks,
                 const ConstPanelView& change, const PanelView& out, const Execution& execution) {
  CheckUpdate(before, weight, blocks, change, out);
  CheckArgument(out.rows == before.rows, kUpdated, "out", "must have the rows of before");
  const auto update = FPLAB_CHOOSE(UpdateKernel, execution.isa);
  const ScopedGuest guard(execution.mode);
  for (size_t b = 0; b < blocks.size(); ++b) {
    update(weight.Rows(blocks[b].first, blocks[b].count), change.data + Row(blocks[b].first), before.data,
           out.Panel(static_cast<int>(b)));
  }
}

}  // namespace fplab::kernels
#endif  // HWY_ONCE
