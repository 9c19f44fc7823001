// Eigen as a peer: header-only, so compiled here, for the baseline instruction set of the build.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <Eigen/Core>

#include "bench/peers/compiled_peers.h"

namespace fplab::bench {

Peer EigenPeer() {
  using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const std::string version = fmt::format("{}.{}.{}, compiled for {}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION,
                                          EIGEN_MINOR_VERSION, Eigen::SimdInstructionSetsInUse());
  return {"Eigen", version, 1, [](int m, int n, int k, int) -> Gemm {
            return [=](const float* a, const float* b, float* c) {
              Eigen::Map<Matrix>(c, m, n).noalias() =
                  Eigen::Map<const Matrix>(a, m, k) * Eigen::Map<const Matrix>(b, k, n);
            };
          }};
}

}  // namespace fplab::bench
