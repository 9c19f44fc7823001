// ExactReal: rational numbers without rounding: what real() and error() compute with.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_EXACT_REAL_H_
#define FPLAB_FPARITH_STATEMENT_EXACT_REAL_H_

#include <cstdint>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/float/wide_format.h>

namespace fplab::statement {

// An integer over another, times a power of two; or "not finite", which every operation hands on. Obvious rather than
// fast: fractions are not reduced.
class FPLAB_EXPORT ExactReal {
 public:
  ExactReal() = default;  // zero
  // The value that `bits` has in `format`; not finite if that is infinite or NaN.
  ExactReal(const Format& format, uint64_t bits);
  ExactReal(const WideFormat& format, WideBits bits);

  bool finite() const { return finite_; }

  ExactReal operator-() const;
  ExactReal Abs() const;
  // Throw Error for a result of more than 100,000 bits; ParseExpression refuses a statement that may get there.
  friend ExactReal operator+(const ExactReal& a, const ExactReal& b);
  friend ExactReal operator*(const ExactReal& a, const ExactReal& b);
  // Not finite if b is zero.
  friend ExactReal operator/(const ExactReal& a, const ExactReal& b);

  // |computed - exact| in ulps of the exact value: 2^(e - p + 1) where 2^e <= |exact| < 2^(e+1) and p is the precision
  // of `format`, never less than its least subnormal number (which is an ulp of zero), and not bounded above. Not
  // finite if either number is not. In `format` itself 1/2 is the most that rounding to nearest can be off.
  static ExactReal ErrorInUlps(const Format& format, uint64_t computed, const ExactReal& exact);
  static ExactReal ErrorInUlps(const WideFormat& format, WideBits computed, const ExactReal& exact);

  // Negative, zero or positive as a is below, equal to or above b, by their difference; precondition: both are finite.
  static int Compare(const ExactReal& a, const ExactReal& b);

  // The nearest value of `format`, which has 60 bits of precision at most, ties to even, subnormals included; +0 for
  // zero, CanonicalNan() if not finite, InfiniteResult() beyond max finite.
  uint64_t RoundTo(const Format& format) const;

 private:
  // In ulps of `exact` in a format of so many fraction bits whose least subnormal number is 2^least.
  static ExactReal ErrorInUlps(int fraction_bits, int least, const ExactReal& computed, const ExactReal& exact);
  void Trim();
  // The magnitude's words when the exponent is brought down to `exponent`.
  std::vector<uint32_t> MagnitudeAt(int64_t exponent) const;
  int64_t BitLength() const;
  // e for 2^e <= |value| < 2^(e+1); precondition: finite and not zero.
  int64_t Leading() const;
  // A number without a divisor that every format of 60 bits of precision at most rounds alike.
  ExactReal WithoutDivisor() const;

  bool finite_ = true;
  bool negative_ = false;
  int64_t exponent_ = 0;             // of the unit that the magnitude counts
  std::vector<uint32_t> magnitude_;  // least significant word first, no leading zeros; empty: zero
  std::vector<uint32_t> divisor_;    // the same of what divides it; empty: one
};

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_EXACT_REAL_H_
