// Bounds of exact numbers, instruction by instruction.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/exact_size.h>

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <vector>

#include <fplab/fparith/float/error.h>

namespace fplab::statement {
namespace {

// Far above every limit, and far enough from overflow for a sum or a product by a word's width.
constexpr int64_t kMany = int64_t{1} << 40;

// A number of at most `length` significant bits, all of them of place values 2^low .. 2^(high - 1), over one of
// `divisor` bits; none: it is one.
struct Extent {
  int64_t length = 0, low = 0, high = 0;
  int64_t divisor = 0;

  int64_t Words() const { return (length + 31) / 32; }
  int64_t DivisorWords() const { return (divisor + 31) / 32; }
};

Extent Capped(const Extent& extent) {
  return {std::min(extent.length, kMany), std::max(extent.low, -kMany), std::min(extent.high, kMany),
          std::min(extent.divisor, kMany)};
}

Extent OfFormat(const Format& format) {
  return {format.precision, format.MinExponent() - format.FractionBits(), format.MaxExponent() + 1};
}

Extent OfFormat(const WideFormat& format) {
  return {format.precision, format.MinExponent() - format.FractionBits(), format.MaxExponent() + 1};
}

Extent OfType(const Type& type) { return type.IsWide() ? OfFormat(type.wide) : OfFormat(type.format); }

Extent OfConstant(const Format& format, uint64_t bits) {
  if (!format.IsFinite(bits) || format.IsZero(bits)) return {};
  const int field = format.ExponentField(bits);
  const uint64_t significand = format.Fraction(bits) | (field > 0 ? format.MinNormal() : 0);
  const int64_t unit = format.MinExponent() - format.FractionBits() + (field > 0 ? field - 1 : 0);
  const int64_t low = unit + std::countr_zero(significand), high = unit + std::bit_width(significand);
  return {high - low, low, high};
}

// a + b, or a - b.
Extent Sum(const Extent& a, const Extent& b) {
  if (a.length == 0) return b;
  if (b.length == 0) return a;
  const int64_t low = std::min(a.low, b.low), high = std::max(a.high + b.divisor, b.high + a.divisor) + 1;
  return Capped({high - low, low, high, a.divisor + b.divisor});
}

Extent Product(const Extent& a, const Extent& b) {
  if (a.length == 0 || b.length == 0) return {};
  return Capped({a.length + b.length, a.low + b.low, a.high + b.high, a.divisor + b.divisor});
}

Extent Quotient(const Extent& a, const Extent& b) {
  if (a.length == 0 || b.length == 0) return {};
  return Capped({a.length + b.divisor, a.low - b.high, a.high + b.divisor - b.low, a.divisor + b.length});
}

// In units that are powers of two: at least the least number of the format, at most that of the exact number.
Extent ErrorOf(const Type& type, const Extent& exact) {
  const Extent difference = Sum(OfType(type), exact);
  const int64_t least = OfType(type).low;
  return Capped(
      {difference.length, difference.low - std::max(exact.high, least), difference.high - least, difference.divisor});
}

Extent Either(const Extent& a, const Extent& b) {
  return {std::max(a.length, b.length), std::min(a.low, b.low), std::max(a.high, b.high),
          std::max(a.divisor, b.divisor)};
}

class Measure {
 public:
  explicit Measure(const Expression& expression) : expression_(expression), extents_(expression.program.size()) {
    for (size_t i = 0; i < extents_.size(); ++i) extents_[i] = Take(expression.program[i]);
  }

  const ExactSize& size() const { return size_; }

 private:
  Extent Take(const Instruction& instruction) {
    if (instruction.type.kind == Kind::kExact) {
      const Extent extent = ExtentOf(instruction);
      Count(extent.length + extent.divisor);
      return extent;
    }
    if (instruction.op >= Op::kExactEqual) CountDifference(Argument(instruction, 0), Argument(instruction, 1));
    return {};
  }

  Extent ExtentOf(const Instruction& instruction) {
    if (instruction.op == Op::kExactValue) {
      const Instruction& number = expression_.program[static_cast<size_t>(instruction.args[0])];
      const bool narrow_constant = number.op == Op::kConstant && number.type.IsNumber();
      return narrow_constant ? OfConstant(number.type.format, number.value) : OfType(number.type);
    }
    if (instruction.op == Op::kSelect) return Either(Argument(instruction, 1), Argument(instruction, 2));
    if (instruction.op == Op::kExactError) {
      const Type& type = expression_.ArgumentType(instruction, 0);
      CountDifference(OfType(type), Argument(instruction, 1));
      return ErrorOf(type, Argument(instruction, 1));
    }
    const Extent& a = Argument(instruction, 0);
    switch (instruction.op) {
      case Op::kExactNegate:
      case Op::kExactAbs:
        return a;
      case Op::kExactMul:
        CountProducts(a, Argument(instruction, 1));
        return Product(a, Argument(instruction, 1));
      case Op::kExactDiv:
        CountProducts(a, Argument(instruction, 1));
        return Quotient(a, Argument(instruction, 1));
      case Op::kExactMin:
      case Op::kExactMax:
        CountDifference(a, Argument(instruction, 1));
        return Either(a, Argument(instruction, 1));
      default:
        CountCrossProducts(a, Argument(instruction, 1));
        return Sum(a, Argument(instruction, 1));
    }
  }

  const Extent& Argument(const Instruction& instruction, size_t position) const {
    return extents_[static_cast<size_t>(instruction.args[position])];
  }

  void Count(int64_t length) {
    size_.longest = std::max(size_.longest, length);
    size_.bits = std::min(kMany, size_.bits + length);
  }

  // Of a sum or a difference that is compared with zero.
  void CountDifference(const Extent& a, const Extent& b) {
    CountCrossProducts(a, b);
    const Extent difference = Sum(a, b);
    Count(difference.length + difference.divisor);
  }

  // Of a product, and of its divisors; a quotient has as many.
  void CountProducts(const Extent& a, const Extent& b) {
    CountWords(a.Words(), b.Words());
    if (a.divisor > 0 || b.divisor > 0) CountWords(a.Words() + a.DivisorWords(), b.Words() + b.DivisorWords());
  }

  // Of bringing a sum's terms to one divisor.
  void CountCrossProducts(const Extent& a, const Extent& b) {
    if (a.divisor > 0 || b.divisor > 0) CountWords(a.Words() + a.DivisorWords(), b.Words() + b.DivisorWords());
  }

  void CountWords(int64_t a, int64_t b) {
    int64_t products = 0;
    if (__builtin_mul_overflow(a, b, &products)) products = kMany;
    size_.products = std::min(kMany, size_.products + std::min(kMany, products));
  }

  const Expression& expression_;
  std::vector<Extent> extents_;
  ExactSize size_;
};

void Require(int64_t found, int64_t most, const char* what) {
  if (found <= most) return;
  throw Error("real(): the exact arithmetic of the statement may need {} {} for one case, expected at most {}",
              found >= kMany ? "too many" : fmt::format("{}", found), what, most);
}

}  // namespace

ExactSize ExactSizeOf(const Expression& expression) { return Measure(expression).size(); }

void RequireExactSize(const Expression& expression) {
  const ExactSize size = ExactSizeOf(expression);
  Require(size.longest, kMostExact.longest, "bits in one number");
  Require(size.bits, kMostExact.bits, "bits");
  Require(size.products, kMostExact.products, "products of words");
}

}  // namespace fplab::statement
