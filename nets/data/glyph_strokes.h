// The skeletons of the digits that glyphs.cc draws: polylines in the unit square, x to the right, y down.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_DATA_GLYPH_STROKES_H_
#define FPLAB_NETS_DATA_GLYPH_STROKES_H_

#include <vector>

namespace fplab::nets {

struct Point {
  float x, y;
};
using Stroke = std::vector<Point>;  // consecutive points are joined
using Skeleton = std::vector<Stroke>;

// For each digit its handwritings, two or three. Precondition: IEEE mode.
std::vector<std::vector<Skeleton>> DigitSkeletons();

}  // namespace fplab::nets

#endif  // FPLAB_NETS_DATA_GLYPH_STROKES_H_
