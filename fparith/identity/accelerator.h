// Accelerator: threads and vector instructions for a search, which a library above may lend. Results are the same
// without.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_IDENTITY_ACCELERATOR_H_
#define FPLAB_FPARITH_IDENTITY_ACCELERATOR_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include <fplab/fparith/mode/mode.h>
#include <fplab/fparith/statement/evaluator.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::identity {

// Cases of a block; a block's bits are kBlockCases / 64 words, bit i % 64 of word i / 64 that of case i.
inline constexpr size_t kBlockCases = 1024;
// In the place of a Stratum: the judge of single cases has to say.
inline constexpr uint8_t kUnsureStratum = 255;

// What Judge (judge.h) says of single cases, of blocks of them and on one target. Bits beyond the cases loaded are 0.
class BlockJudge {
 public:
  virtual ~BlockJudge() = default;

  // Takes the cases [first, first + count), count <= kBlockCases: those that the functions below speak of.
  virtual void Load(const statement::Cases& cases, size_t first, size_t count) = 0;
  // Which the condition admits.
  virtual void Admit(uint64_t* admitted) = 0;
  // For which the claim is true in that mode.
  virtual void Claim(Mode mode, uint64_t* holds) = 0;
  // What the evaluation without flushing, in that direction, says of each: a Stratum or kUnsureStratum.
  virtual void Classify(Rounding rounding, uint8_t* strata) = 0;
};

class Accelerator {
 public:
  virtual ~Accelerator() = default;

  virtual int Workers() const = 0;
  // body(i, worker) for every i in [0, count), in any order; worker, in [0, Workers()), is different for bodies that
  // run at the same time. An exception of a body is rethrown.
  virtual void ForEach(int count, const std::function<void(int i, int worker)>& body) = 0;
  // nullptr if some operation of the statement has no vectors. Keeps a reference to the expression.
  virtual std::unique_ptr<BlockJudge> Compile(const statement::Expression& expression, statement::Target target,
                                              bool all_values) const = 0;
};

}  // namespace fplab::identity

#endif  // FPLAB_FPARITH_IDENTITY_ACCELERATOR_H_
