// Fuzzes the checker of DRAT proofs: whatever the bytes, a formula that has a solution is never said to have none.
// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <string>

#include <fplab/fparith/proof/drat_check.h>
#include "proptests/fuzz/fuzz.h"

namespace fplab::fuzz {
namespace {

constexpr int kVariables = 8;

// Clauses of the input's literals, those that hold where every variable is true.
proof::Cnf Satisfiable(FuzzedDataProvider& input) {
  proof::Cnf cnf;
  cnf.variables = kVariables;
  for (int clause = input.ConsumeIntegralInRange(0, 20); clause > 0; --clause) {
    cnf.literals.push_back(input.ConsumeIntegralInRange(1, kVariables));
    for (int more = input.ConsumeIntegralInRange(0, 3); more > 0; --more) {
      const int literal = input.ConsumeIntegralInRange(1, kVariables);
      cnf.literals.push_back(input.ConsumeBool() ? literal : -literal);
    }
    cnf.literals.push_back(0);
    ++cnf.clauses;
  }
  return cnf;
}

void Try(FuzzedDataProvider& input) {
  const proof::Cnf cnf = Satisfiable(input);
  const proof::DratForm form = input.ConsumeBool() ? proof::DratForm::kText : proof::DratForm::kBinary;
  const std::string proof = input.ConsumeRemainingBytesAsString();
  Require(!Accepted([&] { CheckDrat(cnf, proof, form); }), "a satisfiable formula is not refuted");
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  fplab::fuzz::Try(input);
  return 0;
}
