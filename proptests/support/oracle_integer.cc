// Schoolbook integers.
// SPDX-License-Identifier: Apache-2.0
#include "proptests/support/oracle_integer.h"

#include <algorithm>
#include <cstddef>

namespace fplab::oracle {
namespace {

using Words = std::vector<uint32_t>;

int CompareWords(const Words& a, const Words& b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  for (size_t i = a.size(); i-- > 0;) {
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}

Words AddWords(const Words& a, const Words& b) {
  Words sum(std::max(a.size(), b.size()) + 1);
  uint64_t carry = 0;
  for (size_t i = 0; i < sum.size(); ++i) {
    carry += uint64_t{i < a.size() ? a[i] : 0} + (i < b.size() ? b[i] : 0);
    sum[i] = static_cast<uint32_t>(carry);
    carry >>= 32;
  }
  return sum;
}

// a - b for a >= b.
Words SubtractWords(const Words& a, const Words& b) {
  Words difference(a.size());
  int64_t borrow = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    borrow += int64_t{a[i]} - (i < b.size() ? b[i] : 0);
    difference[i] = static_cast<uint32_t>(borrow);
    borrow >>= 32;
  }
  return difference;
}

}  // namespace

Integer::Integer(uint64_t magnitude)
    : words_{static_cast<uint32_t>(magnitude), static_cast<uint32_t>(magnitude >> 32)} {
  Trim();
}

void Integer::Trim() {
  while (!words_.empty() && words_.back() == 0) words_.pop_back();
  if (words_.empty()) negative_ = false;
}

Integer operator+(const Integer& a, const Integer& b) {
  Integer sum;
  if (a.negative_ == b.negative_) {
    sum.words_ = AddWords(a.words_, b.words_);
    sum.negative_ = a.negative_;
  } else {
    const bool a_larger = CompareWords(a.words_, b.words_) >= 0;
    sum.words_ = a_larger ? SubtractWords(a.words_, b.words_) : SubtractWords(b.words_, a.words_);
    sum.negative_ = a_larger ? a.negative_ : b.negative_;
  }
  sum.Trim();
  return sum;
}

Integer operator*(const Integer& a, const Integer& b) {
  Integer product;
  product.words_.assign(a.words_.size() + b.words_.size(), 0);
  for (size_t i = 0; i < a.words_.size(); ++i) {
    uint64_t carry = 0;
    for (size_t j = 0; j <= b.words_.size(); ++j) {
      if (i + j == product.words_.size()) break;  // the carry is zero by then
      carry += uint64_t{a.words_[i]} * (j < b.words_.size() ? b.words_[j] : 0) + product.words_[i + j];
      product.words_[i + j] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
  }
  product.negative_ = a.negative_ != b.negative_;
  product.Trim();
  return product;
}

Integer Integer::operator-() const {
  Integer result = *this;
  result.negative_ = !words_.empty() && !negative_;
  return result;
}

Integer Integer::operator<<(int bits) const {
  Integer result = *this * Integer(uint64_t{1} << (bits % 32));
  if (!result.words_.empty()) result.words_.insert(result.words_.begin(), static_cast<size_t>(bits / 32), 0);
  return result;
}

Integer Integer::operator>>(int bits) const {
  Integer result = *this << (32 - bits % 32);
  const size_t dropped = static_cast<size_t>(bits / 32) + 1;
  result.words_.erase(result.words_.begin(),
                      result.words_.begin() + static_cast<ptrdiff_t>(std::min(dropped, result.words_.size())));
  result.Trim();
  return result;
}

std::strong_ordering operator<=>(const Integer& a, const Integer& b) {
  if (a.negative_ != b.negative_) return a.negative_ ? std::strong_ordering::less : std::strong_ordering::greater;
  const int magnitude = CompareWords(a.words_, b.words_);
  return (a.negative_ ? -magnitude : magnitude) <=> 0;
}

uint64_t Integer::LowBits() const {
  const uint64_t low = words_.empty() ? 0 : words_[0];
  return words_.size() < 2 ? low : low | uint64_t{words_[1]} << 32;
}

}  // namespace fplab::oracle
