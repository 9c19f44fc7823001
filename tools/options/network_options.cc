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
  const kernels::Workers trial(threads);
  ParsedIsa();
}

void ModeOptions::AddTo(CLI::App& command) {
  command.add_option("--matmul-mode", matmul_mode, "Mode of the matmuls: none, ftz, daz or ftz+daz [none]");
  command.add_option("--elementwise-mode", elementwise_mode,
                     "Mode of the element-wise operations: none, ftz, daz or ftz+daz [ftz+daz]");
  command.add_option("--scale-exponent", scale_exponent, "The network computes at scale 2^-N [125]");
  command.add_option("--rescaled", rescaled,
                     "Multiply at scale 1, underflow in the element-wise operations alone: the same but for rounding, "
                     "and fast where subnormal numbers are slow: true or false [false]");
}

void ModeOptions::ApplyTo(nets::NetworkConfig& config) const {
  if (matmul_mode) config.matmul_mode = ParseMode(*matmul_mode);
  if (elementwise_mode) config.elementwise_mode = ParseMode(*elementwise_mode);
  Set(scale_exponent, config.scale_exponent);
  Set(rescaled, config.rescaled);
}

std::string OneLine(const nets::OrderedJson& value) {
  return value.dump(-1, ' ', false, nets::OrderedJson::error_handler_t::replace);
}

}  // namespace fplab::tools
