// Values, operands, modes and targets as text.
// SPDX-License-Identifier: Apache-2.0
#include "tools/printing/value_text.h"

#include <fmt/format.h>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/text/float_text.h>
#include "tools/terminal/note.h"

namespace fplab::tools {

std::vector<Mode> ParseModes(std::string_view name, bool on_hardware) {
  if (name != "all") return {ParseMode(name)};
  std::vector<Mode> modes;
  for (Mode mode : kFlushModes) {
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
  return fmt::format("{} [{}] {}", HexFloat(format, bits), HexBits(format, bits), Decimal(format, bits));
}

nlohmann::json ValueJson(const Format& format, uint64_t bits) {
  return {{"hex", HexFloat(format, bits)}, {"bits", HexBits(format, bits)}, {"decimal", Decimal(format, bits)}};
}

std::string ShowOperands(const statement::Expression& expression, const std::vector<uint64_t>& operands) {
  std::string text;
  for (size_t v = 0; v < operands.size(); ++v) {
    text += fmt::format("{}{}={}", v > 0 ? " " : "", expression.variables[v], HexFloat(expression.format, operands[v]));
  }
  return text;
}

nlohmann::json OperandsJson(const statement::Expression& expression, const std::vector<uint64_t>& operands) {
  nlohmann::json json = nlohmann::json::object();
  for (size_t v = 0; v < operands.size(); ++v) {
    json[expression.variables[v]] = ValueJson(expression.format, operands[v]);
  }
  return json;
}

std::string TupleName(size_t variables, bool plural) {
  static constexpr const char* kNames[] = {"value", "pair", "triple"};
  if (variables <= 3) return fmt::format("{}{}", kNames[variables - 1], plural ? "s" : "");
  return fmt::format("{} of {}", plural ? "tuples" : "tuple", variables);
}

}  // namespace fplab::tools
