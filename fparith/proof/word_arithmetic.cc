// Words of literals: products, quotients, square roots, bounded integers.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/proof/word.h>

namespace fplab::proof {
namespace {

size_t SignedWidth(int64_t min, int64_t max) {
  const auto bits = [](int64_t v) {
    return static_cast<size_t>(std::bit_width(static_cast<uint64_t>(v < 0 ? ~v : v)));
  };
  return 1 + std::max(bits(min), bits(max));
}

BoundedInteger AtWidthOf(const Word& bits, int64_t min, int64_t max) {
  return {SignExtended(bits, SignedWidth(min, max)), min, max};
}

}  // namespace

Word Multiply(Aig& aig, const Word& first, const Word& second) {
  const bool swap = ComesBefore(aig, second, first);
  const Word &a = swap ? second : first, &b = swap ? first : second;
  // Row by row: the sum so far is `low`, finished, and `sum`, in units of the row.
  Word low, sum(a.size() + 1);
  for (Lit bit : b) {
    const Sum row = AddWords(aig, Slice(sum, 0, a.size()), Masked(aig, a, bit), kFalse);
    sum = row.bits;
    sum.push_back(row.carry);
    low.push_back(sum[0]);
    sum.erase(sum.begin());
    sum.push_back(kFalse);
  }
  return Concatenated(low, Slice(sum, 0, a.size()));
}

Digits DivideRestoring(Aig& aig, const Word& a, const Word& b, size_t digits) {
  const size_t width = a.size() + 1;
  const Word divisor = ZeroExtended(b, width);
  Word remainder = ZeroExtended(a, width);
  Word quotient(digits);
  for (size_t i = digits; i-- > 0;) {
    const Sum difference = SubtractWords(aig, remainder, divisor);
    quotient[i] = difference.carry;
    // Less than the divisor, so that its top bit is free.
    remainder = MuxWord(aig, difference.carry, difference.bits, remainder);
    if (i > 0) remainder = Concatenated({kFalse}, Slice(remainder, 0, width - 1));
  }
  return {quotient, OrOf(aig, remainder)};
}

Digits SquareRootRestoring(Aig& aig, const Word& a) {
  FPLAB_CHECK(a.size() % 2 == 0, "a radicand of even width");
  const size_t digits = a.size() / 2;
  Word root, remainder;  // grow by a digit a step: remainder <= 2 * root
  for (size_t i = digits; i-- > 0;) {
    const size_t step = digits - i;  // digits of the root after it
    remainder = Concatenated(Slice(a, 2 * i, 2), remainder);
    const Word trial = ZeroExtended(Concatenated({kTrue, kFalse}, root), step + 2);
    remainder = ZeroExtended(remainder, step + 2);
    const Sum difference = SubtractWords(aig, remainder, trial);
    remainder = Slice(MuxWord(aig, difference.carry, difference.bits, remainder), 0, step + 1);
    root.insert(root.begin(), difference.carry);
  }
  return {root, OrOf(aig, remainder)};
}

BoundedInteger BoundedUnsigned(const Word& a, int64_t min, int64_t max) {
  return AtWidthOf(Concatenated(a, {kFalse}), min, max);
}

BoundedInteger BoundedConstant(int64_t value) {
  return {ConstantWord(static_cast<uint64_t>(value), SignedWidth(value, value)), value, value};
}

BoundedInteger Plus(Aig& aig, const BoundedInteger& a, const BoundedInteger& b) {
  const int64_t min = a.min + b.min, max = a.max + b.max;
  const size_t width = SignedWidth(min, max);
  return {AddWords(aig, SignExtended(a.bits, width), SignExtended(b.bits, width), kFalse).bits, min, max};
}

BoundedInteger Minus(Aig& aig, const BoundedInteger& a, const BoundedInteger& b) {
  const int64_t min = a.min - b.max, max = a.max - b.min;
  const size_t width = SignedWidth(min, max);
  return {SubtractWords(aig, SignExtended(a.bits, width), SignExtended(b.bits, width)).bits, min, max};
}

BoundedInteger Plus(Aig& aig, const BoundedInteger& a, int64_t constant) {
  return Plus(aig, a, BoundedConstant(constant));
}

BoundedInteger Mux(Aig& aig, Lit condition, const BoundedInteger& then, const BoundedInteger& otherwise) {
  const int64_t min = std::min(then.min, otherwise.min), max = std::max(then.max, otherwise.max);
  const size_t width = SignedWidth(min, max);
  return {MuxWord(aig, condition, SignExtended(then.bits, width), SignExtended(otherwise.bits, width)), min, max};
}

BoundedInteger FloorHalf(const BoundedInteger& a) {
  const Word half(a.bits.size() > 1 ? a.bits.begin() + 1 : a.bits.begin(), a.bits.end());
  return AtWidthOf(half, a.min >> 1, a.max >> 1);
}

Word PositivePart(Aig& aig, const BoundedInteger& a) {
  return Masked(aig, Slice(a.bits, 0, a.bits.size() - 1), !a.negative());
}

Word NegativePart(Aig& aig, const BoundedInteger& a) {
  const BoundedInteger negated = Minus(aig, BoundedConstant(0), a);
  return Masked(aig, Slice(negated.bits, 0, negated.bits.size() - 1), a.negative());
}

}  // namespace fplab::proof
