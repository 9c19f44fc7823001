// Standard streams by POSIX means.
// SPDX-License-Identifier: Apache-2.0
#include "tools/terminal/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <system_error>

#include <fplab/fparith/float/error.h>

namespace fplab::tools {

void OccupyStandardStreams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
    // open() takes the lowest free number, which is this one: those below it are in use by now. Opened for the other
    // direction, it fails as a closed descriptor does.
    [[maybe_unused]] const int opened =
        ::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);  // NOLINT: never closed
  }
}

void FlushStandardOutput() {
  std::cout.flush();  // CLI11 prints there
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good()) return;
  throw Error("standard output: {}", std::generic_category().message(errno == 0 ? EIO : errno));
}

}  // namespace fplab::tools
