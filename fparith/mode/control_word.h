// The machine's floating-point control word (x86 MXCSR, AArch64 FPCR): reading, setting, guarding.
//
// The control word belongs to a thread. Compilers move arithmetic across the functions below and fold constants in IEEE
// mode: switch in one function, do the arithmetic in another that is called through a pointer the compiler can't see
// through, on data from memory: AsGuest (guest.h) does so. kernels/ and fparith/machine/hardware.h do that for their
// callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_MODE_CONTROL_WORD_H_
#define FPLAB_FPARITH_MODE_CONTROL_WORD_H_

#include <cstdint>
#include <string>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/mode/mode.h>

namespace fplab {

// Raw register value of the calling thread: MXCSR (32 bits; also holds the sticky exception flags) or FPCR (64 bits);
// 0 on an architecture that fplab does not know, where writing changes nothing.
FPLAB_EXPORT uint64_t ReadControlWord();
FPLAB_EXPORT void WriteControlWord(uint64_t word);

// The bits that a Mode owns (rounding and flushing); ScopedMode touches no others.
FPLAB_EXPORT uint64_t ModeMask();

// The bits of ModeMask() that ask for `mode`. Precondition: HardwareSupports(mode).
FPLAB_EXPORT uint64_t ModeBits(Mode mode);

// Whether the calling thread computes in the mode of these bits now: cheaper than CurrentMode() == mode.
FPLAB_EXPORT bool ControlWordHas(uint64_t mode_bits);

// The mode that `word` asks for.
FPLAB_EXPORT Mode DecodeMode(uint64_t word);

// "1f80: nearest-even, flush outputs off, flush inputs off; flags: none; trapping: none" and the like; the flags and
// what traps on x86 only.
FPLAB_EXPORT std::string DescribeControlWord(uint64_t word);

// "MXCSR" or "FPCR".
FPLAB_EXPORT const char* ControlWordName();

// The mode that the calling thread computes in now, by the control word.
FPLAB_EXPORT Mode CurrentMode();

// Whether this machine can compute in `mode`: found once per process by executing operations in it, as a guest, not by
// reading a feature bit. x86-64 has all four flushing modes; AArch64 without FEAT_AFP only "none" and "ftz+daz",
// another architecture only "none", to nearest.
FPLAB_EXPORT bool HardwareSupports(Mode mode);

// Throws Error that names the mode and the modes there are, unless HardwareSupports(mode).
FPLAB_EXPORT void RequireHardwareSupport(Mode mode);

// Computes in `mode` until the end of the scope, on the calling thread only. Guards nest. The destructor restores the
// rounding and flushing bits that it found and leaves every other bit (sticky flags, exception masks) as the code
// inside left it; x87 is not touched. For arithmetic of one's own: what must not trap, nor leave flags behind, is a
// ScopedGuest's (guest.h). Throws Error if the machine does not have the mode; then nothing was changed.
class FPLAB_EXPORT ScopedMode {
 public:
  explicit ScopedMode(Mode mode);
  ~ScopedMode();
  ScopedMode(const ScopedMode&) = delete;
  ScopedMode& operator=(const ScopedMode&) = delete;

 private:
  uint64_t found_;
};

}  // namespace fplab

#endif  // FPLAB_FPARITH_MODE_CONTROL_WORD_H_
