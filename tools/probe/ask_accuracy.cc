// Dot products against their exact values.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include <fplab/fparith/statement/exact_real.h>
#include <fplab/fparith/text/float_text.h>
#include "tools/probe/questions.h"

namespace fplab::tools {
namespace {

using statement::ExactReal;

enum class Inputs { kPositive, kEitherSign, kCancelling };

const char* Name(Inputs inputs) {
  switch (inputs) {
    case Inputs::kPositive:
      return "positive terms";
    case Inputs::kEitherSign:
      return "terms of either sign";
    default:
      return "cancelling terms";
  }
}

// Cancelling: each of the second half is the opposite of one of the first, but for its last bits, in another order.
void Fill(ProductRun& run, Inputs inputs, uint64_t seed) {
  identity::RandomBits random(seed);
  const auto [m, n, k_size] = run.shape();
  const Format& format = run.format();
  const uint64_t magnitude = ~format.SignMask();
  for (int k = 0; k < k_size; ++k) {
    for (int j = 0; j < n; ++j) {
      const uint64_t bits = RandomNumber(random, format, -2, 2);
      run.SetB(k, j, inputs == Inputs::kEitherSign ? bits : bits & magnitude);
    }
  }
  const int half = k_size / 2;
  for (int i = 0; i < m; ++i) {
    for (int k = 0; k < k_size; ++k) {
      uint64_t bits = RandomNumber(random, format, -2, 2);
      if (inputs == Inputs::kPositive) bits &= magnitude;
      if (inputs == Inputs::kCancelling) bits &= magnitude;
      run.SetA(i, k, bits);
    }
    if (inputs != Inputs::kCancelling) continue;
    for (int k = 0; k < half; ++k) {
      const int partner = half + (k * 7 + 3) % half;
      run.SetA(i, partner, (run.A(i, k) ^ format.SignMask()) ^ static_cast<uint64_t>(random.Between(0, 15)));
    }
  }
  if (inputs != Inputs::kCancelling) return;
  for (int j = 0; j < n; ++j) {
    for (int k = 0; k < half; ++k) run.SetB(half + (k * 7 + 3) % half, j, run.B(k, j));
  }
}

struct Worst {
  ExactReal error;
  std::vector<uint64_t> a, b;
  uint64_t computed = 0;
};

std::string Number(const ExactReal& value) {
  const uint64_t bits = value.RoundTo(kBinary64);
  return fmt::format("{:.4g}", ValueOfBits(kBinary64, bits));
}

// "[0x3f800000, ...]"
std::string List(const Format& format, const std::vector<uint64_t>& values) {
  std::string text;
  for (const uint64_t bits : values) text += (text.empty() ? "" : " ") + HexBits(format, bits);
  return text;
}

}  // namespace

void AskAccuracy(const Question& question) {
  for (const Inputs inputs : {Inputs::kPositive, Inputs::kEitherSign, Inputs::kCancelling}) {
    std::optional<Worst> worst;
    int count = 0;
    const int k = 64;  // 7 has no common divisor with its half
    const ProductShape shape = question.Fit({16, 16, k});
    const int rounds = shape.m * shape.n == 256 ? 6 : shape.m == 16 ? 60 : 400;
    ProductRun run = question.Run(shape);
    for (int round = 0; round < rounds; ++round) {
      Fill(run, inputs, question.options.seed * 1000 + static_cast<uint64_t>(round));
      run.Go();
      for (int i = 0; i < shape.m; ++i) {
        for (int j = 0; j < shape.n; ++j) {
          ExactReal exact;
          for (int t = 0; t < k; ++t) {
            exact = exact + ExactReal(run.format(), run.A(i, t)) * ExactReal(run.format(), run.B(t, j));
          }
          const uint64_t computed = run.C(i, j);
          const ExactReal error = ExactReal::ErrorInUlps(run.format(), computed, exact);
          ++count;
          if (!error.finite()) continue;
          if (worst && ExactReal::Compare(error, worst->error) <= 0) continue;
          worst = {error, run.RowOfA(i), run.ColumnOfB(j), computed};
        }
      }
    }
    if (!worst) {
      question.Add(
          {"accuracy", Name(inputs), "no finite result", fmt::format("{} dot products of {} terms", count, k)});
      continue;
    }
    Finding finding{"accuracy", Name(inputs), fmt::format("{} ulps", Number(worst->error)),
                    fmt::format("the largest of {} dot products of {} terms, against the exact value; it is {}", count,
                                k, ShowBits(run.format(), worst->computed))};
    finding.operands = {"a: " + List(run.format(), worst->a), "b: " + List(run.format(), worst->b)};
    question.Add(std::move(finding));
  }
}

}  // namespace fplab::tools
