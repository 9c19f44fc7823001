// Unbounded signed integers for the oracle: sign and magnitude, schoolbook operations, nothing clever.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_ORACLE_INTEGER_H_
#define FPLAB_PROPTESTS_SUPPORT_ORACLE_INTEGER_H_

#include <compare>
#include <cstdint>
#include <vector>

namespace fplab::oracle {

class Integer {
 public:
  Integer(uint64_t magnitude = 0);  // NOLINT: numbers mix freely, as with built-in integers

  friend Integer operator+(const Integer& a, const Integer& b);
  friend Integer operator-(const Integer& a, const Integer& b) { return a + (-b); }
  friend Integer operator*(const Integer& a, const Integer& b);
  Integer operator-() const;
  Integer operator<<(int bits) const;
  Integer operator>>(int bits) const;  // of the magnitude: toward zero

  friend std::strong_ordering operator<=>(const Integer& a, const Integer& b);
  friend bool operator==(const Integer& a, const Integer& b) { return (a <=> b) == 0; }

  // The magnitude's lowest 64 bits.
  uint64_t LowBits() const;

 private:
  void Trim();

  bool negative_ = false;
  std::vector<uint32_t> words_;  // least significant first, the last one not zero
};

}  // namespace fplab::oracle

#endif  // FPLAB_PROPTESTS_SUPPORT_ORACLE_INTEGER_H_
