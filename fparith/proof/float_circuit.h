// The arithmetic of any Format as circuits: what fplab::model computes, bit for bit, in every mode.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_FLOAT_CIRCUIT_H_
#define FPLAB_FPARITH_PROOF_FLOAT_CIRCUIT_H_

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/mode/mode.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/proof/aig.h>
#include <fplab/fparith/proof/word.h>

namespace fplab::proof {

// model::Environment as a circuit sees it. FTZ and DAZ are literals: constants for one mode, inputs for all of them in
// one question. All of them literals of the circuit's graph.
struct CircuitMode {
  Rounding rounding = Rounding::kNearestEven;
  Lit flush_outputs = kFalse;
  Lit flush_inputs = kFalse;
  model::Tininess tininess = model::Tininess::kAfterRounding;
  model::FlushSemantics flush = model::FlushSemantics::kAfterRounding;
  Lit positive_zero = kFalse;  // what is flushed, on either side, becomes +0 instead of a zero of its sign

  static CircuitMode Of(const model::Environment& environment) {
    return {environment.mode.rounding,
            Constant(environment.mode.flush_outputs),
            Constant(environment.mode.flush_inputs),
            environment.tininess,
            environment.flush,
            Constant(environment.positive_zero)};
  }
};

// The bits of a result in its format and the flags that model::Outcome has. `tiny`: the exact result is not zero and
// tiny by the mode's rule (model::Tininess), whether it was flushed or not and whether it is exact or not.
struct FloatResult {
  Word bits;
  Lit inexact, underflow, overflow, divide_by_zero, invalid, denormal, tiny;
};

// Deliberate mistakes, for tests that show that a comparison with the model notices them.
enum class CircuitFault { kNone, kTininessBeforeRounding, kDroppedSticky };

// 32 or 64.
constexpr size_t IntegerWidth(model::IntegerType type) {
  return type == model::IntegerType::kInt32 || type == model::IntegerType::kUint32 ? 32 : 64;
}

// Operations on words of format.Width() bits, as namespace fplab::model has them: the same operands give the same bits
// and flags. Operands are sorted where the operation is commutative, so that Add(a, b) and Add(b, a) are the same
// nodes, and so are products. The graph must outlive the circuit.
class FPLAB_EXPORT FloatCircuit {
 public:
  FloatCircuit(Aig& aig, const Format& format, const CircuitMode& mode, CircuitFault fault = CircuitFault::kNone)
      : aig_(aig), format_(format), mode_(mode), fault_(fault) {}

  Aig& aig() const { return aig_; }
  const Format& format() const { return format_; }
  const CircuitMode& mode() const { return mode_; }

  Word Constant(uint64_t bits) const;
  Word Input() const;

  FloatResult Add(const Word& a, const Word& b) const;
  FloatResult Sub(const Word& a, const Word& b) const;
  FloatResult Mul(const Word& a, const Word& b) const;
  FloatResult Div(const Word& a, const Word& b) const;
  FloatResult Sqrt(const Word& a) const;
  FloatResult Fma(const Word& a, const Word& b, const Word& c) const;
  // To format `to`; inputs are flushed in this circuit's format, outputs in `to`.
  FloatResult Convert(const Format& to, const Word& a) const;

  // a * 2^n, rounded once. Precondition: the bounds of n are within 2^20 of zero.
  FloatResult ScaleB(const Word& a, const BoundedInteger& n) const;

  // model::RoundToIntegral with InexactFlag::kRaise: rint is under the mode's direction, the others have their own.
  FloatResult RoundToIntegral(Rounding rounding, const Word& a) const;
  FloatResult Ceil(const Word& a) const { return RoundToIntegral(Rounding::kUp, a); }
  FloatResult Floor(const Word& a) const { return RoundToIntegral(Rounding::kDown, a); }
  FloatResult Trunc(const Word& a) const { return RoundToIntegral(Rounding::kTowardZero, a); }
  FloatResult Rint(const Word& a) const { return RoundToIntegral(mode_.rounding, a); }

  // Integers are words of IntegerWidth(type) bits; to one as model::ToInteger with InexactFlag::kRaise.
  FloatResult FromInteger(model::IntegerType type, const Word& integer) const;
  FloatResult ToInteger(model::IntegerType type, Rounding rounding, const Word& a) const;

  // The operand stage of every operation above: a zero for a subnormal under DAZ.
  Word FlushInput(const Word& a) const;

  // Under the mode: operands pass through FlushInput. model::Equal and so on, without their flags.
  Lit EqualInMode(const Word& a, const Word& b) const;
  Lit LessInMode(const Word& a, const Word& b) const;
  Lit LessEqualInMode(const Word& a, const Word& b) const;
  Word X86Min(const Word& a, const Word& b) const;
  Word X86Max(const Word& a, const Word& b) const;
  Word MinimumNumber(const Word& a, const Word& b) const;
  Word MaximumNumber(const Word& a, const Word& b) const;
  Word MinNum(const Word& a, const Word& b) const;
  Word MaxNum(const Word& a, const Word& b) const;
  Word Minimum(const Word& a, const Word& b) const;
  Word Maximum(const Word& a, const Word& b) const;

  // Not subject to the mode. IEEE comparisons of values: NaN is unordered, and unequal to itself.
  Lit Equal(const Word& a, const Word& b) const;
  Lit Less(const Word& a, const Word& b) const;
  Lit LessEqual(const Word& a, const Word& b) const;
  // As fplab judges results, == and === of its statements: any NaN is the same as any NaN; the zeros are one value, but
  // not the same bits (Format::SameBits).
  Lit SameValue(const Word& a, const Word& b) const;
  Lit SameBits(const Word& a, const Word& b) const;

  Lit IsNan(const Word& a) const;
  Lit IsInfinite(const Word& a) const;
  Lit IsFinite(const Word& a) const;
  Lit IsZero(const Word& a) const;
  Lit IsNormal(const Word& a) const;
  Lit IsSubnormal(const Word& a) const;
  Lit IsSignalingNan(const Word& a) const;
  Lit IsPowerOfTwo(const Word& a) const;  // a positive one
  Lit SignBit(const Word& a) const { return a.back(); }

  Word Negate(const Word& a) const;
  Word Abs(const Word& a) const;
  Word CopySign(const Word& magnitude, const Word& sign) const;
  Word NextUp(const Word& a) const;
  Word NextDown(const Word& a) const;
  // The gap from |a| to the next greater magnitude; of what is not finite, the canonical NaN.
  Word Ulp(const Word& a) const;

 private:
  Word WithSign(const Word& a, Lit sign) const;

  Aig& aig_;
  Format format_;
  CircuitMode mode_;
  CircuitFault fault_;
};

}  // namespace fplab::proof

#endif  // FPLAB_FPARITH_PROOF_FLOAT_CIRCUIT_H_
