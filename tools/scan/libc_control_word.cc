// fenv.h of glibc on x86-64 (sysdeps/x86_64/fpu): fenv_t has MXCSR at offset 28, femode_t at offset 4.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/libc_control_word.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fplab::tools {
namespace {

constexpr int kFirstArgument = 7;  // RDI
constexpr uint64_t kEnvironmentMxcsr = 28, kModeMxcsr = 4;
constexpr uint64_t kModeBits = 0x8040;

template <size_t N>
bool IsIn(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The pointer in RDI, and the place of MXCSR in what it points to.
X86State::Place MxcsrBehind(const X86State& state, uint64_t offset) {
  X86State::Place place = X86State::PlaceAt(state.Register(kFirstArgument, 8));
  place.at = static_cast<int64_t>(static_cast<uint64_t>(place.at) + offset);
  return place;
}

}  // namespace

bool MaySwitch(std::string_view import) {
  static constexpr std::array<std::string_view, 8> kNames = {
      "fesetenv", "feupdateenv", "fesetmode", "setcontext", "swapcontext", "dlopen", "dlmopen", "__libc_dlopen_mode"};
  return IsIn(kNames, import);
}

bool SetsEnvironment(std::string_view import) {
  return import == "fesetenv" || import == "feupdateenv" || import == "fesetmode";
}

bool NeverReturns(std::string_view import) {
  static constexpr std::array<std::string_view, 16> kNames = {"abort",           "exit",
                                                              "_exit",           "_Exit",
                                                              "quick_exit",      "__stack_chk_fail",
                                                              "__assert_fail",   "__cxa_throw",
                                                              "__cxa_rethrow",   "_Unwind_Resume",
                                                              "_ZSt9terminatev", "__cxa_pure_virtual",
                                                              "__chk_fail",      "g_assertion_message_expr",
                                                              "__cxa_bad_cast",  "__cxa_throw_bad_array_new_length"};
  const bool throws = import.starts_with("_ZSt") && import.find("__throw_") != std::string_view::npos;
  return throws || IsIn(kNames, import);
}

std::string CallImport(std::string_view import, uint64_t address, X86State& state) {
  const bool saves_mode = import == "fegetmode", loads_mode = import == "fesetmode";
  const bool saves = saves_mode || import == "fegetenv" || import == "feholdexcept";
  const bool loads = SetsEnvironment(import);
  const uint64_t offset = saves_mode || loads_mode ? kModeMxcsr : kEnvironmentMxcsr;
  const X86State::Place place = MxcsrBehind(state, offset);
  if (loads) {
    const PartialValue pointer = state.Register(kFirstArgument, 8);
    const bool by_default = pointer.IsConstant() && pointer.ones == ~uint64_t{0};  // FE_DFL_ENV, FE_DFL_MODE
    PartialValue value = state.Load(place, 4);
    if (by_default) value.zeros |= kModeBits;
    state.ForgetAcrossCall();
    state.SetMxcsr(value, address);
    const bool known = ((value.ones | value.zeros | value.entry) & kModeBits) == kModeBits;
    return known ? "" : fmt::format("{} is called at {:#x} with an environment that is not known", import, address);
  }
  if (MaySwitch(import)) return fmt::format("{} is called at {:#x}", import, address);
  if (import == "longjmp" || import == "siglongjmp" || import == "__longjmp_chk") {
    return fmt::format("{} is called at {:#x}", import, address);
  }
  static constexpr std::array<std::string_view, 8> kWithoutMemory = {
      "fesetround",   "fegetround",     "feclearexcept",   "feraiseexcept",
      "fetestexcept", "feenableexcept", "fedisableexcept", "fegetexcept"};
  if (IsIn(kWithoutMemory, import)) {
    state.ForgetCallerSaved();
    return "";
  }
  state.ForgetAcrossCall();
  if (saves) state.Store(place, 4, state.mxcsr);
  return "";
}

}  // namespace fplab::tools
