// The plan's tiles, run in the mode asked for.
#include "kernels/prepared_matmul.h"

#include "fparith/control_word.h"
#include "kernels/check_view.h"
#include "kernels/panel.h"

namespace fplab {
namespace {

constexpr char kName[] = "prepared matmul";

// Floats of a whole PanelMatrix.
size_t PanelFloats(int rows, int cols, const char* argument) {
  const ptrdiff_t length = static_cast<ptrdiff_t>(rows) * kPanelWidth;
  CheckArgument(Addressable(0, length, PanelCount(cols)), kName, argument, "has a size that overflows");
  return static_cast<size_t>(length) * static_cast<size_t>(PanelCount(cols));
}

void CheckOperand(const float* data, size_t floats, const char* argument) {
  CheckArgument(data != nullptr || floats == 0, kName, argument, "is null");
  CheckArgument(reinterpret_cast<uintptr_t>(data) % kAlignment == 0, kName, argument, "is not aligned to 64 bytes");
}

}  // namespace

PreparedMatmul::PreparedMatmul(int m, int n, int k, const Execution& execution) : mode_(execution.mode) {
  CheckArgument(m >= 0 && n >= 0 && k >= 0, kName, "m, n or k", "is negative");
  RequireHardwareSupport(mode_);
  mode_bits_ = ModeBits(mode_);
  steps_ = static_cast<size_t>(k);
  a_floats_ = PanelFloats(k, m, "a");
  b_floats_ = PanelFloats(k, n, "b");
  c_floats_ = PanelFloats(m, n, "c");
  tiles_.resize(PlanTransposed(m, n, k, execution.isa, nullptr, 0));
  PlanTransposed(m, n, k, execution.isa, tiles_.data(), tiles_.size());
}

void PreparedMatmul::RunTiles(const float* a, const float* b, float* c) const {
  for (const TileStep& step : tiles_) {
    step.tile(a + step.a, 1, b + step.b, steps_, nullptr, 0, c + step.c, kPanelWidth);
  }
}

void PreparedMatmul::operator()(const float* a, const float* b, float* c) const {
  CheckOperand(a, a_floats_, "a");
  CheckOperand(b, b_floats_, "b");
  CheckOperand(c, c_floats_, "c");
  CheckApart(kName, ExtentOf(c, c_floats_), ExtentOf(a, a_floats_), "c overlaps a");
  CheckApart(kName, ExtentOf(c, c_floats_), ExtentOf(b, b_floats_), "c overlaps b");
  // Reading the control word hides behind the multiply-adds; a guard's bookkeeping does not.
  if ((ReadControlWord() & ModeMask()) == mode_bits_) return RunTiles(a, b, c);
  const ScopedMode guard(mode_);
  RunTiles(a, b, c);
}

}  // namespace fplab
