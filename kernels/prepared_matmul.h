// PreparedMatmul: a product of one shape, checked and planned once, then run on many operands.
//
// For products of few multiply-adds: the checks and the plan of one call of MatmulTransposed take 20 ns on a Zen 5,
// where 16 x 16 x 16 multiply-adds take 32. Every element is the same chain, to the same bits.
#ifndef FPLAB_KERNELS_PREPARED_MATMUL_H_
#define FPLAB_KERNELS_PREPARED_MATMUL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/isa.h"
#include "kernels/matmul_plan.h"

namespace fplab {

class PreparedMatmul {
 public:
  // c (m x n) = the product of the transpose of a (k x m) and b (k x n). Negative sizes and a size that overflows
  // abort; a mode this machine lacks throws Error. Holds 32 bytes for each register tile of the output.
  PreparedMatmul(int m, int n, int k, const Execution& execution);

  // The operands of one product, each a whole PanelMatrix of its shape (panels of 32 columns one after the other)
  // aligned to 64 bytes; c overlaps neither a nor b, else abort. One thread: the calling one, whose control word is as
  // before on return; any number of threads may call at a time.
  void operator()(const float* a, const float* b, float* c) const;

 private:
  bool Fit(const float* a, const float* b, const float* c) const;
  void CheckOperands(const float* a, const float* b, const float* c) const;
  void RunTiles(const float* a, const float* b, float* c) const;
  void RunInMode(const float* a, const float* b, float* c) const;

  size_t steps_;
  uintptr_t a_bytes_, b_bytes_, c_bytes_;
  Mode mode_;
  uint64_t mode_bits_;  // of the control word
  std::vector<TileStep> tiles_;
};

}  // namespace fplab

#endif  // FPLAB_KERNELS_PREPARED_MATMUL_H_
