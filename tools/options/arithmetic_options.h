// Which machine's flushing and NaNs the model has, as refute, prove, bound and explain are told.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_OPTIONS_ARITHMETIC_OPTIONS_H_
#define FPLAB_TOOLS_OPTIONS_ARITHMETIC_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <string>

#include <fplab/fparith/model/model.h>

namespace fplab::tools {

// --flush, --positive-zero and --nans; without them this machine's flushing, and the canonical NaN.
struct ArithmeticOptions {
  std::string flush;
  bool positive_zero = false;
  std::string nans;

  void AddTo(CLI::App& command);
  // --nans alone.
  void AddNansTo(CLI::App& command);
  // Throws Error for semantics or a rule it does not know.
  model::Environment Arithmetic() const;
  // For a heading: "", or ", flush C to +0", ", NaNs of x86".
  std::string Text() const;
  // Another rule than the canonical one was named: NaNs are operands then.
  bool AsksOfNans() const;
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_OPTIONS_ARITHMETIC_OPTIONS_H_
