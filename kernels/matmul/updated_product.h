// What comes out of two layers after a few inputs of the first have changed: a rank update, the element-wise step and a
// product, slice by slice, so that what lies between stays in the first-level cache.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_MATMUL_UPDATED_PRODUCT_H_
#define FPLAB_KERNELS_MATMUL_UPDATED_PRODUCT_H_

#include <span>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/core/panel.h>

namespace fplab::kernels {

// Inputs first .. first + count - 1 of a layer, at least one.
struct InputBlock {
  int first;
  int count;
};

// h = z + bias[j] of unit j, or with `scaled` h = (z * down + bias[j]) * up: one rounding an operation.
struct ElementwiseStep {
  const float* bias = nullptr;
  bool scaled = false;
  float down = 1;
  float up = 1;
  Mode mode = kIeee;
};

// A layer of N units (at least one) with K inputs, on one panel of samples, and the layer of M outputs above it.
struct UpdatedLayer {
  ConstPanelView before;  // N x (up to 32 samples): pre-activations before any input changed
  ConstPanelView weight;  // K x N
  ElementwiseStep step;   // N biases
  ConstPanelView next;    // N x M, M at most 32
};

// Panel b of `out`, M x (32 blocks.size()), takes what the changes of block number b alone lead to, for each sample c:
//
//   z(j) = acc after acc = fma(weight(i, j), change(i, c), acc) for the inputs i of the block, ascending, from
//          before(j, c); in execution.mode
//   h(j) = the element-wise step of z(j); in step.mode
//   out(o, c) = acc after acc = fma(next(j, o), h(j), acc) for j = 0 .. N-1, from +0; in execution.mode
//
// the bits of MatmulTransposedFrom, AddBias or Scale and AddBiasScale, and MatmulTransposed one after the other.
// `change` is K x (the samples). Padding columns hold unspecified values afterwards. One thread: the calling one, as a
// guest (fparith/mode/guest.h). Bad views, shapes that do not fit, a block that is empty or not within 0 .. K-1, and an
// output that overlaps an input abort; a mode this machine lacks throws Error.
FPLAB_EXPORT void UpdatedProducts(const UpdatedLayer& layer, std::span<const InputBlock> blocks,
                                  const ConstPanelView& change, const PanelView& out, const Execution& execution);

// The rank update alone: panel b of `out`, N x 32 blocks.size(), takes z of block number b, the bits of
// MatmulTransposedFrom. Else as UpdatedProducts.
FPLAB_EXPORT void RankUpdates(const ConstPanelView& before, const ConstPanelView& weight,
                              std::span<const InputBlock> blocks, const ConstPanelView& change, const PanelView& out,
                              const Execution& execution);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_MATMUL_UPDATED_PRODUCT_H_
