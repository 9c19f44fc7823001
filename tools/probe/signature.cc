// The table of names.
// SPDX-License-Identifier: Apache-2.0
#include "tools/probe/signature.h"

#include <array>

namespace fplab::tools {
namespace {

constexpr Signature Of(Operation operation, Interface interface, bool is_double = false) {
  return {operation, interface, is_double};
}

const std::vector<KnownFunction>& PluginKinds() {
  static const std::vector<KnownFunction> kinds = {
      {"matmul", Of(Operation::kProduct, Interface::kPlain)},
      {"matmul64", Of(Operation::kProduct, Interface::kPlain, true)},
      {"dot", Of(Operation::kDot, Interface::kPlain)},
      {"dot64", Of(Operation::kDot, Interface::kPlain, true)},
      {"f32", Of(Operation::kUnary, Interface::kPlain)},
      {"f64", Of(Operation::kUnary, Interface::kPlain, true)},
  };
  return kinds;
}

constexpr std::array<KnownFunction, 18> kBlas = {{
    {"cblas_sgemm", Of(Operation::kProduct, Interface::kCblas)},
    {"cblas_dgemm", Of(Operation::kProduct, Interface::kCblas, true)},
    {"cblas_sdot", Of(Operation::kDot, Interface::kCblas)},
    {"cblas_ddot", Of(Operation::kDot, Interface::kCblas, true)},
    {"cblas_sgemv", Of(Operation::kMatrixVector, Interface::kCblas)},
    {"cblas_snrm2", Of(Operation::kNorm, Interface::kCblas)},
    {"cblas_sasum", Of(Operation::kAbsoluteSum, Interface::kCblas)},
    {"cblas_saxpy", Of(Operation::kAxpy, Interface::kCblas)},
    {"sgemm_", Of(Operation::kProduct, Interface::kFortran)},
    {"dgemm_", Of(Operation::kProduct, Interface::kFortran, true)},
    {"sdot_", Of(Operation::kDot, Interface::kFortran)},
    {"ddot_", Of(Operation::kDot, Interface::kFortran, true)},
    {"sgemv_", Of(Operation::kMatrixVector, Interface::kFortran)},
    {"snrm2_", Of(Operation::kNorm, Interface::kFortran)},
    {"sasum_", Of(Operation::kAbsoluteSum, Interface::kFortran)},
    {"saxpy_", Of(Operation::kAxpy, Interface::kFortran)},
    {"dnnl_sgemm", Of(Operation::kProduct, Interface::kDnnl)},
    {"libxsmm_sgemm", Of(Operation::kProduct, Interface::kFortran)},
}};

// Of binary32 and binary64, the first with an f after its name.
constexpr std::array<std::string_view, 31> kMathNames = {
    "exp",   "expf",  "exp2",   "exp2f", "exp10",  "exp10f", "expm1", "expm1f", "log",    "logf", "log2",
    "log2f", "log10", "log10f", "log1p", "log1pf", "sin",    "sinf",  "cos",    "cosf",   "tan",  "tanf",
    "asinf", "acosf", "atanf",  "sinhf", "coshf",  "tanhf",  "cbrtf", "erff",   "tgammaf"};
constexpr std::array<std::string_view, 17> kMoreMathNames = {"asin",  "acos",   "atan",  "sinh",   "cosh",  "tanh",
                                                             "asinh", "asinhf", "acosh", "acoshf", "atanh", "atanhf",
                                                             "cbrt",  "erf",    "erfc",  "erfcf",  "sqrtf"};

}  // namespace

const std::vector<KnownFunction>& KnownFunctions() {
  static const std::vector<KnownFunction> known = [] {
    std::vector<KnownFunction> all(kBlas.begin(), kBlas.end());
    const auto add = [&all](std::string_view name) {
      const bool is_float = name.ends_with('f') && name != "erf";
      all.push_back({name, Of(Operation::kUnary, Interface::kPlain, !is_float)});
    };
    for (const std::string_view name : kMathNames) add(name);
    for (const std::string_view name : kMoreMathNames) add(name);
    return all;
  }();
  return known;
}

std::optional<Signature> FindKind(std::string_view kind) {
  for (const auto* list : {&PluginKinds(), &KnownFunctions()}) {
    for (const KnownFunction& known : *list) {
      if (known.name == kind) return known.signature;
    }
  }
  return std::nullopt;
}

std::string KindNames() {
  std::string names;
  const auto add = [&names](const KnownFunction& known) {
    names += (names.empty() ? "" : ", ") + std::string(known.name);
  };
  for (const KnownFunction& known : PluginKinds()) add(known);
  for (const KnownFunction& known : kBlas) add(known);
  return names;
}

std::string Name(const Signature& signature) {
  static constexpr std::array<std::string_view, 7> kOperations = {
      "matrix product",    "matrix-vector product", "dot product", "Euclidean norm",
      "sum of magnitudes", "multiple added",        "function"};
  static constexpr std::array<std::string_view, 4> kInterfaces = {"", ", cblas", ", Fortran", ", oneDNN"};
  return std::string(kOperations[static_cast<size_t>(signature.operation)]) + " of " +
         (signature.is_double ? "binary64" : "binary32") +
         std::string(kInterfaces[static_cast<size_t>(signature.interface)]);
}

}  // namespace fplab::tools
