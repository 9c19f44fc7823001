// Floats for property tests, by bit pattern and stratum, for any Format; a shrinker that keeps counterexamples
// readable; and the generators of RapidCheck made of both. RapidCheck's own generator never makes a subnormal, an
// infinity or a NaN.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_FLOAT_GENERATORS_H_
#define FPLAB_PROPTESTS_SUPPORT_FLOAT_GENERATORS_H_

#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include <fplab/fparith/float/format.h>
#include <fplab/fparith/model/function.h>
#include "proptests/support/moved_seed.h"

namespace fplab {

// SplitMix64: a small deterministic source of bits (Steele, Lea, Flood 2014).
class RandomBits {
 public:
  explicit RandomBits(uint64_t seed) : state_(MovedSeed(seed)) {}

  uint64_t operator()() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  // 0 .. bound-1; the bias of the modulo does not matter here.
  uint64_t Below(uint64_t bound) { return (*this)() % bound; }
  int64_t Within(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(Below(static_cast<uint64_t>(high - low) + 1));
  }

 private:
  uint64_t state_;
};

enum class Specials : bool { kFiniteOnly, kAll };  // kAll: infinities and NaNs too

// Values of one format in the strata where floating point goes wrong.
class FloatGenerator {
 public:
  FloatGenerator(const Format& format, Specials specials, uint64_t seed)
      : format_(format), specials_(specials), random_(seed) {}

  const Format& format() const { return format_; }
  RandomBits& random() { return random_; }

  // One value: landmarks and their neighbours, powers of two, few-bit significands, subnormals, any pattern at all.
  uint64_t One() {
    const uint64_t magnitude = Clamp(Magnitude());
    return WithRandomSign(magnitude);
  }

  // A value whose exponent field is near `field` (clamped to the format), with any significand and sign.
  uint64_t WithExponentNear(int64_t field, int spread) {
    const int64_t chosen = std::clamp<int64_t>(field + random_.Within(-spread, spread), 0, format_.MaxExponentField());
    const uint64_t significand = random_() & SignificandMask();
    const uint64_t bits = static_cast<uint64_t>(chosen) << format_.FractionBits() | significand;
    return WithRandomSign(Clamp(bits));
  }

  // A partner for `a`: unrelated; of related exponent; or such that product, or quotient, is near min normal.
  uint64_t Partner(uint64_t a) {
    const int64_t field = format_.ExponentField(a), bias = format_.Bias();
    switch (random_.Below(6)) {
      case 0:
        return WithExponentNear(field, 2);
      case 1:
        return WithExponentNear(field, format_.precision + 2);
      case 2:
        return WithExponentNear(bias + 1 - field, 1 + static_cast<int>(random_.Below(2)) * format_.precision);
      case 3:
        return WithExponentNear(field + bias - 1, 1 + static_cast<int>(random_.Below(2)) * format_.precision);
      case 4:  // a itself or a neighbour, with either sign: cancellation
        return WithRandomSign(Clamp(format_.Magnitude(a) + static_cast<uint64_t>(random_.Within(-2, 2))));
      default:
        return One();
    }
  }

  // An addend for a*b: unrelated; near the product in size; or min normal and its like.
  uint64_t Addend(uint64_t a, uint64_t b) {
    const int64_t product = int64_t{format_.ExponentField(a)} + format_.ExponentField(b) - format_.Bias();
    switch (random_.Below(3)) {
      case 0:
        return WithExponentNear(product, 2);
      case 1:
        return WithExponentNear(product, format_.precision + 2);
      default:
        return One();
    }
  }

  // Operands for a function; integers where it takes integers.
  std::array<uint64_t, 3> Operands(const model::Function& function) {
    if (function.OperandKind() == model::ValueKind::kInteger) {
      const uint64_t any = random_() >> random_.Below(64);
      return {random_.Below(2) != 0 ? any : 0 - any, 0, 0};
    }
    const uint64_t a = One(), b = Partner(a);
    return {a, b, function.Arity() > 2 ? Addend(a, b) : 0};
  }

 private:
  // Often only the top few bits, so that products and halves are exact or ties; often all.
  uint64_t SignificandMask() {
    const auto bits = static_cast<uint64_t>(format_.FractionBits());
    switch (random_.Below(3)) {
      case 0:
        return format_.FractionMask() & ~(format_.FractionMask() >> random_.Below(bits + 1));
      case 1:
        return format_.FractionMask() >> random_.Below(bits + 1);
      default:
        return format_.FractionMask();
    }
  }

  uint64_t Magnitude() {
    const uint64_t normal = format_.MinNormal(), fraction_bits = static_cast<uint64_t>(format_.FractionBits());
    const auto near = [&](uint64_t landmark) { return landmark + static_cast<uint64_t>(random_.Within(-3, 3)); };
    // 2^(precision-1) min normal: operands above are in the safe zone, whose sums flush in no mode.
    const uint64_t safe = normal + (fraction_bits << fraction_bits);
    switch (random_.Below(12)) {
      case 0:
        return 0;
      case 1:
        return near(2);  // the least subnormals
      case 2:
        return random_() & format_.FractionMask() & SignificandMask();
      case 3:
        return near(normal);
      case 4:
        return near(safe);
      case 5:
        return near(format_.One());
      case 6:
        return random_.Below(static_cast<uint64_t>(format_.MaxExponentField())) << fraction_bits;  // powers of two
      case 7:
        return near(format_.MaxFinite());
      case 8:
        return uint64_t{1} << random_.Below(fraction_bits);  // subnormal powers of two
      case 9:
        return format_.Magnitude(WithExponentNear(1, 2));
      case 10:
        return format_.Magnitude(WithExponentNear(format_.Bias(), 3));
      default:
        return random_() & (format_.Mask() >> 1);
    }
  }

  // A zero with a sign is a NaN to some formats.
  uint64_t WithRandomSign(uint64_t magnitude) {
    if (random_.Below(2) == 0) return magnitude;
    return specials_ == Specials::kAll ? magnitude | format_.SignMask() : format_.WithSign(true, magnitude);
  }

  uint64_t Clamp(uint64_t magnitude) {
    const uint64_t limit = specials_ == Specials::kAll ? format_.Mask() >> 1 : format_.MaxFinite();
    if (magnitude <= limit) return magnitude;
    // Below zero by wrap-around, or beyond the last value.
    return (magnitude >> 63) != 0 ? 0 : limit;
  }

  Format format_;
  Specials specials_;
  RandomBits random_;
};

// Simpler values to try in place of `bits`, simplest first: zero, one, sign +, exponent toward 0 by halves, fewer
// significand bits. Empty for +0.
inline std::vector<uint64_t> ShrinkCandidates(const Format& format, uint64_t bits) {
  std::vector<uint64_t> simpler;
  if (bits == 0) return simpler;
  simpler.push_back(0);
  if (format.IsNan(bits) || format.IsInfinite(bits)) {
    simpler.push_back(format.One());
    simpler.push_back(format.MaxFinite());
    if (format.HasInfinity() && bits != format.Infinity()) simpler.push_back(format.Infinity());
    return simpler;
  }
  if (format.SignBit(bits)) simpler.push_back(format.Negate(bits));
  const uint64_t sign = bits & format.SignMask(), fraction = format.Fraction(bits);
  const int field = format.ExponentField(bits);
  const auto compose = [&](int f, uint64_t fr) {
    return sign | static_cast<uint64_t>(f) << format.FractionBits() | fr;
  };
  if (fraction != 0) {
    if (field != 0) simpler.push_back(compose(field, 0));
    // Keep the top half of the bits that are set, and drop the lowest one.
    uint64_t top = fraction;
    for (int drop = std::popcount(fraction) / 2; drop > 0; --drop) top &= top - 1;
    if (top != fraction) simpler.push_back(compose(field, top));
    if ((fraction & (fraction - 1)) != 0) simpler.push_back(compose(field, fraction & (fraction - 1)));
    for (uint64_t rest = fraction; rest != 0 && (rest & (rest - 1)) != 0; rest &= rest - 1) {
      simpler.push_back(compose(field, fraction & ~(rest & -rest)));
    }
  }
  for (int distance = field - format.Bias(); distance != 0; distance /= 2) {
    const int nearer = field - distance;
    if (nearer == 0 && fraction == 0) continue;  // zero was tried
    const uint64_t candidate = compose(nearer, fraction);
    if (format.IsFinite(candidate)) simpler.push_back(candidate);
  }
  std::erase(simpler, bits);
  return simpler;
}

// The simplest operands, one step at a time, that still make `fails` true.
template <typename Fails>
std::array<uint64_t, 3> Shrink(const Format& format, std::array<uint64_t, 3> operands, const Fails& fails) {
  constexpr int kMaxSteps = 10'000;  // each step makes an operand simpler; this only bounds a bad `fails`
  for (int step = 0; step < kMaxSteps; ++step) {
    bool progress = false;
    for (size_t i = 0; i < operands.size() && !progress; ++i) {
      for (uint64_t candidate : ShrinkCandidates(format, operands[i])) {
        std::array<uint64_t, 3> simpler = operands;
        simpler[i] = candidate;
        if (!fails(simpler)) continue;
        operands = simpler;
        progress = true;
        break;
      }
    }
    if (!progress) return operands;
  }
  return operands;
}

// RapidCheck's view of the same: bit patterns of `format`, shrinking as above.
inline rc::Gen<uint64_t> GenBits(const Format& format, Specials specials = Specials::kFiniteOnly) {
  const auto draw = [format, specials](uint64_t seed) { return FloatGenerator(format, specials, seed).One(); };
  return rc::gen::shrink(
      rc::gen::noShrink(rc::gen::map(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<uint64_t>()), draw)),
      [format](uint64_t bits) { return rc::seq::fromContainer(ShrinkCandidates(format, bits)); });
}

// Operands of a function, related as FloatGenerator::Operands makes them.
inline rc::Gen<std::array<uint64_t, 3>> GenOperands(const model::Function& function,
                                                    Specials specials = Specials::kAll) {
  const Format format = function.format;
  const bool integers = function.OperandKind() == model::ValueKind::kInteger;
  const auto draw = [function, specials](uint64_t seed) {
    return FloatGenerator(function.format, specials, seed).Operands(function);
  };
  return rc::gen::shrink(
      rc::gen::noShrink(rc::gen::map(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<uint64_t>()), draw)),
      [format, integers](const std::array<uint64_t, 3>& operands) {
        std::vector<std::array<uint64_t, 3>> simpler;
        for (size_t i = 0; i < operands.size() && !integers; ++i) {
          for (uint64_t candidate : ShrinkCandidates(format, operands[i])) {
            simpler.push_back(operands);
            simpler.back()[i] = candidate;
          }
        }
        return rc::seq::fromContainer(std::move(simpler));
      });
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_FLOAT_GENERATORS_H_
