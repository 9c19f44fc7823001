// Uses one header of each installed library: a product that underflows, with and without flushing, and a data set.
#include <cstdio>

#include "fparith/format_bits.h"
#include "kernels/matmul.h"
#include "nets/dataset.h"

int main() {
  fplab::PanelMatrix a(1, 1), b(1, 1), c(1, 1);
  a.At(0, 0) = 0x1p-100f;
  b.At(0, 0) = 0x1p-30f;
  fplab::MatmulTransposed(a.view(), b.view(), c.view(), {fplab::BestIsa(), fplab::kIeee});
  const float gradual = c.At(0, 0);
  fplab::MatmulTransposed(a.view(), b.view(), c.view(), {fplab::BestIsa(), fplab::kFtzDaz});
  std::printf("2^-100 * 2^-30 is %s, and %s when outputs are flushed\n", fplab::HexFloat(gradual).c_str(),
              fplab::HexFloat(c.At(0, 0)).c_str());
  const fplab::TrainTest data = fplab::LoadData("spirals");
  std::printf("spirals: %d points\n", data.train.count());
  return gradual == 0x1p-130f && c.At(0, 0) == 0.0f && data.train.count() > 0 ? 0 : 1;
}
