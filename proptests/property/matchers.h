// BitEqual and WithinUlps: what a result has to be, judged and explained by integer operations, so that they mean the
// same in every mode.
//
//   RC_ASSERT(BitEqual(x, y));  CHECK(WithinUlps(x, y, 2));            // with any runner
//   EXPECT_THAT(x, BitEqual(y));  CHECK_THAT(x, WithinUlps(y, 2));     // as matchers of GoogleMock and Catch2
//   InEveryMode(at, f, BitEqual(y));                                   // in_every_mode.h
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_PROPERTY_MATCHERS_H_
#define FPLAB_PROPTESTS_PROPERTY_MATCHERS_H_

#include <fmt/format.h>

#include <cstdint>
#include <ostream>
#include <string>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/mode/mode.h>
#include <fplab/proptests/property/generators.h>
#include <fplab/proptests/property/judgement.h>
#include <fplab/proptests/property/named_bits.h>
#include <fplab/proptests/property/operands.h>
#include <fplab/proptests/property/value_text.h>

namespace fplab::proptests {

// The values between two numbers, one of them counted: 0 for equal ones, of zeros too whatever their signs, and for two
// NaNs; the most there is where one of them is NaN. From max finite to infinity it is 1.
inline uint64_t UlpsBetween(const Format& format, uint64_t a, uint64_t b) {
  if (format.IsNan(a) || format.IsNan(b)) return format.IsNan(a) && format.IsNan(b) ? 0 : ~uint64_t{0};
  const int64_t rank_a = format.Rank(a), rank_b = format.Rank(b);
  const auto high = static_cast<uint64_t>(rank_a > rank_b ? rank_a : rank_b);
  const auto low = static_cast<uint64_t>(rank_a > rank_b ? rank_b : rank_a);
  return high - low;
}

// Common to both: the ways in which test frameworks call a matcher. A Matcher has Judge(const Result&) and Wanted().
template <typename Matcher, OperandValue T>
class MatcherOf {
 public:
  // Of InEveryMode. Throws Error for a result of another format.
  Judgement operator()(const NamedBits&, const Result& result, Mode) const { return self().Judge(result); }

  // Of GoogleMock: https://google.github.io/googletest/gmock_cook_book.html#NewMonoMatchers
  using is_gtest_matcher = void;
  bool MatchAndExplain(const T& found, std::ostream* explanation) const {
    const Judgement judgement = self().Judge({kFormatOf<T>, ToBits(found)});
    if (explanation != nullptr) *explanation << judgement.message;
    return judgement.holds;
  }
  void DescribeTo(std::ostream* out) const { *out << "is " << self().Wanted(); }
  void DescribeNegationTo(std::ostream* out) const { *out << "is not " << self().Wanted(); }

  // Of Catch2.
  bool match(const T& found) const { return self().Judge({kFormatOf<T>, ToBits(found)}).holds; }
  std::string toString() const { return "is " + self().Wanted(); }

 protected:
  explicit MatcherOf(T expected) : expected_(expected) {}
  T expected() const { return expected_; }
  uint64_t ExpectedBits() const {
    if constexpr (HardwareFloat<T>) {
      return ToBits(expected_);
    } else {
      return expected_;
    }
  }
  void RequireFormatOf(const Result& result) const {
    if constexpr (HardwareFloat<T>) {
      if (result.format == kFormatOf<T>) return;
      throw Error("the function returns {}, and what is expected is {}", Name(result.format), Name(kFormatOf<T>));
    }
  }
  std::string ExpectedText() const {
    if constexpr (HardwareFloat<T>) {
      return ValueText(kFormatOf<T>, ToBits(expected_));
    } else {
      return fmt::format("[{:#x}]", expected_);
    }
  }

 private:
  const Matcher& self() const { return static_cast<const Matcher&>(*this); }

  T expected_;
};

template <OperandValue T>
class BitEqualMatcher : public MatcherOf<BitEqualMatcher<T>, T> {
 public:
  explicit BitEqualMatcher(T expected) : MatcherOf<BitEqualMatcher<T>, T>(expected) {}

  std::string Wanted() const { return "to the bit " + this->ExpectedText(); }
  Judgement Judge(const Result& result) const {
    this->RequireFormatOf(result);
    Judgement judgement{result.format.SameBits(result.bits, this->ExpectedBits()), "", ""};
    judgement.statement = fmt::format("{} === {}", kResultName, StatementText(result.format, this->ExpectedBits()));
    if (!judgement.holds) {
      judgement.message = fmt::format("found     {}\nexpected  {}, to the bit", ValueText(result.format, result.bits),
                                      ValueText(result.format, this->ExpectedBits()));
    }
    return judgement;
  }
};

template <OperandValue T>
class WithinUlpsMatcher : public MatcherOf<WithinUlpsMatcher<T>, T> {
 public:
  WithinUlpsMatcher(T expected, uint64_t most) : MatcherOf<WithinUlpsMatcher<T>, T>(expected), most_(most) {}

  std::string Wanted() const { return fmt::format("within {} ulp of {}", most_, this->ExpectedText()); }
  Judgement Judge(const Result& result) const {
    this->RequireFormatOf(result);
    const uint64_t expected = this->ExpectedBits(), distance = UlpsBetween(result.format, result.bits, expected);
    Judgement judgement{distance <= most_, "", ""};
    judgement.statement =
        fmt::format("{} ~ {} within {} ulp", kResultName, StatementText(result.format, expected), most_);
    if (!judgement.holds) {
      const bool nan = result.format.IsNan(result.bits) || result.format.IsNan(expected);
      judgement.message =
          fmt::format("found     {}\nexpected  {}, within {} ulp{}", ValueText(result.format, result.bits),
                      ValueText(result.format, expected), most_, nan ? "" : fmt::format("; it is {} away", distance));
    }
    return judgement;
  }

 private:
  uint64_t most_;
};

// The same bits as `expected`: any NaN is equal to any NaN, +0 and -0 differ. Of a format without a C++ type, bits.
template <OperandValue T>
BitEqualMatcher<T> BitEqual(T expected) {
  return BitEqualMatcher<T>(expected);
}
template <HardwareFloat T>
Judgement BitEqual(T found, T expected) {
  return BitEqual(expected).Judge({kFormatOf<T>, ToBits(found)});
}

// At most so many steps between neighbouring numbers away (UlpsBetween).
template <OperandValue T>
WithinUlpsMatcher<T> WithinUlps(T expected, uint64_t most) {
  return {expected, most};
}
template <HardwareFloat T>
Judgement WithinUlps(T found, T expected, uint64_t most) {
  return WithinUlps(expected, most).Judge({kFormatOf<T>, ToBits(found)});
}

}  // namespace fplab::proptests

#endif  // FPLAB_PROPTESTS_PROPERTY_MATCHERS_H_
