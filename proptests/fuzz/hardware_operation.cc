// Fuzzes operands: the machine returns the bits and flags of the model, for every function, path and mode that it has.
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <vector>

#include <fplab/fparith/machine/hardware.h>
#include "proptests/fuzz/fuzz.h"
#include "proptests/support/hardware_model.h"
#include "proptests/support/hardware_modes.h"
#include "proptests/support/model_cases.h"

namespace fplab::fuzz {
namespace {

struct Case {
  model::Function function;
  machine::Path path;
};

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = [] {
    std::vector<Case> all;
    for (const Format& format : {kBinary16, kBinary32, kBinary64}) {
      for (const model::Function& function : FunctionsOn(format)) {
        for (const machine::Path path : machine::kAllPaths) {
          if (machine::HardwareHas(function, path)) all.push_back({function, path});
        }
      }
    }
    return all;
  }();
  return cases;
}

void Try(FuzzedDataProvider& input) {
  static const std::vector<Mode> modes = HardwareModes();
  const Case& one = Cases()[input.ConsumeIntegralInRange<size_t>(0, Cases().size() - 1)];
  const Mode mode = modes[input.ConsumeIntegralInRange<size_t>(0, modes.size() - 1)];
  const uint64_t mask = ~uint64_t{0} >> (64 - 4 * one.function.OperandDigits());
  std::array<uint64_t, 3> x = {};
  for (uint64_t& operand : x) operand = input.ConsumeIntegral<uint64_t>() & mask;
  const model::Outcome expected = ModelOfHardware(one.function, mode, x[0], x[1], x[2]);
  const model::Outcome found = machine::ExecuteOne(one.function, one.path, mode, x[0], x[1], x[2]);
  Require(one.function.SameResult(found.bits, expected.bits), "the machine returns the model's bits");
  Require(found.flags == expected.flags, "the machine raises the model's flags");
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  fplab::fuzz::Try(input);
  return 0;
}
