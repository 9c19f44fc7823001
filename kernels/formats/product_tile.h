// Inside kernels: what a register tile of the products here is asked for; lanes are float, double, or pairs of int16.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_FORMATS_PRODUCT_TILE_H_
#define FPLAB_KERNELS_FORMATS_PRODUCT_TILE_H_

#include <cstddef>

#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/core/panel.h>

namespace fplab::kernels {

// What becomes of a chain once it has ended: one rounding for every multiplication and every fused multiply-add.
enum class Finish {
  kChain,           // c = chain
  kScaled,          // c = alpha * chain
  kAdded,           // c = fma(alpha, chain, c)
  kScaledAndAdded,  // c = fma(alpha, chain, beta * c)
};

// Where the chains of a tile start and how they end. `init` (null: +0) has rows init_row apart.
template <typename Lane>
struct TileEnds {
  Finish finish = Finish::kChain;
  Lane alpha = 1;
  Lane beta = 0;
  const Lane* init = nullptr;
  ptrdiff_t init_row = 0;
};

// Computes a tile of c, `steps` links of each chain: the left factor's element (i, k) is a[i * a_row + k * a_step], the
// right factor's row k begins at b + k * b_step and holds whole vectors. Writes the first `cols` columns, or all that
// the tile has if it has fewer. All distances in lanes.
template <typename Lane>
using ProductTile = void(const Lane* a, ptrdiff_t a_row, ptrdiff_t a_step, const Lane* b, ptrdiff_t b_step,
                         size_t steps, const TileEnds<Lane>& ends, Lane* c, ptrdiff_t c_row, int cols);

// A product is cut into blocks of steps, so that a panel of b stays in the first-level cache (32 KiB on Zen 3) while
// the rows of a go by; a left factor in panels takes more of it, 128 bytes a step. A chain goes on from one block to
// the next through memory, where no bit of it is lost.
inline constexpr int kPanelLeftSteps = 128;
inline constexpr int kRowMajorSteps = 512;

// A whole product of m x n outputs, as its tiles find it.
template <typename Lane>
struct LaneProduct {
  static constexpr int kWidth = kPanelWidthOf<Lane>;

  int m, n;
  size_t steps;

  // The left factor: in panels a_panel apart (a_row is 1, a_step kWidth), or row-major.
  bool a_in_panels;
  const Lane* a;
  ptrdiff_t a_panel, a_row, a_step;
  // Columns in a panel of b, of partial, and of c if that is in panels: kWidth, or as many as a tile has (SliverWidth).
  int width;
  // The right factor, in panels; a row-major one of whole vectors is one whose panels are `width` apart.
  const Lane* b;
  ptrdiff_t b_panel, b_step;
  // The output, in panels or row-major; c_padded: it has room for whole panels.
  Lane* c;
  ptrdiff_t c_panel, c_row;
  bool c_padded;
  // Where chains wait between two blocks of steps: room for whole panels. May be c, if that has it and the finish is
  // kChain; null if there is one block.
  Lane* partial = nullptr;
  ptrdiff_t partial_panel = 0, partial_row = 0;

  TileEnds<Lane> ends;
  ptrdiff_t init_panel = 0;

  int MostSteps() const { return a_in_panels ? kPanelLeftSteps : kRowMajorSteps; }
};

// A right factor packed for one product is in narrower panels than one that others share: its rows are what one tile
// reads, so that they follow each other in the cache.
template <typename Lane>
constexpr int SliverWidth(Isa isa) {
  return (isa == Isa::kAvx512 ? 128 : 64) / static_cast<int>(sizeof(Lane));
}

// One tile of a product, its places from the start of each operand, and the links that it computes; goes_on: of chains
// that were begun in c.
template <typename Lane>
struct LaneTileStep {
  ProductTile<Lane>* tile;
  ptrdiff_t a, b, c;
  size_t steps;
  bool goes_on;
};

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_FORMATS_PRODUCT_TILE_H_
