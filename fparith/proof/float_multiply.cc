// Circuits of multiplication and fused multiply-add.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fplab/fparith/proof/float_circuit.h>
#include <fplab/fparith/proof/float_operand.h>
#include <fplab/fparith/proof/round_pack_circuit.h>

namespace fplab::proof {
namespace {

// A product before rounding: the field that its top bit has if it is the leading one.
struct Product {
  Lit sign;
  BoundedInteger field;
  Word significand;
};

Product MultiplyFinite(Aig& aig, const Format& format, const FloatOperand& a, const FloatOperand& b) {
  return {aig.Xor(a.sign, b.sign), Plus(aig, Plus(aig, a.field, b.field), 1 - format.Bias()),
          Multiply(aig, a.significand, b.significand)};
}

// a * b + c of finite operands in one window: precision + 3 bits, the product below them, one sticky bit. The addend
// moves; where it would stand further left than the window begins, the product is less than the window's lowest bit
// that can be kept, and its place does not matter. The product is normalised, so that bits of the addend are lost only
// where they are far below it.
UnroundedFloat AddProduct(Aig& aig, const Format& format, const CircuitMode& mode, const Product& product,
                          const FloatOperand& c) {
  const auto precision = static_cast<size_t>(format.precision);
  const size_t above = precision + 3, below = std::max(2 * precision, precision + 3);
  const size_t window = above + below + 1;
  const Leading leading = NormaliseFully(aig, product.significand);
  const Lit nothing = !leading.bits.back();
  const BoundedInteger zeros = BoundedUnsigned(leading.zeros, 0, (int64_t{1} << leading.zeros.size()) - 1);
  const BoundedInteger top = Plus(aig, Minus(aig, product.field, zeros), static_cast<int64_t>(above));
  const BoundedInteger distance = Minus(aig, top, c.field);
  const Lit addend_leads = aig.Or(nothing, distance.negative());

  const Word moved = Masked(aig, PositivePart(aig, distance), !nothing);
  const Shifted aligned = ShiftRightSticky(aig, ShiftedLeft(c.significand, window - 1 - precision), moved);
  const Word addend = Concatenated({aligned.sticky}, aligned.bits);
  const Word factor = ZeroExtended(ShiftedLeft(leading.bits, 1 + below - 2 * precision), window);

  const Lit subtract = aig.Xor(product.sign, c.sign);
  const Sum sum = AddWords(aig, addend, XorWith(aig, factor, subtract), subtract);
  const Lit reversed = aig.And(subtract, !sum.carry);  // the product is the greater
  UnroundedFloat value;
  value.sign = aig.Mux(reversed, product.sign, c.sign);
  value.zero_sign = mode.rounding == Rounding::kDown ? aig.Or(product.sign, c.sign) : aig.And(product.sign, c.sign);
  value.significand = Increment(aig, XorWith(aig, sum.bits, reversed), reversed).bits;
  value.room = Plus(aig, Mux(aig, addend_leads, c.field, top), -1);
  value.room.min = 0;  // the field is that of the addend, 1 or more, or a greater one
  value.max_leading_zeros = window - 1;
  return value;
}

}  // namespace

FloatResult FloatCircuit::Mul(const Word& first, const Word& second) const {
  const bool swap = ComesBefore(aig_, second, first);
  const FloatOperand a = Unpack(aig_, format_, mode_, swap ? second : first);
  const FloatOperand b = Unpack(aig_, format_, mode_, swap ? first : second);
  const Product product = MultiplyFinite(aig_, format_, a, b);
  UnroundedFloat value;
  value.sign = value.zero_sign = product.sign;
  value.room = Plus(aig_, product.field, -1);
  value.significand = product.significand;
  value.max_leading_zeros = static_cast<size_t>(format_.precision);  // of a subnormal by a normal; two leave no room
  const FloatResult finite = RoundPack(aig_, format_, mode_, fault_, value);
  SpecialCases special;
  special.infinite = aig_.Or(a.infinite, b.infinite);
  special.infinity_sign = product.sign;
  special.nan = special.invalid = aig_.And(special.infinite, aig_.Or(a.zero, b.zero));
  return WithSpecialCases(aig_, format_, mode_, finite, special, {&a, &b});
}

FloatResult FloatCircuit::Fma(const Word& first, const Word& second, const Word& addend) const {
  const bool swap = ComesBefore(aig_, second, first);
  const FloatOperand a = Unpack(aig_, format_, mode_, swap ? second : first);
  const FloatOperand b = Unpack(aig_, format_, mode_, swap ? first : second);
  const FloatOperand c = Unpack(aig_, format_, mode_, addend);
  const Product product = MultiplyFinite(aig_, format_, a, b);
  const FloatResult finite = RoundPack(aig_, format_, mode_, fault_, AddProduct(aig_, format_, mode_, product, c));
  SpecialCases special;
  const Lit infinite_product = aig_.Or(a.infinite, b.infinite);
  const Lit undefined_product = aig_.And(infinite_product, aig_.Or(a.zero, b.zero));
  const Lit undefined_sum = aig_.And(aig_.And(infinite_product, c.infinite), aig_.Xor(product.sign, c.sign));
  special.infinite = aig_.Or(infinite_product, c.infinite);
  special.infinity_sign = aig_.Mux(c.infinite, c.sign, product.sign);
  // A quiet NaN among the factors is no invalid sum; a product of infinity and zero is invalid beside any addend.
  special.invalid = aig_.Or(undefined_product, aig_.And(undefined_sum, !aig_.Or(a.nan, b.nan)));
  special.nan = special.invalid;
  return WithSpecialCases(aig_, format_, mode_, finite, special, {&a, &b, &c});
}

}  // namespace fplab::proof
