// Normal deviates used where they are made, never stored: the noise of the `gaussian` estimator. Always in IEEE mode;
// the deviates are those of FillNormals (random.h). Null arrays with elements abort, and numbers past a stream's 2^34.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_RANDOM_GAUSSIAN_NOISE_H_
#define FPLAB_KERNELS_RANDOM_GAUSSIAN_NOISE_H_

#include <cstddef>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/random/random.h>

namespace fplab::kernels {

// plus[i] = center[i] + e[i] and minus[i] = center[i] - e[i], e the first `count` deviates of the stream. One of plus
// and minus may be center itself; otherwise the three must not overlap (aborts).
FPLAB_EXPORT void PerturbByNormals(const Stream& stream, float deviation, const float* center, float* plus,
                                   float* minus, size_t count, Isa isa);

// The numbers of streams `stream`, then with its last word 1, 2, ... greater. For i in [0, count): sum[i] = the chain
// over these streams s = 0 .. streams-1 of acc = fma(weights[s], element first + i of stream s, acc) from +0, the
// deviates of standard deviation 1. `first` is a multiple of 64, streams is not negative, and sum does not overlap
// weights (aborts otherwise).
FPLAB_EXPORT void SumOfNormals(const Stream& stream, const float* weights, int streams, size_t first, float* sum,
                               size_t count, Isa isa);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_RANDOM_GAUSSIAN_NOISE_H_
