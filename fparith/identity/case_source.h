// Inside search: the tuples of operands to try, batch by batch. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_IDENTITY_CASE_SOURCE_H_
#define FPLAB_FPARITH_IDENTITY_CASE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include <fplab/fparith/identity/domain.h>
#include <fplab/fparith/identity/operand_generator.h>
#include <fplab/fparith/identity/search.h>
#include <fplab/fparith/statement/evaluator.h>

namespace fplab::identity {

// Every tuple of the domains, if there are not too many; otherwise the first operands of all variables combined
// (first_operands.h), then draws from strata. The same options give the same tuples.
class CaseSource {
 public:
  CaseSource(const statement::Expression& expression, const SearchOptions& options);

  bool exhaustive() const { return exhaustive_; }
  uint64_t total() const { return total_; }
  // Whether the last tuples came from the combinations of first operands.
  bool InFirst() const { return !exhaustive_ && done_ <= first_total_; }
  // Tuples of all operands there are that the domains exclude; 2^64 - 1 if there are that many or more.
  uint64_t outside() const { return outside_; }

  // Puts the next tuples into the first places of `cases`; returns how many, at most `batch`, 0 at the end.
  size_t Fill(statement::Cases& cases, size_t batch);

 private:
  void Count(const SearchOptions& options);
  void PrepareFirst(const statement::Expression& expression);
  void Enumerate(statement::Cases& cases, size_t i);
  void TakeFirst(statement::Cases& cases, size_t i);
  void Draw(statement::Cases& cases, size_t i);

  uint64_t DrawAlone(size_t v);
  uint64_t DrawInteger(size_t v);
  uint64_t DrawIntegral(size_t v);
  uint64_t DrawPowerOfTwo(size_t v);
  uint64_t DrawInDomain(size_t v);
  uint64_t DrawRelated(size_t v, size_t other, uint64_t value, OperandGenerator::Relation relation);

  std::vector<Domain> domains_;
  std::vector<OperandGenerator> generators_;  // by variable
  std::vector<std::vector<uint64_t>> first_;  // by variable
  bool exhaustive_ = false;
  uint64_t total_ = 0, first_total_ = 0, done_ = 0, outside_ = 0;
  std::vector<uint64_t> counters_;
};

}  // namespace fplab::identity

#endif  // FPLAB_FPARITH_IDENTITY_CASE_SOURCE_H_
