// The system's own calls, and which are in force.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/system_calls.h>

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

#include <atomic>
#include <system_error>

#include <fplab/fparith/float/error.h>

namespace fplab::nets {
namespace {

std::atomic<SystemCalls*> replacement{nullptr};

}  // namespace

int SystemCalls::Open(const char* path, int flags) { return ::open(path, flags | O_CLOEXEC, 0666); }
int SystemCalls::Close(int descriptor) { return ::close(descriptor); }
ssize_t SystemCalls::Read(int descriptor, void* out, size_t size) { return ::read(descriptor, out, size); }
ssize_t SystemCalls::Write(int descriptor, const void* bytes, size_t size) { return ::write(descriptor, bytes, size); }
int SystemCalls::Fsync(int descriptor) { return ::fsync(descriptor); }
int SystemCalls::Ftruncate(int descriptor, off_t size) { return ::ftruncate(descriptor, size); }
int SystemCalls::Flock(int descriptor, int operation) { return ::flock(descriptor, operation); }
int SystemCalls::Fstat(int descriptor, struct stat* status) { return ::fstat(descriptor, status); }
int SystemCalls::Stat(const char* path, struct stat* status) { return ::stat(path, status); }
int SystemCalls::Lstat(const char* path, struct stat* status) { return ::lstat(path, status); }
int SystemCalls::Mkdir(const char* path) { return ::mkdir(path, 0777); }
int SystemCalls::Rename(const char* from, const char* to) { return ::rename(from, to); }
int SystemCalls::Unlink(const char* path) { return ::unlink(path); }
ssize_t SystemCalls::Getrandom(void* out, size_t size) { return ::getrandom(out, size, 0); }

SystemCalls& Calls() {
  static SystemCalls own;
  SystemCalls* replaced = replacement.load();
  return replaced != nullptr ? *replaced : own;
}

void ReplaceSystemCalls(SystemCalls* calls) { replacement = calls; }

void ThrowSystemError(const std::filesystem::path& path, std::string_view action, int error) {
  throw Error("{}: cannot {}: {}", path.string(), action, std::generic_category().message(error));
}

}  // namespace fplab::nets
