// Other libraries' single-precision matrix product, each loaded so that no two collide.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_BENCH_PEERS_PEERS_H_
#define FPLAB_BENCH_PEERS_PEERS_H_

#include <functional>
#include <string>
#include <vector>

namespace fplab::bench {

// c (m x n) = a (m x k) b (k x n), all row-major and contiguous.
using Gemm = std::function<void(const float* a, const float* b, float* c)>;

struct Peer {
  std::string name;
  std::string version;  // in the library's own words
  int most_threads;     // 1: the library, or this use of it, has no threads
  // The product for one shape and number of threads (at most most_threads); empty if the library declines the shape.
  std::function<Gemm(int m, int n, int k, int threads)> plan;
};

struct Peers {
  std::vector<Peer> present;
  std::vector<std::string> absent;  // "BLIS: libblis.so.4 cannot be loaded"
};

// The peers of this machine and build; found once. OpenBLAS, BLIS and oneDNN are opened with dlopen and RTLD_LOCAL, so
// that two libraries which define the same symbols keep each to their own; libxsmm and Eigen are compiled in where the
// build found them, Eigen for the baseline instruction set (it dispatches at compile time only).
const Peers& LoadPeers();

}  // namespace fplab::bench

#endif  // FPLAB_BENCH_PEERS_PEERS_H_
