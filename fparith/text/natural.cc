// Schoolbook arithmetic on 32-bit words.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/text/natural.h>

#include <algorithm>
#include <bit>
#include <utility>

#include <fplab/fparith/float/check.h>

namespace fplab {

Natural::Natural(uint64_t value) : words_{static_cast<uint32_t>(value), static_cast<uint32_t>(value >> 32)} { Trim(); }

void Natural::Trim() {
  while (!words_.empty() && words_.back() == 0) words_.pop_back();
}

int Natural::BitLength() const {
  return words_.empty() ? 0 : static_cast<int>(32 * words_.size()) - std::countl_zero(words_.back());
}

void Natural::MultiplyAdd(uint32_t factor, uint32_t addend) {
  uint64_t carry = addend;
  for (uint32_t& word : words_) {
    carry += uint64_t{word} * factor;
    word = static_cast<uint32_t>(carry);
    carry >>= 32;
  }
  words_.push_back(static_cast<uint32_t>(carry));
  Trim();
}

void Natural::MultiplyByPower(uint32_t base, int exponent) {
  // As many factors at a time as a word holds.
  uint32_t power = 1;
  for (int i = 0; i < exponent; ++i) {
    if (uint64_t{power} * base > UINT32_MAX) MultiplyAdd(std::exchange(power, 1), 0);
    power *= base;
  }
  MultiplyAdd(power, 0);
}

void Natural::ShiftLeft(int bits) {
  if (IsZero()) return;
  MultiplyAdd(uint32_t{1} << (bits % 32), 0);
  words_.insert(words_.begin(), static_cast<size_t>(bits / 32), 0);
}

void Natural::Subtract(const Natural& other) {
  FPLAB_CHECK(Compare(other) >= 0, "Natural::Subtract: the difference is negative");
  uint64_t borrow = 0;
  for (size_t i = 0; i < words_.size(); ++i) {
    const uint64_t subtrahend = borrow + (i < other.words_.size() ? other.words_[i] : 0);
    borrow = words_[i] < subtrahend;
    words_[i] -= static_cast<uint32_t>(subtrahend);
  }
  Trim();
}

int Natural::Compare(const Natural& other) const {
  if (words_.size() != other.words_.size()) return words_.size() < other.words_.size() ? -1 : 1;
  for (size_t i = words_.size(); i-- > 0;) {
    if (words_[i] != other.words_[i]) return words_[i] < other.words_[i] ? -1 : 1;
  }
  return 0;
}

uint32_t Natural::DivideBy(uint32_t divisor) {
  uint64_t remainder = 0;
  for (size_t i = words_.size(); i-- > 0;) {
    remainder = remainder << 32 | words_[i];
    words_[i] = static_cast<uint32_t>(remainder / divisor);
    remainder %= divisor;
  }
  Trim();
  return static_cast<uint32_t>(remainder);
}

std::string Natural::DecimalDigits() const {
  std::string reversed;
  Natural rest = *this;
  while (!rest.IsZero()) {
    uint32_t nine_digits = rest.DivideBy(1'000'000'000);
    for (int i = 0; i < 9; ++i, nine_digits /= 10) reversed.push_back(static_cast<char>('0' + nine_digits % 10));
  }
  while (!reversed.empty() && reversed.back() == '0') reversed.pop_back();
  return {reversed.rbegin(), reversed.rend()};
}

}  // namespace fplab
