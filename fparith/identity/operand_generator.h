// Where to look for counterexamples: operands by bit pattern, drawn from strata around the boundaries of a format.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_IDENTITY_OPERAND_GENERATOR_H_
#define FPLAB_FPARITH_IDENTITY_OPERAND_GENERATOR_H_

#include <cstdint>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/float/wide_format.h>

namespace fplab::identity {

// A small counter-based generator (SplitMix64): the same seed gives the same numbers everywhere.
class FPLAB_EXPORT RandomBits {
 public:
  explicit RandomBits(uint64_t seed) : state_(seed) {}
  uint64_t Next();
  // Uniform in [low, high], up to a bias of 2^-32 or so; precondition: low <= high and high - low < 2^32.
  int64_t Between(int64_t low, int64_t high);
  bool OneIn(int n) { return Between(1, n) == 1; }

 private:
  uint64_t state_;
};

// How a drawn operand stands to an earlier one.
enum class Relation : uint8_t {
  kSameMagnitude,
  kNeighbour,
  kSameExponent,
  kNearExponent,      // within the precision
  kProductAtEdge,     // the product within some binades of min normal
  kProductAboveEdge,  // up to 2^p above it
  kQuotientAtEdge,    // the quotient within 2^p above min normal
  kProductOne,
  kNone,
};

// Draws operands of one format, F a Format or a WideFormat. Single values come from strata: zeros, the ends and the
// middle of the subnormals, min normal and max finite give or take some ulps, the band [min normal, 2^(p-1) min normal)
// in which differences may be subnormal, one give or take some ulps, powers of two, small integers, few significand
// bits, numbers whose square or reciprocal is near min normal, and uniform bit patterns. Later operands are often
// related to earlier ones: equal, opposite or neighbouring, of a near exponent, or such that a product or a quotient is
// near min normal.
template <class F>
class FPLAB_EXPORT BasicOperandGenerator {
 public:
  using Bits = decltype(F().One());
  using Relation = identity::Relation;

  BasicOperandGenerator(const F& format, uint64_t seed) : format_(format), random_(seed) {}

  // A finite value.
  Bits Value();
  Relation PickRelation() { return static_cast<Relation>(random_.Between(0, 11) * 8 / 11); }
  // A finite value that stands in that relation to `other` (finite), of either sign.
  Bits Related(Bits other, Relation relation);
  // A positive power of two, subnormal ones included.
  Bits PowerOfTwo();
  // Any bit pattern: a finite value mostly, or an infinity or NaN.
  Bits AnyPattern();
  // A NaN of either sign, quiet or signaling, that carries nothing, little, one bit or anything; the canonical one of a
  // format with no others.
  Bits AnyNan();

  RandomBits& random() { return random_; }

 private:
  // Uniform in all bits.
  Bits AnyBits();
  // The value with leading bit 2^exponent and a random fraction; clamped to the finite range, subnormal below it.
  Bits WithExponent(int exponent, Bits fraction) const;
  Bits Fraction();
  // Any fraction, and an exponent between exponent + low and exponent + high.
  Bits Around(int exponent, int64_t low, int64_t high);
  Bits NearBits(Bits magnitude);
  Bits Magnitude();

  F format_;
  RandomBits random_;
};

extern template class BasicOperandGenerator<Format>;
extern template class BasicOperandGenerator<WideFormat>;

using OperandGenerator = BasicOperandGenerator<Format>;
using WideOperandGenerator = BasicOperandGenerator<WideFormat>;

}  // namespace fplab::identity

#endif  // FPLAB_FPARITH_IDENTITY_OPERAND_GENERATOR_H_
