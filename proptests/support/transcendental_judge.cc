// The judge of exp and log.
// SPDX-License-Identifier: Apache-2.0
#include "proptests/support/transcendental_judge.h"

#include <algorithm>
#include <cmath>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/check.h>

#ifdef FPLAB_HAVE_MPFR
#include <mpfr.h>
#endif

namespace fplab {
namespace {

double ByLibrary(Transcendental function, float x) {
  return function == Transcendental::kExp ? std::exp(static_cast<double>(x)) : std::log(static_cast<double>(x));
}

}  // namespace

#ifdef FPLAB_HAVE_MPFR
bool HaveMpfr() { return true; }

float CorrectlyRoundedByMpfr(Transcendental function, float x) {
  // binary32: 24 bits, exponents such that the least subnormal is 0.5 * 2^-148 in MPFR's scaling.
  mpfr_set_emin(-148);
  mpfr_set_emax(128);
  mpfr_t value;
  mpfr_init2(value, 24);
  mpfr_set_flt(value, x, MPFR_RNDN);
  const int inexact =
      function == Transcendental::kExp ? mpfr_exp(value, value, MPFR_RNDN) : mpfr_log(value, value, MPFR_RNDN);
  mpfr_subnormalize(value, inexact, MPFR_RNDN);
  const float result = mpfr_get_flt(value, MPFR_RNDN);
  mpfr_clear(value);
  return result;
}
#else
bool HaveMpfr() { return false; }
float CorrectlyRoundedByMpfr(Transcendental, float) { FPLAB_CHECK(false, "this build has no MPFR"); }
#endif

RoundedResult CorrectlyRounded(Transcendental function, float x) {
  const double value = ByLibrary(function, x);
  if (std::isnan(value)) return {static_cast<float>(value), static_cast<float>(value)};
  constexpr double kError = 0x1p-51;  // 2 ulps, relative
  const auto a = static_cast<float>(value * (1 - kError)), b = static_cast<float>(value * (1 + kError));
  if (ToBits(a) == ToBits(b)) return {a, b};
  if (HaveMpfr()) {
    const float decided = CorrectlyRoundedByMpfr(function, x);
    return {decided, decided};
  }
  return {std::min(a, b), std::max(a, b)};
}

uint32_t UlpsFromCorrect(float found, RoundedResult correct) {
  if (IsNan(found) || IsNan(correct.low)) return IsNan(found) && IsNan(correct.low) ? 0 : uint32_t{1} << 31;
  return std::min(UlpDistance(found, correct.low), UlpDistance(found, correct.high));
}

}  // namespace fplab
