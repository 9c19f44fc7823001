// The plan's tiles, run in the mode asked for.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/matmul/prepared_matmul.h>

#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/kernels/core/check_arguments.h>
#include <fplab/kernels/core/panel.h>
#include <fplab/kernels/matmul/matmul_plan.h>

namespace fplab::kernels {
namespace {

constexpr char kName[] = "prepared matmul";

uintptr_t BytesOf(ptrdiff_t length, ptrdiff_t count, const char* argument) {
  CheckArgument(Addressable(0, length, count), kName, argument, "has a size that overflows");
  return static_cast<uintptr_t>(length) * static_cast<uintptr_t>(count) * sizeof(float);
}

uintptr_t PanelBytes(int rows, int cols, const char* argument) {
  return BytesOf(static_cast<ptrdiff_t>(rows) * kPanelWidth, PanelCount(cols), argument);
}

uintptr_t Address(const float* data) { return reinterpret_cast<uintptr_t>(data); }

void CheckOperand(const float* data, uintptr_t bytes, uintptr_t alignment, const char* argument) {
  CheckArgument(data != nullptr || bytes == 0, kName, argument, "is null");
  CheckArgument(Address(data) % alignment == 0, kName, argument, "is not aligned to 64 bytes");
}

}  // namespace

PreparedMatmul::PreparedMatmul(MatmulLayout layout, int m, int n, int k, const Execution& execution)
    : mode_(execution.mode) {
  CheckArgument(m >= 0 && n >= 0 && k >= 0, kName, "m, n or k", "is negative");
  RequireHardwareSupport(mode_);
  mode_bits_ = ModeBits(mode_);
  const bool panels = layout == MatmulLayout::kPanels;
  steps_ = static_cast<size_t>(k);
  a_row_ = panels ? 1 : k;
  c_row_ = panels ? kPanelWidth : n;
  a_bytes_ = panels ? PanelBytes(k, m, "a") : BytesOf(k, m, "a");
  b_bytes_ = PanelBytes(k, n, "b");
  c_bytes_ = panels ? PanelBytes(m, n, "c") : BytesOf(n, m, "c");
  outer_alignment_ = panels ? kAlignment : 1;
  const auto plan = panels ? PlanTransposed : PlanRowMajor;
  tiles_.resize(plan(m, n, k, execution.isa, nullptr, 0));
  plan(m, n, k, execution.isa, tiles_.data(), tiles_.size());
  if (k > 0) return;
  for (TileStep& step : tiles_) step.a = step.b = 0;  // null operands of an empty sum are not moved
}

PreparedMatmul::~PreparedMatmul() = default;
PreparedMatmul::PreparedMatmul(const PreparedMatmul&) = default;
PreparedMatmul& PreparedMatmul::operator=(const PreparedMatmul&) = default;
PreparedMatmul::PreparedMatmul(PreparedMatmul&&) noexcept = default;
PreparedMatmul& PreparedMatmul::operator=(PreparedMatmul&&) noexcept = default;

// One condition without branches: to name the argument is left to CheckOperands. Two ranges are apart if each begins
// at least the other's length after it, modulo 2^64. Empty operands may lie anywhere: they may fail here.
inline bool PreparedMatmul::Fit(const float* a, const float* b, const float* c) const {
  const uintptr_t at_a = Address(a), at_b = Address(b), at_c = Address(c);
  const bool aligned = (((at_a | at_c) & (outer_alignment_ - 1)) | at_b % kAlignment) == 0;
  const bool present = (at_a != 0) & (at_b != 0) & (at_c != 0);
  const bool apart =
      (at_c - at_a >= a_bytes_) & (at_a - at_c >= c_bytes_) & (at_c - at_b >= b_bytes_) & (at_b - at_c >= c_bytes_);
  return aligned & present & apart;
}

void PreparedMatmul::CheckOperands(const float* a, const float* b, const float* c) const {
  CheckOperand(a, a_bytes_, outer_alignment_, "a");
  CheckOperand(b, b_bytes_, kAlignment, "b");
  CheckOperand(c, c_bytes_, outer_alignment_, "c");
  const auto extent = [](const float* data, uintptr_t bytes) { return ExtentOf(data, bytes / sizeof(float)); };
  CheckApart(kName, extent(c, c_bytes_), extent(a, a_bytes_), "c overlaps a");
  CheckApart(kName, extent(c, c_bytes_), extent(b, b_bytes_), "c overlaps b");
}

inline void PreparedMatmul::RunTiles(const float* a, const float* b, float* c) const {
  for (const TileStep& step : tiles_) {
    step.tile(a + step.a, a_row_, b + step.b, steps_, nullptr, 0, c + step.c, c_row_, step.cols);
  }
}

void PreparedMatmul::RunInMode(const float* a, const float* b, float* c) const {
  const ScopedGuest guard(mode_);
  RunTiles(a, b, c);
}

void PreparedMatmul::operator()(const float* a, const float* b, float* c) const {
  if (!Fit(a, b, c)) [[unlikely]]
    CheckOperands(a, b, c);
  // Reading the control word hides behind the multiply-adds; a guard's bookkeeping does not, and reading it once more
  // to see which flags were raised waits for them all: a tenth of 16 x 16 x 16 of them on a Zen 4.
  if (!ComputesAsGuest(mode_bits_)) return RunInMode(a, b, c);
  RunTiles(a, b, c);
}

}  // namespace fplab::kernels
