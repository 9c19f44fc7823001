// Products timed beside ours and the multiply-add ceiling, interleaved.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <fplab/kernels/core/panel.h>
#include <fplab/kernels/core/processor_name.h>
#include <fplab/kernels/matmul/matmul.h>
#include "tools/probe/questions.h"

#ifdef FPLAB_WITH_BENCH
#include "bench/suites/ceiling.h"
#endif

namespace fplab::tools {
namespace {

constexpr int kRounds = 7;
constexpr double kSecondsEach = 0.02;

double Seconds(const std::function<void()>& work) {
  const double begin = ThreadSeconds();
  work();
  return ThreadSeconds() - begin;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Our product of one shape, plain: weights packed for each call, as the library's call packs what it wants.
class OurProduct {
 public:
  explicit OurProduct(const ProductShape& shape)
      : shape_(shape),
        a_(static_cast<size_t>(shape.m) * shape.k, 1.5f),
        b_(static_cast<size_t>(shape.k) * shape.n, 0.75f),
        c_(static_cast<size_t>(shape.m) * shape.n),
        panels_(shape.k, shape.n) {}

  void Compute() {
    kernels::ToPanels(b_.data(), shape_.n, panels_.view());
    kernels::Matmul({a_.data(), shape_.m, shape_.k, shape_.k}, panels_.view(),
                    {c_.data(), shape_.m, shape_.n, shape_.n}, {});
  }

 private:
  ProductShape shape_;
  std::vector<float> a_, b_, c_;
  kernels::PanelMatrix panels_;
};

// Operations a second of multiply-adds on registers; none in builds without the benchmarks, nor without such a loop.
std::optional<double> CeilingRate() {
#ifdef FPLAB_WITH_BENCH
  if (!bench::HasCeiling(kernels::BestIsa())) return std::nullopt;
  static float sink;
  double operations = 0;
  const double seconds = Seconds([&] { operations = bench::RunCeiling(kernels::BestIsa(), 200'000, &sink); });
  return operations / seconds;
#else
  return std::nullopt;
#endif
}

class SpeedOfShape {
 public:
  SpeedOfShape(const Question& question, const ProductShape& shape)
      : question_(question), shape_(shape), run_(question.Run(shape)) {
    run_.FillRandom(1);
    const double once = std::max(run_.Go().seconds, 1e-8);
    run_.repeats = static_cast<int>(std::clamp(kSecondsEach / once, 1.0, 1e6));
    if (question.function.signature ==
            Signature{question.function.signature.operation, question.function.signature.interface, false} &&
        question.function.signature.operation == Operation::kProduct) {
      ours_.emplace(shape);
      repeats_ =
          static_cast<int>(std::clamp(kSecondsEach / std::max(Seconds([this] { ours_->Compute(); }), 1e-8), 1.0, 1e6));
    }
  }

  void Ask() {
    const double operations = 2.0 * shape_.m * shape_.n * shape_.k;
    std::vector<double> rates, beside_ours, of_ceiling;
    for (int round = 0; round < kRounds; ++round) {
      const double rate = operations * run_.repeats / run_.Go().seconds;
      rates.push_back(rate);
      if (ours_) {
        const double seconds = Seconds([this] {
          for (int i = 0; i < repeats_; ++i) ours_->Compute();
        });
        beside_ours.push_back(rate * seconds / (operations * repeats_));
      }
      if (const std::optional<double> ceiling = CeilingRate()) of_ceiling.push_back(rate / *ceiling);
    }
    std::string answer = fmt::format("{:.3g} GFLOP/s", Median(rates) / 1e9);
    if (!beside_ours.empty()) answer += fmt::format(", {:.2f} of fplab's own", Median(beside_ours));
    if (!of_ceiling.empty() && !question_.function.signature.is_double) {
      answer += fmt::format(", {:.0f} % of the ceiling", 100 * Median(of_ceiling));
    }
    question_.Add({"speed", Name(shape_) + ", 1 thread", answer,
                   fmt::format("medians of {} interleaved rounds of 20 ms of processor time on {}", kRounds,
                               kernels::ProcessorName())});
  }

 private:
  const Question& question_;
  ProductShape shape_;
  ProductRun run_;
  std::optional<OurProduct> ours_;
  int repeats_ = 1;
};

}  // namespace

void AskSpeed(const Question& question) {
  for (const ProductShape& asked : {ProductShape{64, 64, 64}, ProductShape{17, 17, 17}, ProductShape{256, 256, 256}}) {
    const ProductShape shape = question.Fit(asked);
    if (shape.m == 1 && shape.n == 1 && asked.k != 256) continue;
    SpeedOfShape(question, shape).Ask();
  }
}

}  // namespace fplab::tools
