// Ten lines with proof: no two different numbers have the difference zero, proved for every pair of binary32.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/proof.h>

#include <cstdio>

int main() {
  using namespace fplab;
  proof::Aig aig;
  const proof::FloatCircuit f32(aig, kBinary32, proof::CircuitMode::Of({kIeee}));
  const proof::Word a = f32.Input(), b = f32.Input();
  const proof::Lit differ = aig.Xor(f32.IsZero(f32.Sub(a, b).bits), f32.Equal(a, b));
  const proof::Lit counterexample[] = {f32.IsFinite(a), f32.IsFinite(b), differ};
  const proof::Decision decision = proof::Decide(aig, counterexample, {});
  const bool proved = decision.verdict == proof::SatVerdict::kUnsatisfiable;
  std::printf("%s: proof of %zu bytes\n", proved ? "proved" : "not proved", decision.answer.proof.size());
  return proved || !proof::HasSatSolver() ? 0 : 1;
}
