// What is tried first.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/first_operands.h>

#include <algorithm>
#include <optional>
#include <unordered_set>

#include <fplab/fparith/identity/constant_instructions.h>
#include <fplab/fparith/model/model.h>

namespace fplab::identity {
namespace {

using statement::Expression;
using statement::Instruction;
using statement::Type;

constexpr size_t kMostConstants = 12;
constexpr int kMostWhole = 1000;

// The statement's constants as values of `type`, those that it holds.
std::vector<uint64_t> ConstantsOf(const Expression& expression, const Type& type) {
  std::vector<uint64_t> constants;
  const std::vector<std::optional<uint64_t>> values = ConstantInstructions(expression);
  for (size_t i = 0; i < values.size(); ++i) {
    const Instruction& instruction = expression.program[i];
    if (!values[i] || instruction.type.kind != type.kind) continue;
    uint64_t value = *values[i];
    if (type.IsNumber()) {
      const model::Outcome converted = model::Convert(instruction.type.format, type.format, {}, value);
      if (converted.flags != 0 || !type.format.IsFinite(converted.bits)) continue;
      value = converted.bits;
    } else {
      value = type.Wrap(value);
    }
    if (constants.size() < kMostConstants) constants.push_back(value);
  }
  return constants;
}

// Sums, differences, products and quotients of every two.
std::vector<uint64_t> Combined(const Type& type, const std::vector<uint64_t>& constants) {
  std::vector<uint64_t> combined;
  for (const uint64_t a : constants) {
    for (const uint64_t b : constants) {
      if (type.IsInteger()) {
        for (const uint64_t c : {a + b, a - b, a * b}) combined.push_back(type.Wrap(c));
      } else {
        const Format& format = type.format;
        combined.push_back(model::Add(format, {}, a, b).bits);
        combined.push_back(model::Sub(format, {}, a, b).bits);
        combined.push_back(model::Mul(format, {}, a, b).bits);
        combined.push_back(model::Div(format, {}, a, b).bits);
      }
    }
  }
  return combined;
}

class List {
 public:
  explicit List(const Domain& domain) : domain_(domain) {}

  void Take(uint64_t value, size_t most) {
    if (values_.size() < most && domain_.Contains(value) && known_.insert(value).second) values_.push_back(value);
  }
  // The value, its neighbours, and the opposites of the three.
  void TakeNear(uint64_t value, size_t most) {
    const Type& type = domain_.type;
    if (type.IsInteger()) {
      for (const uint64_t near : {value, value + 1, value - 1, 0 - value}) Take(type.Wrap(near), most);
      return;
    }
    const Format& format = type.format;
    if (!format.IsFinite(value)) return Take(value, most);
    const uint64_t up = model::NextUp(format, value), down = model::NextDown(format, value);
    for (const uint64_t near : {value, up, down}) Take(near, most);
    for (const uint64_t near : {value, up, down}) Take(format.Negate(near), most);
  }
  size_t size() const { return values_.size(); }
  std::vector<uint64_t> values() && { return std::move(values_); }

 private:
  const Domain& domain_;
  std::unordered_set<uint64_t> known_;
  std::vector<uint64_t> values_;
};

std::vector<uint64_t> LandmarksOf(const Type& type) {
  if (type.is_scale) return {Type::kScaleBias, type.Least(), type.Greatest(), Type::kScaleNan};
  if (type.IsInteger()) return {0, 1, type.Least(), type.Greatest(), type.Wrap(type.Greatest() / 2)};
  const Format& format = type.format;
  return {0, format.One(), format.MinNormal(), format.MinSubnormal(), format.MaxFinite(), format.MaxSubnormal()};
}

// NaNs that rules treat differently, the simplest first: other payloads, signs, signaling ones.
std::vector<uint64_t> NansOf(const Format& format) {
  const uint64_t canonical = format.CanonicalNan();
  if (!model::HasPayloads(format) || model::PayloadMask(format) == 0) return {canonical};
  const uint64_t signaling = format.ExponentMask() | 1, sign = format.SignMask();
  return {canonical, canonical | 1, sign | canonical, signaling, sign | canonical | 1, sign | signaling};
}

uint64_t WholeNumber(const Type& type, int n) {
  if (type.IsInteger()) return type.Wrap(static_cast<uint64_t>(n));
  return model::FromInteger(type.format, {}, model::IntegerType::kInt64, static_cast<uint64_t>(n)).bits;
}

}  // namespace

std::vector<uint64_t> FirstOperands(const Expression& expression, const Domain& domain, size_t count) {
  const Type& type = domain.type;
  List list(domain);
  // Whole numbers get what the others leave, and a third at the least.
  const size_t named = std::max<size_t>(count / 3, 1), landmarks = std::max<size_t>(2 * count / 3, 1);
  const std::vector<uint64_t> constants = ConstantsOf(expression, type);
  for (const uint64_t value : constants) list.TakeNear(value, named);
  if (!domain.patterns && domain.Size() > 0) {
    list.TakeNear(domain.At(domain.first), named);
    list.TakeNear(domain.At(domain.last), named);
  }
  for (const uint64_t value : Combined(type, constants)) list.TakeNear(value, named);
  if (type.IsNumber() && domain.patterns && expression.arithmetic.nans != model::NanRule::kCanonical) {
    for (const uint64_t nan : NansOf(type.format)) list.Take(nan, landmarks);
  }
  for (const uint64_t value : LandmarksOf(type)) list.TakeNear(value, landmarks);
  if (type.IsNumber() && domain.patterns) {
    if (type.format.HasInfinity()) list.TakeNear(type.format.Infinity(), landmarks);
    list.TakeNear(type.format.CanonicalNan(), landmarks);
  }
  for (int n = 2; n < kMostWhole && list.size() < count; ++n) list.Take(WholeNumber(type, n), count);
  return std::move(list).values();
}

}  // namespace fplab::identity
