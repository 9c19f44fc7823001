// Command-line options that the subcommands on networks share.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_OPTIONS_NETWORK_OPTIONS_H_
#define FPLAB_TOOLS_OPTIONS_NETWORK_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include <fplab/kernels/core/isa.h>
#include <fplab/nets/files/ordered_json.h>
#include <fplab/nets/network/network.h>
#include "tools/options/field_options.h"

namespace fplab::tools {

// How to compute: changes the time a result takes, never its bits.
struct ExecutionOptions {
  std::string isa = "best";
  int threads = 0;  // set by AddTo to the number of processors

  void AddTo(CLI::App& command);
  kernels::Isa ParsedIsa() const { return kernels::ParseIsa(isa); }
  void RequireValid() const;  // throws Error
};

// Modes and scale, each only if given.
class ModeOptions {
 public:
  void AddTo(CLI::App& command);
  bool Any() const { return fields_.Any(); }
  void ApplyTo(nets::NetworkConfig& config) const;  // throws Error

 private:
  FieldOptions fields_;
};

// Takes an option over where it was given.
template <typename T>
void Set(const std::optional<T>& option, T& field) {
  if (option) field = *option;
}

// JSON text without line breaks; bytes of a path that are not UTF-8 are replaced.
std::string OneLine(const nets::OrderedJson& value);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_OPTIONS_NETWORK_OPTIONS_H_
