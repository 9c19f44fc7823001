// Softmax cross-entropy: its scalar definition bit for bit, and binary64 within a derived bound.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/layers/loss.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/model/fma_chain.h>
#include <fplab/kernels/layers/exp_log.h>
#include "proptests/support/kernel_data.h"

namespace fplab::kernels {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct Batch {
  Batch(uint64_t seed, int rows, int cols, float spread) : logits(rows, cols) {
    WordSource source(seed);
    for (float& x : logits.buffer()) x = spread * (static_cast<float>(source.Below(1u << 24)) * 0x1p-23f - 1.0f);
    labels.resize(static_cast<size_t>(PanelCount(cols)) * kPanelWidth);
    for (int32_t& label : labels) label = static_cast<int32_t>(source.Below(static_cast<uint32_t>(rows)));
  }
  PanelMatrix logits;
  std::vector<int32_t> labels;
};

struct Result {
  std::vector<float> loss;
  PanelMatrix gradient;
};

Result Compute(const Batch& batch, Isa isa) {
  Result result{std::vector<float>(batch.labels.size()), PanelMatrix(batch.logits.rows(), batch.logits.cols())};
  SoftmaxCrossEntropyGradient(batch.logits.view(), batch.labels.data(), result.loss.data(), result.gradient.view(),
                              isa);
  return result;
}

// Of one column, in exact model operations and the array functions.
struct ColumnResult {
  float loss;
  std::vector<float> gradient;
};

ColumnResult Define(const Batch& batch, int col) {
  const int rows = batch.logits.rows();
  float max = batch.logits.At(0, col);
  for (int r = 1; r < rows; ++r) max = std::max(max, batch.logits.At(r, col));
  std::vector<float> e(static_cast<size_t>(rows));
  for (int r = 0; r < rows; ++r) e[r] = model::SubFloat(batch.logits.At(r, col), max, kIeee);
  Exp(e.data(), e.data(), e.size(), Isa::kFallback);
  float sum = 0.0f;
  for (float x : e) sum = model::AddFloat(sum, x, kIeee);
  float log = 0.0f;
  Log(&sum, &log, 1, Isa::kFallback);
  const int label = batch.labels[col];
  ColumnResult result{model::AddFloat(log, model::SubFloat(max, batch.logits.At(label, col), kIeee), kIeee), {}};
  const float inverse = model::DivFloat(1.0f, sum, kIeee);
  for (int r = 0; r < rows; ++r) {
    result.gradient.push_back(model::SubFloat(model::MulFloat(e[r], inverse, kIeee), r == label ? 1.0f : 0.0f, kIeee));
  }
  return result;
}

TEST(Loss, EqualsItsScalarDefinitionOnEveryIsaInEveryAmbientMode) {
  for (int rows : {1, 2, 3, 10, 33}) {
    for (int cols : {1, 8, 31, 32, 33, 70}) {
      for (float spread : {0.001f, 3.0f, 60.0f, 1e30f}) {
        const Batch batch(static_cast<uint64_t>(rows * 100 + cols), rows, cols, spread);
        for (Isa isa : SupportedIsas()) {
          Result result;
          {
            const ScopedMode guard(cols % 2 == 0 && HardwareSupports(kFtzDaz) ? kFtzDaz : kIeee);
            result = Compute(batch, isa);
          }
          std::vector<float> loss_only(batch.labels.size());
          SoftmaxCrossEntropy(batch.logits.view(), batch.labels.data(), loss_only.data(), isa);
          for (int c = 0; c < cols; ++c) {
            const ColumnResult want = Define(batch, c);
            ASSERT_TRUE(SameBits(result.loss[c], want.loss)) << Name(isa) << " " << rows << " x " << cols;
            ASSERT_TRUE(SameBits(loss_only[c], want.loss)) << Name(isa) << " " << rows << " x " << cols;
            for (int r = 0; r < rows; ++r) {
              ASSERT_TRUE(SameBits(result.gradient.At(r, c), want.gradient[r])) << Name(isa) << " " << r << "," << c;
            }
          }
        }
      }
    }
  }
}

// In units of u = 2^-24, with d = logit - max: rounding d moves exp(d) by |d| u relative, exp itself by 3 u (1 ulp and
// the half of correct rounding), so the sum of e (|d| exp(d) <= 1/e each, one of them 1) by (rows + 3) u and its own
// rows roundings, the logarithm by as much absolutely and 3 u relatively; max - own and the last sum round once each.
double LossBound(double log_sum, double distance, double loss, int rows) {
  return 0x1p-24 * (2 * rows + 3 + 3 * log_sum + distance + loss) * 1.001;
}

// softmax = exp(d) / sum: relative |d| + 3 from exp, 2 rows + 3 from the sum, 2 from the division and the product; one
// more rounding of a difference below 1; and what gradual underflow leaves.
double GradientBound(double softmax, double d, int rows) {
  return 0x1p-24 * (softmax * (std::abs(d) + 2 * rows + 8) + 1) * 1.001 + 0x1p-149;
}

TEST(Loss, IsBinary64WithinTheDerivedBoundAndGradientsSumToZero) {
  for (float spread : {0.01f, 1.0f, 10.0f, 80.0f}) {
    const Batch batch(static_cast<uint64_t>(spread * 100), 10, 500, spread);
    const Result result = Compute(batch, BestIsa());
    for (int c = 0; c < 500; ++c) {
      double max = batch.logits.At(0, c), sum = 0;
      for (int r = 0; r < 10; ++r) max = std::max(max, static_cast<double>(batch.logits.At(r, c)));
      for (int r = 0; r < 10; ++r) sum += std::exp(batch.logits.At(r, c) - max);
      const int label = batch.labels[c];
      const double distance = max - batch.logits.At(label, c), loss = std::log(sum) + distance;
      ASSERT_NEAR(result.loss[c], loss, LossBound(std::log(sum), distance, loss, 10)) << spread << " " << c;
      double total = 0, total_bound = 0;
      for (int r = 0; r < 10; ++r) {
        const double d = batch.logits.At(r, c) - max, softmax = std::exp(d) / sum;
        const double bound = GradientBound(softmax, d, 10);
        ASSERT_NEAR(result.gradient.At(r, c), softmax - (r == label ? 1 : 0), bound) << spread << " " << r << "," << c;
        total += result.gradient.At(r, c);
        total_bound += bound;
      }
      ASSERT_NEAR(total, 0, total_bound);
    }
  }
}

TEST(Loss, SpecialLogitsGiveSpecialLossesInTheirColumnOnly) {
  for (Isa isa : SupportedIsas()) {
    Batch batch(1, 10, 40, 5.0f);
    const Result plain = Compute(batch, isa);
    batch.labels[3] = batch.labels[5] = batch.labels[6] = batch.labels[17] = 4;
    batch.logits.At(2, 3) = std::numeric_limits<float>::quiet_NaN();
    batch.logits.At(9, 5) = kInfinity;
    batch.logits.At(4, 6) = kInfinity;
    batch.logits.At(4, 17) = -kInfinity;
    for (int r = 0; r < 10; ++r) batch.logits.At(r, 33) = -kInfinity;
    const Result result = Compute(batch, isa);
    for (int c : {3, 5, 6, 33}) EXPECT_TRUE(IsNan(result.loss[c])) << Name(isa) << " " << c;
    EXPECT_EQ(result.loss[17], kInfinity) << Name(isa);
    for (int c = 0; c < 40; ++c) {
      if (c == 3 || c == 5 || c == 6 || c == 17 || c == 33) continue;
      ASSERT_TRUE(SameBits(result.loss[c], plain.loss[c])) << Name(isa) << " " << c;
    }
  }
}

TEST(Loss, AnImpossibleClassThatIsNotTheLabelChangesNoLossAndHasNoGradient) {
  for (Isa isa : SupportedIsas()) {
    // Class 3 of ten is impossible in `with` and missing in `without`.
    Batch with(7, 10, 40, 5.0f), without(7, 9, 40, 5.0f);
    for (int c = 0; c < 40; ++c) {
      with.labels[c] = 4 + c % 6;
      without.labels[c] = with.labels[c] - 1;
      for (int r = 0; r < 9; ++r) without.logits.At(r, c) = with.logits.At(r < 3 ? r : r + 1, c);
      with.logits.At(3, c) = -kInfinity;
    }
    const Result found = Compute(with, isa), want = Compute(without, isa);
    for (int c = 0; c < 40; ++c) {
      ASSERT_TRUE(SameBits(found.loss[c], want.loss[c])) << Name(isa) << " " << c;
      ASSERT_EQ(ToBits(found.gradient.At(3, c)), 0u) << Name(isa) << " " << c;
      for (int r = 0; r < 9; ++r) {
        ASSERT_TRUE(SameBits(found.gradient.At(r < 3 ? r : r + 1, c), want.gradient.At(r, c))) << Name(isa) << " " << c;
      }
    }
  }
}

TEST(Loss, HugeDifferencesOfLogitsDoNotOverflow) {
  Batch batch(1, 3, 1, 1.0f);
  batch.logits.At(0, 0) = 3e38f;
  batch.logits.At(1, 0) = -1e38f;
  batch.logits.At(2, 0) = 0.0f;
  batch.labels[0] = 0;
  EXPECT_EQ(ToBits(Compute(batch, BestIsa()).loss[0]), 0u);
  batch.labels[0] = 2;
  EXPECT_EQ(Compute(batch, BestIsa()).loss[0], 3e38f);
}

TEST(Loss, NoColumnsNeedNoMemory) {
  PanelMatrix empty(10, 0), gradient(10, 0);
  SoftmaxCrossEntropyGradient(empty.view(), nullptr, nullptr, gradient.view(), BestIsa());
}

}  // namespace
}  // namespace fplab::kernels
