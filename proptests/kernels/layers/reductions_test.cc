// Reductions: the documented order of additions bit for bit, and exact counts.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/layers/reductions.h>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/model/fma_chain.h>
#include "proptests/support/kernel_data.h"

namespace fplab::kernels {
namespace {

float DefineSum(const std::vector<float>& x) {
  float partial[16] = {};
  for (size_t i = 0; i < x.size(); ++i) partial[i % 16] = model::AddFloat(partial[i % 16], x[i], kIeee);
  for (int width : {8, 4, 2, 1}) {
    for (int l = 0; l < width; ++l) partial[l] = model::AddFloat(partial[l], partial[l + width], kIeee);
  }
  return partial[0];
}

TEST(Sum, AddsInTheDocumentedOrderForEveryCountAndKindOfOperand) {
  WordSource source(1);
  for (Palette palette : kPalettes) {
    for (size_t count = 0; count <= 100; ++count) {
      const std::vector<float> x = DrawFloats(source, palette, count);
      for (Isa isa : SupportedIsas()) {
        ASSERT_TRUE(SameBits(Sum(x.data(), count, isa), DefineSum(x))) << Name(isa) << " " << Name(palette) << count;
      }
    }
  }
}

TEST(Sum, AddsInTheDocumentedOrderOverLongArraysInEveryAmbientMode) {
  WordSource source(2);
  const std::vector<float> x = DrawFloats(source, Palette::kUnderflow, 100003);
  const float want = DefineSum(x);
  for (Isa isa : SupportedIsas()) {
    for (Mode mode : HardwareModes()) {
      float sum = 0.0f;
      {
        const ScopedMode guard(mode);
        sum = Sum(x.data(), x.size(), isa);
      }
      EXPECT_TRUE(SameBits(sum, want)) << Name(isa) << " under " << Name(mode);
    }
  }
}

TEST(ColumnSums, AddRowsInOrderFromPlusZero) {
  WordSource source(3);
  for (Palette palette : kPalettes) {
    for (int rows : {0, 1, 2, 17}) {
      for (int cols : {0, 1, 8, 31, 32, 33, 65}) {
        const PanelMatrix x = DrawPanels(source, palette, rows, cols);
        const size_t size = static_cast<size_t>(PanelCount(cols)) * kPanelWidth;
        for (Isa isa : SupportedIsas()) {
          std::vector<float> out(size + 1, FloatFromBits(kCanaryBits));
          ColumnSums(x.view(), out.data(), isa);
          EXPECT_EQ(ToBits(out[size]), kCanaryBits);
          for (int c = 0; c < cols; ++c) {
            float want = 0.0f;
            for (int r = 0; r < rows; ++r) want = model::AddFloat(want, x.At(r, c), kIeee);
            ASSERT_TRUE(SameBits(out[c], want)) << Name(isa) << " " << rows << " x " << cols << ", column " << c;
          }
        }
      }
    }
  }
}

// Subnormals and NaN are no zeros, -0 is one, and padding does not count, also under a mode that flushes inputs.
TEST(CountZeros, CountsZerosOfBothSignsAndNothingElse) {
  WordSource source(4);
  for (Palette palette : {Palette::kSubnormal, Palette::kEverything}) {
    for (int rows : {0, 1, 9}) {
      for (int cols : {0, 1, 7, 16, 31, 32, 33, 70}) {
        PanelMatrix x = DrawPanels(source, palette, rows, cols);
        int64_t want = 0;
        for (int r = 0; r < rows; ++r) {
          for (int c = 0; c < cols; ++c) want += IsZero(x.At(r, c)) ? 1 : 0;
          for (int c = cols; c < PanelCount(cols) * kPanelWidth; ++c) x.view().At(r, c) = 0.0f;
        }
        for (Isa isa : SupportedIsas()) {
          for (Mode mode : HardwareFlushModes()) {
            int64_t zeros = -1;
            {
              const ScopedMode guard(mode);
              zeros = CountZeros(x.view(), isa);
            }
            EXPECT_EQ(zeros, want) << Name(isa) << " under " << Name(mode) << ", " << rows << " x " << cols;
          }
        }
      }
    }
  }
}

bool DefineCorrect(const PanelMatrix& logits, int col, int32_t label) {
  int best = 0;
  for (int r = 0; r < logits.rows(); ++r) {
    if (IsNan(logits.At(r, col))) return false;
    if (logits.At(r, col) > logits.At(best, col)) best = r;
  }
  return best == label;
}

TEST(CountCorrect, TakesTheFirstOfEqualsAndCountsNanAsWrong) {
  WordSource source(5);
  for (Palette palette : kPalettes) {
    for (int rows : {1, 2, 10}) {
      for (int cols : {0, 1, 8, 16, 31, 33, 96}) {
        PanelMatrix logits = DrawPanels(source, palette, rows, cols);
        std::vector<int32_t> labels(static_cast<size_t>(PanelCount(cols)) * kPanelWidth);
        for (int32_t& label : labels) label = static_cast<int32_t>(source.Below(static_cast<uint32_t>(rows)));
        int64_t want = 0;
        for (int c = 0; c < cols; ++c) {
          // Ties: every third column repeats an element, also as +0 against -0.
          if (c % 3 == 0) logits.At(rows - 1, c) = logits.At(0, c);
          if (c % 6 == 0) {
            logits.At(0, c) = -0.0f;
            logits.At(rows - 1, c) = 0.0f;
          }
          want += DefineCorrect(logits, c, labels[c]) ? 1 : 0;
        }
        for (Isa isa : SupportedIsas()) {
          EXPECT_EQ(CountCorrect(logits.view(), labels.data(), isa), want) << Name(isa) << rows << " x " << cols;
        }
      }
    }
  }
}

TEST(CountCorrect, NanAnywhereInAColumnIsWrong) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  for (Isa isa : SupportedIsas()) {
    PanelMatrix logits(3, 4);
    const std::vector<int32_t> labels(32, 2);
    for (int c = 0; c < 4; ++c) logits.At(2, c) = 1.0f;
    EXPECT_EQ(CountCorrect(logits.view(), labels.data(), isa), 4);
    for (int r = 0; r < 3; ++r) logits.At(r, r) = kNan;
    EXPECT_EQ(CountCorrect(logits.view(), labels.data(), isa), 1) << Name(isa);
  }
}

RC_GTEST_PROP(Sum, AddsInTheDocumentedOrderForRandomArrays, ()) {
  const auto patterns = *rc::gen::container<std::vector<uint32_t>>(rc::gen::arbitrary<uint32_t>());
  std::vector<float> x;
  for (uint32_t bits : patterns) x.push_back(FloatFromBits(bits));
  for (Isa isa : SupportedIsas()) RC_ASSERT(SameBits(Sum(x.data(), x.size(), isa), DefineSum(x)));
}

}  // namespace
}  // namespace fplab::kernels
