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
#include "proptests/support/hardware_model.h"
#include "proptests/support/hardware_modes.h"
#include "proptests/support/model_cases.h"

namespace fplab {

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
