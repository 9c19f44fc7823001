// What refute, identities and explain print and parse alike.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PRINTING_VALUE_TEXT_H_
#define FPLAB_TOOLS_PRINTING_VALUE_TEXT_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include <fplab/fparith/identity/identity.h>

namespace fplab::tools {

// "none", "ftz,up" ... or "all", the four flushing modes, also in another direction ("all,up"); those that the machine
// lacks are left out of "all" if `on_hardware`, with a line on stderr.
std::vector<Mode> ParseModes(std::string_view name, bool on_hardware);

// "model", "hardware" or "both".
std::vector<statement::Target> ParseTargets(std::string_view name);

// "0x1.8p-126 [0x00c00000] 1.7632415e-38", "nan(0x1) [0x7fc00001] nan"
std::string ShowValue(const Format& format, uint64_t bits);
nlohmann::json ValueJson(const Format& format, uint64_t bits);

// The same of any type, of which only wide numbers have more than 64 bits: an integer as "-3 [0xfffffffd]", a truth
// value as "true".
std::string ShowValue(const statement::Type& type, WideBits value);
nlohmann::json ValueJson(const statement::Type& type, WideBits value);

// An operand in short: "0x1p-126", "nan(0x1)", "-3".
std::string OperandText(const statement::Type& type, WideBits value);

// "a=0x1p-126 b=-0x1.8p+0 n=3"
std::string ShowOperands(const statement::Expression& expression, const std::vector<uint64_t>& operands);

// Operands by name, with ValueJson each.
nlohmann::json OperandsJson(const statement::Expression& expression, const std::vector<uint64_t>& operands);

// "value", "pair", "triple", "tuple of 4": what `variables` operands are; "case" where there are none.
std::string TupleName(size_t variables, bool plural);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PRINTING_VALUE_TEXT_H_
