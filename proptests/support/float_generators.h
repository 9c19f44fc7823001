// Floats for fplab's own tests: those of the installed component (proptests/property), with seeds that a soak moves,
// and operands of the model's functions. SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_FLOAT_GENERATORS_H_
#define FPLAB_PROPTESTS_SUPPORT_FLOAT_GENERATORS_H_

#include <rapidcheck.h>

#include <array>
#include <cstdint>
#include <vector>

#include <fplab/fparith/float/format.h>
#include <fplab/fparith/model/function.h>
#include <fplab/proptests/property/float_strata.h>
#include <fplab/proptests/property/generators.h>
#include <fplab/proptests/property/simpler_operands.h>
#include "proptests/support/moved_seed.h"

namespace fplab {

using proptests::Specials;

class RandomBits : public proptests::RandomBits {
 public:
  explicit RandomBits(uint64_t seed) : proptests::RandomBits(MovedSeed(seed)) {}
};

class FloatGenerator : public proptests::FloatStrata {
 public:
  FloatGenerator(const Format& format, Specials specials, uint64_t seed)
      : FloatStrata(format, specials, MovedSeed(seed)) {}

  // Operands for a function; integers where it takes integers.
  std::array<uint64_t, 3> Operands(const model::Function& function) {
    if (function.OperandKind() == model::ValueKind::kInteger) {
      const uint64_t any = random()() >> random().Below(64);
      return {random().Below(2) != 0 ? any : 0 - any, 0, 0};
    }
    const uint64_t a = One(), b = Partner(a);
    return {a, b, function.Arity() > 2 ? Addend(a, b) : 0};
  }
};

// Simpler tuples than `operands` (proptests::SimplerOperands), simplest first.
inline std::vector<std::array<uint64_t, 3>> SimplerTriples(const Format& format,
                                                           const std::array<uint64_t, 3>& operands) {
  std::vector<std::array<uint64_t, 3>> simpler;
  for (const auto& one : proptests::SimplerOperands(format, {operands.begin(), operands.end()})) {
    simpler.push_back({one[0], one[1], one[2]});
  }
  return simpler;
}

// The simplest operands, one step at a time, that still make `fails` true.
template <typename Fails>
std::array<uint64_t, 3> Shrink(const Format& format, std::array<uint64_t, 3> operands, const Fails& fails) {
  for (bool progress = true; progress;) {
    progress = false;
    for (const std::array<uint64_t, 3>& simpler : SimplerTriples(format, operands)) {
      if (!fails(simpler)) continue;
      operands = simpler;
      progress = true;
      break;
    }
  }
  return operands;
}

// RapidCheck's view of the same: bit patterns of `format`, shrinking as above.
inline rc::Gen<uint64_t> GenBits(const Format& format, Specials specials = Specials::kFiniteOnly) {
  return proptests::FloatBits(format, specials);
}

// Operands of a function, related as FloatGenerator::Operands makes them.
inline rc::Gen<std::array<uint64_t, 3>> GenOperands(const model::Function& function,
                                                    Specials specials = Specials::kAll) {
  const Format format = function.format;
  const bool integers = function.OperandKind() == model::ValueKind::kInteger;
  return rc::gen::shrink(proptests::DrawnFromSeed([function, specials](uint64_t seed) {
                           return FloatGenerator(function.format, specials, seed).Operands(function);
                         }),
                         [format, integers](const std::array<uint64_t, 3>& operands) {
                           return rc::seq::fromContainer(integers ? std::vector<std::array<uint64_t, 3>>()
                                                                  : SimplerTriples(format, operands));
                         });
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_FLOAT_GENERATORS_H_
