// Between the fields of a configuration and JSON.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/training/config_json.h>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdlib>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/fparith/version.h>

namespace fplab::nets {
namespace {

constexpr const char* kFormat = "format";
constexpr const char* kEstimator = "estimator";
constexpr int kFlat = 1;

// Whether `json` holds a T as it is: nlohmann's own conversions cut fractions and high bits off without a word.
template <std::integral T>
requires(!std::same_as<T, bool>) bool Holds(const OrderedJson& json) {
  if (json.is_number_unsigned()) return std::in_range<T>(json.get<uint64_t>());
  return json.is_number_integer() && std::in_range<T>(json.get<int64_t>());
}
template <std::same_as<float> T>
bool Holds(const OrderedJson& json) {
  return json.is_number() && std::fabs(json.get<double>()) <= std::numeric_limits<float>::max();
}
template <std::same_as<bool> T>
bool Holds(const OrderedJson& json) {
  return json.is_boolean();
}
template <std::same_as<std::string> T>
bool Holds(const OrderedJson& json) {
  return json.is_string();
}
template <std::same_as<std::vector<int>> T>
bool Holds(const OrderedJson& json) {
  return json.is_array() && std::all_of(json.begin(), json.end(), [](const auto& item) { return Holds<int>(item); });
}

template <std::same_as<std::vector<float>> T>
bool Holds(const OrderedJson& json) {
  return json.is_array() && std::all_of(json.begin(), json.end(), [](const auto& item) { return Holds<float>(item); });
}

// What a file shows: of a float the shortest decimal that is read back as it, 0.15 and not 0.15000000596046448.
const auto& Shortest(const auto& value) { return value; }
double Shortest(float value) {
  const double decimal = std::strtod(fmt::format("{}", value).c_str(), nullptr);
  return static_cast<float>(decimal) == value ? decimal : double{value};
}
std::vector<double> Shortest(const std::vector<float>& values) {
  std::vector<double> decimals;
  for (const float value : values) decimals.push_back(Shortest(value));
  return decimals;
}

// The value of the type of `like` that field `name` holds, or an Error that names it.
FieldValue Get(const OrderedJson& json, const std::string& name, const FieldValue& like) {
  const auto found = json.find(name);
  if (found == json.end()) throw Error("field '{}' is missing", name);
  return std::visit(
      [&]<typename T>(const T&) {
        if (!Holds<T>(*found))
          throw Error("field '{}': found {}, expected {}", name, ShortText(*found), TypeText(like));
        return FieldValue(std::in_place_type<T>, found->get<T>());
      },
      like);
}

int FormatOf(const OrderedJson& json) {
  if (!json.contains(kFormat)) return kFlat;
  const int format = std::get<int>(Get(json, kFormat, kFlat));
  if (format > ConfigFormat()) {
    throw Error("field '{}': found {}, which a later fplab wrote; this one ({}) reads formats {} to {}", kFormat,
                format, FPLAB_VERSION, kFlat, ConfigFormat());
  }
  if (format < kFlat) throw Error("field '{}': found {}, expected {} to {}", kFormat, format, kFlat, ConfigFormat());
  return format;
}

const KnownField* FindKnown(const std::string& name) {
  const std::vector<KnownField>& known = KnownFields();
  const auto found =
      std::find_if(known.begin(), known.end(), [&name](const KnownField& field) { return field.row.name == name; });
  return found == known.end() ? nullptr : &*found;
}

// Throws Error for a name that no configuration has.
void RequireKnown(const OrderedJson& json) {
  for (const auto& [name, value] : json.items()) {
    if (name != kFormat && FindKnown(name) == nullptr) throw Error("unknown field '{}'", name);
  }
}

// Throws Error for a name that only configurations of other estimators have.
void RequireUsed(const OrderedJson& json, const FieldList& fields, EstimatorKind estimator) {
  for (const auto& [name, value] : json.items()) {
    if (name == kFormat || fields.FindName(name) != nullptr) continue;
    throw Error("field '{}': {}", name, WhoUses(*FindKnown(name), estimator));
  }
}

TrainConfig Parse(const OrderedJson& json) {
  if (!json.is_object()) throw Error("expected a JSON object");
  const int format = FormatOf(json);
  RequireKnown(json);
  TrainConfig config;
  config.estimator = DefaultEstimator(ParseEstimator(std::get<std::string>(Get(json, kEstimator, std::string()))));
  const FieldList fields = FieldsOf(config);
  if (format > kFlat) RequireUsed(json, fields, Kind(config.estimator));
  for (const ConfigField& field : fields) {
    if (field.row().since > format && !json.contains(field.row().name)) continue;
    field.Set(Get(json, field.row().name, field.Get()));
  }
  Validate(config);
  return config;
}

}  // namespace

int ConfigFormat() {
  int format = 2;
  for (const KnownField& field : KnownFields()) format = std::max(format, field.row.since);
  return format;
}

OrderedJson ToJson(const TrainConfig& config) {
  return AsGuest([&] {
    TrainConfig copy = config;
    OrderedJson json = {{kFormat, ConfigFormat()}};
    for (const ConfigField& field : FieldsOf(copy)) {
      std::visit([&](const auto& value) { json[field.row().name] = Shortest(value); }, field.Get());
    }
    return json;
  });
}

TrainConfig TrainConfigFromJson(const OrderedJson& json, std::string_view source) {
  try {
    return AsGuest([&] { return Parse(json); });
  } catch (const Error& error) {
    throw Error("{}: {}", source, error.what());
  }
}

std::vector<ConfigDifference> Differences(const TrainConfig& first, const TrainConfig& second) {
  return AsGuest([&] {
    OrderedJson before = ToJson(first), after = ToJson(second);
    std::vector<ConfigDifference> differences;
    for (const KnownField& known : KnownFields()) {
      const std::string& name = known.row.name;
      if (before[name] != after[name]) differences.push_back({name, before[name], after[name]});
    }
    return differences;
  });
}

}  // namespace fplab::nets
