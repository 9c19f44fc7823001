// The model with what this machine's instructions do differently: what hardware is compared with.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_HARDWARE_MODEL_H_
#define FPLAB_PROPTESTS_SUPPORT_HARDWARE_MODEL_H_

#include <fplab/fparith/model/function.h>

namespace fplab {

// Where an instruction does not obey the whole mode, the one that it does obey; the conformance matrix measures this.
inline Mode ObeyedMode(const model::Function& function, Mode mode) {
  if (function.operation != model::Operation::kConvert) return mode;
  if (function.result_format == kBinary16) mode.flush_outputs = false;  // VCVTPS2PH: SDM volume 1, 14.4.1
  if (function.format == kBinary16) mode.flush_inputs = false;          // VCVTPH2PS
  if (function.result_format == kBfloat16) mode = kFtzDaz;              // VCVTNEPS2BF16
  return mode;
}

// What the model says of this machine: IEEE 754-2019 leaves zero times infinity plus NaN open (7.2 c), and x86 then
// raises nothing; VCVTNEPS2BF16 raises no flags at all; F16C raises no denormal flag for subnormal binary16 operands,
// which are normal in binary32.
inline model::Outcome ModelOfHardware(const model::Function& function, Mode mode, uint64_t a, uint64_t b, uint64_t c) {
  model::Outcome outcome = Evaluate(function, model::HardwareEnvironment(ObeyedMode(function, mode)), a, b, c);
  const Format& format = function.format;
  const bool x86 = model::HardwareFlushSemantics() == model::FlushSemantics::kAfterRounding;
  if (x86 && function.operation == model::Operation::kFma && format.IsNan(c) && !format.IsNan(a) && !format.IsNan(b) &&
      !format.IsSignalingNan(c)) {
    outcome.flags &= static_cast<model::Flags>(~model::kInvalid);
  }
  if (function.operation != model::Operation::kConvert) return outcome;
  if (function.result_format == kBfloat16) outcome.flags = 0;
  if (format == kBinary16) outcome.flags &= static_cast<model::Flags>(~model::kDenormal);
  return outcome;
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_HARDWARE_MODEL_H_
