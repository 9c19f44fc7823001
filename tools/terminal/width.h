// How wide the terminal is, and text cut into lines of that width.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_TERMINAL_WIDTH_H_
#define FPLAB_TOOLS_TERMINAL_WIDTH_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace fplab::tools {

// Columns of the terminal that `descriptor` is; elsewhere what COLUMNS says, or else 80. At least 40: narrower lines
// hold no option's help.
size_t TerminalColumns(int descriptor);

// The lines of `text`, those that are longer than `columns` broken at spaces; a word that is longer stays whole.
std::string Wrapped(std::string_view text, size_t columns);

// The beginning of `text` that `columns` hold, ending in "…" if something is cut off. Counts characters of UTF-8.
std::string Shortened(std::string_view text, size_t columns);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_TERMINAL_WIDTH_H_
