// Descriptions broken to the terminal's width, in a column of their own beside the options' names.
// SPDX-License-Identifier: Apache-2.0
#include "tools/options/help_format.h"

#include <unistd.h>

#include <sstream>

#include "tools/terminal/width.h"

namespace fplab::tools {
namespace {

constexpr size_t kNames = 28;  // columns of the options' names

size_t Columns() { return TerminalColumns(STDOUT_FILENO); }

std::string Description(const std::string& text) { return Wrapped(text, Columns() - kNames); }

}  // namespace

HelpFormat::HelpFormat() { column_width(kNames); }

std::string HelpFormat::make_option_desc(const CLI::Option* option) const {
  return Description(CLI::Formatter::make_option_desc(option));
}

std::string HelpFormat::make_description(const CLI::App* app) const {
  return Wrapped(CLI::Formatter::make_description(app), Columns());
}

std::string HelpFormat::make_subcommand(const CLI::App* subcommand) const {
  std::ostringstream out;
  CLI::detail::format_help(out, subcommand->get_display_name(true), Description(subcommand->get_description()), kNames);
  return out.str();
}

std::string HelpFormat::make_footer(const CLI::App* app) const {
  return Wrapped(CLI::Formatter::make_footer(app), Columns());
}

}  // namespace fplab::tools
