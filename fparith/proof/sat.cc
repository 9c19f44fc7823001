// Whether a formula is satisfiable, decided by CaDiCaL.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/sat.h>

#include <fplab/fparith/float/check.h>

#ifdef FPLAB_HAVE_CADICAL
#include <fmt/format.h>
#include <time.h>
#include <cadical.hpp>

#include <cstdio>
#include <cstdlib>
#include <new>
#include <utility>

#include <fplab/fparith/mode/guest.h>
#endif

namespace fplab::proof {

std::vector<uint64_t> InputsOf(const Aig& aig, const Cnf& cnf, const SatAnswer& answer) {
  FPLAB_CHECK(answer.verdict == SatVerdict::kSatisfiable, "the answer has an assignment");
  std::vector<uint64_t> inputs;
  for (uint32_t node : aig.Inputs()) {
    const int variable = LiteralOf(cnf, Lit(node, false));
    inputs.push_back(variable != 0 && answer.values[static_cast<size_t>(variable)] ? ~uint64_t{0} : 0);
  }
  return inputs;
}

#ifdef FPLAB_HAVE_CADICAL

namespace {

double ThreadCpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
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
      why_ = fmt::format("not decided within {} s of processor time", *limits_.cpu_seconds);
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

// Counts, and takes no clause.
class Counter : public CaDiCaL::Learner {
 public:
  bool learning(int /*size*/) override {
    ++count;
    return false;
  }
  void learn(int /*literal*/) override {}

  int64_t count = 0;
};

SatAnswer Solve(const Cnf& cnf, const SatLimits& limits, KeepProof keep_proof) {
  SatAnswer answer;
  std::optional<MemoryStream> proof;
  if (keep_proof == KeepProof::kYes) proof.emplace();
  Watch watch(limits, proof ? &*proof : nullptr);
  Counter counter;
  int status = 0;
  {
    CaDiCaL::Solver solver;
    solver.set("quiet", 1);
    if (proof) solver.trace_proof(proof->file(), "proof");
    solver.connect_terminator(&watch);
    solver.connect_learner(&counter);
    if (limits.conflicts) solver.limit("conflicts", *limits.conflicts);
    solver.reserve(cnf.variables);
    for (int literal : cnf.literals) solver.add(literal);
    status = solver.solve();
    if (status == 10) {
      answer.values.resize(static_cast<size_t>(cnf.variables) + 1);
      for (int v = 1; v <= cnf.variables; ++v) answer.values[static_cast<size_t>(v)] = solver.val(v) > 0;
    }
    solver.disconnect_learner();
    solver.disconnect_terminator();
    if (proof) solver.close_proof_trace();
  }
  answer.learned_clauses = counter.count;
  answer.cpu_seconds = watch.Seconds();
  if (status == 10) answer.verdict = SatVerdict::kSatisfiable;
  if (status == 20) {
    answer.verdict = SatVerdict::kUnsatisfiable;
    if (proof) answer.proof = proof->Take();
  }
  if (status == 0) {
    answer.why = watch.why().empty() && limits.conflicts ? fmt::format("not decided by {} conflicts", *limits.conflicts)
                                                         : watch.why();
  }
  return answer;
}

}  // namespace

bool HasSatSolver() { return true; }

SatAnswer SolveCnf(const Cnf& cnf, const SatLimits& limits, KeepProof keep_proof) {
  try {
    // Its heuristics compute with doubles.
    return AsGuest([&] { return Solve(cnf, limits, keep_proof); });
  } catch (const std::bad_alloc&) {
    SatAnswer answer;
    answer.why = "memory ran out";
    return answer;
  }
}

#else

bool HasSatSolver() { return false; }

SatAnswer SolveCnf(const Cnf&, const SatLimits&, KeepProof) {
  SatAnswer answer;
  answer.why = "this fplab was built without the SAT solver CaDiCaL";
  return answer;
}

#endif

}  // namespace fplab::proof
