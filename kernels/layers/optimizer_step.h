// Fused optimiser steps over flat arrays. Always in IEEE mode; the same bits on every ISA and for every split of the
// arrays. One thread: the calling one.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_LAYERS_OPTIMIZER_STEP_H_
#define FPLAB_KERNELS_LAYERS_OPTIMIZER_STEP_H_

#include <cstddef>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/isa.h>

namespace fplab::kernels {

// Kingma and Ba, "Adam", ICLR 2015, algorithm 1.
struct AdamStep {
  float learning_rate;
  float beta1 = 0.9f;
  float beta2 = 0.999f;
  float epsilon = 1e-8f;
  float correction1;  // 1 / (1 - beta1^t), for step t = 1, 2, ...
  float correction2;  // 1 / (1 - beta2^t)
};

// first = beta1 first + (1 - beta1) g; second = beta2 second + (1 - beta2) g^2;
// weights -= learning_rate * first correction1 / (sqrt(second correction2) + epsilon).
FPLAB_EXPORT void Adam(const AdamStep& step, const float* gradient, float* weights, float* first, float* second,
                       size_t count, Isa isa);

// velocity = momentum velocity + g; weights -= learning_rate velocity.
FPLAB_EXPORT void SgdMomentum(float learning_rate, float momentum, const float* gradient, float* weights,
                              float* velocity, size_t count, Isa isa);

// average += (1 - decay) (weights - average).
FPLAB_EXPORT void MoveAverage(float decay, const float* weights, float* average, size_t count, Isa isa);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_LAYERS_OPTIMIZER_STEP_H_
