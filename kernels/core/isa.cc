// Which instruction sets this program was compiled for and this machine has.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/core/isa.h>

#include <string>

#include <fplab/fparith/float/error.h>
#include <fplab/kernels/core/targets.h>
// After targets.h.
#include "hwy/highway.h"
#include "hwy/targets.h"

namespace fplab::kernels {
namespace {

constexpr Isa kAllIsas[] = {Isa::kFallback, Isa::kNeon, Isa::kAvx2, Isa::kAvx512};

}  // namespace

std::string_view Name(Isa isa) {
  switch (isa) {
    case Isa::kFallback:
      return "fallback";
    case Isa::kNeon:
      return "neon";
    case Isa::kAvx2:
      return "avx2";
    case Isa::kAvx512:
      return "avx512";
  }
  return "?";
}

bool IsSupported(Isa isa) {
  static const auto targets = hwy::SupportedTargets();
  switch (isa) {
    case Isa::kFallback:
      return true;
    case Isa::kNeon:
      return (targets & HWY_NEON) != 0;
    case Isa::kAvx2:
      return (targets & HWY_AVX2) != 0;
    case Isa::kAvx512:
      return (targets & HWY_AVX3) != 0;
  }
  return false;
}

std::vector<Isa> SupportedIsas() {
  std::vector<Isa> isas;
  for (Isa isa : kAllIsas) {
    if (IsSupported(isa)) isas.push_back(isa);
  }
  return isas;
}

Isa BestIsa() {
  static const Isa best = SupportedIsas().back();
  return best;
}

Isa ParseIsa(std::string_view name) {
  if (name == "best") return BestIsa();
  for (Isa isa : kAllIsas) {
    if (name != Name(isa)) continue;
    if (IsSupported(isa)) return isa;
    std::string have;
    for (Isa other : SupportedIsas()) have.append(have.empty() ? "" : ", ").append(Name(other));
    throw Error("instruction set '{}' is not supported by this machine, which has: {}", name, have);
  }
  throw Error("unknown instruction set '{}': expected best, avx512, avx2, neon or fallback", name);
}

}  // namespace fplab::kernels
