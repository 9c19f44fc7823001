// What most users of kernels want: matrices in panels, matrix products, element-wise layers, random numbers, workers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_KERNELS_H_
#define FPLAB_KERNELS_KERNELS_H_

#include <fplab/fparith.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/core/panel.h>
#include <fplab/kernels/core/workers.h>
#include <fplab/kernels/formats/binary64_matmul.h>
#include <fplab/kernels/formats/gemm.h>
#include <fplab/kernels/layers/elementwise.h>
#include <fplab/kernels/layers/exp_log.h>
#include <fplab/kernels/layers/loss.h>
#include <fplab/kernels/layers/reductions.h>
#include <fplab/kernels/matmul/matmul.h>
#include <fplab/kernels/matmul/parallel_matmul.h>
#include <fplab/kernels/matmul/prepared_matmul.h>
#include <fplab/kernels/random/random.h>
#include <fplab/kernels/search/search_accelerator.h>

#endif  // FPLAB_KERNELS_KERNELS_H_
