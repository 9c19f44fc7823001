// What is tried first.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/first_operands.h>

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>

#include <fplab/fparith/identity/constant_instructions.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/model/nan_rule.h>
#include <fplab/fparith/model/wide.h>

namespace fplab::identity {
namespace {

using statement::Expression;
using statement::Type;

constexpr size_t kMostConstants = 12;
constexpr int kMostWhole = 1000;

// body(format) with the format of numbers of the type.
template <typename Body>
auto WithFormat(const Type& type, const Body& body) {
  return type.IsWide() ? body(type.wide) : body(type.format);
}

// A pattern of `format`, of bits as long as its own.
template <class F>
auto PatternOf(const F& format, WideBits bits) {
  return static_cast<decltype(format.One())>(bits);
}

// The number as one of `to`; nullopt if it is none, or not finite.
std::optional<WideBits> Converted(const Type& from, WideBits bits, const Type& to) {
  return WithFormat(to, [&](const auto& format) -> std::optional<WideBits> {
    const auto [converted, flags] = WithFormat(from, [&](const auto& own) {
      const auto outcome = model::Convert(own, format, {}, PatternOf(own, bits));
      return std::pair(WideBits{outcome.bits}, outcome.flags);
    });
    const bool holds = flags == 0 && format.IsFinite(PatternOf(format, converted));
    return holds ? std::optional(converted) : std::nullopt;
  });
}

// The statement's constants as values of `type`, those that it holds.
std::vector<WideBits> ConstantsOf(const Expression& expression, const Type& type) {
  std::vector<WideBits> constants;
  const std::vector<std::optional<WideBits>> values = ConstantInstructions(expression);
  for (size_t i = 0; i < values.size(); ++i) {
    const Type& own = expression.program[i].type;
    if (!values[i] || own.IsInteger() != type.IsInteger()) continue;
    const std::optional<WideBits> value =
        type.IsFloat() ? Converted(own, *values[i], type) : type.Wrap(static_cast<uint64_t>(*values[i]));
    if (value && constants.size() < kMostConstants) constants.push_back(*value);
  }
  return constants;
}

// Sums, differences, products and quotients of every two.
std::vector<WideBits> Combined(const Type& type, const std::vector<WideBits>& constants) {
  std::vector<WideBits> combined;
  for (const WideBits x : constants) {
    for (const WideBits y : constants) {
      if (type.IsInteger()) {
        const auto a = static_cast<uint64_t>(x), b = static_cast<uint64_t>(y);
        for (const uint64_t c : {a + b, a - b, a * b}) combined.push_back(type.Wrap(c));
        continue;
      }
      WithFormat(type, [&](const auto& format) {
        const auto a = PatternOf(format, x), b = PatternOf(format, y);
        combined.push_back(model::Add(format, {}, a, b).bits);
        combined.push_back(model::Sub(format, {}, a, b).bits);
        combined.push_back(model::Mul(format, {}, a, b).bits);
        combined.push_back(model::Div(format, {}, a, b).bits);
      });
    }
  }
  return combined;
}

// The next numbers above and below one that is finite, infinities among them.
std::pair<WideBits, WideBits> NeighboursOf(const Format& format, uint64_t bits) {
  return {model::NextUp(format, bits), model::NextDown(format, bits)};
}

std::pair<WideBits, WideBits> NeighboursOf(const WideFormat& format, WideBits bits) {
  if (format.IsZero(bits)) return {format.MinSubnormal(), format.WithSign(true, format.MinSubnormal())};
  return format.SignBit(bits) ? std::pair(bits - 1, bits + 1) : std::pair(bits + 1, bits - 1);
}

class List {
 public:
  explicit List(const Domain& domain) : domain_(domain) {}

  void Take(WideBits value, size_t most) {
    if (values_.size() < most && domain_.Contains(value) && known_.insert(value).second) values_.push_back(value);
  }
  // The value, its neighbours, and the opposites of the three.
  void TakeNear(WideBits value, size_t most) {
    const Type& type = domain_.type;
    if (type.IsInteger()) {
      const auto integer = static_cast<uint64_t>(value);
      for (const uint64_t near : {integer, integer + 1, integer - 1, 0 - integer}) Take(type.Wrap(near), most);
      return;
    }
    WithFormat(type, [&](const auto& format) {
      if (!format.IsFinite(PatternOf(format, value))) return Take(value, most);
      const auto [up, down] = NeighboursOf(format, PatternOf(format, value));
      for (const WideBits near : {value, up, down}) Take(near, most);
      for (const WideBits near : {value, up, down}) Take(format.Negate(PatternOf(format, near)), most);
    });
  }
  size_t size() const { return values_.size(); }
  std::vector<WideBits> values() && { return std::move(values_); }

 private:
  struct Hash {
    size_t operator()(WideBits bits) const {
      return static_cast<size_t>(bits) ^ static_cast<size_t>(bits >> 64) * size_t{0x9E3779B97F4A7C15};
    }
  };

  const Domain& domain_;
  std::unordered_set<WideBits, Hash> known_;
  std::vector<WideBits> values_;
};

std::vector<WideBits> LandmarksOf(const Type& type) {
  if (type.is_scale) return {Type::kScaleBias, type.Least(), type.Greatest(), Type::kScaleNan};
  if (type.IsInteger()) return {0, 1, type.Least(), type.Greatest(), type.Wrap(type.Greatest() / 2)};
  return WithFormat(type, [](const auto& format) -> std::vector<WideBits> {
    return {0, format.One(), format.MinNormal(), format.MinSubnormal(), format.MaxFinite(), format.MaxSubnormal()};
  });
}

// NaNs that rules treat differently, the simplest first: other payloads, signs, signaling ones.
template <class F>
std::vector<WideBits> NansOf(const F& format) {
  const auto canonical = format.CanonicalNan();
  if (!model::HasPayloads(format) || model::PayloadMask(format) == 0) return {canonical};
  const auto signaling = format.ExponentMask() | 1, sign = format.SignMask();
  return {canonical, canonical | 1, sign | canonical, signaling, sign | canonical | 1, sign | signaling};
}

WideBits WholeNumber(const Type& type, int n) {
  if (type.IsInteger()) return type.Wrap(static_cast<uint64_t>(n));
  return WithFormat(type, [&](const auto& format) -> WideBits {
    return model::FromInteger(format, {}, model::IntegerType::kInt64, static_cast<uint64_t>(n)).bits;
  });
}

}  // namespace

std::vector<WideBits> FirstOperands(const Expression& expression, const Domain& domain, size_t count) {
  const Type& type = domain.type;
  List list(domain);
  // Whole numbers get what the others leave, and a third at the least.
  const size_t named = std::max<size_t>(count / 3, 1), landmarks = std::max<size_t>(2 * count / 3, 1);
  const std::vector<WideBits> constants = ConstantsOf(expression, type);
  for (const WideBits value : constants) list.TakeNear(value, named);
  if (!domain.patterns && domain.Size() > 0) {
    list.TakeNear(domain.At(domain.first), named);
    list.TakeNear(domain.At(domain.last), named);
  }
  for (const WideBits value : Combined(type, constants)) list.TakeNear(value, named);
  if (domain.patterns && expression.arithmetic.nans != model::NanRule::kCanonical) {
    const std::vector<WideBits> nans = WithFormat(type, [](const auto& format) { return NansOf(format); });
    for (const WideBits nan : nans) list.Take(nan, landmarks);
  }
  for (const WideBits value : LandmarksOf(type)) list.TakeNear(value, landmarks);
  if (domain.patterns) {
    WithFormat(type, [&](const auto& format) {
      if (format.HasInfinity()) list.TakeNear(format.Infinity(), landmarks);
      list.TakeNear(format.CanonicalNan(), landmarks);
    });
  }
  for (int n = 2; n < kMostWhole && list.size() < count; ++n) list.Take(WholeNumber(type, n), count);
  return std::move(list).values();
}

}  // namespace fplab::identity
