// A guest's floating-point state: IEEE arithmetic (or a Mode) with nothing trapping, whatever the caller computes in,
// and the caller's own state given back to the bit.
//
// The host program may round in any direction, flush, trap on exceptions and read the sticky flags. What holds of every
// public function of fparith, kernels and nets, Read- and WriteControlWord and ScopedMode apart: its results do not
// depend on that state, nothing in it traps, and on return, or when an exception leaves it, the state is as before:
// rounding, flushing, masks and sticky flags of MXCSR, or FPCR and FPSR (PreparedMatmul may leave flags: see there). Of
// x87 too, the control word and the flags: nothing here computes in it, but the C library reads its rounding and may
// raise its flags, so AsGuest sets and restores them; the kernels call no such thing and leave x87 alone.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_MODE_GUEST_H_
#define FPLAB_FPARITH_MODE_GUEST_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/mode/mode.h>

namespace fplab {

// Computes in `mode` until the end of the scope, on the calling thread only, with every exception masked; then the
// thread's control word and sticky flags are as they were. Guards nest, with those of ScopedMode too. As with
// ScopedMode the arithmetic has to hide behind a pointer: prefer AsGuest. Throws Error if the machine does not have the
// mode; then nothing was changed.
//
// It costs a few nanoseconds, and where it finds another state than it needs, or leaves other flags than it found, the
// time of writing the control word.
class FPLAB_EXPORT ScopedGuest {
 public:
  explicit ScopedGuest(Mode mode = kIeee);
  ~ScopedGuest();
  ScopedGuest(const ScopedGuest&) = delete;
  ScopedGuest& operator=(const ScopedGuest&) = delete;

 private:
  uint64_t control_, status_;
};

// Whether the calling thread computes in the mode of `mode_bits` (ModeBits) with every exception masked, so that a
// guest in that mode has nothing to set: one read of the control word.
FPLAB_EXPORT bool ComputesAsGuest(uint64_t mode_bits);

// Calls call(context) in IEEE mode as a guest, behind a pointer that no compiler sees through.
FPLAB_EXPORT void CallAsGuest(void (*call)(void* context), void* context);

// f(), computed in IEEE mode as a guest; the public functions that compute outside the kernels are written with it.
template <typename Function>
std::invoke_result_t<Function&> AsGuest(Function&& f) {
  using Result = std::invoke_result_t<Function&>;
  if constexpr (std::is_void_v<Result>) {
    CallAsGuest([](void* context) { (*static_cast<std::remove_reference_t<Function>*>(context))(); },
                const_cast<void*>(static_cast<const void*>(std::addressof(f))));
  } else {
    static_assert(!std::is_reference_v<Result>, "a value is returned");
    std::optional<Result> result;
    auto store = [&] { result.emplace(f()); };
    CallAsGuest([](void* context) { (*static_cast<decltype(store)*>(context))(); }, &store);
    return *std::move(result);
  }
}

}  // namespace fplab

#endif  // FPLAB_FPARITH_MODE_GUEST_H_
