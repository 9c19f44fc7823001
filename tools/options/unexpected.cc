// Finding the nearest name that there is.
// SPDX-License-Identifier: Apache-2.0
#include "tools/options/unexpected.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string_view>
#include <vector>

namespace fplab::tools {
namespace {

// Characters to insert, remove or replace to make one of the other (Levenshtein).
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] != b[j] ? 1 : 0);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

// ": did you mean NAME?" for the nearest of `names`, if it is near.
std::string Meant(std::string_view found, const std::vector<std::string>& names) {
  const auto near = std::min_element(names.begin(), names.end(), [found](const std::string& a, const std::string& b) {
    return Distance(found, a) < Distance(found, b);
  });
  if (near == names.end() || Distance(found, *near) > 1 + found.size() / 5) return {};
  return fmt::format(": did you mean {}?", *near);
}

std::vector<std::string> OptionNames(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

bool TakesArguments(const CLI::App& command) {
  const std::vector<const CLI::Option*> options = command.get_options();
  return std::any_of(options.begin(), options.end(),
                     [](const CLI::Option* option) { return option->get_positional(); });
}

std::string UnexpectedOf(const CLI::App& command, const std::string& found) {
  if (!found.starts_with('-')) return fmt::format("{}: '{}' was not expected", command.get_name(), found);
  const std::string name = found.substr(0, found.find('='));
  const std::string meant = Meant(name, OptionNames(command));
  // What no name is like, may be a statement.
  const char* statement = meant.empty() && !found.starts_with("--") && TakesArguments(command)
                              ? ": an argument that begins with a minus goes after --"
                              : "";
  return fmt::format("unknown option '{}' of {}{}{}", meant.empty() ? found : name, command.get_name(), meant,
                     statement);
}

}  // namespace

std::string UnexpectedText(const CLI::App& app) {
  const std::vector<CLI::App*> commands = app.get_subcommands();
  if (!commands.empty()) {
    const std::vector<std::string> left = commands.front()->remaining();
    // An option's value is left beside it, and is no fault of its own.
    const auto first = std::find_if(left.begin(), left.end(), [](const std::string& s) { return s.starts_with('-'); });
    if (left.empty()) return {};
    return UnexpectedOf(*commands.front(), first != left.end() ? *first : left.front());
  }
  const std::vector<std::string> left = app.remaining();
  if (left.empty()) return {};
  const std::string& found = left.front();
  if (found.starts_with('-')) return fmt::format("unknown option '{}'", found);
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands(nullptr)) names.push_back(command->get_name());
  return fmt::format("unknown subcommand '{}'{}", found, Meant(found, names));
}

}  // namespace fplab::tools
