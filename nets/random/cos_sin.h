// Cosine and sine of an angle in turns, from basic operations: the same bits wherever arithmetic is IEEE 754, which the
// libm of two systems does not promise.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_RANDOM_COS_SIN_H_
#define FPLAB_NETS_RANDOM_COS_SIN_H_

namespace fplab::nets {

struct CosSin {
  double cosine, sine;
};

// Precondition: |turns| < 2^31, nearest-even. Error below 2^-50: Taylor's remainder on a quarter turn is
// (pi/4)^18 / 18! < 2^-59, the rest is rounding.
inline CosSin CosSinOfTurns(double turns) {
  const auto quarters = static_cast<long>(turns * 4 + (turns < 0 ? -0.5 : 0.5));
  const double angle = (turns - static_cast<double>(quarters) / 4) * 6.283185307179586;  // within +-pi/4
  const double square = angle * angle;
  double cosine = 1, sine = 1;  // sine: of sin(angle) / angle
  for (int n = 16; n >= 2; n -= 2) {
    cosine = 1 - square / (n * (n - 1)) * cosine;
    sine = 1 - square / (n * (n + 1)) * sine;
  }
  sine *= angle;
  switch (static_cast<unsigned long>(quarters) % 4) {
    case 0:
      return {cosine, sine};
    case 1:
      return {-sine, cosine};
    case 2:
      return {-cosine, -sine};
    default:
      return {sine, -cosine};
  }
}

}  // namespace fplab::nets

#endif  // FPLAB_NETS_RANDOM_COS_SIN_H_
