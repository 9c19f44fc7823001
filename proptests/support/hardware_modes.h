// The modes that this machine computes in, for tests that go through them.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_HARDWARE_MODES_H_
#define FPLAB_PROPTESTS_SUPPORT_HARDWARE_MODES_H_

#include <vector>

#include <fplab/fparith/mode/mode.h>
#include <fplab/proptests/property/under_mode.h>

namespace fplab {

using proptests::OfThisMachine;

// The flushing modes under round-to-nearest-even that this machine has.
inline std::vector<Mode> HardwareFlushModes() { return OfThisMachine({kFlushModes.begin(), kFlushModes.end()}); }

// Every mode that this machine computes in: its ways to flush, each in every rounding direction that it has.
inline std::vector<Mode> HardwareModes() { return proptests::ModesOfThisMachine(); }

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_HARDWARE_MODES_H_
