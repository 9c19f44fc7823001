// libxsmm's product as a plug-in: the code that it makes for each shape.
// SPDX-License-Identifier: Apache-2.0
#include <libxsmm.h>

#include "tools/probe/fplab_plugin.h"

namespace {

// Column-major: the transposed product of the transposed matrices. Shapes that it makes no code for are left zero.
void Product(int m, int n, int k, const float* a, const float* b, float* c) {
  const float alpha = 1, beta = 0;
  const int flags = LIBXSMM_GEMM_FLAG_NONE, prefetch = LIBXSMM_PREFETCH_NONE;
  const libxsmm_smmfunction kernel = libxsmm_smmdispatch(n, m, k, &n, &k, &n, &alpha, &beta, &flags, &prefetch);
  if (kernel != nullptr) kernel(b, a, c);
}

const fplab_plugin_function functions[] = {{"xsmm_product", "matmul", reinterpret_cast<fplab_any_function>(Product)},
                                           {nullptr, nullptr, nullptr}};
const fplab_plugin plugin = {FPLAB_PLUGIN_VERSION, functions, nullptr};

}  // namespace

extern "C" const fplab_plugin* fplab_get_plugin(void) { return &plugin; }
