// Inside proof: what those who run CaDiCaL share: a stream for its proof, and limits. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_SOLVER_WATCH_H_
#define FPLAB_FPARITH_PROOF_SOLVER_WATCH_H_

#include <fmt/format.h>
#include <stdio.h>
#include <time.h>
#include <cadical.hpp>

#include <cstdlib>
#include <new>
#include <string>
#include <utility>

#include <fplab/fparith/proof/sat.h>

namespace fplab::proof {

inline double ThreadCpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

inline std::string CpuLimitReached(double seconds) {
  return fmt::format("not decided within {} s of processor time", seconds);
}

// A stream into memory, which CaDiCaL writes its proof to.
class MemoryStream {
 public:
  MemoryStream() : file_(open_memstream(&bytes_, &size_)) {
    if (file_ == nullptr) throw std::bad_alloc();
  }
  MemoryStream(const MemoryStream&) = delete;
  MemoryStream& operator=(const MemoryStream&) = delete;
  ~MemoryStream() {
    if (file_ != nullptr) std::fclose(file_);
    std::free(bytes_);
  }

  FILE* file() const { return file_; }
  size_t Written() const { return static_cast<size_t>(ftello(file_)); }
  std::string Take() {
    const bool failed = std::ferror(file_) != 0;
    if (std::fclose(std::exchange(file_, nullptr)) != 0 || failed) throw std::bad_alloc();
    return {bytes_, size_};
  }

 private:
  char* bytes_ = nullptr;
  size_t size_ = 0;
  FILE* file_;
};

// Asked by CaDiCaL every few steps of its search; remembers why it said stop.
class Watch : public CaDiCaL::Terminator {
 public:
  Watch(const SatLimits& limits, const MemoryStream* proof)
      : limits_(limits), proof_(proof), start_(ThreadCpuSeconds()) {}

  double Seconds() const { return ThreadCpuSeconds() - start_; }
  const std::string& why() const { return why_; }

  bool terminate() override {
    if (limits_.interrupt != nullptr && limits_.interrupt->load(std::memory_order_relaxed)) {
      why_ = "interrupted";
    } else if (limits_.cpu_seconds && Seconds() > *limits_.cpu_seconds) {
      why_ = CpuLimitReached(*limits_.cpu_seconds);
    } else if (proof_ != nullptr && limits_.proof_bytes && proof_->Written() > *limits_.proof_bytes) {
      why_ = fmt::format("the proof is longer than {} bytes", *limits_.proof_bytes);
    }
    return !why_.empty();
  }

 private:
  const SatLimits& limits_;
  const MemoryStream* proof_;
  double start_;
  std::string why_;
};

}  // namespace fplab::proof

#endif  // FPLAB_FPARITH_PROOF_SOLVER_WATCH_H_
