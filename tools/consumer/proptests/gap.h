// A user's function with a fault under FTZ alone: the gap between two different numbers may be zero.
// SPDX-License-Identifier: Apache-2.0
#ifndef GAP_H_
#define GAP_H_

inline float Gap(float a, float b) { return a - b; }

#endif  // GAP_H_
