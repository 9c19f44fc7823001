// Exact rational arithmetic on 32-bit words, by the schoolbook.
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

// `words` times 2^shift.
Words ShiftedLeft(const Words& words, int64_t shift) {
  Words shifted(static_cast<size_t>(shift / 32), 0);
  uint64_t carry = 0;
  for (uint32_t word : words) {
    carry |= uint64_t{word} << (shift % 32);
    shifted.push_back(static_cast<uint32_t>(carry));
    carry >>= 32;
  }
  shifted.push_back(static_cast<uint32_t>(carry));
  TrimWords(shifted);
  return shifted;
}

int64_t BitLengthOf(const Words& words) {
  return words.empty() ? 0 : 32 * static_cast<int64_t>(words.size()) - std::countl_zero(words.back());
}

// The product of two divisors, of which none at all is one.
Words MultiplyDivisors(const Words& a, const Words& b) {
  if (a.empty() || b.empty()) return a.empty() ? b : a;
  return MultiplyWords(a, b);
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

ExactReal::ExactReal(const WideFormat& format, WideBits bits)
    : finite_(format.IsFinite(bits)), negative_(format.SignBit(bits)) {
  if (!finite_) return;
  exponent_ = format.UnitExponent(bits);
  for (WideBits rest = format.Significand(bits); rest != 0; rest >>= 32) {
    magnitude_.push_back(static_cast<uint32_t>(rest));
  }
  Trim();
}

void ExactReal::Trim() {
  TrimWords(magnitude_);
  if (magnitude_.empty()) {
    negative_ = false;
    exponent_ = 0;
    divisor_.clear();
  }
  // A divisor that is a power of two is none.
  const int64_t divided = BitLengthOf(divisor_) - 1;
  if (divided >= 0 && divisor_ == ShiftedLeft({1}, divided)) {
    exponent_ -= divided;
    divisor_.clear();
  }
  // Trailing zero words would only make later operations longer.
  const auto first = std::find_if(magnitude_.begin(), magnitude_.end(), [](uint32_t word) { return word != 0; });
  exponent_ += 32 * (first - magnitude_.begin());
  magnitude_.erase(magnitude_.begin(), first);
  RequireLength(std::max(BitLength(), BitLengthOf(divisor_)));
}

int64_t ExactReal::BitLength() const { return BitLengthOf(magnitude_); }

int64_t ExactReal::Leading() const {
  if (divisor_.empty()) return exponent_ + BitLength() - 1;
  const int64_t longer = BitLength() - BitLengthOf(divisor_);
  const Words numerator = ShiftedLeft(magnitude_, std::max<int64_t>(-longer, 0));
  const Words divisor = ShiftedLeft(divisor_, std::max<int64_t>(longer, 0));
  return exponent_ + longer - (CompareWords(numerator, divisor) < 0 ? 1 : 0);
}

ExactReal ExactReal::WithoutDivisor() const {
  if (divisor_.empty()) return *this;
  // A quotient of 62 or 63 bits by long division, and one bit more that says whether anything is left.
  constexpr int64_t kQuotientBits = 62;
  const int64_t shift = kQuotientBits - (BitLength() - BitLengthOf(divisor_));
  Words rest = ShiftedLeft(magnitude_, std::max<int64_t>(shift, 0));
  const Words divisor = ShiftedLeft(divisor_, std::max<int64_t>(-shift, 0));
  uint64_t quotient = 0;
  for (int64_t i = kQuotientBits; i >= 0; --i) {
    const Words step = ShiftedLeft(divisor, i);
    if (CompareWords(rest, step) < 0) continue;
    rest = SubtractWords(rest, step);
    quotient |= uint64_t{1} << i;
  }
  quotient = quotient << 1 | (rest.empty() ? 0 : 1);
  ExactReal result;
  result.negative_ = negative_;
  result.exponent_ = exponent_ - shift - 1;
  result.magnitude_ = {static_cast<uint32_t>(quotient), static_cast<uint32_t>(quotient >> 32)};
  result.Trim();
  return result;
}

Words ExactReal::MagnitudeAt(int64_t exponent) const { return ShiftedLeft(magnitude_, exponent_ - exponent); }

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
  if (a.divisor_ != b.divisor_) {
    ExactReal x = a, y = b;
    x.divisor_ = y.divisor_ = MultiplyDivisors(a.divisor_, b.divisor_);
    RequireLength(std::max(a.BitLength(), b.BitLength()) + BitLengthOf(x.divisor_));
    if (!b.divisor_.empty()) x.magnitude_ = MultiplyWords(x.magnitude_, b.divisor_);
    if (!a.divisor_.empty()) y.magnitude_ = MultiplyWords(y.magnitude_, a.divisor_);
    return x + y;
  }
  sum.divisor_ = a.divisor_;
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
  product.divisor_ = MultiplyDivisors(a.divisor_, b.divisor_);
  product.Trim();
  return product;
}

ExactReal operator/(const ExactReal& a, const ExactReal& b) {
  ExactReal inverse;
  inverse.finite_ = b.finite_ && !b.magnitude_.empty();
  if (!inverse.finite_) return inverse;
  inverse.negative_ = b.negative_;
  inverse.exponent_ = -b.exponent_;
  inverse.magnitude_ = b.divisor_.empty() ? Words{1} : b.divisor_;
  inverse.divisor_ = b.magnitude_;
  inverse.Trim();
  return a * inverse;
}

ExactReal ExactReal::ErrorInUlps(const Format& format, uint64_t computed, const ExactReal& exact) {
  return ErrorInUlps(format.FractionBits(), format.MinExponent() - format.FractionBits(), ExactReal(format, computed),
                     exact);
}

ExactReal ExactReal::ErrorInUlps(const WideFormat& format, WideBits computed, const ExactReal& exact) {
  return ErrorInUlps(format.FractionBits(), format.MinExponent() - format.FractionBits(), ExactReal(format, computed),
                     exact);
}

ExactReal ExactReal::ErrorInUlps(int fraction_bits, int least, const ExactReal& computed, const ExactReal& exact) {
  ExactReal error = (computed + -exact).Abs();
  if (!error.finite_ || error.magnitude_.empty()) return error;
  error.exponent_ -= exact.magnitude_.empty() ? least : std::max<int64_t>(exact.Leading() - fraction_bits, least);
  return error;
}

int ExactReal::Compare(const ExactReal& a, const ExactReal& b) {
  const ExactReal difference = a + -b;
  if (difference.magnitude_.empty()) return 0;
  return difference.negative_ ? -1 : 1;
}

uint64_t ExactReal::RoundTo(const Format& format) const {
  if (!finite_) return format.CanonicalNan();
  if (magnitude_.empty()) return 0;
  if (!divisor_.empty()) return WithoutDivisor().RoundTo(format);
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
