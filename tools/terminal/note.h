// WriteNote: a line on stderr for the person who watches; one that cannot be written is lost without harm to the work.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_TERMINAL_NOTE_H_
#define FPLAB_TOOLS_TERMINAL_NOTE_H_

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace fplab::tools {

// Writes `text` to standard error at once. Never throws: stderr may be closed or a pipe that nobody reads.
void WriteNoteText(std::string_view text) noexcept;

// The same of what fmt::format makes; a line's end is part of the format.
template <typename... Args>
void WriteNote(fmt::format_string<Args...> format, Args&&... args) {
  WriteNoteText(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_TERMINAL_NOTE_H_
