// Between CLI11's options and fields.
// SPDX-License-Identifier: Apache-2.0
#include "tools/options/field_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include <fplab/fparith/float/error.h>

namespace fplab::tools {
namespace {

// As CLI11 calls the types.
const char* TypeName(const nets::FieldValue& value) {
  constexpr const char* kNames[] = {"BOOLEAN", "INT", "INT", "UINT", "FLOAT", "TEXT", "INT", "FLOAT"};
  static_assert(std::size(kNames) == std::variant_size_v<nets::FieldValue>);
  return kNames[value.index()];
}

}  // namespace

CLI::Option* FieldOptions::Add(CLI::App& command, const nets::FieldRow& row, const nets::FieldValue& like,
                               const std::string& note) {
  std::string help = row.help;
  if (!row.range.text.empty()) help += fmt::format(" ({})", row.range.text);
  help += note;
  const auto give = [this, option = row.option, like](const std::string& text) { Give(option, like, text); };
  CLI::Option* option = nullptr;
  if (nets::IsList(like)) {
    option =
        command
            .add_option_function<std::vector<std::string>>(
                "--" + row.option,
                [give](const std::vector<std::string>& items) { give(fmt::format("{}", fmt::join(items, ","))); }, help)
            ->delimiter(',');
  } else {
    option = command.add_option_function<std::string>("--" + row.option, give, help);
  }
  return option->type_name(TypeName(like));
}

void FieldOptions::Give(const std::string& option, const nets::FieldValue& like, std::string_view text,
                        const std::string& shown) {
  const std::string& name = shown.empty() ? option : shown;
  try {
    const nets::FieldValue value = nets::ParseText(text, like);
    std::erase_if(given_, [&](const Given& given) { return given.option == option; });
    given_.push_back({option, name, value});
  } catch (const Error& error) {
    throw Error("--{}: {}", name, error.what());
  }
}

std::vector<std::string> FieldOptions::Names() const {
  std::vector<std::string> names;
  for (const Given& given : given_) names.push_back(given.shown);
  return names;
}

const nets::FieldValue* FieldOptions::Find(std::string_view option) const {
  const auto found =
      std::find_if(given_.begin(), given_.end(), [option](const Given& given) { return given.option == option; });
  return found == given_.end() ? nullptr : &found->value;
}

void FieldOptions::Apply(const Given& given, const nets::ConfigField& field) {
  try {
    field.Set(given.value);
  } catch (const Error& error) {
    throw Error("--{}: {}", given.shown, error.what());
  }
}

void FieldOptions::Refuse(const std::string& shown, const std::string& why) { throw Error("--{}: {}", shown, why); }

}  // namespace fplab::tools
