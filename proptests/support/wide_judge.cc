// Wide arithmetic by MPFR's, with the format's precision and range of exponents.
// SPDX-License-Identifier: Apache-2.0
#include "proptests/support/wide_judge.h"

#include <algorithm>

#include <fplab/fparith/float/check.h>

#ifdef FPLAB_HAVE_MPFR
// mpfr_set_uj and its like
#include <cinttypes>
#define MPFR_USE_INTMAX_T
#include <mpfr.h>
#endif

namespace fplab {

#ifdef FPLAB_HAVE_MPFR
namespace {

class Number {
 public:
  explicit Number(int precision) { mpfr_init2(value_, precision); }
  Number(const WideFormat& format, WideBits bits) : Number(format.precision) {
    if (format.IsNan(bits)) {
      mpfr_set_nan(value_);
    } else if (format.IsInfinite(bits)) {
      mpfr_set_inf(value_, format.SignBit(bits) ? -1 : 1);
    } else {
      const WideBits significand = format.Significand(bits);
      Number upper(64), lower(64);
      mpfr_set_uj(upper.value_, static_cast<uint64_t>(significand >> 64), MPFR_RNDN);
      mpfr_set_uj(lower.value_, static_cast<uint64_t>(significand), MPFR_RNDN);
      mpfr_mul_2si(upper.value_, upper.value_, 64, MPFR_RNDN);
      mpfr_add(value_, upper.value_, lower.value_, MPFR_RNDN);
      mpfr_mul_2si(value_, value_, format.UnitExponent(bits), MPFR_RNDN);
      mpfr_setsign(value_, value_, format.SignBit(bits) ? 1 : 0, MPFR_RNDN);
    }
  }
  ~Number() { mpfr_clear(value_); }
  Number(const Number&) = delete;
  Number& operator=(const Number&) = delete;

  mpfr_ptr get() { return value_; }

  // Precondition: a value of the format.
  WideBits BitsIn(const WideFormat& format) {
    if (mpfr_nan_p(value_)) return format.CanonicalNan();
    const bool negative = mpfr_signbit(value_) != 0;
    if (mpfr_inf_p(value_)) return format.WithSign(negative, format.Infinity());
    if (mpfr_zero_p(value_)) return format.WithSign(negative, 0);
    const int least = format.MinExponent() - format.FractionBits();
    const int unit = std::max(static_cast<int>(mpfr_get_exp(value_)) - format.precision, least);
    mpfr_abs(value_, value_, MPFR_RNDN);
    mpfr_mul_2si(value_, value_, -unit, MPFR_RNDN);
    Number upper(64);
    mpfr_mul_2si(upper.value_, value_, -64, MPFR_RNDZ);
    const uint64_t high = mpfr_get_uj(upper.value_, MPFR_RNDZ);
    mpfr_set_uj(upper.value_, high, MPFR_RNDN);
    mpfr_mul_2si(upper.value_, upper.value_, 64, MPFR_RNDN);
    mpfr_sub(value_, value_, upper.value_, MPFR_RNDN);
    const WideBits significand = static_cast<WideBits>(high) << 64 | mpfr_get_uj(value_, MPFR_RNDN);
    return format.WithSign(negative, (static_cast<WideBits>(unit - least) << format.FractionBits()) + significand);
  }

 private:
  mpfr_t value_;
};

mpfr_rnd_t DirectionOf(Rounding rounding) {
  switch (rounding) {
    case Rounding::kNearestEven:
      return MPFR_RNDN;
    case Rounding::kTowardZero:
      return MPFR_RNDZ;
    case Rounding::kUp:
      return MPFR_RNDU;
    case Rounding::kDown:
      return MPFR_RNDD;
    default:
      CheckFailed(__FILE__, __LINE__, "a direction that MPFR has");
  }
}

int Compute(WideFunction function, mpfr_ptr result, mpfr_ptr a, mpfr_ptr b, mpfr_ptr c, mpfr_rnd_t direction) {
  switch (function) {
    case WideFunction::kAdd:
      return mpfr_add(result, a, b, direction);
    case WideFunction::kSub:
      return mpfr_sub(result, a, b, direction);
    case WideFunction::kMul:
      return mpfr_mul(result, a, b, direction);
    case WideFunction::kDiv:
      return mpfr_div(result, a, b, direction);
    case WideFunction::kSqrt:
      return mpfr_sqrt(result, a, direction);
    case WideFunction::kFma:
      break;
  }
  return mpfr_fma(result, a, b, c, direction);
}

}  // namespace

bool HaveWideJudge() { return true; }

WideJudgement JudgeWide(WideFunction function, const WideFormat& format, Rounding rounding, WideBits a, WideBits b,
                        WideBits c) {
  Number x(format, a), y(format, b), z(format, c), result(format.precision);
  const mpfr_exp_t least = mpfr_get_emin(), most = mpfr_get_emax();
  mpfr_set_emin(format.MinExponent() - format.FractionBits() + 1);
  mpfr_set_emax(format.MaxExponent() + 1);
  mpfr_clear_flags();
  const mpfr_rnd_t direction = DirectionOf(rounding);
  int inexact = Compute(function, result.get(), x.get(), y.get(), z.get(), direction);
  inexact = mpfr_subnormalize(result.get(), inexact, direction);
  const bool overflow = mpfr_overflow_p() != 0;
  mpfr_set_emin(least);
  mpfr_set_emax(most);
  return {result.BitsIn(format), inexact != 0, overflow};
}
#else
bool HaveWideJudge() { return false; }

WideJudgement JudgeWide(WideFunction, const WideFormat&, Rounding, WideBits, WideBits, WideBits) {
  CheckFailed(__FILE__, __LINE__, "MPFR is there");
}
#endif

}  // namespace fplab
