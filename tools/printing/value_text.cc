// Values, operands, modes and targets as text.
// SPDX-License-Identifier: Apache-2.0
#include "tools/printing/value_text.h"

#include <fmt/format.h>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/statement/operands.h>
#include <fplab/fparith/text/float_text.h>
#include <fplab/fparith/text/nan_text.h>
#include <fplab/fparith/text/wide_text.h>
#include "tools/terminal/note.h"

namespace fplab::tools {
namespace {

// The value in hexadecimal, NaNs told apart.
std::string HexText(const Format& format, uint64_t bits) {
  return format.IsNan(bits) ? NanText(format, bits) : HexFloat(format, bits);
}

// The number that a scale is: binary32 holds them all.
uint64_t ScaleValue(uint64_t pattern) {
  const int exponent = static_cast<int>(pattern) - statement::Type::kScaleBias;
  return pattern == statement::Type::kScaleNan ? kBinary32.CanonicalNan()
                                               : ParseFloat(kBinary32, fmt::format("0x1p{}", exponent));
}

std::string IntegerText(const statement::Type& type, uint64_t value) {
  return type.is_signed ? fmt::format("{}", static_cast<int64_t>(value)) : fmt::format("{}", value);
}

std::string IntegerBits(const statement::Type& type, uint64_t value) {
  return fmt::format("0x{:0{}x}", value & (~uint64_t{0} >> (64 - type.width)), type.width / 4);
}

}  // namespace

std::vector<Mode> ParseModes(std::string_view name, bool on_hardware) {
  const bool all = name == "all" || name.starts_with("all,");
  if (!all) return {ParseMode(name)};
  const Rounding rounding = name == "all" ? Rounding::kNearestEven : ParseRounding(name.substr(4));
  std::vector<Mode> modes;
  for (Mode mode : kFlushModes) {
    mode.rounding = rounding;
    if (!on_hardware || HardwareSupports(mode)) {
      modes.push_back(mode);
    } else {
      WriteNote("fplab: mode {} is left out: this machine does not have it\n", Name(mode));
    }
  }
  return modes;
}

std::vector<statement::Target> ParseTargets(std::string_view name) {
  if (name == "model") return {statement::Target::kModel};
  if (name == "hardware") return {statement::Target::kHardware};
  if (name == "both") return {statement::Target::kModel, statement::Target::kHardware};
  throw Error("--on: found \"{}\", expected model, hardware or both", name);
}

std::string ShowValue(const Format& format, uint64_t bits) {
  return fmt::format("{} [{}] {}", HexText(format, bits), HexBits(format, bits), Decimal(format, bits));
}

nlohmann::json ValueJson(const Format& format, uint64_t bits) {
  return {{"hex", HexText(format, bits)}, {"bits", HexBits(format, bits)}, {"decimal", Decimal(format, bits)}};
}

std::string ShowValue(const statement::Type& type, WideBits wide) {
  if (type.IsWide()) {
    return fmt::format("{} [{}] {}", HexFloat(type.wide, wide), HexBits(type.wide, wide), Decimal(type.wide, wide));
  }
  const auto value = static_cast<uint64_t>(wide);
  if (type.IsNumber()) return ShowValue(type.format, value);
  if (type.is_scale) {
    const uint64_t number = ScaleValue(value);
    return fmt::format("{} [{}] {}", HexText(kBinary32, number), IntegerBits(type, value), Decimal(kBinary32, number));
  }
  if (!type.IsInteger()) return value != 0 ? "true" : "false";
  return fmt::format("{} [{}]", IntegerText(type, value), IntegerBits(type, value));
}

nlohmann::json ValueJson(const statement::Type& type, WideBits wide) {
  if (type.IsWide()) {
    return {
        {"hex", HexFloat(type.wide, wide)}, {"bits", HexBits(type.wide, wide)}, {"decimal", Decimal(type.wide, wide)}};
  }
  const auto value = static_cast<uint64_t>(wide);
  if (type.IsNumber()) return ValueJson(type.format, value);
  if (type.is_scale) {
    const uint64_t number = ScaleValue(value);
    return {{"hex", HexText(kBinary32, number)},
            {"bits", IntegerBits(type, value)},
            {"decimal", Decimal(kBinary32, number)}};
  }
  if (!type.IsInteger()) return value != 0;
  return {{"bits", IntegerBits(type, value)}, {"decimal", IntegerText(type, value)}};
}

std::string OperandText(const statement::Type& type, WideBits wide) {
  if (type.IsWide()) return HexFloat(type.wide, wide);
  const auto value = static_cast<uint64_t>(wide);
  if (type.IsNumber()) return HexText(type.format, value);
  return type.is_scale ? HexText(kBinary32, ScaleValue(value)) : IntegerText(type, value);
}

std::string ShowOperands(const statement::Expression& expression, const std::vector<uint64_t>& operands) {
  std::string text;
  const std::vector<statement::Type> types = expression.VariableTypes();
  for (size_t v = 0; v < types.size(); ++v) {
    text += fmt::format("{}{}={}", v > 0 ? " " : "", expression.variables[v].name,
                        OperandText(types[v], statement::OperandOf(types, operands, v)));
  }
  return text;
}

nlohmann::json OperandsJson(const statement::Expression& expression, const std::vector<uint64_t>& operands) {
  nlohmann::json json = nlohmann::json::object();
  const std::vector<statement::Type> types = expression.VariableTypes();
  for (size_t v = 0; v < types.size(); ++v) {
    json[expression.variables[v].name] = ValueJson(types[v], statement::OperandOf(types, operands, v));
  }
  return json;
}

std::string TupleName(size_t variables, bool plural) {
  static constexpr const char* kNames[] = {"case", "value", "pair", "triple"};
  if (variables <= 3) return fmt::format("{}{}", kNames[variables], plural ? "s" : "");
  return fmt::format("{} of {}", plural ? "tuples" : "tuple", variables);
}

}  // namespace fplab::tools
