// libxsmm as a peer: a kernel generated for each shape, without threads.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <libxsmm.h>

#include "bench/peers/compiled_peers.h"

namespace fplab::bench {

Peer XsmmPeer() {
  libxsmm_init();
  const std::string version = fmt::format("{}, {}", LIBXSMM_VERSION, libxsmm_get_target_arch());
  return {"libxsmm", version, 1, [](int m, int n, int k, int) -> Gemm {
            // libxsmm is column-major: the transposed product of the transposed matrices.
            const float alpha = 1.0f, beta = 0.0f;
            const int flags = LIBXSMM_GEMM_FLAG_NONE, prefetch = LIBXSMM_PREFETCH_NONE;
            const libxsmm_smmfunction kernel =
                libxsmm_smmdispatch(n, m, k, &n, &k, &n, &alpha, &beta, &flags, &prefetch);
            if (kernel == nullptr) return {};
            return [kernel](const float* a, const float* b, float* c) { kernel(b, a, c); };
          }};
}

}  // namespace fplab::bench
