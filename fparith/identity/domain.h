// Domain: what the condition of a statement says about one variable alone, so that only such operands are tried.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_IDENTITY_DOMAIN_H_
#define FPLAB_FPARITH_IDENTITY_DOMAIN_H_

#include <cstdint>
#include <span>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::identity {

// A range of values in their order, -0 before +0, and what else they are known to be. With `patterns` every bit pattern
// instead, NaNs included. Bits and places are WideBits, as there are wide numbers; those of any other type fit into 64.
struct FPLAB_EXPORT Domain {
  statement::Type type;
  bool patterns = false;
  WideBits first = 0, last = 0;  // places in the order, both included; first > last: no value at all
  bool is_integral = false;      // of a number: a whole one
  bool is_power_of_two = false;  // of a number: and positive

  // The place of a value that is not NaN, and the value at a place: the least value of the type (the least finite one
  // of a format) is at 0. Infinities have places beside the greatest finite ones, beyond the range.
  WideBits PlaceOf(WideBits bits) const;
  WideBits At(WideBits place) const;
  bool Contains(WideBits bits) const;

  // How many values there are in the range; 2^64 - 1 if there are that many or more.
  uint64_t Size() const;
  // The value number `i`, 0 <= i < Size(): by magnitude where both signs are in the range, the positive of two first.
  WideBits Numbered(uint64_t i) const;
  // Those from number `i` on: their low 64 bits, and of wide numbers the others to `upper`, which is as long then.
  // Precondition: i + out.size() <= Size().
  void Fill(uint64_t i, std::span<uint64_t> out, std::span<uint64_t> upper = {}) const;
  // Whether every finite number, or integer, or every pattern is in the range.
  bool IsEverything() const;
};

// All operands of a type; of numbers the finite ones, or every pattern.
FPLAB_EXPORT Domain Everything(const statement::Type& type, bool all_values);

// By variable. A condition that no value of a variable meets gives an empty domain. Whatever the condition says besides
// is left to its evaluation. `all_values`: infinities and NaNs are operands, too.
FPLAB_EXPORT std::vector<Domain> DomainsOf(const statement::Expression& expression, bool all_values);

}  // namespace fplab::identity

#endif  // FPLAB_FPARITH_IDENTITY_DOMAIN_H_
