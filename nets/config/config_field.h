// ConfigField: one field of a configuration, the same for JSON, the command line, sweeps and help.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_CONFIG_CONFIG_FIELD_H_
#define FPLAB_NETS_CONFIG_CONFIG_FIELD_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fplab/fparith/float/export.h>

namespace fplab::nets {

// What a field holds; of a choice among names, the name.
using FieldValue = std::variant<bool, int, int64_t, uint64_t, float, std::string, std::vector<int>, std::vector<float>>;

FPLAB_EXPORT bool IsList(const FieldValue& value);
// "a 32-bit integer", "a list of binary32 numbers", ...
FPLAB_EXPORT const char* TypeText(const FieldValue& value);
// "true", "500", "adam", "4,2"; a float's text reads back to the same bits.
FPLAB_EXPORT std::string ToText(const FieldValue& value);
// The value of the type of `like` that `text` says. Throws Error that says what was found and expected.
FPLAB_EXPORT FieldValue ParseText(std::string_view text, const FieldValue& like);

// The numbers that a field may be, finite ones only; of a list, each of its items.
struct FPLAB_EXPORT FieldRange {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  bool least_excluded = false, most_excluded = false;
  std::string text = {};  // for help and messages: "at least 1"; empty: there is nothing to say

  bool Contains(double value) const;
};

FPLAB_EXPORT FieldRange AtLeast(double least, std::string_view unit = {});
FPLAB_EXPORT FieldRange Above(double least);
FPLAB_EXPORT FieldRange Between(double least, double most);
FPLAB_EXPORT FieldRange FromToBelow(double least, double most);
// No numbers that a range could hold: names, or what the Validate of the configuration sees to.
FPLAB_EXPORT FieldRange Stated(std::string_view text);

// A row of the table: what is to be known of a field besides its value.
struct FieldRow {
  std::string name;    // in JSON
  std::string option;  // on the command line, without its dashes
  std::string help;    // as --help shows it, which adds the estimators that have it, its range and its default
  FieldRange range = {};
  int since = 1;  // the format of config.json that had it first; where an older file lacks it, it keeps its default
};

// Refers to the configuration that it was made of, which has to live, and keep its estimator, as long.
class FPLAB_EXPORT ConfigField {
 public:
  ConfigField(FieldRow row, std::function<FieldValue()> get, std::function<void(const FieldValue&)> set)
      : row_(std::move(row)), get_(std::move(get)), set_(std::move(set)) {}

  const FieldRow& row() const { return row_; }
  FieldValue Get() const { return get_(); }
  // Throws Error for a name that is none of the choices. Aborts if `value` is of another type than the field.
  void Set(const FieldValue& value) const;
  // Throws Error for a number out of range.
  void RequireInRange() const;

 private:
  FieldRow row_;
  std::function<FieldValue()> get_;
  std::function<void(const FieldValue&)> set_;
};

// The fields of a configuration, in the order of its JSON. A configuration adds its own in ListFields(FieldList&).
class FPLAB_EXPORT FieldList {
 public:
  // `member` is of a type that FieldValue holds.
  template <typename T>
  void Add(FieldRow row, T& member) {
    Add(ConfigField(
        std::move(row), [&member] { return FieldValue(std::in_place_type<T>, member); },
        [&member](const FieldValue& value) { member = std::get<T>(value); }));
  }
  // `member` is one of several that have names: Name(member) is its name, and `parse` the inverse.
  template <typename T>
  void Add(FieldRow row, T& member, T (*parse)(std::string_view)) {
    Add(ConfigField(
        std::move(row), [&member] { return FieldValue(std::string(Name(member))); },
        [&member, parse](const FieldValue& value) { member = parse(std::get<std::string>(value)); }));
  }
  void Add(ConfigField field) { fields_.push_back(std::move(field)); }

  // nullptr if there is none.
  const ConfigField* FindName(std::string_view name) const;
  const ConfigField* FindOption(std::string_view option) const;

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<ConfigField> fields_;
};

// Throws Error for the first field that is out of its range.
template <typename Config>
void RequireRanges(Config config) {
  FieldList fields;
  config.ListFields(fields);
  for (const ConfigField& field : fields) field.RequireInRange();
}

}  // namespace fplab::nets

#endif  // FPLAB_NETS_CONFIG_CONFIG_FIELD_H_
