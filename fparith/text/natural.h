// Unbounded natural numbers for the text of floats: only what exact decimal conversion needs. Obvious rather than fast.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_TEXT_NATURAL_H_
#define FPLAB_FPARITH_TEXT_NATURAL_H_

#include <cstdint>
#include <string>
#include <vector>

namespace fplab {

class Natural {
 public:
  explicit Natural(uint64_t value);

  bool IsZero() const { return words_.empty(); }
  int BitLength() const;

  // *this = *this * factor + addend.
  void MultiplyAdd(uint32_t factor, uint32_t addend);
  void MultiplyByPower(uint32_t base, int exponent);
  void ShiftLeft(int bits);
  // Precondition: *this >= other.
  void Subtract(const Natural& other);

  // Negative, zero or positive as *this is below, equal to or above other.
  int Compare(const Natural& other) const;

  // Decimal digits without leading zeros; "" for zero.
  std::string DecimalDigits() const;

 private:
  uint32_t DivideBy(uint32_t divisor);  // in place; returns the remainder
  void Trim();

  std::vector<uint32_t> words_;  // least significant first, the last one not zero
};

}  // namespace fplab

#endif  // FPLAB_FPARITH_TEXT_NATURAL_H_
