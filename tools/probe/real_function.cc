// MPFR behind one class; without it there are no functions.
// SPDX-License-Identifier: Apache-2.0
#include "tools/probe/real_function.h"

#include <array>
#include <cmath>
#include <limits>
#include <utility>

#ifdef FPLAB_HAVE_MPFR
#include <mpfr.h>
#endif

namespace fplab::tools {

#ifdef FPLAB_HAVE_MPFR

namespace {

using Compute = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);

struct Entry {
  std::string_view name;
  Compute compute;
  double (*screen)(double);
};

double Exp10(double x) { return std::pow(10.0, x); }

const std::array<Entry, 25>& Entries() {
  static const std::array<Entry, 25> entries = {{
      {"exp", mpfr_exp, std::exp},       {"exp2", mpfr_exp2, std::exp2},    {"exp10", mpfr_exp10, Exp10},
      {"expm1", mpfr_expm1, std::expm1}, {"log", mpfr_log, std::log},       {"log2", mpfr_log2, std::log2},
      {"log10", mpfr_log10, std::log10}, {"log1p", mpfr_log1p, std::log1p}, {"sin", mpfr_sin, std::sin},
      {"cos", mpfr_cos, std::cos},       {"tan", mpfr_tan, std::tan},       {"asin", mpfr_asin, std::asin},
      {"acos", mpfr_acos, std::acos},    {"atan", mpfr_atan, std::atan},    {"sinh", mpfr_sinh, std::sinh},
      {"cosh", mpfr_cosh, std::cosh},    {"tanh", mpfr_tanh, std::tanh},    {"asinh", mpfr_asinh, std::asinh},
      {"acosh", mpfr_acosh, std::acosh}, {"atanh", mpfr_atanh, std::atanh}, {"cbrt", mpfr_cbrt, std::cbrt},
      {"erf", mpfr_erf, std::erf},       {"erfc", mpfr_erfc, std::erfc},    {"tgamma", mpfr_gamma, std::tgamma},
      {"sqrt", mpfr_sqrt, std::sqrt},
  }};
  return entries;
}

}  // namespace

struct RealFunction::State {
  explicit State(Compute function) : compute(function) {
    mpfr_init2(argument, 53);
    mpfr_init2(value, 160);
    mpfr_init2(difference, 200);
  }
  ~State() {
    mpfr_clear(argument);
    mpfr_clear(value);
    mpfr_clear(difference);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Compute compute;
  Format format = kBinary64;
  mpfr_t argument, value, difference;
};

bool HasRealFunctions() { return true; }

std::optional<RealFunction> RealFunction::Find(std::string_view name) {
  for (const Entry& entry : Entries()) {
    const bool is_float = name.ends_with('f') && name.substr(0, name.size() - 1) == entry.name;
    if (name == entry.name || is_float) return RealFunction(std::make_unique<State>(entry.compute), entry.screen);
  }
  return std::nullopt;
}

bool RealFunction::Evaluate(const Format& format, double x) {
  state_->format = format;
  mpfr_set_d(state_->argument, x, MPFR_RNDN);
  state_->compute(state_->value, state_->argument, MPFR_RNDN);
  if (!mpfr_number_p(state_->value)) return false;
  // The exponent of MPFR is that of a significand in [1/2, 1).
  return mpfr_zero_p(state_->value) || mpfr_get_exp(state_->value) <= format.MaxExponent() + 1;
}

bool RealFunction::IsNormal() const {
  return mpfr_zero_p(state_->value) || mpfr_get_exp(state_->value) - 1 >= state_->format.MinExponent();
}

double RealFunction::ErrorInUlps(double computed) {
  if (!std::isfinite(computed)) return std::numeric_limits<double>::infinity();
  const int least = state_->format.MinExponent() - state_->format.FractionBits();
  const long own = mpfr_zero_p(state_->value) ? least : mpfr_get_exp(state_->value) - state_->format.precision;
  const long ulp = own > least ? own : least;
  mpfr_d_sub(state_->difference, computed, state_->value, MPFR_RNDN);
  mpfr_mul_2si(state_->difference, state_->difference, -ulp, MPFR_RNDN);
  return std::abs(mpfr_get_d(state_->difference, MPFR_RNDN));
}

int RealFunction::SideOf(double computed) {
  const int side = mpfr_cmp_d(state_->value, computed);
  return std::isnan(computed) || side == 0 ? 0 : side > 0 ? -1 : 1;
}

#else

struct RealFunction::State {};

bool HasRealFunctions() { return false; }
std::optional<RealFunction> RealFunction::Find(std::string_view) { return std::nullopt; }
bool RealFunction::Evaluate(const Format&, double) { return false; }
bool RealFunction::IsNormal() const { return false; }
int RealFunction::SideOf(double) { return 0; }
double RealFunction::ErrorInUlps(double) { return std::numeric_limits<double>::infinity(); }

#endif

RealFunction::RealFunction(std::unique_ptr<State> state, double (*screen)(double))
    : state_(std::move(state)), screen_(screen) {}
RealFunction::~RealFunction() = default;
RealFunction::RealFunction(RealFunction&& other) noexcept = default;

}  // namespace fplab::tools
