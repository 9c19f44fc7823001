// SystemCalls: the calls by which this room touches files, in one place, so that a test can make each of them fail.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_FILES_SYSTEM_CALLS_H_
#define FPLAB_NETS_FILES_SYSTEM_CALLS_H_

#include <sys/stat.h>
#include <sys/types.h>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <string_view>

namespace fplab::nets {

// Each is the function of that name: it returns -1 and sets errno where it fails. Open adds O_CLOEXEC, so that children
// inherit nothing.
class SystemCalls {
 public:
  virtual ~SystemCalls() = default;
  virtual int Open(const char* path, int flags);
  virtual int Close(int descriptor);
  virtual ssize_t Read(int descriptor, void* out, size_t size);
  virtual ssize_t Write(int descriptor, const void* bytes, size_t size);
  virtual int Fsync(int descriptor);
  virtual int Ftruncate(int descriptor, off_t size);
  virtual int Flock(int descriptor, int operation);
  virtual int Fstat(int descriptor, struct stat* status);
  virtual int Stat(const char* path, struct stat* status);
  virtual int Lstat(const char* path, struct stat* status);
  virtual int Mkdir(const char* path);
  virtual int Rename(const char* from, const char* to);
  virtual int Unlink(const char* path);
  virtual ssize_t Getrandom(void* out, size_t size);
};

// Those in force: the system's own, unless a test has put others in their place.
SystemCalls& Calls();

// For tests: puts `calls`, which must outlive their use, in the place of the system's; nullptr puts those back.
void ReplaceSystemCalls(SystemCalls* calls);

// The result of `call`, made again as long as a signal interrupts it.
template <typename Call>
auto Uninterrupted(Call call) {
  while (true) {
    const auto result = call();
    if (result >= 0 || errno != EINTR) return result;
  }
}

// "PATH: cannot ACTION: the system's reason".
[[noreturn]] void ThrowSystemError(const std::filesystem::path& path, std::string_view action, int error);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_FILES_SYSTEM_CALLS_H_
