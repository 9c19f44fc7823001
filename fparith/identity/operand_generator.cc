// Strata of operands.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/operand_generator.h>

#include <algorithm>
#include <cstdlib>

#include <fplab/fparith/model/nan_rule.h>

namespace fplab::identity {

uint64_t RandomBits::Next() {
  // Sebastiano Vigna's SplitMix64: a Weyl sequence through a 64-bit finaliser.
  state_ += 0x9E3779B97F4A7C15u;
  uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

int64_t RandomBits::Between(int64_t low, int64_t high) {
  const auto count = static_cast<uint64_t>(high - low) + 1;
  return low + static_cast<int64_t>(((Next() >> 32) * count) >> 32);
}

template <class F>
auto BasicOperandGenerator<F>::WithExponent(int exponent, Bits fraction) const -> Bits {
  if (exponent > format_.MaxExponent()) return format_.MaxFinite();
  if (exponent >= format_.MinExponent()) {
    const auto field = static_cast<Bits>(exponent + format_.Bias());
    return std::min(field << format_.FractionBits() | fraction, format_.MaxFinite());
  }
  const int shift = format_.MinExponent() - exponent;
  if (shift >= format_.precision) return format_.MinSubnormal();
  return (format_.MinNormal() | fraction) >> shift;
}

template <class F>
auto BasicOperandGenerator<F>::AnyBits() -> Bits {
  if constexpr (sizeof(Bits) > sizeof(uint64_t)) {
    const Bits upper = random_.Next();
    return upper << 64 | random_.Next();
  } else {
    return random_.Next();
  }
}

// Significands of all kinds: none, few or trailing bits, or any.
template <class F>
auto BasicOperandGenerator<F>::Fraction() -> Bits {
  const Bits mask = format_.FractionMask();
  const auto bit = [this] { return Bits{1} << random_.Between(0, format_.FractionBits() - 1); };
  switch (random_.Between(0, 6)) {
    case 0:
      return 0;
    case 1:
      return bit();
    case 2:
      return bit() | bit();
    case 3:
      return mask - static_cast<Bits>(random_.Between(0, 3)) % (mask + 1);
    case 4:
      return static_cast<Bits>(random_.Between(1, 3)) & mask;
    default:
      return AnyBits() & mask;
  }
}

// The fraction is drawn first: the order in which arguments are evaluated is each compiler's own.
template <class F>
auto BasicOperandGenerator<F>::Around(int exponent, int64_t low, int64_t high) -> Bits {
  const Bits fraction = Fraction();
  return WithExponent(exponent + static_cast<int>(random_.Between(low, high)), fraction);
}

template <class F>
auto BasicOperandGenerator<F>::NearBits(Bits magnitude) -> Bits {
  const int64_t distance = random_.Between(-4, 4);
  const auto steps = static_cast<Bits>(std::abs(distance));
  const Bits moved = distance < 0 ? magnitude - std::min(magnitude, steps) : magnitude + steps;
  return std::min(moved, format_.MaxFinite());
}

template <class F>
auto BasicOperandGenerator<F>::Magnitude() -> Bits {
  const int emin = format_.MinExponent(), p = format_.precision;
  switch (random_.Between(0, 15)) {
    case 0:
      return 0;
    case 1:
      return NearBits(0);
    case 2:
      return AnyBits() & format_.FractionMask();
    case 3:
      return NearBits(format_.MinNormal());
    case 4:
    case 5:
      return Around(emin, 0, p + 1);
    case 6:
      return NearBits(format_.One());
    case 7:
      return PowerOfTwo();
    case 8: {
      const Bits short_fraction = Fraction() & ~(format_.FractionMask() >> 6);
      return WithExponent(static_cast<int>(random_.Between(0, std::min(p, 6))), short_fraction);
    }
    case 9:
      return NearBits(format_.MaxFinite());
    case 10:  // squares near min normal
      return Around(emin / 2, -3, p);
    case 11: {  // reciprocals near min normal
      const Bits fraction = Fraction();
      return WithExponent(-emin - static_cast<int>(random_.Between(-2, p)), fraction);
    }
    case 12:
    case 13:
      return Around(0, -10, 10);
    default:
      return Around(0, emin, format_.MaxExponent());
  }
}

template <class F>
auto BasicOperandGenerator<F>::Value() -> Bits {
  const bool sign = random_.OneIn(2);
  return format_.WithSign(sign, Magnitude());
}

template <class F>
auto BasicOperandGenerator<F>::Related(Bits other, Relation relation) -> Bits {
  const int emin = format_.MinExponent(), p = format_.precision, exponent = format_.Exponent(other);
  const bool sign = random_.OneIn(2);
  const auto near = [&](int center, int below, int above) {
    return format_.WithSign(sign, Around(center, -below, above));
  };
  switch (relation) {
    case Relation::kSameMagnitude:
      return format_.WithSign(sign, format_.Magnitude(other));
    case Relation::kNeighbour:
      return format_.WithSign(sign, NearBits(format_.Magnitude(other)));
    case Relation::kSameExponent:
      return near(exponent, 1, 1);
    case Relation::kNearExponent:
      return near(exponent, p + 2, p + 2);
    case Relation::kProductAtEdge:
      return near(emin - exponent, 3, 2);
    case Relation::kProductAboveEdge:
      return near(emin - exponent, 3, p);
    case Relation::kQuotientAtEdge:
      return near(exponent - emin, p, 3);
    case Relation::kProductOne:
      return near(-exponent, 1, 1);
    default:
      return Value();
  }
}

template <class F>
auto BasicOperandGenerator<F>::PowerOfTwo() -> Bits {
  const int emin = format_.MinExponent(), p = format_.precision;
  switch (random_.Between(0, 3)) {
    case 0:
      return WithExponent(static_cast<int>(random_.Between(-4, 4)), 0);
    case 1:
      return WithExponent(emin + static_cast<int>(random_.Between(1 - p, p)), 0);
    case 2:
      return WithExponent(-emin + static_cast<int>(random_.Between(-p, 0)), 0);
    default:
      return WithExponent(static_cast<int>(random_.Between(emin + 1 - p, format_.MaxExponent())), 0);
  }
}

template <class F>
auto BasicOperandGenerator<F>::AnyPattern() -> Bits {
  if (!random_.OneIn(8)) return Value();
  const bool sign = random_.OneIn(2);
  if (random_.OneIn(2))
    return (format_.HasInfinity() ? format_.Infinity() : format_.CanonicalNan()) | (sign ? format_.SignMask() : 0);
  return random_.OneIn(2) ? format_.CanonicalNan() : AnyBits() & format_.Mask();
}

template <class F>
auto BasicOperandGenerator<F>::AnyNan() -> Bits {
  if (!model::HasPayloads(format_)) return format_.CanonicalNan();
  const Bits sign = random_.OneIn(2) ? format_.SignMask() : 0;
  Bits payload = 0;
  switch (random_.Between(0, 3)) {
    case 0:
      payload = static_cast<Bits>(random_.Between(0, 3));
      break;
    case 1:
      payload = Bits{1} << random_.Between(0, format_.FractionBits() - 1);
      break;
    default:
      payload = AnyBits();
  }
  payload &= model::PayloadMask(format_);
  const bool quiet = payload == 0 || random_.OneIn(2);
  return sign | format_.ExponentMask() | (quiet ? model::QuietBit(format_) : 0) | payload;
}

template class BasicOperandGenerator<Format>;
template class BasicOperandGenerator<WideFormat>;

}  // namespace fplab::identity
