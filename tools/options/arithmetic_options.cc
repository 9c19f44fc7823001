// The options of the model's flushing.
// SPDX-License-Identifier: Apache-2.0
#include "tools/options/arithmetic_options.h"

namespace fplab::tools {

void ArithmeticOptions::AddTo(CLI::App& command) {
  command.add_option("--flush", flush,
                     "What ftz means on the model: A (x86: tiny after rounding), B (Arm: before), C (the IEEE result, "
                     "then zero), D (as a format without subnormals rounds) [this machine's]");
  command.add_flag("--positive-zero", positive_zero, "What the model flushes becomes +0, not a zero of its sign");
}

model::Environment ArithmeticOptions::Arithmetic() const {
  model::Environment arithmetic = model::HardwareEnvironment(kIeee);
  if (!flush.empty()) arithmetic.flush = model::ParseFlushSemantics(flush);
  arithmetic.positive_zero = positive_zero;
  return arithmetic;
}

std::string ArithmeticOptions::Text() const {
  const model::Environment arithmetic = Arithmetic();
  return arithmetic == model::HardwareEnvironment(kIeee) ? "" : ", flush " + model::FlushText(arithmetic);
}

}  // namespace fplab::tools
