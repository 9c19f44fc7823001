// ParseConstantList: "c in 3, 1/7, 10..20", the constants that a statement is asked about one after another.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_OPTIONS_CONSTANT_LIST_H_
#define FPLAB_TOOLS_OPTIONS_CONSTANT_LIST_H_

#include <cstddef>
#include <string>
#include <vector>

namespace fplab::tools {

inline constexpr size_t kMostConstants = 10000;

struct ConstantList {
  std::string name;                // of the variable
  std::vector<std::string> texts;  // of the constants, in the language of statements
};

// `text` cut at the commas outside parentheses; one piece at the least.
std::vector<std::string> CutAtCommas(const std::string& text);

// Constants are joined by commas, LOW..HIGH stands for the whole numbers between, both included. Throws Error for other
// forms, an empty list, and more than kMostConstants.
ConstantList ParseConstantList(const std::string& text);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_OPTIONS_CONSTANT_LIST_H_
