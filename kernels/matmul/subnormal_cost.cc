// Timing of one matmul on two kinds of operands.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/matmul/subnormal_cost.h>

#include <algorithm>
#include <chrono>

#include <fplab/fparith/mode/guest.h>
#include <fplab/kernels/matmul/matmul.h>

namespace fplab::kernels {
namespace {

constexpr int kSize = 32, kDepth = 64;

// The least of several times, because what else the machine does can only add. `value` is every element of the left
// factor; those of the right factor are 1/32.
double Seconds(float value, Isa isa) {
  PanelMatrix a(kDepth, kSize), b(kDepth, kSize), c(kSize, kSize);
  std::fill(a.buffer().begin(), a.buffer().end(), value);
  std::fill(b.buffer().begin(), b.buffer().end(), 0x1p-5f);
  const PanelMatrix& left = a;
  const PanelMatrix& right = b;
  double least = 1e300;
  for (int i = 0; i < 5; ++i) {
    const auto start = std::chrono::steady_clock::now();
    MatmulTransposed(left.view(), right.view(), c.view(), {isa, kIeee});
    least = std::min(least, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return least;
}

}  // namespace

double SubnormalSlowdown(Isa isa) {
  // 64 products of 2^-133 stay below 2^-126.
  return AsGuest([&] { return Seconds(0x1p-128f, isa) / std::max(Seconds(1.0f, isa), 1e-9); });
}

}  // namespace fplab::kernels
