// Options shared by train and eval.
// SPDX-License-Identifier: Apache-2.0
#include "tools/options/network_options.h"

#include <algorithm>
#include <thread>

#include <fplab/kernels/core/workers.h>

namespace fplab::tools {

void ExecutionOptions::AddTo(CLI::App& command) {
  threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  command.add_option("--threads", threads, "Worker threads; the result does not depend on it")->capture_default_str();
  command.add_option("--isa", isa, "best, avx512, avx2, neon or fallback; the result does not depend on it")
      ->capture_default_str();
}

void ExecutionOptions::RequireValid() const {
  kernels::Workers::RequireCount(threads);
  ParsedIsa();
}

void ModeOptions::AddTo(CLI::App& command) {
  nets::NetworkConfig config;
  nets::FieldList fields;
  config.ListFields(fields);
  for (const nets::ConfigField& field : fields) {
    // A trained network keeps its shape.
    if (field.row().option != "layers") fields_.Add(command, field.row(), field.Get(), " [the run's]");
  }
}

void ModeOptions::ApplyTo(nets::NetworkConfig& config) const {
  nets::FieldList fields;
  config.ListFields(fields);
  fields_.ApplyTo(fields, [](const std::string&) { return "no option of a network"; });
}

std::string OneLine(const nets::OrderedJson& value) {
  return value.dump(-1, ' ', false, nets::OrderedJson::error_handler_t::replace);
}

}  // namespace fplab::tools
