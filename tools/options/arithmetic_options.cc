// The options of the model's flushing and NaNs.
// SPDX-License-Identifier: Apache-2.0
#include "tools/options/arithmetic_options.h"

namespace fplab::tools {

void ArithmeticOptions::AddTo(CLI::App& command) {
  command.add_option("--flush", flush,
                     "What ftz means on the model: A (x86: tiny after rounding), B (Arm: before), C (the IEEE result, "
                     "then zero), D (as a format without subnormals rounds) [this machine's]");
  command.add_flag("--positive-zero", positive_zero, "What the model flushes becomes +0, not a zero of its sign");
  AddNansTo(command);
}

void ArithmeticOptions::AddNansTo(CLI::App& command) {
  command.add_option("--nans", nans,
                     "Which NaN the model returns: canonical, or an operand's payload and sign as x86 (the first NaN), "
                     "arm (a signaling one first, FPCR.DN = 0) or riscv (canonical) [canonical]");
}

model::Environment ArithmeticOptions::Arithmetic() const {
  model::Environment arithmetic = model::HardwareEnvironment(kIeee);
  if (!flush.empty()) arithmetic.flush = model::ParseFlushSemantics(flush);
  arithmetic.positive_zero = positive_zero;
  if (!nans.empty()) arithmetic.nans = model::ParseNanRule(nans);
  return arithmetic;
}

std::string ArithmeticOptions::Text() const {
  const model::Environment arithmetic = Arithmetic(), hardware = model::HardwareEnvironment(kIeee);
  std::string text;
  if (arithmetic.flush != hardware.flush || arithmetic.positive_zero) text = ", flush " + model::FlushText(arithmetic);
  if (AsksOfNans()) text += ", NaNs of " + std::string(Name(arithmetic.nans));
  return text;
}

bool ArithmeticOptions::AsksOfNans() const { return Arithmetic().nans != model::NanRule::kCanonical; }

}  // namespace fplab::tools
