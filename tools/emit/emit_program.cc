// Choosing the language of a counterexample.
// SPDX-License-Identifier: Apache-2.0
#include "tools/emit/emit_program.h"

#include <array>
#include <utility>

#include <fplab/fparith/float/error.h>
#include "tools/emit/c_program.h"
#include "tools/emit/emitted_steps.h"
#include "tools/emit/python_program.h"
#include "tools/emit/rust_program.h"
#include "tools/emit/testfloat_lines.h"

namespace fplab::tools {

EmitLanguage ParseEmitLanguage(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, EmitLanguage>, 5> kNames = {
      {{"c", EmitLanguage::kC},
       {"c++", EmitLanguage::kCpp},
       {"python", EmitLanguage::kPython},
       {"rust", EmitLanguage::kRust},
       {"testfloat", EmitLanguage::kTestFloat}}};
  for (const auto& [known, language] : kNames) {
    if (known == name) return language;
  }
  throw Error("--emit '{}' is not known; expected c, c++, python, rust or testfloat", name);
}

std::string EmitProgram(EmitLanguage language, const statement::Expression& expression,
                        const std::vector<uint64_t>& operands, statement::Target target, Mode mode) {
  const EmittedSteps steps = MakeEmittedSteps(expression, operands, target, mode);
  switch (language) {
    case EmitLanguage::kC:
      return CProgram(steps, CDialect::kC);
    case EmitLanguage::kCpp:
      return CProgram(steps, CDialect::kCpp);
    case EmitLanguage::kPython:
      return PythonProgram(steps);
    case EmitLanguage::kRust:
      return RustProgram(steps);
    case EmitLanguage::kTestFloat:
      break;
  }
  return TestFloatLines(steps);
}

}  // namespace fplab::tools
