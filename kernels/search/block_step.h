// Inside search: one operation of a statement on a block of cases, by SIMD. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_SEARCH_BLOCK_STEP_H_
#define FPLAB_KERNELS_SEARCH_BLOCK_STEP_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include <fplab/fparith/model/model.h>
#include <fplab/fparith/statement/evaluator.h>
#include <fplab/fparith/statement/expression.h>
#include <fplab/kernels/core/aligned_buffer.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/search/exact_form.h>

namespace fplab::kernels {

// Cases of a block. Buffers hold so many lanes, whatever part of them is in use: kernels compute whole vectors.
inline constexpr size_t kBlock = 1024;

// A lane holds a value as statements do (statement/value_type.h), its low bits where lanes are narrower than 64 bits.
// An exact number is a high and a low part in binary64 (exact_form.h): the high ones of the block, then the low ones.
template <typename T>
inline constexpr size_t kExactLanes = 2 * kBlock * sizeof(double) / sizeof(T);
template <typename T>
using BlockBuffer = std::vector<T, CacheLineAllocator<T>>;

// What is done, on which types and how. The mode counts for the model; on hardware it is the control word's.
struct BlockStep {
  statement::Op op = statement::Op::kConstant;
  statement::Target target = statement::Target::kModel;
  statement::Type operand;  // of the first argument
  statement::Type result;
  model::Environment environment;
  // On the model: by this machine's instructions all the same, as they give its bits in IEEE mode (the caller has set
  // it), NaNs made canonical.
  bool by_instructions = false;
  // Of what is made of exact numbers, and makes them: the caller has set IEEE mode for it.
  ExactForm exact = ExactForm::kNone;

  bool IsExact() const { return result.kind == statement::Kind::kExact || statement::JudgesExact(op); }
};

// Whether by_instructions is right for a step in IEEE mode and lanes of `lane_bits` bits.
bool HasInstructions(const BlockStep& step, int lane_bits);

// Whether BlockOperation has the step in lanes of `lane_bits` bits, 32 or 64, on this machine.
bool HasBlockStep(const BlockStep& step, int lane_bits);

// out[i] = op(a[i], b[i], c[i]) for the `count` lanes that round up to whole vectors; `out` may be an argument. Where
// the operation takes fewer arguments the rest is not read. On hardware the caller has set the mode.
template <typename T>
using BlockOperation = void(const BlockStep& step, const T* a, const T* b, const T* c, T* out, size_t count);

// Bit i of `bits` is set where truth[i] is not zero; writes kBlock / 64 words, those from `count` on zero.
template <typename T>
using BlockBits = void(const T* truth, uint64_t* bits, size_t count);

// The low bits are a stratum (fparith/identity/search.h); kUnsure is set as well where the values do not show which
// flags were raised, so that a lower one may be true.
inline constexpr uint64_t kUnsure = 4;
// strata[i] becomes the least of what it was and what the step's result says of the case: the step was computed without
// flushing in its direction, from a[i], b[i] and c[i] to out[i]. With `all_values` overflow and NaNs say nothing.
template <typename T>
using BlockStrata = void(const BlockStep& step, bool all_values, const T* a, const T* b, const T* c, const T* out,
                         T* strata, size_t count);

// Those of an instruction set, for T = uint32_t and uint64_t. Precondition: supported, and not the fallback.
template <typename T>
struct BlockKernels {
  BlockOperation<T>* operate;
  BlockBits<T>* bits;
  BlockStrata<T>* lower_strata;

  static BlockKernels For(Isa isa);
};
template <>
BlockKernels<uint32_t> BlockKernels<uint32_t>::For(Isa isa);
template <>
BlockKernels<uint64_t> BlockKernels<uint64_t>::For(Isa isa);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_SEARCH_BLOCK_STEP_H_
