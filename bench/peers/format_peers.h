// Other libraries' matrix products in other formats than binary32.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_BENCH_PEERS_FORMAT_PEERS_H_
#define FPLAB_BENCH_PEERS_FORMAT_PEERS_H_

#include <functional>
#include <string>
#include <vector>

namespace fplab::bench {

// c (m x n) = a (m x k) b (k x n), all row-major and contiguous, of elements of one format; false if the library
// declines, as a processor without its instructions makes it.
using FormatGemm = std::function<bool(const void* a, const void* b, void* c)>;

struct FormatPeer {
  std::string name;
  std::string format;                                   // "binary64"; "bfloat16", "int8": added in binary32, in int32
  std::function<FormatGemm(int m, int n, int k)> plan;  // on one thread
};

// OpenBLAS and BLIS for binary64 (Debian's builds have no other format), oneDNN for bfloat16 and int8; those that are
// there.
const std::vector<FormatPeer>& LoadFormatPeers();

}  // namespace fplab::bench

#endif  // FPLAB_BENCH_PEERS_FORMAT_PEERS_H_
