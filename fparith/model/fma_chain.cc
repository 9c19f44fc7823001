// The chain of the kernels, one model operation after the other.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/model/fma_chain.h>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/check.h>
#include <fplab/fparith/model/model.h>

namespace fplab::model {
namespace {

float FromOutcome(Outcome outcome) { return FloatFromBits(static_cast<uint32_t>(outcome.bits)); }

}  // namespace

float AddFloat(float a, float b, Mode mode) {
  return FromOutcome(Add(kBinary32, HardwareEnvironment(mode), ToBits(a), ToBits(b)));
}

float SubFloat(float a, float b, Mode mode) {
  return FromOutcome(Sub(kBinary32, HardwareEnvironment(mode), ToBits(a), ToBits(b)));
}

float MulFloat(float a, float b, Mode mode) {
  return FromOutcome(Mul(kBinary32, HardwareEnvironment(mode), ToBits(a), ToBits(b)));
}

float DivFloat(float a, float b, Mode mode) {
  return FromOutcome(Div(kBinary32, HardwareEnvironment(mode), ToBits(a), ToBits(b)));
}

float SqrtFloat(float a, Mode mode) { return FromOutcome(Sqrt(kBinary32, HardwareEnvironment(mode), ToBits(a))); }

float FmaFloat(float a, float b, float c, Mode mode) {
  return FromOutcome(Fma(kBinary32, HardwareEnvironment(mode), ToBits(a), ToBits(b), ToBits(c)));
}

float ChainDot(std::span<const float> a, const float* b, ptrdiff_t b_stride, Mode mode) {
  FPLAB_CHECK(a.empty() || b != nullptr, "ChainDot: b is null");
  const Environment environment = HardwareEnvironment(mode);
  uint64_t accumulator = 0;
  for (size_t k = 0; k < a.size(); ++k) {
    const float factor = b[static_cast<ptrdiff_t>(k) * b_stride];
    accumulator = Fma(kBinary32, environment, ToBits(a[k]), ToBits(factor), accumulator).bits;
  }
  return FloatFromBits(static_cast<uint32_t>(accumulator));
}

}  // namespace fplab::model
