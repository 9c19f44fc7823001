// BlockProgram: a statement as operations on blocks, which judge cases by vectors. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_SEARCH_BLOCK_PROGRAM_H_
#define FPLAB_KERNELS_SEARCH_BLOCK_PROGRAM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <fplab/fparith/identity/accelerator.h>
#include <fplab/kernels/search/block_step.h>

namespace fplab::kernels {

// In lanes of T, uint32_t or uint64_t. Not thread-safe.
template <typename T>
class BlockProgram final : public identity::BlockJudge {
 public:
  // Whether every operation of the statement has vectors.
  static bool Has(const statement::Expression& expression, statement::Target target);

  // Keeps a reference to the expression. Precondition: Has.
  BlockProgram(const statement::Expression& expression, statement::Target target, bool all_values, Isa isa);

  void Load(const statement::Cases& cases, size_t first, size_t count) override;
  void Admit(uint64_t* admitted) override;
  void Claim(Mode mode, uint64_t* holds) override;
  void Classify(Rounding rounding, uint8_t* strata) override;

 private:
  struct Slot {
    BlockStep step;
    const T *a = nullptr, *b = nullptr, *c = nullptr;
    BlockBuffer<T> values;
  };

  void Run(const std::vector<int>& part, Mode mode);
  Slot& At(int index) { return slots_[static_cast<size_t>(index)]; }

  const statement::Expression& expression_;
  statement::Target target_;
  bool all_values_;
  std::vector<int> claim_, condition_;
  std::vector<Slot> slots_;  // by instruction
  BlockBuffer<T> strata_;
  BlockKernels<T> kernels_;
  size_t count_ = 0, lanes_ = 0;  // of cases loaded, and rounded up to whole vectors
};

// In the narrowest lanes that hold it, nullptr where some operation has no vectors, or not the single case's NaNs.
std::unique_ptr<identity::BlockJudge> CompileBlocks(const statement::Expression& expression, statement::Target target,
                                                    bool all_values, Isa isa);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_SEARCH_BLOCK_PROGRAM_H_
