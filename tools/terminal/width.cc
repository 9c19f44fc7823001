// Widths as the terminal and the environment tell them.
// SPDX-License-Identifier: Apache-2.0
#include "tools/terminal/width.h"

#include <sys/ioctl.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace fplab::tools {
namespace {

constexpr size_t kLeast = 40, kUsual = 80, kGreatest = 1000;

// A byte that begins no character of UTF-8, but goes on with one.
bool GoesOn(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

size_t Characters(std::string_view text) {
  return text.size() - static_cast<size_t>(std::count_if(text.begin(), text.end(), GoesOn));
}

std::string WrappedLine(std::string_view line, size_t columns) {
  std::string wrapped;
  size_t filled = 0;
  const size_t indent = std::min(line.find_first_not_of(' '), line.size());
  wrapped.append(indent, ' ');
  filled = indent;
  for (size_t begin = indent; begin < line.size();) {
    const size_t end = std::min(line.find(' ', begin + 1), line.size());
    const std::string_view word = line.substr(begin, end - begin);  // with the space before it, but for the first
    if (filled + Characters(word) > columns && filled > indent) {
      wrapped += '\n' + std::string(indent, ' ');
      filled = indent;
      wrapped += word.substr(1);
      filled += Characters(word) - 1;
    } else {
      wrapped += word;
      filled += Characters(word);
    }
    begin = end;
  }
  return wrapped;
}

}  // namespace

size_t TerminalColumns(int descriptor) {
  size_t columns = 0;
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0) columns = size.ws_col;
  if (const char* said = std::getenv("COLUMNS"); columns == 0 && said != nullptr) {
    const std::string_view text(said);
    if (std::from_chars(text.data(), text.data() + text.size(), columns).ec != std::errc()) columns = 0;
  }
  return std::clamp(columns == 0 ? kUsual : columns, kLeast, kGreatest);
}

std::string Wrapped(std::string_view text, size_t columns) {
  std::string wrapped;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    if (begin > 0) wrapped += '\n';
    wrapped += WrappedLine(text.substr(begin, end - begin), columns);
    begin = end + 1;
  }
  return wrapped;
}

std::string Shortened(std::string_view text, size_t columns) {
  if (Characters(text) <= columns) return std::string(text);
  size_t end = 0;
  for (size_t count = 0; end < text.size(); ++end) {
    if (!GoesOn(text[end]) && ++count == columns) break;
  }
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace fplab::tools
