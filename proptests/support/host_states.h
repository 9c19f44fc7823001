// The floating-point states that a host program may be in when it calls fplab, and what it sees of its own state.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_HOST_STATES_H_
#define FPLAB_PROPTESTS_SUPPORT_HOST_STATES_H_

#include <cfenv>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <fplab/fparith/mode/control_word.h>
#include "proptests/support/hardware_modes.h"

namespace fplab {

struct HostState {
  std::string name;
  Mode mode = kIeee;
  int traps = 0;   // FE_..., of exceptions that end in SIGFPE
  int sticky = 0;  // FE_..., flags that are up already
};

// What a host can tell of its state: rounding, flushing, masks and sticky flags.
struct HostView {
  uint64_t control = 0;  // MXCSR or FPCR
  int flags = 0;         // of all units
  int traps = 0;
  uint16_t x87_control = 0, x87_status = 0;

  friend bool operator==(const HostView&, const HostView&) = default;
};

inline HostView ViewHost() {
  HostView view;
  view.control = ReadControlWord();
  view.flags = std::fetestexcept(FE_ALL_EXCEPT);
  view.traps = fegetexcept();
#if defined(__x86_64__)
  asm volatile("fnstcw %0" : "=m"(view.x87_control));
  asm volatile("fnstsw %0" : "=m"(view.x87_status));
#endif
  return view;
}

// Puts the thread into a state (SSE and x87 alike) until the end of the scope.
class ScopedHostState {
 public:
  explicit ScopedHostState(const HostState& state) {
    std::fegetenv(&found_);
    std::feclearexcept(FE_ALL_EXCEPT);
    std::fexcept_t flags{};
    if (state.sticky != 0) {
      // Taken from a moment in which they were up: how flags lie in a fexcept_t is the C library's own affair.
      std::feraiseexcept(state.sticky);
      std::fegetexceptflag(&flags, FE_ALL_EXCEPT);
      std::feclearexcept(FE_ALL_EXCEPT);
      std::fesetexceptflag(&flags, state.sticky);
    }
    std::fesetround(state.mode.rounding == Rounding::kUp           ? FE_UPWARD
                    : state.mode.rounding == Rounding::kDown       ? FE_DOWNWARD
                    : state.mode.rounding == Rounding::kTowardZero ? FE_TOWARDZERO
                                                                   : FE_TONEAREST);
    WriteControlWord((ReadControlWord() & ~ModeMask()) | ModeBits(state.mode));
    if (state.traps != 0) feenableexcept(state.traps);
  }
  ~ScopedHostState() { std::fesetenv(&found_); }
  ScopedHostState(const ScopedHostState&) = delete;
  ScopedHostState& operator=(const ScopedHostState&) = delete;

 private:
  std::fenv_t found_;
};

// Whether the machine can trap at all: on AArch64 that is up to the implementation, and QEMU's can't.
inline bool MachineTraps() {
  const ScopedHostState all({"", kIeee, FE_ALL_EXCEPT, 0});
  return fegetexcept() == FE_ALL_EXCEPT;
}

// The program's own state first; then every rounding direction, every way to flush, flags that are up, and where the
// machine traps, traps on underflow, on inexact results, on division by zero and on everything.
inline std::vector<HostState> HostStates() {
  std::vector<HostState> states = {{"as the program starts", kIeee, 0, 0},
                                   {"with flags up", kIeee, 0, FE_DIVBYZERO | FE_INVALID}};
  for (Mode mode : HardwareModes()) {
    if (mode == kIeee) continue;
    // Each direction and each way to flush, not each pair of them.
    const bool one = mode.rounding == Rounding::kNearestEven || !(mode.flush_outputs || mode.flush_inputs);
    if (one || mode == Mode{Rounding::kUp, true, true}) states.push_back({"in mode " + Name(mode), mode, 0, 0});
  }
  if (!MachineTraps()) return states;
  states.push_back({"trapping underflow", kIeee, FE_UNDERFLOW, 0});
  states.push_back({"trapping inexact results", kIeee, FE_INEXACT, 0});
  states.push_back({"trapping division by zero", kIeee, FE_DIVBYZERO, 0});
  states.push_back({"trapping everything", kIeee, FE_ALL_EXCEPT, 0});
  states.push_back({"trapping everything, upward and flushing", HardwareModes().back(), FE_ALL_EXCEPT, 0});
  return states;
}

// Calls f in a host of that state. Returns whether the host's state is the same afterwards, to the bit. f does nothing
// but what is tested: what a test computes or prints itself may trap there.
inline bool LeavesHostAsItIs(const HostState& state, const std::function<void()>& f) {
  HostView before, after;
  {
    const ScopedHostState host(state);
    before = ViewHost();
    f();
    after = ViewHost();
  }
  return before == after;
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_HOST_STATES_H_
