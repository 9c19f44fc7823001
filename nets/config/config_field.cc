// Text of field values, and their ranges.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/config/config_field.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <type_traits>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>

namespace fplab::nets {
namespace {

template <typename T>
constexpr bool kIsList = std::is_same_v<T, std::vector<int>> || std::is_same_v<T, std::vector<float>>;
template <typename T>
constexpr bool kIsNumber = std::is_arithmetic_v<T> && !std::is_same_v<T, bool>;

// The whole of `text` as a T, or nothing. Whole numbers are decimal, or hexadecimal after 0x.
template <typename T>
std::optional<T> Parse(std::string_view text) {
  if constexpr (std::is_same_v<T, std::string>) {
    return std::string(text);
  } else if constexpr (std::is_same_v<T, bool>) {
    for (const char* yes : {"true", "yes", "on", "1"}) {
      if (text == yes) return true;
    }
    for (const char* no : {"false", "no", "off", "0"}) {
      if (text == no) return false;
    }
    return std::nullopt;
  } else if constexpr (std::is_same_v<T, float>) {
    const std::string copy(text);
    char* end = nullptr;
    errno = 0;
    const float value = std::strtof(copy.c_str(), &end);
    if (copy.empty() || end != copy.c_str() + copy.size() || (errno == ERANGE && std::isinf(value)))
      return std::nullopt;
    return value;
  } else if constexpr (kIsList<T>) {
    T list;
    while (!text.empty()) {
      const size_t end = text.find(',');
      const auto item = Parse<typename T::value_type>(text.substr(0, end));
      if (!item || end + 1 == text.size()) return std::nullopt;  // not a number, or a comma at the end
      list.push_back(*item);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return list;
  } else {
    const bool hexadecimal = text.starts_with("0x");
    if (hexadecimal) text.remove_prefix(2);
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hexadecimal ? 16 : 10);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
  }
}

}  // namespace

bool IsList(const FieldValue& value) {
  return std::visit([]<typename T>(const T&) { return kIsList<T>; }, value);
}

const char* TypeText(const FieldValue& value) {
  constexpr const char* kTexts[] = {
      "true or false",     "a 32-bit integer", "a 64-bit integer",          "a 64-bit integer that is not negative",
      "a binary32 number", "a string",         "a list of 32-bit integers", "a list of binary32 numbers"};
  static_assert(std::size(kTexts) == std::variant_size_v<FieldValue>);
  return kTexts[value.index()];
}

std::string ToText(const FieldValue& value) {
  return AsGuest([&] {
    return std::visit(
        []<typename T>(const T& held) {
          if constexpr (kIsList<T>) {
            return fmt::format("{}", fmt::join(held, ","));
          } else {
            return fmt::format("{}", held);
          }
        },
        value);
  });
}

FieldValue ParseText(std::string_view text, const FieldValue& like) {
  return AsGuest([&] {
    return std::visit(
        [&]<typename T>(const T&) {
          const std::optional<T> value = Parse<T>(text);
          if (!value) throw Error("found '{}', expected {}", text, TypeText(like));
          return FieldValue(std::in_place_type<T>, *value);
        },
        like);
  });
}

bool FieldRange::Contains(double value) const {
  return AsGuest([&] {
    return std::isfinite(value) && (least_excluded ? value > least : value >= least) &&
           (most_excluded ? value < most : value <= most);
  });
}

FieldRange AtLeast(double least, std::string_view unit) {
  return {.least = least, .text = fmt::format("at least {}{}{}", least, unit.empty() ? "" : " ", unit)};
}

FieldRange Above(double least) { return {.least = least, .least_excluded = true, .text = fmt::format("> {}", least)}; }

FieldRange Between(double least, double most) {
  return {.least = least, .most = most, .text = fmt::format("{} to {}", least, most)};
}

FieldRange FromToBelow(double least, double most) {
  return {.least = least,
          .most = most,
          .most_excluded = true,
          .text = fmt::format("at least {} and below {}", least, most)};
}

FieldRange Stated(std::string_view text) { return {.text = std::string(text)}; }

void ConfigField::Set(const FieldValue& value) const {
  FPLAB_CHECK(value.index() == Get().index(), "a field's value is of the field's type");
  set_(value);
}

void ConfigField::RequireInRange() const {
  AsGuest([&] {
    const auto require = [this](auto number) {
      if (row_.range.Contains(static_cast<double>(number))) return;
      std::string label = row_.name;
      std::replace(label.begin(), label.end(), '_', ' ');
      const std::string& text = row_.range.text;
      throw Error("{}: found {}, expected {}", label, number, text.empty() ? "a finite number" : text);
    };
    std::visit(
        [&]<typename T>(const T& held) {
          if constexpr (kIsNumber<T>) require(held);
          if constexpr (kIsList<T>) std::for_each(held.begin(), held.end(), require);
        },
        Get());
  });
}

const ConfigField* FieldList::FindName(std::string_view name) const {
  const auto found =
      std::find_if(begin(), end(), [name](const ConfigField& field) { return field.row().name == name; });
  return found == end() ? nullptr : &*found;
}

const ConfigField* FieldList::FindOption(std::string_view option) const {
  const auto found =
      std::find_if(begin(), end(), [option](const ConfigField& field) { return field.row().option == option; });
  return found == end() ? nullptr : &*found;
}

}  // namespace fplab::nets
