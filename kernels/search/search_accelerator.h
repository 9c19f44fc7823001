// SearchAccelerator: searches for counterexamples on every core and by vectors.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_SEARCH_SEARCH_ACCELERATOR_H_
#define FPLAB_KERNELS_SEARCH_SEARCH_ACCELERATOR_H_

#include <functional>
#include <memory>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/identity/accelerator.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/core/workers.h>

namespace fplab::kernels {

// Give one to identity::SearchOptions: what a search finds is the same for every number of threads and every
// instruction set, and without one. Statements of + - * / fma (of up to 24 bits on the model) sqrt, roundings to
// integers, conversions (model), min and max of x86, comparisons and bits run by vectors, on the model in integer
// lanes of every format, on hardware by the instructions of binary32 and binary64 under the control word; others case
// by case, on all threads.
//
//   const auto accelerator = std::make_shared<kernels::SearchAccelerator>(2);
//   identity::Refute("floor(a) <= a", kBinary32, {.exhaustive_limit = uint64_t{1} << 32, .accelerator = accelerator});
class FPLAB_EXPORT SearchAccelerator final : public identity::Accelerator {
 public:
  // Throws Error as Workers does.
  explicit SearchAccelerator(int threads, Isa isa = BestIsa());

  int Workers() const override { return workers_.count(); }
  void ForEach(int count, const std::function<void(int i, int worker)>& body) override;
  std::unique_ptr<identity::BlockJudge> Compile(const statement::Expression& expression, statement::Target target,
                                                bool all_values) const override;

 private:
  kernels::Workers workers_;
  Isa isa_;
};

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_SEARCH_SEARCH_ACCELERATOR_H_
