// Saving the host's floating-point state, and giving it back. Intel SDM volume 1, 8.1 and 10.2.3; Arm DDI 0601.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/mode/guest.h>

#include <fplab/fparith/mode/mode_table.h>
#include <fplab/fparith/mode/registers.h>

namespace fplab {
namespace {

#if defined(__x86_64__)

// x87 as a program starts with it, to nearest and masked, until the end of the scope; then as the host had it.
class ScopedX87 {
 public:
  ScopedX87() {
    asm volatile("fnstcw %0" : "=m"(control_) : : "memory");
    asm volatile("fnstsw %0" : "=m"(status_) : : "memory");
    // Masks first, so that a flag of the host's does not trap here.
    const uint16_t initial = 0x037f;
    if (control_ != initial) asm volatile("fldcw %0" : : "m"(initial) : "memory");
  }
  // What ran inside, a callback of the host's for instance, may have set both.
  ~ScopedX87() {
    uint16_t control, status;
    asm volatile("fnstcw %0" : "=m"(control) : : "memory");
    asm volatile("fnstsw %0" : "=m"(status) : : "memory");
    if (((status ^ status_) & kFlags) != 0) {
      RestoreWithFlags();
    } else if (control != control_) {
      asm volatile("fldcw %0" : : "m"(control_) : "memory");
    }
  }
  ScopedX87(const ScopedX87&) = delete;
  ScopedX87& operator=(const ScopedX87&) = delete;

 private:
  static constexpr unsigned kFlags = 0xff;  // the exceptions, the stack fault, and their summary

  // Flags can be written with the whole environment only; what is not a flag of it stays.
  void RestoreWithFlags() const {
    struct {
      uint16_t control, unused0, status, unused1;
      uint32_t rest[5];
    } environment;
    static_assert(sizeof environment == 28);
    asm volatile("fnstenv %0" : "=m"(environment) : : "memory");
    environment.control = control_;
    environment.status = static_cast<uint16_t>((environment.status & ~kFlags) | (status_ & kFlags));
    asm volatile("fldenv %0" : : "m"(environment) : "memory");
  }

  uint16_t control_, status_;
};

#else

struct ScopedX87 {
  ScopedX87() {}
  ~ScopedX87() {}
};

#endif

}  // namespace

ScopedGuest::ScopedGuest(Mode mode) {
  const ModeEntry& entry = EntryOf(mode);
  if (!entry.supported) RefuseMode(mode);
  control_ = registers::ReadControl();
  status_ = registers::ReadStatus();
  const uint64_t wanted = GuestWord(control_, entry.bits);
  if (wanted != control_) registers::WriteControl(wanted);
}

// Reading is cheap; writing waits for the arithmetic before it, and is needed where the arithmetic raised a flag that
// the host had not seen.
ScopedGuest::~ScopedGuest() {
  if (registers::ReadControl() != control_) registers::WriteControl(control_);
  if (registers::ReadStatus() != status_) registers::WriteStatus(status_);
}

bool ComputesAsGuest(uint64_t mode_bits) {
  const uint64_t word = registers::ReadControl();
  return word == GuestWord(word, mode_bits);
}

[[gnu::noinline]] void CallAsGuest(void (*call)(void* context), void* context) {
  // volatile: also where the whole program is compiled at once.
  void (*volatile hidden)(void*) = call;
  const ScopedX87 x87;
  const ScopedGuest guest;
  hidden(context);
}

}  // namespace fplab
