// The registers that hold a thread's floating-point state, read and written in line. Inside mode; not for callers.
//
// Intel SDM volume 1, 8.1 and 10.2.3; Arm DDI 0601, FPCR and FPSR.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_MODE_REGISTERS_H_
#define FPLAB_FPARITH_MODE_REGISTERS_H_

#include <cstdint>

namespace fplab::registers {

// Control: rounding, flushing, exception masks; on x86 the sticky flags are part of it. Status: the sticky flags where
// they are a register of their own.
#if defined(__x86_64__)

inline constexpr uint64_t kModeBits = 0xe040;  // of the control word, what a Mode owns: FTZ, rounding, DAZ
inline constexpr uint64_t kFlags = 0x3f;
inline constexpr uint64_t kAllMasked = 0x3f << 7;                  // what masks all exceptions
inline constexpr uint64_t kHostBits = ~uint64_t{0xffff} | kFlags;  // what computing as a guest leaves as it is

inline uint64_t ReadControl() {
  uint32_t word;
  asm volatile("stmxcsr %0" : "=m"(word) : : "memory");
  return word;
}
inline void WriteControl(uint64_t word) {
  const auto narrow = static_cast<uint32_t>(word);
  asm volatile("ldmxcsr %0" : : "m"(narrow) : "memory");
}
inline uint64_t ReadStatus() { return 0; }
inline void WriteStatus(uint64_t) {}

#elif defined(__aarch64__)

inline constexpr uint64_t kModeBits = 0x1c00003;  // FZ, rounding, AH, FIZ
inline constexpr uint64_t kFlags = 0;
inline constexpr uint64_t kAllMasked = 0;  // a bit that is set enables a trap
// All others of FPCR: NaN propagation (AH, DN), half precision (AHP, FZ16), lanes (NEP), vectors of old (Len, Stride).
inline constexpr uint64_t kHostBits = 0;

inline uint64_t ReadControl() {
  uint64_t word;
  asm volatile("mrs %0, fpcr" : "=r"(word) : : "memory");
  return word;
}
inline void WriteControl(uint64_t word) { asm volatile("msr fpcr, %0" : : "r"(word) : "memory"); }
inline uint64_t ReadStatus() {
  uint64_t word;
  asm volatile("mrs %0, fpsr" : "=r"(word) : : "memory");
  return word;
}
inline void WriteStatus(uint64_t word) { asm volatile("msr fpsr, %0" : : "r"(word) : "memory"); }

#else

inline constexpr uint64_t kModeBits = 0;
inline constexpr uint64_t kFlags = 0;
inline constexpr uint64_t kAllMasked = 0;
inline constexpr uint64_t kHostBits = ~uint64_t{0};

inline uint64_t ReadControl() { return 0; }
inline void WriteControl(uint64_t) {}
inline uint64_t ReadStatus() { return 0; }
inline void WriteStatus(uint64_t) {}

#endif

}  // namespace fplab::registers

#endif  // FPLAB_FPARITH_MODE_REGISTERS_H_
