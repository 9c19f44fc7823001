// PreparedMatmul: a product of one shape, checked and planned once, then run on many operands.
//
// For products of few multiply-adds: the checks and the plan of one call of MatmulTransposed take 20 ns on a Zen 5,
// where 16 x 16 x 16 multiply-adds take 32. Every element is the same chain, to the same bits.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_MATMUL_PREPARED_MATMUL_H_
#define FPLAB_KERNELS_MATMUL_PREPARED_MATMUL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/isa.h>

namespace fplab::kernels {

struct TileStep;  // matmul_plan.h, inside

// How the left factor and the product lie; the right factor is in panels.
enum class MatmulLayout {
  kPanels,    // c of MatmulTransposed: the left factor k x m, transposed, and c in panels
  kRowMajor,  // c of Matmul: the left factor m x k and c row-major
};

class FPLAB_EXPORT PreparedMatmul {
 public:
  // c: m x n outputs of k steps. Negative sizes and a size that overflows abort; a mode this machine lacks throws
  // Error. Holds 40 bytes for each register tile of the output.
  PreparedMatmul(MatmulLayout layout, int m, int n, int k, const Execution& execution);
  ~PreparedMatmul();
  PreparedMatmul(const PreparedMatmul&);
  PreparedMatmul& operator=(const PreparedMatmul&);
  PreparedMatmul(PreparedMatmul&&) noexcept;
  PreparedMatmul& operator=(PreparedMatmul&&) noexcept;

  // The operands of one product, each contiguous: a whole PanelMatrix of its shape, aligned to 64 bytes, or rows one
  // after the other. c overlaps neither a nor b, else abort. One thread: the calling one; any number of threads may
  // call at a time.
  //
  // Of the caller's floating-point state all is as before on return but for one thing: where the caller computes in
  // this mode itself, with every exception masked, the product's sticky flags stay raised, as those of the caller's own
  // arithmetic do. To give them back costs a tenth of a product of 16 x 16 x 16 on a Zen 4: a ScopedGuest
  // (fparith/mode/guest.h) around many products does it once.
  void operator()(const float* a, const float* b, float* c) const;

 private:
  bool Fit(const float* a, const float* b, const float* c) const;
  void CheckOperands(const float* a, const float* b, const float* c) const;
  void RunTiles(const float* a, const float* b, float* c) const;
  void RunInMode(const float* a, const float* b, float* c) const;

  size_t steps_;
  ptrdiff_t a_row_, c_row_;  // floats from a row to the next
  uintptr_t a_bytes_, b_bytes_, c_bytes_;
  uintptr_t outer_alignment_;  // of a and c, in bytes
  Mode mode_;
  uint64_t mode_bits_;  // of the control word
  std::vector<TileStep> tiles_;
};

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_MATMUL_PREPARED_MATMUL_H_
