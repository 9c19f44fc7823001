// Selections by gate equal their scalar definitions on every ISA and in every ambient mode.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/layers/select.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/model/fma_chain.h>
#include "proptests/support/kernel_data.h"

namespace fplab::kernels {
namespace {

// Operands of which about a third are zeros of either sign.
PanelMatrix DrawGate(WordSource& source, int rows, int cols) {
  PanelMatrix gate = DrawPanels(source, Palette::kSubnormal, rows, cols);
  for (float& x : gate.buffer()) {
    if (source.Below(3) == 0) x = FloatFromBits(source.Below(2) << 31);
  }
  return gate;
}

TEST(Gate, ZeroWhereZeroKeepsEveryBitBehindAnOpenUnitAndNothingBehindAClosedOne) {
  WordSource source(1);
  for (int rows : {0, 1, 13}) {
    for (int cols : {0, 1, 31, 32, 33, 70}) {
      const PanelMatrix gate = DrawGate(source, rows, cols);
      const PanelMatrix x = DrawPanels(source, Palette::kEverything, rows, cols);
      for (Isa isa : SupportedIsas()) {
        for (Mode mode : HardwareFlushModes()) {
          PanelMatrix found = x;
          {
            const ScopedMode guard(mode);
            ZeroWhereZero(gate.view(), found.view(), isa);
          }
          for (int r = 0; r < rows; ++r) {
            for (int c = 0; c < cols; ++c) {
              const uint32_t want = IsZero(gate.At(r, c)) ? 0 : ToBits(x.At(r, c));
              ASSERT_EQ(ToBits(found.At(r, c)), want) << Name(isa) << " under " << Name(mode);
            }
          }
        }
      }
    }
  }
}

TEST(Gate, CountDifferencesCountsUnequalNumbersRowByRowOnTopOfWhatWasCounted) {
  WordSource source(3);
  for (Palette palette : kPalettes) {
    for (int rows : {0, 1, 13}) {
      for (int cols : {0, 1, 31, 32, 33, 70}) {
        const PanelMatrix a = DrawPanels(source, palette, rows, cols);
        PanelMatrix b = DrawPanels(source, palette, rows, cols);  // its padding differs from a's or is NaN
        std::vector<int32_t> want(static_cast<size_t>(rows), 5);
        for (int r = 0; r < rows; ++r) {
          for (int c = 0; c < cols; ++c) {
            float& x = b.At(r, c);
            if (source.Below(2) == 0) x = a.At(r, c);
            if (source.Below(8) == 0 && IsZero(x)) x = -x;
            const bool same = SameBits(x, a.At(r, c)) || (IsZero(x) && IsZero(a.At(r, c)));
            want[static_cast<size_t>(r)] += !same;
          }
        }
        for (Isa isa : SupportedIsas()) {
          for (Mode mode : HardwareFlushModes()) {
            std::vector<int32_t> found(static_cast<size_t>(rows), 5);
            {
              const ScopedMode guard(mode);
              CountDifferences(a.view(), b.view(), found.data(), isa);
            }
            ASSERT_EQ(found, want) << Name(isa) << " under " << Name(mode) << ", " << Name(palette);
          }
        }
      }
    }
  }
}

TEST(Gate, AntitheticDeltaEqualsItsScalarDefinition) {
  WordSource source(2);
  for (Palette palette : kPalettes) {
    for (int rows : {0, 1, 9}) {
      for (int cols : {1, 17, 32}) {
        const std::vector<float> loss = DrawFloats(source, palette, 32), flipped = DrawFloats(source, palette, 32);
        const PanelMatrix deviate = DrawPanels(source, palette, rows, cols), change = DrawGate(source, rows, cols);
        const float factor = DrawFloat(source, palette);
        for (Isa isa : SupportedIsas()) {
          for (Mode mode : HardwareModes()) {
            PanelMatrix delta(rows, cols);
            {
              const ScopedMode guard(mode);
              AntitheticDelta(loss.data(), flipped.data(), deviate.view(), change.view(), factor, delta.view(), isa);
            }
            for (int r = 0; r < rows; ++r) {
              for (int c = 0; c < cols; ++c) {
                const float estimate = model::MulFloat(model::SubFloat(loss[c], flipped[c], kIeee),
                                                       model::MulFloat(deviate.At(r, c), factor, kIeee), kIeee);
                const float want = IsZero(change.At(r, c)) ? 0.0f : estimate;
                ASSERT_TRUE(SameBits(delta.At(r, c), want)) << Name(isa) << " under " << Name(mode);
              }
            }
          }
        }
      }
    }
  }
}

TEST(GateDeathTest, WrongViewsAreNamed) {
  PanelMatrix a(2, 3), b(2, 4), wide(2, 33);
  const std::vector<float> loss(32);
  const auto delta = [&](PanelMatrix& deviate, PanelMatrix& change, PanelMatrix& out) {
    AntitheticDelta(loss.data(), loss.data(), deviate.view(), change.view(), 1.0f, out.view(), BestIsa());
  };
  EXPECT_DEATH(ZeroWhereZero(a.view(), b.view(), BestIsa()), "gate must have the shape of x");
  EXPECT_DEATH(ZeroWhereZero({nullptr, 2, 3, 64}, a.view(), BestIsa()), "a view with elements is null");
  EXPECT_DEATH(delta(b, a, a), "deviate has another shape");
  EXPECT_DEATH(delta(a, b, a), "change has another shape");
  EXPECT_DEATH(delta(wide, wide, wide), "more than one panel");
  EXPECT_DEATH(AntitheticDelta(nullptr, loss.data(), a.view(), a.view(), 1.0f, a.view(), BestIsa()), "is null");
}

}  // namespace
}  // namespace fplab::kernels
