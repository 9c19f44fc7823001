// Inside search: the tuples of operands to try, batch by batch. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_IDENTITY_CASE_SOURCE_H_
#define FPLAB_FPARITH_IDENTITY_CASE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include <fplab/fparith/identity/domain.h>
#include <fplab/fparith/identity/operand_generator.h>
#include <fplab/fparith/identity/search.h>
#include <fplab/fparith/statement/evaluator.h>

namespace fplab::identity {

// Every tuple of the domains, if there are not too many; otherwise the first operands of all variables combined
// (first_operands.h), then draws from strata. In chunks, each of which is the same whatever came before it: the same
// options give the same tuples, whoever asks for which.
class CaseSource {
 public:
  CaseSource(const statement::Expression& expression, const SearchOptions& options);

  bool exhaustive() const { return exhaustive_; }
  uint64_t total() const { return total_; }
  uint64_t Chunks() const { return first_chunks_ + (total_ - first_total_ + kChunk - 1) / kChunk; }
  // Whether a chunk is of the combinations of first operands.
  bool IsFirst(uint64_t chunk) const { return chunk < first_chunks_; }
  // Tuples of all operands there are that the domains exclude; 2^64 - 1 if there are that many or more.
  uint64_t outside() const { return outside_; }

  // The next tuples to fill are those of the chunk; precondition: chunk < Chunks().
  void Start(uint64_t chunk);
  // Puts the next tuples into the first places of `cases`; returns how many, at most `batch`, 0 at the chunk's end.
  size_t Fill(statement::Cases& cases, size_t batch);

 private:
  // Tuples of a chunk. Of drawn ones after the first kPlainChunks one in 64 is drawn by all rules, and the others are
  // it with other significands: that costs a fraction of a draw.
  static constexpr uint64_t kChunk = uint64_t{1} << 16;
  static constexpr uint64_t kPlainChunks = 4;

  void Count(const SearchOptions& options);
  void PrepareFirst(const statement::Expression& expression);
  void EnumerateRun(statement::Cases& cases, size_t count);
  void TakeFirst(statement::Cases& cases, size_t i);
  void Draw(statement::Cases& cases, size_t i);
  bool Varies(size_t v) const;
  bool CanVary() const;
  void Vary(statement::Cases& cases, size_t begin, size_t end);

  // Whether a finite value that was drawn is in the domain.
  bool Contains(size_t v, WideBits bits) const { return everything_[v] != 0 || domains_[v].Contains(bits); }
  // Operand `v` of case `i`.
  WideBits Get(const statement::Cases& cases, size_t v, size_t i) const;
  void Put(statement::Cases& cases, size_t v, size_t i, WideBits bits) const;

  RandomBits& Random(size_t v);
  Relation PickRelation(size_t v);
  WideBits DrawAlone(size_t v);
  WideBits DrawInteger(size_t v);
  WideBits DrawIntegral(size_t v);
  WideBits DrawPowerOfTwo(size_t v);
  WideBits DrawInDomain(size_t v);
  WideBits DrawRelated(size_t v, size_t other, WideBits value, Relation relation);

  std::vector<Domain> domains_;
  std::vector<char> everything_;  // by variable: Domain::IsEverything
  std::vector<size_t> upper_;     // by variable: the word of its upper bits; 0 if it is not wide
  std::vector<std::variant<OperandGenerator, WideOperandGenerator>> generators_;  // by variable
  std::vector<std::vector<WideBits>> first_;                                      // by variable
  bool exhaustive_ = false;
  bool asks_of_nans_;  // a rule of NaNs is asked about
  uint64_t total_ = 0, first_total_ = 0, first_chunks_ = 0, outside_ = 0;
  uint64_t seed_;
  // Of the chunk under way.
  bool is_first_ = false, varies_ = false;
  uint64_t left_ = 0;
  std::vector<uint64_t> counters_;
  std::vector<uint64_t> noise_;
};

}  // namespace fplab::identity

#endif  // FPLAB_FPARITH_IDENTITY_CASE_SOURCE_H_
