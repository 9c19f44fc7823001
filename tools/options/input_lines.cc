// Reading a file or standard input whole, within bounds, and cutting it into lines.
// SPDX-License-Identifier: Apache-2.0
#include "tools/options/input_lines.h"

#include <iostream>
#include <sstream>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/files/atomic_file.h>

namespace fplab::tools {
namespace {

std::string ReadStandardInput() {
  std::string text(kMostInputBytes + 1, '\0');
  std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (std::cin.bad()) throw Error("standard input: read error");
  text.resize(static_cast<size_t>(std::cin.gcount()));
  if (text.size() > kMostInputBytes) throw Error("standard input: more than {} bytes", kMostInputBytes);
  return text;
}

}  // namespace

std::string Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n"), end = text.find_last_not_of(" \t\r\n");
  return begin == std::string_view::npos ? "" : std::string(text.substr(begin, end - begin + 1));
}

std::vector<InputLine> ReadInputLines(const std::string& path, std::string_view what) {
  std::istringstream in(path == "-" ? ReadStandardInput() : nets::ReadFile(path, kMostInputBytes));
  std::vector<InputLine> lines;
  std::string line;
  for (size_t number = 1; std::getline(in, line); ++number) {
    const std::string text = Trimmed(line);
    if (text.empty() || text[0] == '#') continue;
    if (lines.size() >= kMostInputLines) throw Error("{}: more than {} {}", path, kMostInputLines, what);
    lines.push_back({number, text});
  }
  if (lines.empty()) throw Error("{}: no {}", path, what);
  return lines;
}

}  // namespace fplab::tools
