// ReadInputLines: the entries of a text that a subcommand takes by --file, one a line.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_OPTIONS_INPUT_LINES_H_
#define FPLAB_TOOLS_OPTIONS_INPUT_LINES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fplab::tools {

inline constexpr size_t kMostInputLines = 10000;
inline constexpr size_t kMostInputBytes = size_t{1} << 24;

struct InputLine {
  size_t number;  // in the file, from 1
  std::string text;
};

// `text` without the white space around it.
std::string Trimmed(std::string_view text);

// The lines of a file, or of standard input where `path` is "-", trimmed, without empty ones and comments ("#"). `what`
// is the plural of an entry, for errors. Throws Error that begins with the path: unreadable, more than kMostInputBytes,
// no entry or more than kMostInputLines.
std::vector<InputLine> ReadInputLines(const std::string& path, std::string_view what);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_OPTIONS_INPUT_LINES_H_
