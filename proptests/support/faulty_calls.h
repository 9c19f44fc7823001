// FaultyCalls: system calls of nets/files that are recorded, and of which some fail.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_FAULTY_CALLS_H_
#define FPLAB_PROPTESTS_SUPPORT_FAULTY_CALLS_H_

#include <cstdint>
#include <string>
#include <vector>

#include <fplab/nets/files/system_calls.h>

namespace fplab {

// In force while it lives. Calls are counted from 0; what is not to fail is the system's own.
class FaultyCalls : public nets::SystemCalls {
 public:
  struct Faults {
    int64_t failing = -1;        // the number of the call that fails; -1: none
    int error = 0;               // its errno
    bool for_ever = false;       // every later call that takes space (open, write, mkdir, rename) fails too
    size_t longest_write = ~0u;  // a write takes no more bytes than this
  };

  explicit FaultyCalls(const Faults& faults);
  ~FaultyCalls() override;
  FaultyCalls(const FaultyCalls&) = delete;
  FaultyCalls& operator=(const FaultyCalls&) = delete;

  // Names of the calls so far, in order.
  const std::vector<std::string>& calls() const { return calls_; }

  int Open(const char* path, int flags) override;
  int Close(int descriptor) override;
  ssize_t Read(int descriptor, void* out, size_t size) override;
  ssize_t Write(int descriptor, const void* bytes, size_t size) override;
  int Fsync(int descriptor) override;
  int Ftruncate(int descriptor, off_t size) override;
  int Flock(int descriptor, int operation) override;
  int Fstat(int descriptor, struct stat* status) override;
  int Stat(const char* path, struct stat* status) override;
  int Lstat(const char* path, struct stat* status) override;
  int Mkdir(const char* path) override;
  int Rename(const char* from, const char* to) override;
  int Unlink(const char* path) override;
  ssize_t Getrandom(void* out, size_t size) override;

 private:
  bool Fails(const char* name, bool takes_space = false);

  const Faults faults_;
  std::vector<std::string> calls_;
};

// The calls that `action` makes when nothing fails.
template <typename Action>
std::vector<std::string> CallsOf(Action action) {
  const FaultyCalls calls({});
  action();
  return calls.calls();
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_FAULTY_CALLS_H_
