// Ten lines with kernels: a product of matrices under gradual underflow and with results flushed.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels.h>

#include <cstdio>

int main() {
  using namespace fplab::kernels;
  PanelMatrix a(1, 1), b(1, 1), gradual(1, 1), flushed(1, 1);
  a.At(0, 0) = 0x1p-100f, b.At(0, 0) = 0x1p-30f;
  MatmulTransposed(a.view(), b.view(), gradual.view(), {BestIsa(), fplab::kIeee});
  MatmulTransposed(a.view(), b.view(), flushed.view(), {BestIsa(), fplab::kFtzDaz});
  std::printf("2^-100 * 2^-30 = %a, flushed %a\n", static_cast<double>(gradual.At(0, 0)),
              static_cast<double>(flushed.At(0, 0)));
  return gradual.At(0, 0) == 0x1p-130f && flushed.At(0, 0) == 0 ? 0 : 1;
}
