// Benchmarks of what subnormal operands and results cost, in each mode.
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <ctime>
#include <functional>
#include <span>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/kernels/matmul/matmul.h>
#include <fplab/kernels/random/random.h>
#include "bench/suites/machine.h"
#include "bench/suites/subnormal_ops.h"
#include "bench/suites/suite.h"

namespace fplab::bench {
namespace {

// A magnitude 2^exponent .. 2^(exponent+1); under -126 a subnormal below 2^(exponent+1), exact in bits; 0 for kZero.
struct Operand {
  int exponent;
};
constexpr Operand kZero{-200};

struct Case {
  const char* operation;
  const char* operands;  // "normal", "subnormal-operands" or "subnormal-results"
  ScalarPass* pass;
  Operand a, b, c;
};

// Operands and results of each case are in the class of its name in IEEE mode; subnormal operands give normal results.
const Case kCases[] = {
    {"add", "normal", AddPass, {0}, {1}, {0}},
    {"add", "subnormal-operands", AddPass, {-130}, {-120}, {0}},
    {"add", "subnormal-results", AddPass, {-130}, {-131}, {0}},
    {"mul", "normal", MulPass, {0}, {1}, {0}},
    {"mul", "subnormal-operands", MulPass, {-130}, {20}, {0}},
    {"mul", "subnormal-results", MulPass, {-70}, {-60}, {0}},
    {"fma", "normal", FmaPass, {0}, {1}, {2}},
    {"fma", "subnormal-operands", FmaPass, {-130}, {20}, {-108}},
    {"fma", "subnormal-results", FmaPass, {-70}, {-60}, kZero},
    {"div", "normal", DivPass, {0}, {1}, {0}},
    {"div", "subnormal-operands", DivPass, {-130}, {-120}, {0}},
    {"div", "subnormal-results", DivPass, {-70}, {60}, {0}},
    {"sqrt", "normal", SqrtPass, {0}, {0}, {0}},
    {"sqrt", "subnormal-operands", SqrtPass, {-130}, {0}, {0}},
};

constexpr size_t kCount = 1024, kStride = kCount + 240;

float Magnitude(Operand operand, uint32_t random) {
  const uint32_t fraction = random & 0x7fffff;
  if (operand.exponent == kZero.exponent) return 0.0f;
  if (operand.exponent >= -126) return FloatFromBits(static_cast<uint32_t>(operand.exponent + 127) << 23 | fraction);
  return FloatFromBits((0x800000 | fraction) >> (-126 - operand.exponent));
}

template <typename Floats>
void FillMagnitudes(Operand operand, uint32_t stream, Floats&& out) {
  std::vector<uint32_t> bits(out.size());
  kernels::FillBits({stream, {}}, bits.data(), bits.size(), kernels::BestIsa());
  for (size_t i = 0; i < bits.size(); ++i) out[i] = Magnitude(operand, bits[i]);
}

template <typename Floats>
double SubnormalShare(const Floats& x) {
  size_t subnormals = 0;
  for (float v : x) subnormals += IsSubnormal(v) ? 1 : 0;
  return static_cast<double>(subnormals) / static_cast<double>(x.size());
}

// Of operations, those with a subnormal operand. An operand that an operation doesn't read is not subnormal.
double SubnormalShare(std::span<const float> a, std::span<const float> b, std::span<const float> c) {
  size_t subnormals = 0;
  for (size_t i = 0; i < a.size(); ++i) subnormals += IsSubnormal(a[i]) || IsSubnormal(b[i]) || IsSubnormal(c[i]);
  return static_cast<double>(subnormals) / static_cast<double>(a.size());
}

double ThreadNanoseconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// Times `run` and reports ticks and nanoseconds for each of its `operations`.
void Measure(benchmark::State& state, double operations, const std::function<void()>& run) {
  const double start = ThreadNanoseconds();
  for (auto _ : state) {
    run();
    benchmark::ClobberMemory();
  }
  const double ns = (ThreadNanoseconds() - start) / (operations * static_cast<double>(state.iterations()));
  state.counters["ns"] = ns;
  state.counters["ticks"] = ns * TicksPerNanosecond();
}

void MeasureScalar(benchmark::State& state, const Case& which, Mode mode) {
  // One block, the arrays at offsets far apart modulo 4096 bytes: a load that follows a store to the same offset of
  // another page waits for it.
  kernels::AlignedBuffer block(4 * kStride);
  const std::span<float> a(block.data(), kCount), b(a.data() + kStride, kCount), c(b.data() + kStride, kCount),
      out(c.data() + kStride, kCount);
  FillMagnitudes(which.a, 1, a);
  FillMagnitudes(which.b, 2, b);
  FillMagnitudes(which.c, 3, c);
  ScalarPass* volatile pass = which.pass;
  pass(a.data(), b.data(), c.data(), out.data(), kCount);  // in IEEE mode: what the shares are of
  state.counters["subnormal_operands"] = SubnormalShare(a, b, c);
  state.counters["subnormal_results"] = SubnormalShare(out);
  Measure(state, kCount, [&] {
    const ScopedMode guard(mode);
    pass(a.data(), b.data(), c.data(), out.data(), kCount);
  });
}

struct MatmulCase {
  const char* operands;
  Operand x, w;
};

constexpr MatmulCase kMatmulCases[] = {
    {"normal", {0}, {0}}, {"subnormal-operands", {-130}, {20}}, {"subnormal-results", {-76}, {-66}}};

// One batch of 64 through a layer of 784 x 512; the sums of subnormal products stay below min normal.
void MeasureMatmul(benchmark::State& state, const MatmulCase& which, Mode mode) {
  constexpr int kSteps = 784, kUnits = 512, kBatch = 64;
  kernels::PanelMatrix x(kSteps, kBatch), w(kSteps, kUnits), y(kUnits, kBatch);
  FillMagnitudes(which.x, 1, x.buffer());
  FillMagnitudes(which.w, 2, w.buffer());
  kernels::MatmulTransposed(w.view(), x.view(), y.view(), {kernels::BestIsa(), kIeee});
  state.counters["subnormal_operands"] = SubnormalShare(x.buffer());
  state.counters["subnormal_results"] = SubnormalShare(y.buffer());
  Measure(state, static_cast<double>(kSteps) * kUnits * kBatch, [&] {
    kernels::MatmulTransposed(w.view(), x.view(), y.view(), {kernels::BestIsa(), mode});
  });
}

}  // namespace

void RegisterSubnormals() {
  for (Mode mode : kFlushModes) {
    if (!HardwareSupports(mode)) continue;
    for (const Case& which : kCases) {
      if (which.pass == FmaPass && !HasScalarFma()) continue;
      const std::string name = fmt::format("subnormals/{}/{}/{}", which.operation, which.operands, Name(mode));
      benchmark::RegisterBenchmark(name.c_str(),
                                   [&which, mode](benchmark::State& state) { MeasureScalar(state, which, mode); });
    }
    for (const MatmulCase& which : kMatmulCases) {
      const std::string name = fmt::format("subnormals/matmul/{}/{}", which.operands, Name(mode));
      benchmark::RegisterBenchmark(name.c_str(),
                                   [&which, mode](benchmark::State& state) { MeasureMatmul(state, which, mode); });
    }
  }
}

}  // namespace fplab::bench
