// Duration: a length of time on the command line, read as seconds.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_OPTIONS_DURATION_H_
#define FPLAB_TOOLS_OPTIONS_DURATION_H_

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include <fplab/fparith/float/outside_text.h>

namespace fplab::tools {

// Turns "30", "30s", "500ms", "2min" or "1h" into a number of seconds; refuses everything else.
inline CLI::Validator Duration() {
  return CLI::Validator(
      [](std::string& text) -> std::string {
        constexpr std::array<std::pair<std::string_view, double>, 5> kUnits = {
            {{"", 1}, {"s", 1}, {"ms", 1e-3}, {"min", 60}, {"h", 3600}}};
        double number = 0;
        const char* const end = text.data() + text.size();
        const auto [rest, error] = std::from_chars(text.data(), end, number);
        for (const auto& [unit, seconds] : kUnits) {
          if (error != std::errc() || unit != std::string_view(rest, end) || !std::isfinite(number)) continue;
          if (std::signbit(number)) break;
          text = fmt::format("{}", number * seconds);
          return {};
        }
        return fmt::format("found \"{}\", expected seconds, or a number with ms, s, min or h", Printable(text));
      },
      "", "duration");
}

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_OPTIONS_DURATION_H_
