// A library to be preloaded: writes to regular files, other than to standard streams, fail from the one on whose number
// stands in FPLAB_TEST_FULL_DISK, counted from 0 in each process, as they do on a full disk.
// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>

extern "C" __attribute__((visibility("default"))) ssize_t write(int descriptor, const void* bytes, size_t size) {
  using Write = ssize_t (*)(int, const void*, size_t);
  static const auto system_write = reinterpret_cast<Write>(dlsym(RTLD_NEXT, "write"));
  static const char* first = getenv("FPLAB_TEST_FULL_DISK");
  static std::atomic<long> writes{0};
  struct stat status;
  if (first != nullptr && descriptor > STDERR_FILENO && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
      writes++ >= atol(first)) {
    errno = ENOSPC;
    return -1;
  }
  return system_write(descriptor, bytes, size);
}
