// Exact dyadic arithmetic on 32-bit words, by the schoolbook.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/exact_real.h>

#include <algorithm>
#include <bit>
#include <utility>

#include <fplab/fparith/float/error.h>

namespace fplab::statement {
namespace {

using Words = std::vector<uint32_t>;

constexpr int64_t kMaxBits = 100000;

void RequireLength(int64_t bits) {
  if (bits > kMaxBits) throw Error("exact arithmetic: a number of {} bits, expected at most {}", bits, kMaxBits);
}

void TrimWords(Words& words) {
  while (!words.empty() && words.back() == 0) words.pop_back();
}

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
    carry += (i < a.size() ? a[i] : 0) + uint64_t{i < b.size() ? b[i] : 0};
    sum[i] = static_cast<uint32_t>(carry);
    carry >>= 32;
  }
  TrimWords(sum);
  return sum;
}

// a - b; precondition: a >= b.
Words SubtractWords(const Words& a, const Words& b) {
  Words difference(a.size());
  uint64_t borrow = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const uint64_t value = uint64_t{a[i]} - (i < b.size() ? b[i] : 0) - borrow;
    difference[i] = static_cast<uint32_t>(value);
    borrow = value >> 63;
  }
  TrimWords(difference);
  return difference;
}

Words MultiplyWords(const Words& a, const Words& b) {
  Words product(a.size() + b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    uint64_t carry = 0;
    for (size_t j = 0; j < b.size(); ++j) {
      carry += product[i + j] + uint64_t{a[i]} * b[j];
      product[i + j] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
    product[i + b.size()] = static_cast<uint32_t>(carry);
  }
  TrimWords(product);
  return product;
}

}  // namespace

ExactReal::ExactReal(const Format& format, uint64_t bits)
    : finite_(format.IsFinite(bits)), negative_(format.SignBit(bits)) {
  if (!finite_) return;
  const int field = format.ExponentField(bits);
  const uint64_t significand = format.Fraction(bits) | (field > 0 ? format.MinNormal() : 0);
  exponent_ = format.MinExponent() - format.FractionBits() + (field > 0 ? field - 1 : 0);
  magnitude_ = {static_cast<uint32_t>(significand), static_cast<uint32_t>(significand >> 32)};
  Trim();
}

void ExactReal::Trim() {
  TrimWords(magnitude_);
  if (magnitude_.empty()) {
    negative_ = false;
    exponent_ = 0;
  }
  // Trailing zero words would only make later operations longer.
  const auto first = std::find_if(magnitude_.begin(), magnitude_.end(), [](uint32_t word) { return word != 0; });
  exponent_ += 32 * (first - magnitude_.begin());
  magnitude_.erase(magnitude_.begin(), first);
  RequireLength(BitLength());
}

int64_t ExactReal::BitLength() const {
  if (magnitude_.empty()) return 0;
  return 32 * static_cast<int64_t>(magnitude_.size()) - std::countl_zero(magnitude_.back());
}

Words ExactReal::MagnitudeAt(int64_t exponent) const {
  const auto shift = static_cast<size_t>(exponent_ - exponent);
  Words words(shift / 32, 0);
  const size_t bits = shift % 32;
  uint64_t carry = 0;
  for (uint32_t word : magnitude_) {
    carry |= uint64_t{word} << bits;
    words.push_back(static_cast<uint32_t>(carry));
    carry >>= 32;
  }
  words.push_back(static_cast<uint32_t>(carry));
  TrimWords(words);
  return words;
}

ExactReal ExactReal::operator-() const {
  ExactReal result = *this;
  result.negative_ = !negative_ && !magnitude_.empty();
  return result;
}

ExactReal ExactReal::Abs() const {
  ExactReal result = *this;
  result.negative_ = false;
  return result;
}

ExactReal operator+(const ExactReal& a, const ExactReal& b) {
  ExactReal sum;
  sum.finite_ = a.finite_ && b.finite_;
  if (!sum.finite_) return sum;
  if (a.magnitude_.empty()) return b;
  if (b.magnitude_.empty()) return a;
  sum.exponent_ = std::min(a.exponent_, b.exponent_);
  RequireLength(std::max(a.exponent_, b.exponent_) - sum.exponent_);
  const Words x = a.MagnitudeAt(sum.exponent_), y = b.MagnitudeAt(sum.exponent_);
  if (a.negative_ == b.negative_) {
    sum.negative_ = a.negative_;
    sum.magnitude_ = AddWords(x, y);
  } else {
    const bool a_larger = CompareWords(x, y) >= 0;
    sum.negative_ = a_larger ? a.negative_ : b.negative_;
    sum.magnitude_ = a_larger ? SubtractWords(x, y) : SubtractWords(y, x);
  }
  sum.Trim();
  return sum;
}

ExactReal operator*(const ExactReal& a, const ExactReal& b) {
  ExactReal product;
  product.finite_ = a.finite_ && b.finite_;
  if (!product.finite_) return product;
  RequireLength(a.BitLength() + b.BitLength() - 1);  // at the least
  product.negative_ = a.negative_ != b.negative_;
  product.exponent_ = a.exponent_ + b.exponent_;
  product.magnitude_ = MultiplyWords(a.magnitude_, b.magnitude_);
  product.Trim();
  return product;
}

int ExactReal::Compare(const ExactReal& a, const ExactReal& b) {
  const ExactReal difference = a + -b;
  if (difference.magnitude_.empty()) return 0;
  return difference.negative_ ? -1 : 1;
}

uint64_t ExactReal::RoundTo(const Format& format) const {
  if (!finite_) return format.CanonicalNan();
  if (magnitude_.empty()) return 0;
  const int64_t leading = exponent_ + BitLength() - 1;
  if (leading > format.MaxExponent()) return format.InfiniteResult(negative_);
  // The place value of the last bit that the format keeps at this magnitude.
  const int64_t least = format.MinExponent() - format.FractionBits();
  const int64_t unit = std::max<int64_t>(leading - format.FractionBits(), least);
  const int64_t dropped = unit - exponent_;
  uint64_t significand = 0, half = 0, sticky = 0;
  for (int64_t i = BitLength() - 1; i >= 0; --i) {
    const uint64_t bit = magnitude_[static_cast<size_t>(i / 32)] >> (i % 32) & 1;
    if (i >= dropped) {
      significand = significand << 1 | bit;
    } else if (i == dropped - 1) {
      half = bit;
    } else {
      sticky |= bit;
    }
  }
  if (dropped < 0) significand <<= -dropped;
  if (half != 0 && (sticky != 0 || (significand & 1) != 0)) ++significand;
  // The implicit bit adds one to the exponent field, and so does a carry out of the significand.
  const uint64_t bits = (static_cast<uint64_t>(unit - least) << format.FractionBits()) + significand;
  return bits > format.MaxFinite() ? format.InfiniteResult(negative_) : format.WithSign(negative_, bits);
}

}  // namespace fplab::statement
