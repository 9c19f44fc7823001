// NanRule: which NaN an operation returns, the one question that IEEE 754-2019 leaves to machines (section 6.2.3): the
// payload and sign of an operand, and which operand's, or the machine's own.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_MODEL_NAN_RULE_H_
#define FPLAB_FPARITH_MODEL_NAN_RULE_H_

#include <cstdint>
#include <span>
#include <string_view>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/float/wide_format.h>

namespace fplab::model {

// "Quieted" is with the top bit of the fraction set, sign and the other bits as they are. Where no operand is NaN an
// invalid operation returns the rule's default NaN. What is said here holds of formats with infinities and several NaNs
// (SpecialValues::kInfinityAndNans); in any other, and in conversions from or to another, the NaN is canonical.
enum class NanRule : uint8_t {
  // Format::CanonicalNan() always.
  kCanonical,
  // SSE and AVX. The first operand that is NaN, quieted, signaling or not (Intel SDM volume 1, table 4-7 in 4.8.3.5,
  // and appendix E); of a fused a*b + c first a, then b, then c, also of infinity times zero plus NaN (14.5.1, table
  // 14-17, x*y + z), which then raises no invalid for a quiet one. The default NaN is negative, "QNaN floating-point
  // indefinite" (4.8.3.7).
  kX86,
  // Arm with FPCR.DN = 0 and AH = 0. The first signaling operand, quieted; if there is none the first quiet one (Arm
  // ARM, shared pseudocode FPProcessNaNs, FPProcessNaN). A fused addend + op1*op2 looks at its addend first
  // (FPProcessNaNs3), and infinity times zero plus a quiet NaN gives the default NaN and raises invalid (FPMulAdd). The
  // default NaN is canonical. With DN = 1 the machine is kRiscV's.
  kArm,
  // The canonical NaN always (RISC-V unprivileged ISA, "NaN generation and propagation" of the F extension). The model
  // returns what it does by kCanonical; a search tries NaNs of every kind.
  kRiscV,
};

// "canonical", "x86", "arm", "riscv". Parse throws Error that lists the accepted names.
FPLAB_EXPORT std::string_view Name(NanRule rule);
FPLAB_EXPORT NanRule ParseNanRule(std::string_view name);

// That of this machine's instructions: kX86, kArm, or kCanonical where fplab knows none.
FPLAB_EXPORT NanRule HardwareNanRule();

// Whether the rule may return any other NaN than the canonical one.
constexpr bool KeepsPayloads(NanRule rule) { return rule == NanRule::kX86 || rule == NanRule::kArm; }

// Whether the format has NaNs to tell apart.
constexpr bool HasPayloads(const Format& format) { return format.specials == SpecialValues::kInfinityAndNans; }
constexpr bool HasPayloads(const WideFormat&) { return true; }

// The bit that a quiet NaN has, and a signaling one lacks. Precondition: HasPayloads(format).
constexpr uint64_t QuietBit(const Format& format) { return uint64_t{1} << (format.FractionBits() - 1); }
constexpr WideBits QuietBit(const WideFormat& format) { return WideBits{1} << (format.FractionBits() - 1); }
// The other bits of the fraction: what a NaN may carry.
constexpr uint64_t PayloadMask(const Format& format) { return QuietBit(format) - 1; }
constexpr WideBits PayloadMask(const WideFormat& format) { return QuietBit(format) - 1; }

// The NaN that an invalid operation makes of operands none of which is NaN.
FPLAB_EXPORT uint64_t DefaultNan(NanRule rule, const Format& format);

// The NaN that an operation of these operands returns if it returns one, at most three and in the operation's own
// order: of a square root, a rounding to an integral value, sums, products, quotients and their like, Arm's FMIN, FMAX,
// FMINNM and FMAXNM. Not for MINPS and MAXPS, which return their second operand as it is.
FPLAB_EXPORT uint64_t NanOf(NanRule rule, const Format& format, std::span<const uint64_t> operands);

// The same of a fused a*b + c.
FPLAB_EXPORT uint64_t NanOfFma(NanRule rule, const Format& format, uint64_t a, uint64_t b, uint64_t c);

// The same of a conversion: the sign, the top bits of the fraction as many as `to` has, quieted, and zeros below them
// where it has more (CVTSD2SS and CVTSS2SD, Intel SDM volume 1, 4.8.3.5 and appendix E; FPConvertNaN of the Arm ARM).
FPLAB_EXPORT uint64_t NanOfConversion(NanRule rule, const Format& from, const Format& to, uint64_t a);

}  // namespace fplab::model

#endif  // FPLAB_FPARITH_MODEL_NAN_RULE_H_
