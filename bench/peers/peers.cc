// Loading the peers.
// SPDX-License-Identifier: Apache-2.0
#include "bench/peers/peers.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include <fplab/kernels/core/isa.h>
#include "bench/peers/compiled_peers.h"
#include "bench/peers/library.h"

namespace fplab::bench {
namespace {

// CBLAS with 32-bit integers.
using CblasSgemm = void(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float* a,
                        int lda, const float* b, int ldb, float beta, float* c, int ldc);

Gemm PlanCblas(CblasSgemm* sgemm, int m, int n, int k) {
  constexpr int kRowMajor = 101, kNoTranspose = 111;
  return [=](const float* a, const float* b, float* c) {
    sgemm(kRowMajor, kNoTranspose, kNoTranspose, m, n, k, 1.0f, a, k, b, n, 0.0f, c, n);
  };
}

void AddOpenBlas(Peers& peers) {
  constexpr const char* kFile = "libopenblas.so.0";
  void* library = OpenLibrary(kFile);
  if (library == nullptr) return peers.absent.push_back(fmt::format("OpenBLAS: {} cannot be loaded", kFile));
  auto* sgemm = FindFunction<CblasSgemm>(library, "cblas_sgemm");
  auto* set_threads = FindFunction<void(int)>(library, "openblas_set_num_threads");
  auto* config = FindFunction<char*()>(library, "openblas_get_config");
  if (!sgemm || !set_threads || !config) {
    return peers.absent.push_back(fmt::format("OpenBLAS: {} lacks cblas_sgemm or its settings", kFile));
  }
  peers.present.push_back({"OpenBLAS", config(), 64, [=](int m, int n, int k, int threads) {
                             set_threads(threads);
                             return PlanCblas(sgemm, m, n, k);
                           }});
}

// What BLIS calls the kernels that it chose; it chooses once, when it is initialised.
std::string BlisKernels(void* library) {
  if (auto* initialise = FindFunction<void()>(library, "bli_init")) initialise();
  auto* query = FindFunction<int()>(library, "bli_arch_query_id");
  auto* name = FindFunction<const char*(int)>(library, "bli_arch_string");
  return query && name ? name(query()) : "unknown";
}

// BLIS takes a processor younger than itself for a generic one and computes five times too slowly: where there is
// AVX-512 it is loaded anew and told to use its kernels of that. Its user's own choice stands.
void* OpenBlis(const char* file) {
  constexpr const char* kChoice = "BLIS_ARCH_TYPE";
  constexpr const char* kSkx = "0";  // BLIS_ARCH_SKX of its bli_type_defs.h
  void* library = OpenLibrary(file);
  if (library == nullptr || std::getenv(kChoice) != nullptr || !kernels::IsSupported(kernels::Isa::kAvx512))
    return library;
  if (BlisKernels(library) != "generic") return library;
  dlclose(library);
  setenv(kChoice, kSkx, /*overwrite=*/0);
  return OpenLibrary(file);
}

void AddBlis(Peers& peers) {
  constexpr const char* kFile = "libblis.so.4";
  void* library = OpenBlis(kFile);
  if (library == nullptr) return peers.absent.push_back(fmt::format("BLIS: {} cannot be loaded", kFile));
  auto* sgemm = FindFunction<CblasSgemm>(library, "cblas_sgemm");
  auto* set_threads = FindFunction<void(int64_t)>(library, "bli_thread_set_num_threads");
  auto* version = FindFunction<const char*()>(library, "bli_info_get_version_str");
  if (!sgemm || !set_threads || !version) {
    return peers.absent.push_back(fmt::format("BLIS: {} lacks cblas_sgemm or its settings", kFile));
  }
  peers.present.push_back({"BLIS", fmt::format("{}, kernels {}", version(), BlisKernels(library)), 64,
                           [=](int m, int n, int k, int threads) {
                             set_threads(threads);
                             return PlanCblas(sgemm, m, n, k);
                           }});
}

// oneDNN's plain interface; its threads are OpenMP's.
void AddOneDnn(Peers& peers) {
  constexpr const char* kFile = "libdnnl.so.2";
  void* library = OpenLibrary(kFile);
  if (library == nullptr) return peers.absent.push_back(fmt::format("oneDNN: {} cannot be loaded", kFile));
  struct Version {
    int major, minor, patch;
  };
  using Sgemm = int(char transpose_a, char transpose_b, int64_t m, int64_t n, int64_t k, float alpha, const float* a,
                    int64_t lda, const float* b, int64_t ldb, float beta, float* c, int64_t ldc);
  auto* sgemm = FindFunction<Sgemm>(library, "dnnl_sgemm");
  auto* version = FindFunction<const Version*()>(library, "dnnl_version");
  auto* set_threads = FindFunction<void(int)>(library, "omp_set_num_threads");
  if (!sgemm || !version || !set_threads) {
    return peers.absent.push_back(fmt::format("oneDNN: {} lacks dnnl_sgemm or OpenMP", kFile));
  }
  const Version* v = version();
  peers.present.push_back({"oneDNN", fmt::format("{}.{}.{}", v->major, v->minor, v->patch), 64,
                           [=](int m, int n, int k, int threads) -> Gemm {
                             set_threads(threads);
                             return [=](const float* a, const float* b, float* c) {
                               sgemm('N', 'N', m, n, k, 1.0f, a, k, b, n, 0.0f, c, n);
                             };
                           }});
}

void AddCompiledIn(Peers& peers) {
#ifdef FPLAB_HAVE_XSMM
  peers.present.push_back(XsmmPeer());
#else
  peers.absent.push_back("libxsmm: not installed when fplab was built");
#endif
#ifdef FPLAB_HAVE_EIGEN
  peers.present.push_back(EigenPeer());
#else
  peers.absent.push_back("Eigen: not installed when fplab was built");
#endif
}

}  // namespace

const Peers& LoadPeers() {
  static const Peers peers = [] {
    Peers found;
    AddOpenBlas(found);
    AddBlis(found);
    AddOneDnn(found);
    AddCompiledIn(found);
    return found;
  }();
  return peers;
}

}  // namespace fplab::bench
