// The NaNs of x86, Arm and RISC-V.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/model/nan_rule.h>

#include <array>
#include <utility>

#include <fplab/fparith/float/error.h>

namespace fplab::model {
namespace {

constexpr std::array<std::pair<std::string_view, NanRule>, 4> kRules = {
    {{"canonical", NanRule::kCanonical}, {"x86", NanRule::kX86}, {"arm", NanRule::kArm}, {"riscv", NanRule::kRiscV}}};

uint64_t Quieted(const Format& format, uint64_t nan) { return nan | QuietBit(format); }

}  // namespace

std::string_view Name(NanRule rule) { return kRules[static_cast<size_t>(rule)].first; }

NanRule ParseNanRule(std::string_view name) {
  for (const auto& [known, rule] : kRules) {
    if (known == name) return rule;
  }
  throw Error("rule of NaNs '{}' is not known; expected canonical, x86, arm or riscv", name);
}

NanRule HardwareNanRule() {
#if defined(__x86_64__)
  return NanRule::kX86;
#elif defined(__aarch64__)
  return NanRule::kArm;
#else
  return NanRule::kCanonical;
#endif
}

uint64_t DefaultNan(NanRule rule, const Format& format) {
  const bool negative = rule == NanRule::kX86 && HasPayloads(format);
  return format.CanonicalNan() | (negative ? format.SignMask() : 0);
}

uint64_t NanOf(NanRule rule, const Format& format, std::span<const uint64_t> operands) {
  if (!KeepsPayloads(rule) || !HasPayloads(format)) return DefaultNan(rule, format);
  if (rule == NanRule::kArm) {
    for (const uint64_t operand : operands) {
      if (format.IsSignalingNan(operand)) return Quieted(format, operand);
    }
  }
  for (const uint64_t operand : operands) {
    if (format.IsNan(operand)) return Quieted(format, operand);
  }
  return DefaultNan(rule, format);
}

uint64_t NanOfFma(NanRule rule, const Format& format, uint64_t a, uint64_t b, uint64_t c) {
  if (rule != NanRule::kArm) return NanOf(rule, format, std::array{a, b, c});
  const bool invalid = (format.IsInfinite(a) && format.IsZero(b)) || (format.IsZero(a) && format.IsInfinite(b));
  if (invalid && !format.IsSignalingNan(c)) return DefaultNan(rule, format);
  return NanOf(rule, format, std::array{c, a, b});
}

uint64_t NanOfConversion(NanRule rule, const Format& from, const Format& to, uint64_t a) {
  if (!HasPayloads(from) || !HasPayloads(to)) return to.CanonicalNan();
  const uint64_t nan = NanOf(rule, from, {&a, 1});
  const int more = to.FractionBits() - from.FractionBits();
  const uint64_t fraction = more >= 0 ? from.Fraction(nan) << more : from.Fraction(nan) >> -more;
  return (from.SignBit(nan) ? to.SignMask() : 0) | to.ExponentMask() | fraction;
}

}  // namespace fplab::model
