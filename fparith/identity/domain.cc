// Domains from conditions joined by `and`: comparisons of a variable, or of its magnitude, with a constant.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/domain.h>

#include <algorithm>
#include <optional>

#include <fplab/fparith/identity/constant_instructions.h>

namespace fplab::identity {
namespace {

using statement::Expression;
using statement::Instruction;
using statement::Op;
using statement::Type;

constexpr uint64_t kMostValues = ~uint64_t{0};

bool IsRounding(Op op) { return op >= Op::kCeil && op <= Op::kRoundEven; }

// The value of `instruction` rounded to an integer equals the value itself.
bool SaysIntegral(const Expression& expression, const Instruction& instruction) {
  if (instruction.op == Op::kIsInteger) return true;
  if (instruction.op != Op::kEqual && instruction.op != Op::kSame) return false;
  for (const size_t side : {0u, 1u}) {
    const Instruction& rounded = expression.At(instruction.args[side]);
    if (IsRounding(rounded.op) && rounded.args[0] == instruction.args[1 - side]) return true;
  }
  return false;
}

template <class F>
using DomainBits = decltype(F().One());

// body(format, bits) with the format of the number, and bits as long as its patterns.
template <typename Body>
auto OfFormat(const Type& type, WideBits bits, const Body& body) {
  return type.IsWide() ? body(type.wide, bits) : body(type.format, static_cast<uint64_t>(bits));
}

// How many finite values have a sign, -0 among them.
template <class F>
DomainBits<F> Negatives(const F& format) {
  return format.MaxFinite() + (format.HasNegativeZero() ? 1 : 0);
}

template <class F>
DomainBits<F> PlaceIn(const F& format, DomainBits<F> bits) {
  const DomainBits<F> most = format.MaxFinite(), magnitude = format.Magnitude(bits);
  if (!format.SignBit(bits)) return Negatives(format) + magnitude;
  return magnitude > most ? 0 : most - magnitude;
}

template <class F>
DomainBits<F> AtPlace(const F& format, DomainBits<F> place) {
  const DomainBits<F> negatives = Negatives(format);
  return place >= negatives ? place - negatives : format.SignMask() | (format.MaxFinite() - place);
}

bool IsNan(const Type& type, WideBits bits) {
  return type.IsFloat() && OfFormat(type, bits, [](const auto& format, auto b) { return format.IsNan(b); });
}

WideBits Negated(const Type& type, WideBits bits) {
  return OfFormat(type, bits, [](const auto& format, auto b) { return WideBits{format.Negate(b)}; });
}

class Reader {
 public:
  Reader(const Expression& expression, std::vector<Domain>& domains)
      : expression_(expression), constants_(ConstantInstructions(expression)), domains_(domains) {}

  void Read(int index) {
    const Instruction& instruction = expression_.At(index);
    switch (instruction.op) {
      case Op::kAnd:
        Read(instruction.args[0]);
        Read(instruction.args[1]);
        return;
      case Op::kIsPowerOfTwo:
        if (Domain* domain = VariableAt(instruction.args[0])) domain->is_power_of_two = true;
        return;
      case Op::kLess:
      case Op::kLessEqual:
      case Op::kEqual:
      case Op::kSame:
      case Op::kIntLess:
      case Op::kIntLessEqual:
      case Op::kIntEqual:
        Compare(instruction);
        break;
      default:
        break;
    }
    if (!SaysIntegral(expression_, instruction)) return;
    for (const int argument : instruction.args) {
      if (Domain* domain = argument < 0 ? nullptr : VariableAt(argument)) domain->is_integral = true;
    }
  }

 private:
  Domain* VariableAt(int index) const {
    const Instruction& instruction = expression_.At(index);
    return instruction.op == Op::kVariable ? &domains_[instruction.value] : nullptr;
  }

  void Compare(const Instruction& link) {
    const bool equal = link.op == Op::kEqual || link.op == Op::kSame || link.op == Op::kIntEqual;
    const bool strict = link.op == Op::kLess || link.op == Op::kIntLess;
    for (const size_t side : {0u, 1u}) {
      const std::optional<WideBits> constant = constants_[static_cast<size_t>(link.args[1 - side])];
      if (!constant) continue;
      const Type& type = expression_.ArgumentType(link, 1 - side);
      const Instruction& bounded = expression_.At(link.args[side]);
      const bool magnitude = bounded.op == Op::kAbs;
      Domain* domain = VariableAt(magnitude ? bounded.args[0] : link.args[side]);
      if (domain == nullptr || domain->patterns) continue;
      if (IsNan(type, *constant)) {
        Empty(*domain);  // nothing compares with NaN
        continue;
      }
      if (equal) {
        if (!magnitude) Equal(*domain, *constant);
      } else if (side == 0) {
        AtMost(*domain, *constant, strict);
        if (magnitude) AtLeast(*domain, Negated(domain->type, *constant), strict);
      } else if (!magnitude) {
        AtLeast(*domain, *constant, strict);
      }
    }
  }

  static void Empty(Domain& domain) {
    domain.first = 1;
    domain.last = 0;
  }

  // Both zeros are one value for a comparison.
  static WideBits OfZero(const Domain& domain, WideBits bits, bool negative) {
    if (!domain.type.IsFloat()) return bits;
    return OfFormat(domain.type, bits, [&](const auto& format, auto b) {
      return WideBits{format.IsZero(b) ? format.WithSign(negative, 0) : b};
    });
  }

  static void Equal(Domain& domain, WideBits bits) {
    AtLeast(domain, bits, false);
    AtMost(domain, bits, false);
  }

  static void AtMost(Domain& domain, WideBits bits, bool strict) {
    WideBits place = domain.PlaceOf(OfZero(domain, bits, strict));
    if (strict && place-- == 0) return Empty(domain);
    domain.last = std::min(domain.last, place);
  }

  static void AtLeast(Domain& domain, WideBits bits, bool strict) {
    const WideBits place = domain.PlaceOf(OfZero(domain, bits, !strict));
    domain.first = std::max(domain.first, place + (strict ? 1 : 0));
  }

  const Expression& expression_;
  const std::vector<std::optional<WideBits>> constants_;  // by instruction
  std::vector<Domain>& domains_;
};

}  // namespace

WideBits Domain::PlaceOf(WideBits bits) const {
  if (type.IsInteger()) return static_cast<uint64_t>(bits) - type.Least();
  return OfFormat(type, bits, [](const auto& format, auto b) { return WideBits{PlaceIn(format, b)}; });
}

WideBits Domain::At(WideBits place) const {
  if (patterns) return place;
  if (type.IsInteger()) return type.Wrap(static_cast<uint64_t>(place) + type.Least());
  return OfFormat(type, place, [](const auto& format, auto p) { return WideBits{AtPlace(format, p)}; });
}

bool Domain::Contains(WideBits bits) const {
  if (type.IsFloat()) {
    const bool is_finite = OfFormat(type, bits, [](const auto& format, auto b) { return format.IsFinite(b); });
    const bool sign = OfFormat(type, bits, [](const auto& format, auto b) { return format.SignBit(b); });
    if (is_power_of_two && (sign || !is_finite)) return false;
    if (patterns) return true;
    if (!is_finite) return false;
  }
  const WideBits place = PlaceOf(bits);
  return first <= place && place <= last;
}

uint64_t Domain::Size() const {
  if (first > last) return 0;
  return last - first >= kMostValues ? kMostValues : static_cast<uint64_t>(last - first) + 1;
}

WideBits Domain::Numbered(uint64_t i) const {
  if (patterns || !type.IsFloat()) return At(first + i);
  const WideBits zero = PlaceOf(0);  // +0; -0, if there is one, is just before
  if (first >= zero || last < zero) return At(last < zero ? last - i : first + i);
  if (type.IsNumber() && !type.format.HasNegativeZero()) {
    if (i-- == 0) return 0;
    const WideBits above = last - zero, below = zero - first, each = std::min(above, below);
    if (i < 2 * each) return At(i % 2 == 0 ? zero + 1 + i / 2 : zero - 1 - i / 2);
    return At(above > below ? zero + 1 + (i - each) : zero - 1 - (i - each));
  }
  const WideBits positive = last - zero + 1, negative = zero - first, both = std::min(positive, negative);
  if (i < 2 * both) return At(i % 2 == 0 ? zero + i / 2 : zero - 1 - i / 2);
  return At(positive > negative ? zero + (i - both) : zero - 1 - (i - both));
}

void Domain::Fill(uint64_t i, std::span<uint64_t> out, std::span<uint64_t> upper) const {
  if (type.IsWide()) {
    for (size_t k = 0; k < out.size(); ++k) {
      const WideBits value = Numbered(i + k);
      out[k] = static_cast<uint64_t>(value);
      upper[k] = static_cast<uint64_t>(value >> 64);
    }
    return;
  }
  const auto begin = static_cast<uint64_t>(first), end = static_cast<uint64_t>(last);
  if (type.IsInteger()) {
    for (size_t k = 0; k < out.size(); ++k) out[k] = type.Wrap(begin + i + k + type.Least());
    return;
  }
  if (patterns) {
    for (size_t k = 0; k < out.size(); ++k) out[k] = begin + i + k;
    return;
  }
  const uint64_t zero = PlaceIn(type.format, 0);
  if (begin >= zero) {
    for (size_t k = 0; k < out.size(); ++k) out[k] = begin - zero + i + k;
    return;
  }
  const bool by_turns = type.format.HasNegativeZero() && end >= zero;
  const uint64_t both = by_turns ? std::min(end - zero + 1, zero - begin) : 0;
  if (i + out.size() > 2 * both) {
    for (size_t k = 0; k < out.size(); ++k) out[k] = static_cast<uint64_t>(Numbered(i + k));
    return;
  }
  // Magnitudes one by one, the positive number of each first.
  const uint64_t sign = type.format.SignMask();
  size_t k = 0;
  uint64_t magnitude = i / 2;
  if (i % 2 == 1 && !out.empty()) out[k++] = magnitude++ | sign;
  for (; k + 1 < out.size(); k += 2, ++magnitude) {
    out[k] = magnitude;
    out[k + 1] = magnitude | sign;
  }
  if (k < out.size()) out[k] = magnitude;
}

bool Domain::IsEverything() const {
  const Domain everything = Everything(type, patterns);
  return first == everything.first && last == everything.last;
}

Domain Everything(const statement::Type& type, bool all_values) {
  Domain domain{type};
  if (type.is_scale && all_values) {
    domain.patterns = true;
    domain.last = statement::Type::kScaleNan;
  } else if (type.IsInteger()) {
    domain.last = type.Greatest() - type.Least();
  } else {
    domain.patterns = all_values;
    domain.last = OfFormat(type, 0, [&](const auto& format, auto) {
      return WideBits{all_values ? format.Mask() : Negatives(format) + format.MaxFinite()};
    });
  }
  return domain;
}

std::vector<Domain> DomainsOf(const statement::Expression& expression, bool all_values) {
  std::vector<Domain> domains;
  for (const statement::Variable& variable : expression.variables) {
    domains.push_back(Everything(variable.type, all_values));
  }
  if (expression.condition) Reader(expression, domains).Read(*expression.condition);
  return domains;
}

}  // namespace fplab::identity
