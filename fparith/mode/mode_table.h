// For every mode the bits of the control word that ask for it, and whether the machine computes so. Inside mode; not
// for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_MODE_MODE_TABLE_H_
#define FPLAB_FPARITH_MODE_MODE_TABLE_H_

#include <cstdint>

#include <fplab/fparith/mode/mode.h>
#include <fplab/fparith/mode/registers.h>

namespace fplab {

struct ModeEntry {
  uint64_t bits;  // ModeBits
  bool supported;
};

// Found once per process by executing operations, as a guest of whoever asks first. A reference, for those who count
// nanoseconds.
const ModeEntry& EntryOf(Mode mode);

// Throws Error that names the mode and the modes there are.
[[noreturn]] void RefuseMode(Mode mode);

// What computing in the mode of `bits` as a guest sets the control word to, where `found` is the host's: the mode,
// every exception masked, sticky flags as they are.
inline uint64_t GuestWord(uint64_t found, uint64_t bits) {
  return (found & registers::kHostBits) | registers::kAllMasked | bits;
}

}  // namespace fplab

#endif  // FPLAB_FPARITH_MODE_MODE_TABLE_H_
