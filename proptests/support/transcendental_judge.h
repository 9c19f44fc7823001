// The judge of exp and log: the correctly rounded binary32 result, from MPFR where the build has it.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_TRANSCENDENTAL_JUDGE_H_
#define FPLAB_PROPTESTS_SUPPORT_TRANSCENDENTAL_JUDGE_H_

#include <cstdint>

namespace fplab {

enum class Transcendental { kExp, kLog };

// Values between which the correctly rounded result lies; equal but in the rare case that no MPFR is there to decide
// between two neighbours.
struct RoundedResult {
  float low, high;
};

// For any x. From the C library's binary64 function, whose error is below 2 ulps of binary64 (glibc manual, "Known
// maximum errors in math functions"); MPFR decides where that leaves the rounding open.
RoundedResult CorrectlyRounded(Transcendental function, float x);

// The same by MPFR alone, and whether the build has it.
bool HaveMpfr();
float CorrectlyRoundedByMpfr(Transcendental function, float x);

// Steps from `found` to the correctly rounded result (the nearer one, if open). 0 for NaN against NaN; 2^31 for NaN
// against a number.
uint32_t UlpsFromCorrect(float found, RoundedResult correct);

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_TRANSCENDENTAL_JUDGE_H_
