// Recording and failing.
// SPDX-License-Identifier: Apache-2.0
#include "proptests/support/faulty_calls.h"

#include <algorithm>

namespace fplab {

FaultyCalls::FaultyCalls(const Faults& faults) : faults_(faults) { nets::ReplaceSystemCalls(this); }
FaultyCalls::~FaultyCalls() { nets::ReplaceSystemCalls(nullptr); }

bool FaultyCalls::Fails(const char* name, bool takes_space) {
  const auto number = static_cast<int64_t>(calls_.size());
  calls_.emplace_back(name);
  const bool later = faults_.for_ever && takes_space && faults_.failing >= 0 && number > faults_.failing;
  if (number != faults_.failing && !later) return false;
  errno = faults_.error;
  return true;
}

int FaultyCalls::Open(const char* path, int flags) {
  return Fails("open", /*takes_space=*/true) ? -1 : SystemCalls::Open(path, flags);
}
int FaultyCalls::Close(int descriptor) {
  // It closes all the same, as Linux does.
  const int result = SystemCalls::Close(descriptor);
  return Fails("close") ? -1 : result;
}
ssize_t FaultyCalls::Read(int descriptor, void* out, size_t size) {
  return Fails("read") ? -1 : SystemCalls::Read(descriptor, out, size);
}
ssize_t FaultyCalls::Write(int descriptor, const void* bytes, size_t size) {
  return Fails("write", /*takes_space=*/true)
             ? -1
             : SystemCalls::Write(descriptor, bytes, std::min(size, faults_.longest_write));
}
int FaultyCalls::Fsync(int descriptor) { return Fails("fsync") ? -1 : SystemCalls::Fsync(descriptor); }
int FaultyCalls::Ftruncate(int descriptor, off_t size) {
  return Fails("ftruncate") ? -1 : SystemCalls::Ftruncate(descriptor, size);
}
int FaultyCalls::Flock(int descriptor, int operation) {
  return Fails("flock") ? -1 : SystemCalls::Flock(descriptor, operation);
}
int FaultyCalls::Fstat(int descriptor, struct stat* status) {
  return Fails("fstat") ? -1 : SystemCalls::Fstat(descriptor, status);
}
int FaultyCalls::Stat(const char* path, struct stat* status) {
  return Fails("stat") ? -1 : SystemCalls::Stat(path, status);
}
int FaultyCalls::Lstat(const char* path, struct stat* status) {
  return Fails("lstat") ? -1 : SystemCalls::Lstat(path, status);
}
int FaultyCalls::Mkdir(const char* path) {
  return Fails("mkdir", /*takes_space=*/true) ? -1 : SystemCalls::Mkdir(path);
}
int FaultyCalls::Rename(const char* from, const char* to) {
  return Fails("rename", /*takes_space=*/true) ? -1 : SystemCalls::Rename(from, to);
}
int FaultyCalls::Unlink(const char* path) { return Fails("unlink") ? -1 : SystemCalls::Unlink(path); }
ssize_t FaultyCalls::Getrandom(void* out, size_t size) {
  return Fails("getrandom") ? -1 : SystemCalls::Getrandom(out, size);
}

}  // namespace fplab
