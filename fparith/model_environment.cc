// Names of the model's environments and flags, and which environment this machine is.
#include <array>
#include <utility>

#include "fparith/error.h"
#include "fparith/model.h"

namespace fplab {
namespace {

constexpr std::array<std::pair<std::string_view, FlushSemantics>, 4> kSemantics = {
    {{"A", FlushSemantics::kAfterRounding},
     {"B", FlushSemantics::kBeforeRounding},
     {"C", FlushSemantics::kIeeeThenZero},
     {"D", FlushSemantics::kNoSubnormals}}};

}  // namespace

FlushSemantics HardwareFlushSemantics() {
#if defined(__x86_64__)
  return FlushSemantics::kAfterRounding;
#else
  return FlushSemantics::kBeforeRounding;
#endif
}

Environment HardwareEnvironment(Mode mode) {
#if defined(__x86_64__)
  return {mode, Tininess::kAfterRounding, HardwareFlushSemantics()};
#else
  return {mode, Tininess::kBeforeRounding, HardwareFlushSemantics()};
#endif
}

std::string_view Name(FlushSemantics semantics) { return kSemantics[static_cast<size_t>(semantics)].first; }

std::string_view Name(Tininess tininess) { return tininess == Tininess::kBeforeRounding ? "before" : "after"; }

FlushSemantics ParseFlushSemantics(std::string_view name) {
  for (const auto& [known, semantics] : kSemantics) {
    if (known == name) return semantics;
  }
  throw Error("flush semantics '{}' is not known; expected A, B, C or D", name);
}

Tininess ParseTininess(std::string_view name) {
  if (name == "before") return Tininess::kBeforeRounding;
  if (name == "after") return Tininess::kAfterRounding;
  throw Error("tininess '{}' is not known; expected before or after", name);
}

std::string DescribeFlags(Flags flags) {
  static constexpr std::array<const char*, 6> kNames = {"inexact",        "underflow", "overflow",
                                                        "divide-by-zero", "invalid",   "denormal"};
  std::string text;
  for (size_t i = 0; i < kNames.size(); ++i) {
    if ((flags >> i & 1) != 0) text.append(text.empty() ? "" : " ").append(kNames[i]);
  }
  return text.empty() ? "none" : text;
}

}  // namespace fplab
