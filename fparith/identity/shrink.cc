// Greedy descent over simpler operands.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/shrink.h>

#include <bit>
#include <cstdlib>
#include <optional>

#include <fplab/fparith/model/nan_rule.h>
#include <fplab/fparith/statement/operands.h>

namespace fplab::identity {
namespace {

int TrailingZeros(WideBits bits) { return BitWidth(bits & (0 - bits)) - 1; }
WideBits Odd(WideBits significand) { return significand >> TrailingZeros(significand); }
int BitsSet(WideBits bits) {
  return std::popcount(static_cast<uint64_t>(bits)) + std::popcount(static_cast<uint64_t>(bits >> 64));
}

// A nonzero finite value as (-1)^negative * significand * 2^(exponent - length + 1), significand odd: `exponent` is
// that of the leading bit.
struct Parts {
  bool negative;
  WideBits significand;
  int exponent;

  int Length() const { return BitWidth(significand); }
};

template <class F>
using PatternBits = decltype(F().One());

template <class F>
std::optional<Parts> DecomposeNumber(const F& format, PatternBits<F> bits) {
  if (!format.IsFinite(bits) || format.IsZero(bits)) return std::nullopt;
  const int field = format.ExponentField(bits);
  const WideBits significand = format.Fraction(bits) | (field > 0 ? format.MinNormal() : 0);
  const int unit = format.MinExponent() - format.FractionBits() + (field > 0 ? field - 1 : 0);
  return Parts{format.SignBit(bits), Odd(significand), unit + BitWidth(significand) - 1};
}

template <class F>
std::optional<WideBits> ComposeNumber(const F& format, const Parts& parts) {
  const int least = format.MinExponent() - format.FractionBits();
  const int unit = parts.exponent - parts.Length() + 1;
  if (parts.exponent > format.MaxExponent() || unit < least || parts.Length() > format.precision) return std::nullopt;
  const WideBits sign = parts.negative ? format.SignMask() : 0;
  if (parts.exponent < format.MinExponent()) return sign | parts.significand << (unit - least);
  const WideBits fraction = parts.significand << (format.precision - parts.Length());
  const auto field = static_cast<WideBits>(parts.exponent + format.Bias());
  const WideBits magnitude = (field << format.FractionBits()) + (fraction & format.FractionMask());
  if (magnitude > format.MaxFinite()) return std::nullopt;
  return sign | magnitude;
}

std::optional<Parts> DecomposeScale(uint64_t pattern) {
  if (pattern == statement::Type::kScaleNan) return std::nullopt;
  return Parts{false, 1, static_cast<int>(pattern) - statement::Type::kScaleBias};
}

std::optional<WideBits> ComposeScale(const Parts& parts) {
  const int bias = statement::Type::kScaleBias;
  if (parts.negative || parts.significand != 1 || std::abs(parts.exponent) > bias) return std::nullopt;
  return static_cast<WideBits>(parts.exponent + bias);
}

std::optional<Parts> Decompose(const statement::Type& type, WideBits bits) {
  if (type.IsWide()) return DecomposeNumber(type.wide, bits);
  const auto value = static_cast<uint64_t>(bits);
  if (type.IsNumber()) return DecomposeNumber(type.format, value);
  if (type.is_scale) return DecomposeScale(value);
  if (value == 0) return std::nullopt;
  const bool negative = type.is_signed && static_cast<int64_t>(value) < 0;
  const uint64_t magnitude = negative ? 0 - value : value;
  return Parts{negative, Odd(magnitude), BitWidth(magnitude) - 1};
}

// The value of `parts`; nullopt if the type does not have it.
std::optional<WideBits> Compose(const statement::Type& type, const Parts& parts) {
  if (type.IsWide()) return ComposeNumber(type.wide, parts);
  if (type.IsNumber()) return ComposeNumber(type.format, parts);
  if (type.is_scale) return ComposeScale(parts);
  const int shift = parts.exponent - parts.Length() + 1;
  if (shift < 0 || parts.exponent > 63 || (parts.negative && !type.is_signed)) return std::nullopt;
  const auto magnitude = static_cast<uint64_t>(parts.significand << shift);
  const uint64_t value = parts.negative ? 0 - magnitude : magnitude;
  const bool fits =
      type.Wrap(value) == value && (!type.is_signed || parts.negative == (static_cast<int64_t>(value) < 0));
  return fits ? std::optional<WideBits>(value) : std::nullopt;
}

// What a NaN carries, and whether it is signaling; nullopt of any other value.
struct NanParts {
  bool negative;
  bool signaling;
  WideBits payload;
};

template <class F>
std::optional<NanParts> DecomposeNan(const F& format, PatternBits<F> bits) {
  if (!model::HasPayloads(format) || !format.IsNan(bits)) return std::nullopt;
  return NanParts{format.SignBit(bits), format.IsSignalingNan(bits), bits & model::PayloadMask(format)};
}

std::optional<NanParts> DecomposeNan(const statement::Type& type, WideBits bits) {
  if (type.IsWide()) return DecomposeNan(type.wide, bits);
  return type.IsNumber() ? DecomposeNan(type.format, static_cast<uint64_t>(bits)) : std::nullopt;
}

// nullopt where it would be an infinity.
template <class F>
std::optional<WideBits> ComposeNan(const F& format, const NanParts& parts) {
  if (parts.signaling && parts.payload == 0) return std::nullopt;
  return (parts.negative ? format.SignMask() : 0) | format.ExponentMask() |
         (parts.signaling ? 0 : model::QuietBit(format)) | parts.payload;
}

std::optional<WideBits> ComposeNan(const statement::Type& type, const NanParts& parts) {
  return type.IsWide() ? ComposeNan(type.wide, parts) : ComposeNan(type.format, parts);
}

bool IsNegative(const statement::Type& type, WideBits bits) {
  if (type.IsWide()) return type.wide.SignBit(bits);
  const auto value = static_cast<uint64_t>(bits);
  return type.IsNumber() ? type.format.SignBit(value) : type.is_signed && static_cast<int64_t>(value) < 0;
}

WideBits OneOf(const statement::Type& type) {
  if (type.is_scale) return statement::Type::kScaleBias;
  return type.IsInteger() ? 1 : type.IsWide() ? type.wide.One() : WideBits{type.format.One()};
}

// nullopt where the type has none.
std::optional<WideBits> MagnitudeOf(const statement::Type& type, WideBits bits) {
  if (type.IsWide()) return type.wide.Magnitude(bits);
  const auto value = static_cast<uint64_t>(bits);
  const uint64_t magnitude = type.IsNumber()          ? type.format.Magnitude(value)
                             : IsNegative(type, bits) ? 0 - value
                                                      : value;
  return type.Holds(magnitude) ? std::optional<WideBits>(magnitude) : std::nullopt;
}

class Shrinker {
 public:
  Shrinker(const std::vector<statement::Type>& types, std::vector<uint64_t> operands, const StillFails& still_fails)
      : types_(types), still_fails_(still_fails), best_(std::move(operands)), cost_(ComplexityOf(types, best_)) {}

  std::vector<uint64_t> Run() {
    while (Step()) {
    }
    return best_;
  }

 private:
  // Takes the first simpler tuple that still fails; false if there is none.
  bool Step() {
    for (size_t v = 0; v < types_.size(); ++v) {
      if (ReplaceValue(v) || DropBits(v) || MoveExponent(v) || SimplifyNan(v)) return true;
    }
    return MoveTogether();
  }

  bool Try(const std::vector<uint64_t>& candidate) {
    const Complexity cost = ComplexityOf(types_, candidate);
    if (!(cost < cost_) || !still_fails_(candidate)) return false;
    best_ = candidate;
    cost_ = cost;
    return true;
  }
  WideBits At(size_t v) const { return statement::OperandOf(types_, best_, v); }
  bool TryValue(size_t v, std::optional<WideBits> bits) {
    if (!bits) return false;
    std::vector<uint64_t> candidate = best_;
    statement::SetOperand(types_, candidate, v, *bits);
    return Try(candidate);
  }
  bool TryParts(size_t v, const Parts& parts) { return TryValue(v, Compose(types_[v], parts)); }

  bool ReplaceValue(size_t v) {
    return TryValue(v, 0) || TryValue(v, OneOf(types_[v])) || TryValue(v, MagnitudeOf(types_[v], At(v)));
  }

  // The significand cut to its leading bits, or rounded up to them, shortest first; then without one of its bits.
  bool DropBits(size_t v) {
    const std::optional<Parts> parts = Decompose(types_[v], At(v));
    if (!parts) return false;
    for (int keep = 1; keep < parts->Length(); ++keep) {
      const int drop = parts->Length() - keep;
      Parts cut = *parts;
      cut.significand = Odd(parts->significand >> drop);
      if (TryParts(v, cut)) return true;
      const WideBits up = (parts->significand >> drop) + 1;
      cut.significand = Odd(up);
      cut.exponent = parts->exponent + (cut.significand == 1 && keep == BitWidth(up) - 1 ? 1 : 0);
      if (TryParts(v, cut)) return true;
    }
    for (int bit = parts->Length() - 1; bit >= 0; --bit) {
      Parts without = *parts;
      without.significand &= ~(WideBits{1} << bit);
      if (without.significand == parts->significand || without.significand == 0) continue;
      without.exponent -= parts->Length() - without.Length();
      without.significand = Odd(without.significand);
      if (TryParts(v, without)) return true;
    }
    return false;
  }

  bool MoveExponent(size_t v) {
    const std::optional<Parts> parts = Decompose(types_[v], At(v));
    if (!parts) return false;
    for (int step : StepsToZero(parts->exponent)) {
      Parts moved = *parts;
      moved.exponent += step;
      if (TryParts(v, moved)) return true;
    }
    return false;
  }

  // Steps that bring `exponent` to 0, half the way, and so on down to one.
  static std::vector<int> StepsToZero(int exponent) {
    std::vector<int> steps;
    for (int step = -exponent; step != 0; step /= 2) steps.push_back(step);
    return steps;
  }

  // Another payload, the least first, then quiet, then positive.
  bool SimplifyNan(size_t v) {
    const std::optional<NanParts> parts = DecomposeNan(types_[v], At(v));
    if (!parts) return false;
    const auto try_nan = [&](NanParts nan) { return TryValue(v, ComposeNan(types_[v], nan)); };
    for (const bool signaling : {false, parts->signaling}) {
      for (const bool negative : {false, parts->negative}) {
        for (const WideBits payload : {WideBits{0}, WideBits{1}, WideBits{2}, parts->payload}) {
          if (try_nan({negative, signaling, payload})) return true;
        }
      }
    }
    for (WideBits rest = parts->payload; rest != 0; rest &= rest - 1) {
      const WideBits bit = rest & (0 - rest);
      if (try_nan({parts->negative, parts->signaling, parts->payload ^ bit})) return true;
    }
    return try_nan({parts->negative, parts->signaling, parts->payload >> 1});
  }

  // All exponents by the same step, then each pair by steps of the same size.
  bool MoveTogether() {
    for (size_t v = 0; v < types_.size(); ++v) {
      const std::optional<Parts> parts = Decompose(types_[v], At(v));
      if (!parts) continue;
      for (int step : StepsToZero(parts->exponent)) {
        if (TryShift(std::vector<int>(types_.size(), step))) return true;
        for (size_t w = 0; w < types_.size(); ++w) {
          if (w == v) continue;
          std::vector<int> steps(types_.size(), 0);
          steps[v] = step;
          for (int other : {step, -step, 2 * step, -2 * step}) {
            steps[w] = other;
            if (TryShift(steps)) return true;
          }
        }
      }
    }
    return false;
  }

  bool TryShift(const std::vector<int>& steps) {
    std::vector<uint64_t> candidate = best_;
    for (size_t v = 0; v < types_.size(); ++v) {
      std::optional<Parts> parts = Decompose(types_[v], At(v));
      if (!parts || steps[v] == 0) continue;
      parts->exponent += steps[v];
      const std::optional<WideBits> bits = Compose(types_[v], *parts);
      if (!bits) return false;
      statement::SetOperand(types_, candidate, v, *bits);
    }
    return Try(candidate);
  }

  const std::vector<statement::Type>& types_;
  const StillFails& still_fails_;
  std::vector<uint64_t> best_;
  Complexity cost_;
};

}  // namespace

Complexity ComplexityOf(const std::vector<statement::Type>& types, const std::vector<uint64_t>& operands) {
  Complexity cost;
  for (size_t v = 0; v < types.size(); ++v) {
    const statement::Type& type = types[v];
    const WideBits bits = statement::OperandOf(types, operands, v);
    if (IsNegative(type, bits)) ++cost.minus_signs;
    if (const std::optional<Parts> parts = Decompose(type, bits)) {
      cost.significand_bits += BitsSet(parts->significand);
      cost.exponents += std::abs(parts->exponent);
    }
    if (const std::optional<NanParts> nan = DecomposeNan(type, bits)) {
      cost.significand_bits += BitsSet(nan->payload) + (nan->signaling ? 1 : 0);
      cost.exponents += BitWidth(nan->payload);
    }
  }
  return cost;
}

std::vector<uint64_t> Shrink(const std::vector<statement::Type>& types, std::vector<uint64_t> operands,
                             const StillFails& still_fails) {
  return Shrinker(types, std::move(operands), still_fails).Run();
}

}  // namespace fplab::identity
