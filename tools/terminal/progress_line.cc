// The terminal's side of the progress line.
// SPDX-License-Identifier: Apache-2.0
#include "tools/terminal/progress_line.h"

#include <unistd.h>

#include "tools/terminal/note.h"
#include "tools/terminal/width.h"

namespace fplab::tools {

ProgressLine::ProgressLine(bool wanted, std::chrono::milliseconds log_every)
    : shown_(wanted && isatty(STDERR_FILENO)),
      logged_(wanted && !shown_ && log_every.count() > 0),
      log_every_(log_every),
      last_(logged_ ? std::chrono::steady_clock::now() : std::chrono::steady_clock::time_point{}) {}

void ProgressLine::Show(const std::function<std::string()>& text) {
  if (logged_) Log(text);
  if (!shown_) return;
  const auto now = std::chrono::steady_clock::now();
  if (on_screen_ && now - last_ < std::chrono::milliseconds(200)) return;
  last_ = now;
  on_screen_ = true;
  // A line that the terminal wraps can't be taken away by a carriage return.
  WriteNote("\r\033[K{}", Shortened(text(), TerminalColumns(STDERR_FILENO) - 1));
}

void ProgressLine::Log(const std::function<std::string()>& text) {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < log_every_) return;
  last_ = now;
  WriteNote("{}\n", text());
}

void ProgressLine::Clear() {
  if (on_screen_) WriteNote("\r\033[K");
  on_screen_ = false;
}

}  // namespace fplab::tools
