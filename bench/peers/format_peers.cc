// Loading the peers' products in other formats.
// SPDX-License-Identifier: Apache-2.0
#include "bench/peers/format_peers.h"

#include <cstdint>

#include "bench/peers/library.h"

namespace fplab::bench {
namespace {

using CblasDgemm = void(int order, int transpose_a, int transpose_b, int m, int n, int k, double alpha, const double* a,
                        int lda, const double* b, int ldb, double beta, double* c, int ldc);

// `one_thread` tells the library to use one.
void AddDgemm(const char* name, void* library, const std::function<void()>& one_thread,
              std::vector<FormatPeer>* peers) {
  auto* dgemm = FindFunction<CblasDgemm>(library, "cblas_dgemm");
  if (dgemm == nullptr) return;
  peers->push_back({name, "binary64", [=](int m, int n, int k) -> FormatGemm {
                      one_thread();
                      return [=](const void* a, const void* b, void* c) {
                        constexpr int kRowMajor = 101, kNoTranspose = 111;
                        dgemm(kRowMajor, kNoTranspose, kNoTranspose, m, n, k, 1.0, static_cast<const double*>(a), k,
                              static_cast<const double*>(b), n, 0.0, static_cast<double*>(c), n);
                        return true;
                      };
                    }});
}

void AddOpenBlas(std::vector<FormatPeer>* peers) {
  void* library = OpenLibrary("libopenblas.so.0");
  auto* set_threads = FindFunction<void(int)>(library, "openblas_set_num_threads");
  if (set_threads != nullptr)
    AddDgemm(
        "OpenBLAS", library, [=] { set_threads(1); }, peers);
}

void AddBlis(std::vector<FormatPeer>* peers) {
  void* library = OpenLibrary("libblis.so.4");
  auto* set_threads = FindFunction<void(int64_t)>(library, "bli_thread_set_num_threads");
  if (set_threads != nullptr)
    AddDgemm(
        "BLIS", library, [=] { set_threads(1); }, peers);
}

void AddOneDnn(std::vector<FormatPeer>* peers) {
  using Bfloat16Gemm =
      int(char transpose_a, char transpose_b, int64_t m, int64_t n, int64_t k, float alpha, const uint16_t* a,
          int64_t lda, const uint16_t* b, int64_t ldb, float beta, float* c, int64_t ldc);
  using Int8Gemm = int(char transpose_a, char transpose_b, char offset_c, int64_t m, int64_t n, int64_t k, float alpha,
                       const int8_t* a, int64_t lda, int8_t offset_a, const int8_t* b, int64_t ldb, int8_t offset_b,
                       float beta, int32_t* c, int64_t ldc, const int32_t* offsets);
  void* library = OpenLibrary("libdnnl.so.2");
  auto* bfloat16 = FindFunction<Bfloat16Gemm>(library, "dnnl_gemm_bf16bf16f32");
  auto* int8 = FindFunction<Int8Gemm>(library, "dnnl_gemm_s8s8s32");
  auto* set_threads = FindFunction<void(int)>(library, "omp_set_num_threads");
  if (bfloat16 == nullptr || int8 == nullptr || set_threads == nullptr) return;
  peers->push_back({"oneDNN", "bfloat16", [=](int m, int n, int k) -> FormatGemm {
                      set_threads(1);
                      return [=](const void* a, const void* b, void* c) {
                        return bfloat16('N', 'N', m, n, k, 1.0f, static_cast<const uint16_t*>(a), k,
                                        static_cast<const uint16_t*>(b), n, 0.0f, static_cast<float*>(c), n) == 0;
                      };
                    }});
  peers->push_back({"oneDNN", "int8", [=](int m, int n, int k) -> FormatGemm {
                      set_threads(1);
                      return [=](const void* a, const void* b, void* c) {
                        const int32_t zero = 0;
                        return int8('N', 'N', 'F', m, n, k, 1.0f, static_cast<const int8_t*>(a), k, 0,
                                    static_cast<const int8_t*>(b), n, 0, 0.0f, static_cast<int32_t*>(c), n, &zero) == 0;
                      };
                    }});
}

}  // namespace

const std::vector<FormatPeer>& LoadFormatPeers() {
  static const std::vector<FormatPeer> peers = [] {
    std::vector<FormatPeer> found;
    AddOpenBlas(&found);
    AddBlis(&found);
    AddOneDnn(&found);
    return found;
  }();
  return peers;
}

}  // namespace fplab::bench
