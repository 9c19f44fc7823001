// Nonlinearity functions and the normalisation of conventional networks, forward and backward, on panels.
//
// Units are rows, samples are columns. Always in IEEE mode, on our own exp: the same bits on every ISA. Every function
// reads and writes whole panels, padding included; `out` may be the input itself, otherwise it must not overlap it. One
// thread. Bad views abort.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_LAYERS_NONLINEARITY_H_
#define FPLAB_KERNELS_LAYERS_NONLINEARITY_H_

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/core/panel.h>

namespace fplab::kernels {

enum class Nonlinearity {
  kLinear,  // z
  kElu,     // z where z > 0, else exp(z) - 1 (Clevert, Unterthiner, Hochreiter, ICLR 2016, alpha = 1)
  kTanh,
};

// out(r, c) = f(in(r, c)), within 2 (ELU) and 3 (tanh) ulps of the correctly rounded result; +-0 and NaN give
// themselves.
FPLAB_EXPORT void ApplyNonlinearity(Nonlinearity activation, ConstPanelView in, PanelView out, Isa isa);

// delta(r, c) *= f'(z), from output(r, c) = f(z) alone: 1 or f(z) + 1 for ELU, 1 - f(z)^2 for tanh. The derivative is
// that of the output as it was rounded: within 2^-23 of the true one.
FPLAB_EXPORT void MultiplyByDerivative(Nonlinearity activation, ConstPanelView output, PanelView delta, Isa isa);

// What is added to the mean square of a column before the root is taken, so that a column of zeros has a derivative.
inline constexpr float kNormaliseFloor = 1e-6f;

// Gives every column the root mean square 1: out(r, c) = in(r, c) * factors[c] with
// factors[c] = 1 / sqrt((sum_r in(r, c)^2) / rows + kNormaliseFloor), the sum a chain over r ascending from +0.
// factors has PanelCount(cols) * 32 entries, apart from `in` and `out`. Precondition (aborts): rows > 0.
FPLAB_EXPORT void NormaliseColumns(ConstPanelView in, PanelView out, float* factors, Isa isa);

// From the derivative of a loss with respect to `out` to the one with respect to `in`:
// delta(r, c) = factors[c] * (delta(r, c) - out(r, c) * (sum_i out(i, c) delta(i, c)) / rows).
FPLAB_EXPORT void NormaliseColumnsBackward(ConstPanelView out, const float* factors, PanelView delta, Isa isa);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_LAYERS_NONLINEARITY_H_
