// x87's patterns as values of long double, which is x87's on x86-64, and back.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_LONG_DOUBLE_H_
#define FPLAB_PROPTESTS_SUPPORT_LONG_DOUBLE_H_

#include <cstring>

#include <fplab/fparith/float/wide_format.h>

#if defined(__x86_64__)

namespace fplab {

inline long double LongDoubleOf(WideBits bits) {
  const WideBits encoding = kX87.Encoding(bits);
  long double value = 0;
  std::memcpy(&value, &encoding, 10);
  return value;
}

inline WideBits X87BitsOf(long double value) {
  WideBits encoding = 0;
  std::memcpy(&encoding, &value, 10);
  return encoding >> 64 << 63 | (encoding & kX87.FractionMask());
}

}  // namespace fplab

#endif

#endif  // FPLAB_PROPTESTS_SUPPORT_LONG_DOUBLE_H_
