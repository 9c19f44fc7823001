// Drawing the glyphs: skeleton, warp, affine map, strokes by distance, noise.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/glyphs.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <fplab/fparith/float/check.h>
#include <fplab/nets/data/glyph_strokes.h>
#include <fplab/nets/random/cos_sin.h>
#include <fplab/nets/random/splitmix.h>

namespace fplab::nets {
namespace {

constexpr int kSide = 28;
constexpr int kPixels = kSide * kSide;
constexpr int kClasses = 10;
constexpr uint64_t kTrainSeed = 1, kTestSeed = 2;

using Canvas = std::array<float, kPixels>;
using Skeletons = std::vector<std::vector<Skeleton>>;

// A random smooth map of the unit square into the canvas: offsets on a 3 x 3 lattice, interpolated, then an affine map.
class Warp {
 public:
  explicit Warp(SplitMix& random) {
    constexpr float kLattice = 0.05f;
    for (Point& offset : offsets_) offset = {kLattice * random.Normalish(), kLattice * random.Normalish()};
    const CosSin turn = CosSinOfTurns(0.035f * random.Normalish());
    const auto cosine = static_cast<float>(turn.cosine), sine = static_cast<float>(turn.sine);
    const float width = random.Between(12, 21), height = random.Between(15, 23), shear = 0.2f * random.Normalish();
    xx_ = cosine * width;
    xy_ = (cosine * shear - sine) * height;
    yx_ = sine * width;
    yy_ = (sine * shear + cosine) * height;
    centre_ = {kSide / 2 + random.Normalish(), kSide / 2 + random.Normalish()};
  }

  Point operator()(Point p) const {
    const float u = std::clamp(2 * p.x, 0.0f, 2.0f), v = std::clamp(2 * p.y, 0.0f, 2.0f);
    const int i = u < 1 ? 0 : 1, j = v < 1 ? 0 : 1;
    const float s = u - static_cast<float>(i), t = v - static_cast<float>(j);
    const Point &a = At(i, j), &b = At(i + 1, j), &c = At(i, j + 1), &d = At(i + 1, j + 1);
    const float x = p.x - 0.5f + (1 - t) * ((1 - s) * a.x + s * b.x) + t * ((1 - s) * c.x + s * d.x);
    const float y = p.y - 0.5f + (1 - t) * ((1 - s) * a.y + s * b.y) + t * ((1 - s) * c.y + s * d.y);
    return {centre_.x + xx_ * x + xy_ * y, centre_.y + yx_ * x + yy_ * y};
  }

 private:
  const Point& At(int i, int j) const { return offsets_[static_cast<size_t>(3 * j + i)]; }

  std::array<Point, 9> offsets_;
  float xx_, xy_, yx_, yy_;
  Point centre_;
};

struct Range {
  int begin, end;
};

// The pixels whose centres may lie within `reach` of the interval between a and b.
Range PixelsNear(float a, float b, float reach) {
  const float low = std::clamp(std::min(a, b) - reach, 0.0f, static_cast<float>(kSide));
  const float high = std::clamp(std::max(a, b) + reach, 0.0f, static_cast<float>(kSide));
  return {static_cast<int>(low), std::min(static_cast<int>(high) + 1, kSide)};
}

// Lowers each pixel of `squares` near the segment ab to the squared distance of its centre from the segment.
void MeasureSegment(Point a, Point b, float reach, Canvas& squares) {
  const Range columns = PixelsNear(a.x, b.x, reach), rows = PixelsNear(a.y, b.y, reach);
  const float dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
  const float inverse = length > 0 ? 1 / length : 0;
  for (int row = rows.begin; row < rows.end; ++row) {
    const float py = static_cast<float>(row) + 0.5f - a.y;
    float* line = squares.data() + row * kSide;
    for (int column = columns.begin; column < columns.end; ++column) {
      const float px = static_cast<float>(column) + 0.5f - a.x;
      float t = (px * dx + py * dy) * inverse;
      t = t > 0 ? t : 0;
      t = t < 1 ? t : 1;
      const float ex = px - t * dx, ey = py - t * dy;
      const float square = ex * ex + ey * ey;
      line[column] = square < line[column] ? square : line[column];
    }
  }
}

// Draws strokes of that half width and ink over the canvas: full within, falling to none across one pixel.
void DrawStrokes(const Skeleton& strokes, float half_width, float ink, Canvas& canvas) {
  constexpr float kFar = 1e4f;
  const float reach = half_width + 0.5f;
  Canvas squares;
  squares.fill(kFar);
  for (const Stroke& stroke : strokes) {
    for (size_t i = 0; i + 1 < stroke.size(); ++i) MeasureSegment(stroke[i], stroke[i + 1], reach, squares);
  }
  for (size_t i = 0; i < canvas.size(); ++i) {
    const float cover = std::clamp(reach - std::sqrt(squares[i]), 0.0f, 1.0f);
    canvas[i] = std::max(canvas[i], ink * cover);
  }
}

void DrawStrayStrokes(SplitMix& random, Canvas& canvas) {
  const uint32_t count = random.Below(3);
  for (uint32_t i = 0; i < count; ++i) {
    const Point a = {random.Between(0, kSide), random.Between(0, kSide)};
    const Point b = {a.x + random.Between(-7, 7), a.y + random.Between(-7, 7)};
    const float half_width = random.Between(0.3f, 0.9f), ink = random.Between(0.2f, 0.7f);
    DrawStrokes({{a, b}}, half_width, ink, canvas);
  }
}

// Draws image `index` of the stream of `seed` into kPixels bytes and returns its class.
uint8_t DrawGlyph(const Skeletons& skeletons, uint64_t seed, int index, uint8_t* pixels) {
  SplitMix random(seed, static_cast<uint64_t>(index));
  const uint32_t digit = random.Below(kClasses);
  const std::vector<Skeleton>& hands = skeletons[digit];
  Skeleton skeleton = hands[random.Below(static_cast<uint32_t>(hands.size()))];
  const Warp warp(random);
  for (Stroke& stroke : skeleton) {
    for (Point& point : stroke) point = warp(point);
  }

  Canvas canvas{};
  // Named first: the order in which a compiler evaluates arguments is its own.
  const float half_width = random.Between(0.5f, 1.9f), ink = random.Between(0.6f, 1.0f);
  DrawStrokes(skeleton, half_width, ink, canvas);
  DrawStrayStrokes(random, canvas);
  const float noise = random.Between(0.0f, 0.15f);
  for (size_t i = 0; i < canvas.size(); ++i) {
    const float value = std::clamp(canvas[i] + noise * random.Normalish(), 0.0f, 1.0f);
    pixels[i] = static_cast<uint8_t>(255 * value + 0.5f);
  }
  return static_cast<uint8_t>(digit);
}

// Draws the images of [begin, end) under IEEE arithmetic; each writes nothing but its own pixels and label.
void DrawRange(uint64_t seed, int begin, int end, uint8_t* pixels, uint8_t* labels) {
  const Skeletons skeletons = DigitSkeletons();
  for (int i = begin; i < end; ++i) {
    labels[i] = DrawGlyph(skeletons, seed, i, pixels + static_cast<ptrdiff_t>(i) * kPixels);
  }
}

Dataset Generate(uint64_t seed, int count, kernels::Workers& workers) {
  constexpr int kRange = 256;  // images of one task
  // The compiler cannot see through this pointer, so that no operation moves across the change of mode.
  void (*volatile draw)(uint64_t, int, int, uint8_t*, uint8_t*) = DrawRange;
  std::vector<uint8_t> pixels(static_cast<size_t>(count) * kPixels);
  Dataset data{"glyphs", kPixels, kClasses, kSide, kSide, {}, std::vector<uint8_t>(static_cast<size_t>(count))};
  workers.For(count / kRange + (count % kRange != 0 ? 1 : 0), kIeee, [&](int i, int) {
    const int begin = i * kRange;
    draw(seed, begin, begin + std::min(kRange, count - begin), pixels.data(), data.y.data());
  });
  data.x = ScalePixels(pixels);
  return data;
}

}  // namespace

TrainTest MakeGlyphs(const GlyphOptions& options) {
  FPLAB_CHECK(options.train_count >= 0 && options.test_count >= 0, "counts are not negative");
  kernels::Workers alone(1);
  kernels::Workers& workers = options.workers != nullptr ? *options.workers : alone;
  return {Generate(kTrainSeed, options.train_count, workers),
          Generate(kTestSeed, options.test_count, workers),
          "generated",
          {}};
}

}  // namespace fplab::nets
