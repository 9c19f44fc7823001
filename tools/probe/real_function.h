// The real functions of libm, as MPFR computes them, where the build has it.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PROBE_REAL_FUNCTION_H_
#define FPLAB_TOOLS_PROBE_REAL_FUNCTION_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <fplab/fparith/float/format.h>

namespace fplab::tools {

// Whether this build can judge at all.
bool HasRealFunctions();

// One real function, and its value at one argument at a time, to 160 bits: an error of 2^-100 ulps of binary64, unless
// the value is within that of a number half way between two others, which no float or double is known to reach.
class RealFunction {
 public:
  // By libm's name, of either format: "expf" and "exp". Empty if there is none, or no MPFR.
  static std::optional<RealFunction> Find(std::string_view name);
  ~RealFunction();
  RealFunction(RealFunction&& other) noexcept;
  RealFunction& operator=(RealFunction&&) = delete;

  // The same function in the binary64 of this program's own libm: for screening, not for judging.
  double Screen(double x) const { return screen_(x); }

  // Goes to the argument. False where the value is no finite real number, or beyond the format's numbers by more than
  // rounding brings back.
  bool Evaluate(const Format& format, double x);
  // Whether the value there is zero, or at least the least normal number of the format in magnitude.
  bool IsNormal() const;
  // |computed - value| in ulps of the value: 2^(e - p + 1) where 2^e <= |value| < 2^(e+1), the least subnormal number
  // at least; infinity if `computed` is not finite.
  double ErrorInUlps(double computed);
  // -1, 0 or 1 as `computed` is below, equal to or above the value; 0 for a NaN.
  int SideOf(double computed);

 private:
  struct State;
  RealFunction(std::unique_ptr<State> state, double (*screen)(double));

  std::unique_ptr<State> state_;
  double (*screen_)(double);
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PROBE_REAL_FUNCTION_H_
