// Standard error by the system's own call.
// SPDX-License-Identifier: Apache-2.0
#include "tools/terminal/note.h"

#include <unistd.h>

#include <cerrno>

namespace fplab::tools {

void WriteNoteText(std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<size_t>(written));
  }
}

}  // namespace fplab::tools
