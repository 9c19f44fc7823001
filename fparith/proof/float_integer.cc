// Circuits of conversion between floating point and integers.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fplab/fparith/proof/float_circuit.h>
#include <fplab/fparith/proof/float_operand.h>
#include <fplab/fparith/proof/round_pack_circuit.h>

namespace fplab::proof {
namespace {

using model::IntegerType;

bool IsSigned(IntegerType type) { return type == IntegerType::kInt32 || type == IntegerType::kInt64; }

// The magnitude of a finite number below 2^64 to an integer, and the tail below it.
struct FixedPoint {
  Word integer;  // 64 bits
  Lit half, rest;
};

// `doublings`: the exponent plus 1, of a number of at least one half; not negative.
FixedPoint PlacePoint(Aig& aig, const Word& significand, const Word& doublings) {
  const size_t precision = significand.size();
  const Word placed = ShiftLeft(aig, ZeroExtended(significand, precision + 64), doublings);
  return {Slice(placed, precision, 64), placed[precision - 1], OrOf(aig, std::span(placed).first(precision - 1))};
}

}  // namespace

FloatResult FloatCircuit::FromInteger(IntegerType type, const Word& integer) const {
  const Lit negative = IsSigned(type) ? integer.back() : kFalse;
  UnroundedFloat value;
  value.sign = negative;
  value.zero_sign = kFalse;
  value.significand = Increment(aig_, XorWith(aig_, integer, negative), negative).bits;
  const auto top_exponent = static_cast<int64_t>(integer.size()) - 1;
  value.room = BoundedConstant(top_exponent + format_.Bias() - 1);
  value.max_leading_zeros = integer.size() - 1;
  return RoundPack(aig_, format_, mode_, fault_, value);
}

FloatResult FloatCircuit::ToInteger(IntegerType type, Rounding rounding, const Word& bits) const {
  const FloatOperand a = Unpack(aig_, format_, mode_, bits);
  const size_t width = IntegerWidth(type);
  const BoundedInteger doublings = Plus(aig_, a.field, 1 - format_.Bias());
  const Lit small = doublings.negative();  // below one half
  FixedPoint x = PlacePoint(aig_, a.significand, PositivePart(aig_, doublings));
  x = {Masked(aig_, x.integer, !small), aig_.And(x.half, !small), aig_.Mux(small, !a.zero, x.rest)};

  const Lit up = RoundsUp(aig_, rounding, a.sign, x.integer[0], x.half, x.rest);
  const Sum rounded = Increment(aig_, x.integer, up);
  const Word magnitude = Concatenated(rounded.bits, {rounded.carry});
  // The greatest magnitude that is an integer of the type, by sign.
  const uint64_t mask = ~uint64_t{0} >> (64 - width), sign_bit = uint64_t{1} << (width - 1);
  const Word most = ConstantWord(IsSigned(type) ? sign_bit - 1 : mask, magnitude.size());
  const Word least = ConstantWord(IsSigned(type) ? sign_bit : 0, magnitude.size());
  const Lit too_great = LessWord(aig_, MuxWord(aig_, a.sign, least, most), magnitude);
  const Word positive_doublings = PositivePart(aig_, doublings);
  const size_t compared = std::max<size_t>(positive_doublings.size(), 7);
  const Lit beyond = LessWord(aig_, ConstantWord(64, compared), ZeroExtended(positive_doublings, compared));
  const Lit not_finite = aig_.Or(a.nan, a.infinite);
  const Lit invalid = aig_.And(!a.zero, aig_.Or(not_finite, aig_.Or(beyond, too_great)));

  FloatResult result;
  const Word integer = Increment(aig_, XorWith(aig_, Slice(magnitude, 0, width), a.sign), a.sign).bits;
  result.bits = MuxWord(aig_, invalid, ConstantWord(IsSigned(type) ? sign_bit : mask, width), integer);
  result.invalid = invalid;
  result.inexact = aig_.And(aig_.Or(x.half, x.rest), !invalid);
  if (mode_.flush == model::FlushSemantics::kBeforeRounding) {
    result.denormal = aig_.And(a.subnormal, mode_.flush_inputs);
  }
  return result;
}

}  // namespace fplab::proof
