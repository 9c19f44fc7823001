// NamedBits: the operands of a case by name, whatever their C++ type; and what a function returned for them.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_PROPERTY_NAMED_BITS_H_
#define FPLAB_PROPTESTS_PROPERTY_NAMED_BITS_H_

#include <cctype>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::proptests {

struct NamedValue {
  std::string name;
  uint64_t bits;
};

struct NamedBits {
  Format format;
  std::vector<NamedValue> operands;
};

// What a function returned. Statements call it "result".
struct Result {
  Format format;
  uint64_t bits;
};
inline constexpr const char* kResultName = "result";

// Whether a statement can have a variable of this name: none of its words has it.
inline bool IsVariableName(const std::string& name) {
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0])) != 0) return false;
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_') return false;
  }
  try {
    return statement::ParseExpression(name + " === " + name, kBinary32).variables.size() == 1;
  } catch (const Error&) {
    return false;
  }
}

// Throws Error unless these are different names of variables, none of them "result".
inline void RequireNames(const std::vector<std::string>& names) {
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string& name = names[i];
    if (!IsVariableName(name)) {
      throw Error("Operands: found the name \"{}\", expected a variable's of fplab's statements", name);
    }
    if (name == kResultName) throw Error("Operands: \"{}\" is what the function returned", name);
    for (size_t j = 0; j < i; ++j) {
      if (names[j] == name) throw Error("Operands: found the name \"{}\" twice, expected different ones", name);
    }
  }
}

}  // namespace fplab::proptests

#endif  // FPLAB_PROPTESTS_PROPERTY_NAMED_BITS_H_
