// The modes that this machine computes in, for tests that go through them.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_HARDWARE_MODES_H_
#define FPLAB_PROPTESTS_SUPPORT_HARDWARE_MODES_H_

#include <vector>

#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/mode/mode.h>

namespace fplab {

// Those of the modes that this machine has: AArch64 flushes operands and results or neither.
inline std::vector<Mode> OfThisMachine(std::vector<Mode> modes) {
  std::erase_if(modes, [](Mode mode) { return !HardwareSupports(mode); });
  return modes;
}

// The flushing modes under round-to-nearest-even that this machine has.
inline std::vector<Mode> HardwareFlushModes() { return OfThisMachine({kFlushModes.begin(), kFlushModes.end()}); }

// Every mode that this machine computes in: its ways to flush, each in every rounding direction that it has.
inline std::vector<Mode> HardwareModes() {
  std::vector<Mode> modes;
  for (Rounding rounding : kAllRoundings) {
    for (Mode mode : kFlushModes) {
      mode.rounding = rounding;
      modes.push_back(mode);
    }
  }
  return OfThisMachine(modes);
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_HARDWARE_MODES_H_
