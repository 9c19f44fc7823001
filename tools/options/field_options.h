// FieldOptions: options of the command line that set fields of a configuration.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_OPTIONS_FIELD_OPTIONS_H_
#define FPLAB_TOOLS_OPTIONS_FIELD_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

#include <fplab/nets/config/config_field.h>

namespace fplab::tools {

// Keeps what was given until there is a configuration to apply it to. A copy keeps the values, but the command line
// writes into the object that the options were added by, which has to live as long.
class FieldOptions {
 public:
  // Adds the option of `row`, for values of the type of `like`. `note` follows help and range. Lists take their numbers
  // as N,N,... or as words of their own.
  CLI::Option* Add(CLI::App& command, const nets::FieldRow& row, const nets::FieldValue& like,
                   const std::string& note = {});

  // As --option text on the command line, or --shown text where that stands for it. Throws Error that names the option,
  // for text of another type than `like`.
  void Give(const std::string& option, const nets::FieldValue& like, std::string_view text,
            const std::string& shown = {});

  bool Any() const { return !given_.empty(); }
  // Without dashes, in the order given.
  std::vector<std::string> Names() const;
  // nullptr if it was not given.
  const nets::FieldValue* Find(std::string_view option) const;

  // Sets the fields whose options were given. Throws Error that names the option, where there is no such field (what
  // `why` says of it follows) or where its value is none that the field has.
  template <typename Why>
  void ApplyTo(const nets::FieldList& fields, Why why) const {
    for (const Given& given : given_) {
      const nets::ConfigField* field = fields.FindOption(given.option);
      if (field == nullptr) Refuse(given.shown, why(given.option));
      Apply(given, *field);
    }
  }

 private:
  struct Given {
    std::string option, shown;
    nets::FieldValue value;
  };

  static void Apply(const Given& given, const nets::ConfigField& field);
  [[noreturn]] static void Refuse(const std::string& shown, const std::string& why);

  std::vector<Given> given_;
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_OPTIONS_FIELD_OPTIONS_H_
