// binary64 fused multiply-add by the exact model.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/formats/binary64_fma.h>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/model/model.h>

namespace fplab::kernels {

double FmaBinary64(double a, double b, double c) {
  const model::Environment environment = model::HardwareEnvironment(CurrentMode());
  return DoubleFromBits(model::Fma(kBinary64, environment, ToBits(a), ToBits(b), ToBits(c)).bits);
}

}  // namespace fplab::kernels
