// The table of a configuration's fields: complete, and each field the same by text, JSON and the command line's form.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/config/config_field.h>

// Before any header that may have one: training needs no JSON library.
#include <fplab/nets/training/checkpoint.h>
#include <fplab/nets/training/trainer.h>
#ifdef INCLUDE_NLOHMANN_JSON_HPP_
#error "trainer.h or checkpoint.h includes a JSON library"
#endif

#include <gtest/gtest.h>

#include <set>

#include <fplab/nets/training/config_json.h>
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

TrainConfig Default(EstimatorKind kind) {
  TrainConfig config;
  config.estimator = DefaultEstimator(kind);
  return config;
}

// A value that the field does not have: by name for choices, else made from the value there.
FieldValue Another(const ConfigField& field) {
  const std::string& name = field.row().name;
  if (name == "noise") return std::string("signs");
  if (name == "fitness") return std::string("ranks");
  if (name == "optimizer") return std::string("sgd");
  if (name == "schedule") return std::string("constant");
  if (name == "estimator") return field.Get();
  if (name == "samples_per_pair") return 64;
  if (name.ends_with("_mode")) return std::string(std::get<std::string>(field.Get()) == "none" ? "ftz+daz" : "none");
  return std::visit(
      []<typename T>(const T& value) -> FieldValue {
        if constexpr (std::is_same_v<T, bool>) {
          return !value;
        } else if constexpr (std::is_same_v<T, std::string>) {
          return value + "2";
        } else if constexpr (std::is_same_v<T, std::vector<int>> || std::is_same_v<T, std::vector<float>>) {
          T list = value;
          list.push_back(typename T::value_type{3} / typename T::value_type{2});
          return list;
        } else if constexpr (std::is_same_v<T, float>) {
          return value / 3 + 0.05f;
        } else {
          return T(value + 1);
        }
      },
      field.Get());
}

TEST(ConfigFields, EachComesBackThroughTextAndThroughJsonAndChangesNoOther) {
  for (EstimatorKind kind : kEstimatorKinds) {
    TrainConfig plain = Default(kind);
    for (const ConfigField& field : FieldsOf(plain)) {
      const std::string& name = field.row().name;
      const FieldValue value = Another(field);
      EXPECT_EQ(ParseText(ToText(value), field.Get()), value) << name;
      TrainConfig changed = Default(kind);
      FieldsOf(changed).FindOption(field.row().option)->Set(value);
      EXPECT_EQ(FieldsOf(changed).FindName(name)->Get(), value) << name;
      const std::vector<ConfigDifference> differences = Differences(plain, changed);
      if (name == "estimator") continue;
      ASSERT_EQ(differences.size(), 1u) << name;
      EXPECT_EQ(differences.front().name, name);
      EXPECT_NE(changed, plain) << name;
      if (name == "matmul_mode" || name == "rescaled") continue;  // may be no network together with the others
      EXPECT_EQ(TrainConfigFromJson(OrderedJson::parse(ToJson(changed).dump()), "x"), changed) << name;
    }
  }
}

TEST(ConfigFields, HaveNamesAndOptionsOfTheirOwnAndHelp) {
  std::set<std::string> names, options;
  for (const KnownField& field : KnownFields()) {
    EXPECT_TRUE(names.insert(field.row.name).second) << field.row.name;
    EXPECT_TRUE(options.insert(field.row.option).second) << field.row.option;
    EXPECT_FALSE(field.row.help.empty()) << field.row.name;
    EXPECT_FALSE(field.estimators.empty()) << field.row.name;
    EXPECT_LE(field.row.since, ConfigFormat()) << field.row.name;
  }
}

TEST(ConfigFields, TheSettingsOfEveryEstimatorAreValidAtTheirDefaultsAndOutOfRangeRefusedByName) {
  for (EstimatorKind kind : kEstimatorKinds) {
    TrainConfig config = Default(kind);
    EXPECT_EQ(ErrorOf([&] { Validate(config); }), "(no error)") << Name(kind);
    for (const ConfigField& field : FieldsOf(config)) {
      if (field.row().range.Contains(-1000) || field.row().name == "seed" || field.row().name == "samples_per_pair" ||
          std::holds_alternative<std::string>(field.Get()) || std::holds_alternative<bool>(field.Get())) {
        continue;
      }
      const FieldValue before = field.Get();
      field.Set(ParseText("-1000", before));
      std::string label = field.row().name;
      std::replace(label.begin(), label.end(), '_', ' ');
      EXPECT_EQ(ErrorOf([&] { RequireRanges(config); }),
                fmt::format("{}: found -1000, expected {}", label, field.row().range.text));
      field.Set(before);
    }
  }
}

TEST(ConfigFields, TextOfAnotherTypeIsRefusedAndNeverRoundedOrWrapped) {
  const std::pair<const char*, FieldValue> wrong[] = {{"", 1},
                                                      {"1.5", 1},
                                                      {"4294967297", 1},
                                                      {"1x", 1},
                                                      {" 1", 1},
                                                      {"0x", 1},
                                                      {"-1", uint64_t{}},
                                                      {"half", 1.0f},
                                                      {"1e300", 1.0f},
                                                      {"1 ", 1.0f},
                                                      {"perhaps", true},
                                                      {"1,", std::vector<int>{}},
                                                      {",1", std::vector<int>{}},
                                                      {"1,,2", std::vector<int>{}},
                                                      {"1;2", std::vector<float>{}}};
  for (const auto& [text, like] : wrong) {
    EXPECT_EQ(ErrorOf([&, &text = text, &like = like] { ParseText(text, like); }),
              fmt::format("found '{}', expected {}", text, TypeText(like)));
  }
  EXPECT_EQ(ParseText("0x10", uint64_t{}), FieldValue(uint64_t{16}));
  EXPECT_EQ(ParseText("18446744073709551615", uint64_t{}), FieldValue(UINT64_MAX));
  EXPECT_EQ(ParseText("", std::vector<int>{}), FieldValue(std::vector<int>{}));
}

}  // namespace
}  // namespace fplab::nets
