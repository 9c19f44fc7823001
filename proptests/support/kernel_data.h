// Operands for the tests of kernels/: bit patterns aimed at the edges of binary32, and matrices of them, from a seed.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_KERNEL_DATA_H_
#define FPLAB_PROPTESTS_SUPPORT_KERNEL_DATA_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include <fplab/fparith/mode/mode.h>
#include <fplab/kernels/core/panel.h>
#include <fplab/kernels/matmul/matmul.h>
#include "proptests/support/hardware_modes.h"
#include "proptests/support/moved_seed.h"

namespace fplab {

// Words of SplitMix64: any seed is good, and the sequence is the same everywhere (but see moved_seed.h).
class WordSource {
 public:
  explicit WordSource(uint64_t seed) : state_(MovedSeed(seed)) {}
  uint64_t Next();
  // Uniform in [0, bound), bound > 0.
  uint32_t Below(uint32_t bound) { return static_cast<uint32_t>((Next() >> 32) * bound >> 32); }

 private:
  uint64_t state_;
};

// What a matrix is full of.
enum class Palette {
  kOrdinary,    // signs and fractions random, magnitude 2^-4 .. 2^4
  kSubnormal,   // subnormals and zeros of both signs, and factors that lift or sink them
  kUnderflow,   // magnitudes 2^-66 .. 2^-61: products are around min normal, and running sums of them too
  kBoundary,    // min normal, 1, powers of two and max finite, each give or take a few ulps
  kMixed,       // any finite exponent
  kEverything,  // any bit pattern; one in eight a zero, infinity or NaN
};
inline constexpr Palette kPalettes[] = {Palette::kOrdinary, Palette::kSubnormal, Palette::kUnderflow,
                                        Palette::kBoundary, Palette::kMixed,     Palette::kEverything};
std::string_view Name(Palette palette);

float DrawFloat(WordSource& source, Palette palette);
std::vector<float> DrawFloats(WordSource& source, Palette palette, size_t count);
// A matrix in panels; the padding columns hold signaling NaNs, which kernels may compute along but never pass on.
kernels::PanelMatrix DrawPanels(WordSource& source, Palette palette, int rows, int cols);

// A float that no test computes: marks memory that a kernel must not write.
inline constexpr uint32_t kCanaryBits = 0x7fa5c3e1;

// Whether the matrices agree element by element (SameBits), padding excluded; if not, the first difference goes to
// *difference as "(row, column): found ..., expected ...".
bool SameMatrix(kernels::ConstPanelView found, kernels::ConstPanelView expected, std::string* difference);
bool SameArray(const std::vector<float>& found, const std::vector<float>& expected, std::string* difference);

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_KERNEL_DATA_H_
