// Decimal digits by unbounded integers.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/text/decimal_digits.h>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace fplab {
namespace {

constexpr size_t kExactDigits = 9;  // values with as many digits or fewer are written exactly

// The first n digits, plus one unit in the last of them if `up`.
Digits Truncated(const Digits& exact, size_t n, bool up) {
  Digits result{exact.digits.substr(0, n), exact.point};
  if (!up) return result;
  size_t i = result.digits.size();
  while (i > 0 && result.digits[i - 1] == '9') result.digits[--i] = '0';
  if (i > 0) {
    ++result.digits[i - 1];
  } else {
    result.digits.insert(result.digits.begin(), '1');
    ++result.point;
  }
  return result;
}

std::string Scientific(const Digits& number) {
  return fmt::format("{}{}{}e{:+03d}", number.digits[0], number.digits.size() > 1 ? "." : "", number.digits.substr(1),
                     number.point - 1);
}

}  // namespace

// An integer times 2^q is, for negative q, that integer times 5^-q over 10^-q.
Digits ExactDigits(Natural integer, int exponent) {
  if (exponent >= 0) {
    integer.ShiftLeft(exponent);
  } else {
    integer.MultiplyByPower(5, -exponent);
  }
  std::string digits = integer.DecimalDigits();
  const int point = static_cast<int>(digits.size()) + std::min(exponent, 0);
  digits.erase(digits.find_last_not_of('0') + 1);
  return {digits, point};
}

Digits ShortestDigits(const Digits& exact, int precision, const std::function<bool(const Digits&)>& reads_back) {
  if (exact.digits.size() <= kExactDigits) return exact;
  const auto enough = static_cast<size_t>(2 + precision * 30103 / 100000);  // 17 of 53 bits
  for (size_t n = 1; n <= enough && n < exact.digits.size(); ++n) {
    const std::string_view rest = std::string_view(exact.digits).substr(n);
    const bool nearer_up = rest[0] >= '5';
    for (bool up : {nearer_up, !nearer_up}) {
      Digits candidate = Truncated(exact, n, up);
      if (!reads_back(candidate)) continue;
      candidate.digits.erase(candidate.digits.find_last_not_of('0') + 1);
      return candidate;
    }
  }
  return exact;
}

std::string Positional(const Digits& number) {
  const int size = static_cast<int>(number.digits.size());
  if (number.point <= 0) return "0." + std::string(static_cast<size_t>(-number.point), '0') + number.digits;
  if (number.point >= size) return number.digits + std::string(static_cast<size_t>(number.point - size), '0');
  const auto point = static_cast<size_t>(number.point);
  return number.digits.substr(0, point) + "." + number.digits.substr(point);
}

std::string PositionalOrScientific(const Digits& number) {
  const int exponent = number.point - 1;
  return exponent >= -5 && exponent <= 15 ? Positional(number) : Scientific(number);
}

}  // namespace fplab
