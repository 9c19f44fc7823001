// Words of literals, low bit first, and integer arithmetic on them as circuits. Operands of one operation are equally
// wide unless a line says otherwise; anything else aborts. SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_WORD_H_
#define FPLAB_FPARITH_PROOF_WORD_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/proof/aig.h>

namespace fplab::proof {

using Word = std::vector<Lit>;

// The low `width` bits of `value`, of zero beyond bit 63.
FPLAB_EXPORT Word ConstantWord(uint64_t value, size_t width);
FPLAB_EXPORT Word InputWord(Aig& aig, size_t width);

// A strict total order of words, by which commutative circuits sort their operands: first by the youngest input that
// they depend on, so that a function of `a` alone stands where `a` does beside a `b` that is younger.
FPLAB_EXPORT bool ComesBefore(const Aig& aig, const Word& a, const Word& b);

// Bits [first, first + width). Zeros below and above; one bit repeated.
FPLAB_EXPORT Word Slice(const Word& a, size_t first, size_t width);
FPLAB_EXPORT Word ShiftedLeft(const Word& a, size_t distance);  // wider by `distance`
FPLAB_EXPORT Word ZeroExtended(const Word& a, size_t width);    // or truncated
FPLAB_EXPORT Word SignExtended(const Word& a, size_t width);    // or truncated; precondition: not empty
FPLAB_EXPORT Word Concatenated(const Word& low, const Word& high);

// Trees of depth log2(n); of nothing kTrue and kFalse.
FPLAB_EXPORT Lit AndOf(Aig& aig, std::span<const Lit> lits);
FPLAB_EXPORT Lit OrOf(Aig& aig, std::span<const Lit> lits);

FPLAB_EXPORT Word Not(const Word& a);
FPLAB_EXPORT Word Masked(Aig& aig, const Word& a, Lit keep);   // a, or zeros
FPLAB_EXPORT Word XorWith(Aig& aig, const Word& a, Lit flip);  // a, or its complement
FPLAB_EXPORT Word MuxWord(Aig& aig, Lit condition, const Word& then, const Word& otherwise);

struct Sum {
  Word bits;
  Lit carry;
};
FPLAB_EXPORT Sum AddWords(Aig& aig, const Word& a, const Word& b, Lit carry_in);
// a - b modulo 2^width; the carry is kTrue where nothing is borrowed, a >= b.
FPLAB_EXPORT Sum SubtractWords(Aig& aig, const Word& a, const Word& b);
FPLAB_EXPORT Sum Increment(Aig& aig, const Word& a, Lit carry_in);
// a - borrow modulo 2^width, without the carry.
FPLAB_EXPORT Word Decrement(Aig& aig, const Word& a, Lit borrow);

// Of unsigned integers.
FPLAB_EXPORT Lit EqualWords(Aig& aig, const Word& a, const Word& b);
FPLAB_EXPORT Lit LessWord(Aig& aig, const Word& a, const Word& b);

// a * 2^amount modulo 2^width; `amount` of any width.
FPLAB_EXPORT Word ShiftLeft(Aig& aig, const Word& a, const Word& amount);

// a * 2^-amount with what is shifted out or-ed into `sticky`; `amount` of any width.
struct Shifted {
  Word bits;
  Lit sticky;
};
FPLAB_EXPORT Shifted ShiftRightSticky(Aig& aig, const Word& a, const Word& amount);

// a shifted left by the number of zeros above its highest one, but by no more than `room`, an unsigned integer of any
// width; and what is left of `room`. Preconditions: max_shift is less than the width, and the lesser of both is at most
// max_shift unless a is zero. Of zero: zeros, and some rest.
struct Normalised {
  Word bits;
  Word room;
};
FPLAB_EXPORT Normalised NormaliseLeft(Aig& aig, const Word& a, const Word& room, size_t max_shift);

// a shifted left until its top bit is one, and by how much. Of zero: zeros and some count.
struct Leading {
  Word bits;
  Word zeros;
};
FPLAB_EXPORT Leading NormaliseFully(Aig& aig, const Word& a);

// As wide as both together; widths may differ. Rows of ripple-carry adders. Multiply(a, b) and Multiply(b, a) are the
// same nodes.
FPLAB_EXPORT Word Multiply(Aig& aig, const Word& a, const Word& b);

// The first `digits` binary digits of a / b, whose first is worth 1, by restoring division; and whether what is left is
// not zero. Precondition: a < 2b, and b is not zero; else the digits are unspecified.
struct Digits {
  Word bits;
  Lit inexact;
};
FPLAB_EXPORT Digits DivideRestoring(Aig& aig, const Word& a, const Word& b, size_t digits);

// floor(sqrt(a)), half as wide as `a`, whose width is even; and whether a is not its square.
FPLAB_EXPORT Digits SquareRootRestoring(Aig& aig, const Word& a);

// A signed integer in two's complement with the least and greatest value it has: operations make their results as wide
// as the bounds need, so that nothing wraps.
struct BoundedInteger {
  Word bits;
  int64_t min;
  int64_t max;

  Lit negative() const { return bits.back(); }
};
FPLAB_EXPORT BoundedInteger BoundedUnsigned(const Word& a, int64_t min, int64_t max);
FPLAB_EXPORT BoundedInteger BoundedConstant(int64_t value);
FPLAB_EXPORT BoundedInteger Plus(Aig& aig, const BoundedInteger& a, const BoundedInteger& b);
FPLAB_EXPORT BoundedInteger Minus(Aig& aig, const BoundedInteger& a, const BoundedInteger& b);
FPLAB_EXPORT BoundedInteger Plus(Aig& aig, const BoundedInteger& a, int64_t constant);
FPLAB_EXPORT BoundedInteger Mux(Aig& aig, Lit condition, const BoundedInteger& then, const BoundedInteger& otherwise);
FPLAB_EXPORT BoundedInteger FloorHalf(const BoundedInteger& a);
// max(a, 0) and max(-a, 0) as unsigned integers.
FPLAB_EXPORT Word PositivePart(Aig& aig, const BoundedInteger& a);
FPLAB_EXPORT Word NegativePart(Aig& aig, const BoundedInteger& a);

}  // namespace fplab::proof

#endif  // FPLAB_FPARITH_PROOF_WORD_H_
