// UnderMode: a call computed in a mode, out of sight of the optimiser. ModesOfThisMachine: the modes there are.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_PROPERTY_UNDER_MODE_H_
#define FPLAB_PROPTESTS_PROPERTY_UNDER_MODE_H_

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/fparith/mode/mode.h>

namespace fplab::proptests {

// f(), computed in `mode` on the calling thread, with every exception masked; on return, and when an exception leaves
// f, the control word and the sticky flags are as before. The call goes through a pointer that no compiler sees
// through: what f computes of data that it reads from memory is computed in the mode. What the compiler can compute
// while compiling f itself, it computes in IEEE mode. Throws Error if the machine does not have the mode.
template <typename F>
std::invoke_result_t<F&> UnderMode(Mode mode, F&& f) {
  using Value = std::invoke_result_t<F&>;
  const auto call = [](Mode in, void (*function)(void*), void* context) {
    void (*volatile opaque)(void*) = function;
    const ScopedGuest guest(in);
    opaque(context);
  };
  if constexpr (std::is_void_v<Value>) {
    auto run = [&] { f(); };
    call(
        mode, [](void* context) { (*static_cast<decltype(run)*>(context))(); }, std::addressof(run));
  } else {
    static_assert(!std::is_reference_v<Value>, "a value is returned");
    std::optional<Value> value;
    auto run = [&] { value.emplace(f()); };
    call(
        mode, [](void* context) { (*static_cast<decltype(run)*>(context))(); }, std::addressof(run));
    return *std::move(value);
  }
}

// Every mode that can be asked of a processor: none, FTZ, DAZ and both, to nearest-even first, then toward zero, up and
// down.
inline std::vector<Mode> EveryMode() {
  std::vector<Mode> modes;
  for (const Rounding rounding : {Rounding::kNearestEven, Rounding::kTowardZero, Rounding::kUp, Rounding::kDown}) {
    for (Mode mode : kFlushModes) {
      mode.rounding = rounding;
      modes.push_back(mode);
    }
  }
  return modes;
}

// Those of the modes that this machine has: AArch64 flushes operands and results or neither.
inline std::vector<Mode> OfThisMachine(std::vector<Mode> modes) {
  std::erase_if(modes, [](Mode mode) { return !HardwareSupports(mode); });
  return modes;
}
inline std::vector<Mode> ModesOfThisMachine() { return OfThisMachine(EveryMode()); }

}  // namespace fplab::proptests

#endif  // FPLAB_PROPTESTS_PROPERTY_UNDER_MODE_H_
