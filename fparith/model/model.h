// The exact model: arithmetic of any Format under any Environment, by integer operations only. No result depends on the
// host's floating point or control word. Thread-safe, allocation-free, never fails: every bit pattern is a legal
// operand.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_MODEL_MODEL_H_
#define FPLAB_FPARITH_MODEL_MODEL_H_

#include <cstdint>
#include <string>
#include <string_view>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/mode/mode.h>
#include <fplab/fparith/model/nan_rule.h>

namespace fplab::model {

// When a nonzero exact result is tiny, for the underflow flag (IEEE 754-2019 section 7.5; the choice is the machine's).
enum class Tininess : uint8_t {
  kBeforeRounding,  // its magnitude is below min normal
  kAfterRounding,   // its magnitude, rounded to the precision with unbounded exponent, is below min normal
};

// Which function Mode::flush_outputs is. A flushed result is a zero with the sign of the exact result.
enum class FlushSemantics : uint8_t {
  kAfterRounding,   // A: zero if tiny after rounding, however rounded and even if exact; sets underflow and inexact.
                    //    x86 (Intel SDM volume 1, 10.2.3.3), Arm with FPCR.AH = 1
  kBeforeRounding,  // B: zero if tiny before rounding; sets underflow only. Arm FPCR.FZ with AH = 0
  kIeeeThenZero,    // C: the IEEE result, zero if that is subnormal (then underflow and inexact are set). Emulators
  kNoSubnormals,  // D: rounds to {0, min normal} as a format without subnormals has them; a tie to nearest goes to min
                  //    normal. Its only inexact results below min normal; flags as IEEE. CPFloat, chop
};

// Everything that an operation depends on besides its operands. With flush_inputs every subnormal operand counts as a
// zero of its sign, in every operation of namespace model that takes an Environment. Tininess matters to flags only.
struct Environment {
  Mode mode;
  Tininess tininess = Tininess::kAfterRounding;
  FlushSemantics flush = FlushSemantics::kAfterRounding;
  // What is flushed, operand or result, becomes +0 whatever its sign (LLVM's denormal-fp-math=positive-zero).
  bool positive_zero = false;
  // Which NaN a result is that is one. No other result depends on it.
  NanRule nans = NanRule::kCanonical;

  friend constexpr bool operator==(const Environment&, const Environment&) = default;
};

// The semantics and tininess of this machine's arithmetic: B and before rounding on AArch64, A and after on
// x86-64 and wherever nothing flushes.
FPLAB_EXPORT FlushSemantics HardwareFlushSemantics();
FPLAB_EXPORT Environment HardwareEnvironment(Mode mode);

// "A".."D"; "before", "after". Parse throws Error that lists the accepted names.
FPLAB_EXPORT std::string_view Name(FlushSemantics semantics);
// "A", or "A to +0".
FPLAB_EXPORT std::string FlushText(const Environment& environment);
FPLAB_EXPORT std::string_view Name(Tininess tininess);
FPLAB_EXPORT FlushSemantics ParseFlushSemantics(std::string_view name);
FPLAB_EXPORT Tininess ParseTininess(std::string_view name);

// Exception flags: TestFloat's bits, and one more. An operation returns the flags it raises; nothing is sticky.
using Flags = uint8_t;
inline constexpr Flags kInexact = 1;
inline constexpr Flags kUnderflow = 2;
inline constexpr Flags kOverflow = 4;
inline constexpr Flags kDivideByZero = 8;
inline constexpr Flags kInvalid = 16;
// A subnormal operand took part unflushed (x86 MXCSR.DE): not raised with an operand that is NaN, nor with invalid or
// divide-by-zero, nor by functions that round to an integer. Under semantics B: a subnormal operand was flushed (Arm
// FPSR.IDC), whatever else happened.
inline constexpr Flags kDenormal = 32;

// Those of the standard, which TestFloat writes.
inline constexpr Flags kIeeeFlags = kInexact | kUnderflow | kOverflow | kDivideByZero | kInvalid;

// "inexact underflow", in the order of the bits; "none".
FPLAB_EXPORT std::string DescribeFlags(Flags flags);

// Result of an operation: the bit pattern in the result's format (an integer in two's complement of its width, a truth
// value as 0 or 1) and the flags raised.
struct Outcome {
  uint64_t bits;
  Flags flags;

  friend constexpr bool operator==(const Outcome&, const Outcome&) = default;
};

// Correctly rounded operations (IEEE 754-2019 section 5.4.1). A NaN result is that of Environment::nans, by itself
// format.CanonicalNan(). Operands are bit patterns of `format`; bits above its width must be zero. Where IEEE has an
// infinity, by overflow, by division by zero or of infinite operands, the result is format.InfiniteResult(), with the
// flags of the infinity: NaN in a format without infinity, max finite in one that saturates or has no NaN. An operation
// that is invalid raises that in a format without NaN too, and returns max finite. Under flush_outputs, subnormal
// results are as Environment::flush says.
FPLAB_EXPORT Outcome Add(const Format& format, const Environment& environment, uint64_t a, uint64_t b);
FPLAB_EXPORT Outcome Sub(const Format& format, const Environment& environment, uint64_t a, uint64_t b);
FPLAB_EXPORT Outcome Mul(const Format& format, const Environment& environment, uint64_t a, uint64_t b);
FPLAB_EXPORT Outcome Div(const Format& format, const Environment& environment, uint64_t a, uint64_t b);
FPLAB_EXPORT Outcome Sqrt(const Format& format, const Environment& environment, uint64_t a);
// a*b + c in one rounding: the product is never rounded nor flushed. Zero times infinity is invalid even if c is NaN;
// the standard leaves that flag to the machine (7.2 c), and x86 does not raise it: neither does NanRule::kX86.
FPLAB_EXPORT Outcome Fma(const Format& format, const Environment& environment, uint64_t a, uint64_t b, uint64_t c);

// a to the nearest value of format `to` in the rounding direction. An infinity becomes to.InfiniteResult(); where that
// is NaN, invalid is raised. A NaN in a format without one becomes max finite, positive as of any NaN, and invalid is
// raised even if the NaN is quiet. flush_inputs applies to a in `from`, flush_outputs to the result in `to`, also where
// x86 has instructions that ignore them (F16C, bfloat16).
FPLAB_EXPORT Outcome Convert(const Format& from, const Format& to, const Environment& environment, uint64_t a);

// Whether a function that rounds to an integer raises inexact when the value was not one.
enum class InexactFlag : bool { kSuppress, kRaise };

// a rounded to an integral value of the same format (roundToIntegral and roundToIntegralExact, section 5.9), in the
// direction of the environment. The sign of a zero is that of a.
FPLAB_EXPORT Outcome RoundToIntegral(const Format& format, const Environment& environment, uint64_t a,
                                     InexactFlag inexact);

// Integer types as {signed, width}.
enum class IntegerType : uint8_t { kInt32, kUint32, kInt64, kUint64 };

// Integer to floating point; `value` holds the integer in its low bits, higher ones are ignored.
FPLAB_EXPORT Outcome FromInteger(const Format& format, const Environment& environment, IntegerType type,
                                 uint64_t value);
// Floating point to integer. NaN and values out of range after rounding raise invalid (alone) and give what x86 calls
// integer indefinite: 1 followed by zeros for signed types, all ones for unsigned ones.
FPLAB_EXPORT Outcome ToInteger(const Format& format, const Environment& environment, IntegerType type, uint64_t a,
                               InexactFlag inexact);

// Comparisons give 0 or 1; -0 equals +0, and NaN is unordered. A signaling NaN raises invalid, under kSignaling a quiet
// one does too (section 5.11).
enum class NanComparison : bool { kQuiet, kSignaling };
FPLAB_EXPORT Outcome Equal(const Format& format, const Environment& environment, uint64_t a, uint64_t b,
                           NanComparison nan);
FPLAB_EXPORT Outcome Less(const Format& format, const Environment& environment, uint64_t a, uint64_t b,
                          NanComparison nan);
FPLAB_EXPORT Outcome LessEqual(const Format& format, const Environment& environment, uint64_t a, uint64_t b,
                               NanComparison nan);

// minimumNumber and maximumNumber of IEEE 754-2019 section 9.6: a number wins over NaN, -0 < +0, a signaling NaN raises
// invalid. Results are never flushed; a flushed operand that wins comes back as zero.
FPLAB_EXPORT Outcome MinimumNumber(const Format& format, const Environment& environment, uint64_t a, uint64_t b);
FPLAB_EXPORT Outcome MaximumNumber(const Format& format, const Environment& environment, uint64_t a, uint64_t b);
// MINPS and MAXPS (Intel SDM volume 2): a < b ? a : b and a > b ? a : b with the comparison signaling, so that b comes
// back when either operand is NaN or both are zeros. Results are never flushed; a NaN b is returned as it is, under
// every NanRule.
FPLAB_EXPORT Outcome X86Min(const Format& format, const Environment& environment, uint64_t a, uint64_t b);
FPLAB_EXPORT Outcome X86Max(const Format& format, const Environment& environment, uint64_t a, uint64_t b);

// minNum and maxNum of IEEE 754-2008 section 5.3.1: a number wins over a quiet NaN, a signaling NaN gives NaN and
// raises invalid. Of two zeros the first comes back, as from the fmin and fmax of the GNU C library.
FPLAB_EXPORT Outcome MinNum(const Format& format, const Environment& environment, uint64_t a, uint64_t b);
FPLAB_EXPORT Outcome MaxNum(const Format& format, const Environment& environment, uint64_t a, uint64_t b);
// minimum and maximum of IEEE 754-2019 section 9.6: any NaN gives NaN, -0 < +0.
FPLAB_EXPORT Outcome Minimum(const Format& format, const Environment& environment, uint64_t a, uint64_t b);
FPLAB_EXPORT Outcome Maximum(const Format& format, const Environment& environment, uint64_t a, uint64_t b);

// a - n b, exact, for the integer n nearest to a/b, ties to even (remainder, section 5.3.1), and with a/b truncated
// (fmod of C). The sign of a zero is that of a. An infinite a or a zero b is invalid. A subnormal result is flushed as
// that of any other operation.
FPLAB_EXPORT Outcome Remainder(const Format& format, const Environment& environment, uint64_t a, uint64_t b);
FPLAB_EXPORT Outcome Fmod(const Format& format, const Environment& environment, uint64_t a, uint64_t b);

// a 2^n, rounded once (scaleB, section 5.3.3).
FPLAB_EXPORT Outcome ScaleB(const Format& format, const Environment& environment, uint64_t a, int64_t n);

// sqrt(a^2 + b^2), correctly rounded. Infinity if either operand is infinite, even beside a NaN (section 9.2.1).
FPLAB_EXPORT Outcome Hypot(const Format& format, const Environment& environment, uint64_t a, uint64_t b);

// nextUp and nextDown (section 5.3.1), no flags and no mode: the least value greater than a; of -min_subnormal -0,
// where there is one; of +infinity itself; of a NaN the NaN; of max finite format.InfiniteResult().
FPLAB_EXPORT uint64_t NextUp(const Format& format, uint64_t a);
FPLAB_EXPORT uint64_t NextDown(const Format& format, uint64_t a);

}  // namespace fplab::model

#endif  // FPLAB_FPARITH_MODEL_MODEL_H_
