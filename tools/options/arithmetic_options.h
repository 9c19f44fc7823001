// Which machine's flushing the model has, as refute, prove and bound are told.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_OPTIONS_ARITHMETIC_OPTIONS_H_
#define FPLAB_TOOLS_OPTIONS_ARITHMETIC_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <string>

#include <fplab/fparith/model/model.h>

namespace fplab::tools {

// --flush and --positive-zero; without them that of this machine.
struct ArithmeticOptions {
  std::string flush;
  bool positive_zero = false;

  void AddTo(CLI::App& command);
  // Throws Error for semantics it does not know.
  model::Environment Arithmetic() const;
  // For a heading: "", or ", flush C to +0".
  std::string Text() const;
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_OPTIONS_ARITHMETIC_OPTIONS_H_
