// A product by the kernels, called from C++ as a program does: its SHA-256, and its least time.
// Usage: fplab_matmul_reference M K N MODE ISA REPETITIONS
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <vector>

#include <fplab/kernels.h>
#include <fplab/nets/files/sha256.h>

namespace {

// Element i of an operand: what matmul_test.py makes, too.
float Element(uint64_t i, uint64_t seed) {
  const uint64_t mixed = (i + seed) * 2654435761u % (1u << 24);
  return (static_cast<float>(mixed) - 0x1p23f) * 0x1p-85f;
}

std::vector<float> Operand(int rows, int cols, uint64_t seed) {
  std::vector<float> operand(static_cast<size_t>(rows) * static_cast<size_t>(cols));
  for (size_t i = 0; i < operand.size(); ++i) operand[i] = Element(i, seed);
  return operand;
}

}  // namespace

int main(int count, char** words) {
  if (count != 7) return 2;
  using namespace fplab::kernels;
  const int m = std::atoi(words[1]), k = std::atoi(words[2]), n = std::atoi(words[3]);
  const Execution execution = {ParseIsa(words[5]), fplab::ParseMode(words[4])};
  const std::vector<float> a = Operand(m, k, 1), b = Operand(k, n, 2);
  std::vector<float> c(static_cast<size_t>(m) * static_cast<size_t>(n));
  PanelMatrix panels(k, n);
  ToPanels(b.data(), n, panels.view());
  double best = std::numeric_limits<double>::infinity();
  for (int i = 0; i < std::atoi(words[6]); ++i) {
    const auto begin = std::chrono::steady_clock::now();
    Matmul({a.data(), m, k, k}, panels.view(), {c.data(), m, n, n}, execution);
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  fplab::nets::Sha256 hash;
  hash.Update(c.data(), c.size() * sizeof(float));
  fmt::print("{} {:.9f}\n", hash.HexDigest(), best);
}
