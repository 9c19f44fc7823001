// Wide arithmetic by MPFR, for tests.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_WIDE_JUDGE_H_
#define FPLAB_PROPTESTS_SUPPORT_WIDE_JUDGE_H_

#include <cstdint>

#include <fplab/fparith/float/wide_format.h>
#include <fplab/fparith/mode/mode.h>

namespace fplab {

enum class WideFunction : uint8_t { kAdd, kSub, kMul, kDiv, kSqrt, kFma };

// Whether MPFR was there when the tests were built.
bool HaveWideJudge();

struct WideJudgement {
  WideBits bits;
  bool inexact, overflow;
};

// Precondition: HaveWideJudge(), and the direction is not to the nearest away from zero, nor to odd.
WideJudgement JudgeWide(WideFunction function, const WideFormat& format, Rounding rounding, WideBits a, WideBits b,
                        WideBits c);

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_WIDE_JUDGE_H_
