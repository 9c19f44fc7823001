// Words of literals: logic, addition, comparison, shifts.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/word.h>

#include <algorithm>
#include <bit>

#include <fplab/fparith/float/check.h>

namespace fplab::proof {
namespace {

void CheckSameWidth(const Word& a, const Word& b) { FPLAB_CHECK(a.size() == b.size(), "words of one width"); }

// The sum of three bits; Xor and And share nodes.
Sum FullAdder(Aig& aig, Lit a, Lit b, Lit c) {
  const Lit half = aig.Xor(a, b);
  return {{aig.Xor(half, c)}, aig.Or(aig.And(a, b), aig.And(half, c))};
}

Lit AnyFrom(Aig& aig, const Word& a, size_t first) {
  return first < a.size() ? OrOf(aig, std::span(a).subspan(first)) : kFalse;
}

Word ShiftedBy(Aig& aig, Lit condition, const Word& a, size_t distance) {
  Word result(a.size());
  for (size_t i = 0; i < a.size(); ++i) {
    result[i] = aig.Mux(condition, i >= distance ? a[i - distance] : kFalse, a[i]);
  }
  return result;
}

Lit TopIsZero(Aig& aig, const Word& a, size_t count) { return !OrOf(aig, std::span(a).last(count)); }

}  // namespace

Word ConstantWord(uint64_t value, size_t width) {
  Word word(width);
  for (size_t i = 0; i < width && i < 64; ++i) word[i] = Constant((value >> i & 1) != 0);
  return word;
}

Word InputWord(Aig& aig, size_t width) {
  Word word(width);
  for (Lit& lit : word) lit = aig.Input();
  return word;
}

bool ComesBefore(const Aig& aig, const Word& a, const Word& b) {
  const auto last_input = [&](const Word& word) {
    uint32_t last = 0;
    for (Lit lit : word) last = std::max(last, aig.LastInput(lit.node()));
    return last;
  };
  const uint32_t a_last = last_input(a), b_last = last_input(b);
  if (a_last != b_last) return a_last < b_last;
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [](Lit x, Lit y) { return x.code() < y.code(); });
}

Word Slice(const Word& a, size_t first, size_t width) {
  FPLAB_CHECK(first + width <= a.size(), "the slice lies in the word");
  const auto begin = a.begin() + static_cast<std::ptrdiff_t>(first);
  return {begin, begin + static_cast<std::ptrdiff_t>(width)};
}

Word ShiftedLeft(const Word& a, size_t distance) { return Concatenated(Word(distance), a); }

Word ZeroExtended(const Word& a, size_t width) {
  Word result = a;
  result.resize(width, kFalse);
  return result;
}

Word SignExtended(const Word& a, size_t width) {
  FPLAB_CHECK(!a.empty(), "a signed word has a sign");
  Word result = a;
  result.resize(width, a.back());
  return result;
}

Word Concatenated(const Word& low, const Word& high) {
  Word result = low;
  result.insert(result.end(), high.begin(), high.end());
  return result;
}

Lit AndOf(Aig& aig, std::span<const Lit> lits) {
  if (lits.empty()) return kTrue;
  if (lits.size() == 1) return lits[0];
  const size_t half = lits.size() / 2;
  const Lit low = AndOf(aig, lits.first(half));
  return aig.And(low, AndOf(aig, lits.subspan(half)));
}

Lit OrOf(Aig& aig, std::span<const Lit> lits) { return !AndOf(aig, Not(Word(lits.begin(), lits.end()))); }

Word Not(const Word& a) {
  Word result(a.size());
  for (size_t i = 0; i < a.size(); ++i) result[i] = !a[i];
  return result;
}

Word Masked(Aig& aig, const Word& a, Lit keep) {
  Word result(a.size());
  for (size_t i = 0; i < a.size(); ++i) result[i] = aig.And(a[i], keep);
  return result;
}

Word XorWith(Aig& aig, const Word& a, Lit flip) {
  Word result(a.size());
  for (size_t i = 0; i < a.size(); ++i) result[i] = aig.Xor(a[i], flip);
  return result;
}

Word MuxWord(Aig& aig, Lit condition, const Word& then, const Word& otherwise) {
  CheckSameWidth(then, otherwise);
  Word result(then.size());
  for (size_t i = 0; i < then.size(); ++i) result[i] = aig.Mux(condition, then[i], otherwise[i]);
  return result;
}

Sum AddWords(Aig& aig, const Word& a, const Word& b, Lit carry_in) {
  CheckSameWidth(a, b);
  Sum sum{Word(a.size()), carry_in};
  for (size_t i = 0; i < a.size(); ++i) {
    const Sum bit = FullAdder(aig, a[i], b[i], sum.carry);
    sum.bits[i] = bit.bits[0];
    sum.carry = bit.carry;
  }
  return sum;
}

Sum SubtractWords(Aig& aig, const Word& a, const Word& b) { return AddWords(aig, a, Not(b), kTrue); }

Sum Increment(Aig& aig, const Word& a, Lit carry_in) {
  Sum sum{Word(a.size()), carry_in};
  for (size_t i = 0; i < a.size(); ++i) {
    sum.bits[i] = aig.Xor(a[i], sum.carry);
    sum.carry = aig.And(a[i], sum.carry);
  }
  return sum;
}

Word Decrement(Aig& aig, const Word& a, Lit borrow) { return Not(Increment(aig, Not(a), borrow).bits); }

Lit EqualWords(Aig& aig, const Word& a, const Word& b) {
  CheckSameWidth(a, b);
  Word differ(a.size());
  for (size_t i = 0; i < a.size(); ++i) differ[i] = aig.Xor(a[i], b[i]);
  return !OrOf(aig, differ);
}

Lit LessWord(Aig& aig, const Word& a, const Word& b) {
  CheckSameWidth(a, b);
  Lit less = kFalse;
  for (size_t i = 0; i < a.size(); ++i) less = aig.Mux(aig.Xor(a[i], b[i]), b[i], less);
  return less;
}

Word ShiftLeft(Aig& aig, const Word& a, const Word& amount) {
  const auto stages = static_cast<size_t>(std::bit_width(a.size()));
  Word shifted = a;
  for (size_t k = 0; k < stages && k < amount.size(); ++k) {
    shifted = ShiftedBy(aig, amount[k], shifted, size_t{1} << k);
  }
  return Masked(aig, shifted, !AnyFrom(aig, amount, stages));
}

Shifted ShiftRightSticky(Aig& aig, const Word& a, const Word& amount) {
  Shifted shifted{a, kFalse};
  const size_t width = a.size();
  const auto stages = static_cast<size_t>(std::bit_width(width));
  for (size_t k = 0; k < stages && k < amount.size(); ++k) {
    const size_t distance = size_t{1} << k;
    Word& bits = shifted.bits;
    const Lit lost = OrOf(aig, std::span(bits).first(std::min(distance, width)));
    shifted.sticky = aig.Or(shifted.sticky, aig.And(amount[k], lost));
    for (size_t i = 0; i < width; ++i) {
      bits[i] = aig.Mux(amount[k], i + distance < width ? bits[i + distance] : kFalse, bits[i]);
    }
  }
  const Lit all = AnyFrom(aig, amount, stages);
  shifted.sticky = aig.Or(shifted.sticky, aig.And(all, OrOf(aig, shifted.bits)));
  shifted.bits = Masked(aig, shifted.bits, !all);
  return shifted;
}

// The greedy choice of powers of two is exact: before stage k what is still to be shifted, the lesser of the zeros and
// the room, is below 2^(k+1).
Normalised NormaliseLeft(Aig& aig, const Word& a, const Word& room, size_t max_shift) {
  FPLAB_CHECK(max_shift < a.size(), "the shift is less than the width");
  Normalised result{a, room};
  for (auto k = static_cast<size_t>(std::bit_width(max_shift)); k-- > 0;) {
    const size_t distance = size_t{1} << k;
    const Lit shift = aig.And(TopIsZero(aig, result.bits, distance), AnyFrom(aig, result.room, k));
    result.bits = ShiftedBy(aig, shift, result.bits, distance);
    if (k >= room.size()) continue;
    const Word upper = Decrement(aig, Slice(result.room, k, room.size() - k), shift);
    result.room = Concatenated(Slice(result.room, 0, k), upper);
  }
  return result;
}

Leading NormaliseFully(Aig& aig, const Word& a) {
  const auto stages = static_cast<size_t>(std::bit_width(a.size() - 1));
  Leading result{a, Word(stages)};
  for (size_t k = stages; k-- > 0;) {
    const size_t distance = size_t{1} << k;
    result.zeros[k] = TopIsZero(aig, result.bits, distance);
    result.bits = ShiftedBy(aig, result.zeros[k], result.bits, distance);
  }
  return result;
}

}  // namespace fplab::proof
