// NotNegative: a check of numbers on the command line whose refusal is one short line.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_OPTIONS_NOT_NEGATIVE_H_
#define FPLAB_TOOLS_OPTIONS_NOT_NEGATIVE_H_

#include <CLI/CLI.hpp>

#include <string>

namespace fplab::tools {

// Refuses what begins with a minus. CLI11's own check names the largest double there is, in three hundred digits; and
// without a check -1 is the largest unsigned number.
inline CLI::Validator NotNegative() {
  return CLI::Validator(
      [](std::string& text) {
        const bool negative = !text.empty() && text.front() == '-';
        return negative ? "found " + text + ", expected a number that is not negative" : std::string();
      },
      "", "not negative");
}

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_OPTIONS_NOT_NEGATIVE_H_
