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

// How many finite values have a sign, -0 among them.
uint64_t Negatives(const Format& format) { return format.MaxFinite() + (format.HasNegativeZero() ? 1 : 0); }

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
      const std::optional<uint64_t> constant = constants_[static_cast<size_t>(link.args[1 - side])];
      if (!constant) continue;
      const Type& type = expression_.ArgumentType(link, 1 - side);
      const Instruction& bounded = expression_.At(link.args[side]);
      const bool magnitude = bounded.op == Op::kAbs;
      Domain* domain = VariableAt(magnitude ? bounded.args[0] : link.args[side]);
      if (domain == nullptr || domain->patterns) continue;
      if ((type.IsNumber() && type.format.IsNan(*constant)) || (type.is_scale && *constant == Type::kScaleNan)) {
        Empty(*domain);  // nothing compares with NaN
        continue;
      }
      if (equal) {
        if (!magnitude) Equal(*domain, *constant);
      } else if (side == 0) {
        AtMost(*domain, *constant, strict);
        if (magnitude) AtLeast(*domain, domain->type.format.Negate(*constant), strict);
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
  static uint64_t OfZero(const Domain& domain, uint64_t bits, bool negative) {
    if (!domain.type.IsNumber() || !domain.type.format.IsZero(bits)) return bits;
    return domain.type.format.WithSign(negative, 0);
  }

  static void Equal(Domain& domain, uint64_t bits) {
    AtLeast(domain, bits, false);
    AtMost(domain, bits, false);
  }

  static void AtMost(Domain& domain, uint64_t bits, bool strict) {
    uint64_t place = domain.PlaceOf(OfZero(domain, bits, strict));
    if (strict && place-- == 0) return Empty(domain);
    domain.last = std::min(domain.last, place);
  }

  static void AtLeast(Domain& domain, uint64_t bits, bool strict) {
    const uint64_t place = domain.PlaceOf(OfZero(domain, bits, !strict));
    if (strict && place == kMostValues) return Empty(domain);
    domain.first = std::max(domain.first, place + (strict ? 1 : 0));
  }

  const Expression& expression_;
  const std::vector<std::optional<uint64_t>> constants_;  // by instruction
  std::vector<Domain>& domains_;
};

}  // namespace

uint64_t Domain::PlaceOf(uint64_t bits) const {
  if (type.IsInteger()) return bits - type.Least();
  const Format& format = type.format;
  const uint64_t most = format.MaxFinite(), magnitude = format.Magnitude(bits);
  if (!format.SignBit(bits)) return Negatives(format) + magnitude;
  return magnitude > most ? 0 : most - magnitude;
}

uint64_t Domain::At(uint64_t place) const {
  if (patterns) return place;
  if (type.IsInteger()) return type.Wrap(place + type.Least());
  const Format& format = type.format;
  const uint64_t negatives = Negatives(format);
  return place >= negatives ? place - negatives : format.SignMask() | (format.MaxFinite() - place);
}

bool Domain::Contains(uint64_t bits) const {
  if (type.IsNumber()) {
    const Format& format = type.format;
    if (is_power_of_two && (format.SignBit(bits) || !format.IsFinite(bits))) return false;
    if (patterns) return true;
    if (!format.IsFinite(bits)) return false;
  }
  const uint64_t place = PlaceOf(bits);
  return first <= place && place <= last;
}

uint64_t Domain::Size() const {
  if (first > last) return 0;
  return last - first == kMostValues ? kMostValues : last - first + 1;
}

uint64_t Domain::Numbered(uint64_t i) const {
  if (patterns || !type.IsNumber()) return At(first + i);
  const uint64_t zero = PlaceOf(0);  // +0; -0, if there is one, is just before
  if (first >= zero || last < zero) return At(last < zero ? last - i : first + i);
  if (!type.format.HasNegativeZero()) {
    if (i-- == 0) return 0;
    const uint64_t above = last - zero, below = zero - first, each = std::min(above, below);
    if (i < 2 * each) return At(i % 2 == 0 ? zero + 1 + i / 2 : zero - 1 - i / 2);
    return At(above > below ? zero + 1 + (i - each) : zero - 1 - (i - each));
  }
  const uint64_t positive = last - zero + 1, negative = zero - first, both = std::min(positive, negative);
  if (i < 2 * both) return At(i % 2 == 0 ? zero + i / 2 : zero - 1 - i / 2);
  return At(positive > negative ? zero + (i - both) : zero - 1 - (i - both));
}

void Domain::Fill(uint64_t i, std::span<uint64_t> out) const {
  const uint64_t zero = type.IsNumber() && !patterns ? PlaceOf(0) : 0;
  const bool by_turns = type.IsNumber() && !patterns && type.format.HasNegativeZero() && first < zero && last >= zero;
  const uint64_t both = by_turns ? std::min(last - zero + 1, zero - first) : 0;
  if (type.IsNumber() && !patterns && first >= zero) {
    for (size_t k = 0; k < out.size(); ++k) out[k] = first - zero + i + k;
    return;
  }
  if (i + out.size() > 2 * both) {
    for (size_t k = 0; k < out.size(); ++k) out[k] = Numbered(i + k);
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
  } else if (all_values) {
    domain.patterns = true;
    domain.last = type.format.Mask();
  } else {
    domain.last = Negatives(type.format) + type.format.MaxFinite();
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
