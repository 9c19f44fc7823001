// Comparing the model with the hardware in bulk: blocks of stratified operands through both.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_HARDWARE_CASES_H_
#define FPLAB_PROPTESTS_SUPPORT_HARDWARE_CASES_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fplab/fparith/machine/hardware.h>
#include "proptests/support/hardware_modes.h"
#include "proptests/support/model_cases.h"

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

// Runs `count` stratified cases of `function` on `path` under `mode` through both; the first difference fails the test.
inline void ExpectHardwareIsTheModel(const model::Function& function, machine::Path path, Mode mode, size_t count,
                                     uint64_t seed) {
  constexpr size_t kBlock = 4096;
  FloatGenerator generator(function.format, Specials::kAll, seed);
  std::array<std::vector<uint64_t>, 3> operands;
  for (std::vector<uint64_t>& operand : operands) operand.resize(kBlock);
  std::vector<model::Outcome> outcomes(kBlock);
  for (size_t done = 0; done < count; done += kBlock) {
    for (size_t i = 0; i < kBlock; ++i) {
      const std::array<uint64_t, 3> drawn = generator.Operands(function);
      for (size_t k = 0; k < drawn.size(); ++k) operands[k][i] = drawn[k];
    }
    machine::Execute(function, path, mode, operands[0], operands[1], operands[2], outcomes);
    for (size_t i = 0; i < kBlock; ++i) {
      const std::array<uint64_t, 3> drawn = {operands[0][i], operands[1][i], operands[2][i]};
      const model::Outcome expected = ModelOfHardware(function, mode, drawn[0], drawn[1], drawn[2]);
      ASSERT_TRUE(SameOutcome(function, outcomes[i], expected))
          << Name(path) << " " << ShowCase(function, model::HardwareEnvironment(mode), drawn) << "\n  hardware "
          << ShowOutcome(function, outcomes[i]) << "\n  model    " << ShowOutcome(function, expected);
    }
  }
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_HARDWARE_CASES_H_
