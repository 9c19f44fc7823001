// HelpFormat: help texts as wide as the terminal.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_OPTIONS_HELP_FORMAT_H_
#define FPLAB_TOOLS_OPTIONS_HELP_FORMAT_H_

#include <CLI/CLI.hpp>
#include <cstddef>
#include <string>

namespace fplab::tools {

class HelpFormat : public CLI::Formatter {
 public:
  // The width is asked for when help is printed.
  HelpFormat();

 protected:
  std::string make_option_desc(const CLI::Option* option) const override;
  std::string make_description(const CLI::App* app) const override;
  std::string make_subcommand(const CLI::App* subcommand) const override;
  std::string make_footer(const CLI::App* app) const override;
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_OPTIONS_HELP_FORMAT_H_
