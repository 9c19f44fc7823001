// Names of types.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/value_type.h>

#include <fmt/format.h>

namespace fplab::statement {

std::string Name(const Type& type) {
  switch (type.kind) {
    case Kind::kNumber:
      return fplab::Name(type.format);
    case Kind::kInteger:
      if (type.is_scale) return "e8m0";
      return fmt::format("{}{}", type.is_signed ? 'i' : 'u', type.width);
    case Kind::kWide:
      return fplab::Name(type.wide);
    case Kind::kTruth:
      return "a truth value";
    case Kind::kExact:
      break;
  }
  return "an exact number";
}

std::optional<Type> FindType(std::string_view word) {
  if (word == Name(Type::Scale())) return Type::Scale();
  for (const int width : {8, 16, 32, 64}) {
    for (const bool is_signed : {true, false}) {
      const Type type = Type::Integer(width, is_signed);
      if (word == Name(type)) return type;
    }
  }
  if (const std::optional<Format> format = FindFormat(word)) return Type::Number(*format);
  if (const std::optional<WideFormat> wide = FindWideFormat(word)) return Type::Wide(*wide);
  return std::nullopt;
}

Type ParseFloatType(std::string_view word) {
  if (const std::optional<WideFormat> wide = FindWideFormat(word)) return Type::Wide(*wide);
  return Type::Number(ParseFormat(word));
}

Type BitsType(const Format& format) {
  int width = 8;
  while (width < format.Width()) width *= 2;
  return Type::Integer(width, /*is_signed=*/false);
}

}  // namespace fplab::statement
