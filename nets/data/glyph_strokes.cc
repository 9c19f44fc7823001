// The shapes of the ten digits.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/glyph_strokes.h>

#include <fplab/nets/random/cos_sin.h>

namespace fplab::nets {
namespace {

// An arc of an ellipse between two angles in turns: 0 right, 1/4 down, 1/2 left, 3/4 up.
Stroke Arc(Point centre, Point radii, double from, double to) {
  constexpr double kPointsPerTurn = 14;
  const double turns = to > from ? to - from : from - to;
  const int pieces = static_cast<int>(turns * kPointsPerTurn) + 1;
  Stroke stroke;
  for (int i = 0; i <= pieces; ++i) {
    const CosSin direction = CosSinOfTurns(from + (to - from) * i / pieces);
    stroke.push_back({centre.x + radii.x * static_cast<float>(direction.cosine),
                      centre.y + radii.y * static_cast<float>(direction.sine)});
  }
  return stroke;
}

Stroke Ellipse(Point centre, Point radii) { return Arc(centre, radii, 0, 1); }

Stroke Join(Stroke head, const Stroke& tail) {
  head.insert(head.end(), tail.begin(), tail.end());
  return head;
}

}  // namespace

std::vector<std::vector<Skeleton>> DigitSkeletons() {
  const Stroke two_head = Arc({0.48f, 0.3f}, {0.28f, 0.25f}, 0.52, 1.12);
  const Stroke three_upper = Arc({0.45f, 0.27f}, {0.27f, 0.22f}, 0.58, 1.22);
  const Stroke three_lower = Arc({0.45f, 0.71f}, {0.31f, 0.24f}, 0.76, 1.43);
  const Stroke five_bowl = Arc({0.46f, 0.66f}, {0.29f, 0.29f}, 0.62, 1.4);
  const Stroke six_loop = Arc({0.5f, 0.7f}, {0.26f, 0.25f}, 0.5, 1.55);
  const Stroke nine_loop = Ellipse({0.48f, 0.31f}, {0.26f, 0.26f});
  return {
      {{Ellipse({0.5f, 0.5f}, {0.3f, 0.45f})}, {Arc({0.5f, 0.5f}, {0.24f, 0.45f}, 0.78, 1.71)}},
      {{{{0.5f, 0.05f}, {0.5f, 0.95f}}},
       {{{0.3f, 0.28f}, {0.52f, 0.05f}, {0.52f, 0.95f}}},
       {{{0.3f, 0.28f}, {0.52f, 0.05f}, {0.52f, 0.95f}}, {{0.28f, 0.95f}, {0.76f, 0.95f}}}},
      {{Join(two_head, {{0.2f, 0.95f}, {0.8f, 0.95f}})},
       {Join(two_head, Join(Arc({0.3f, 0.83f}, {0.12f, 0.1f}, 0.2, 0.85), {{0.5f, 0.88f}, {0.82f, 0.93f}}))}},
      {{Join(three_upper, three_lower)},
       {Join({{0.2f, 0.06f}, {0.75f, 0.06f}, {0.42f, 0.45f}}, Arc({0.42f, 0.7f}, {0.31f, 0.25f}, 0.76, 1.43))}},
      {{{{0.28f, 0.05f}, {0.2f, 0.58f}, {0.85f, 0.58f}}, {{0.66f, 0.3f}, {0.64f, 0.95f}}},
       {{{0.64f, 0.95f}, {0.64f, 0.05f}, {0.15f, 0.65f}, {0.88f, 0.65f}}}},
      {{Join({{0.77f, 0.05f}, {0.3f, 0.05f}, {0.26f, 0.46f}}, five_bowl)},
       {Join({{0.3f, 0.08f}, {0.24f, 0.48f}}, five_bowl), {{0.3f, 0.08f}, {0.8f, 0.06f}}}},
      {{Join({{0.66f, 0.05f}, {0.42f, 0.27f}, {0.28f, 0.5f}}, six_loop)},
       {Join(Arc({0.64f, 0.5f}, {0.4f, 0.45f}, 0.76, 0.5), six_loop)}},
      {{{{0.18f, 0.07f}, {0.82f, 0.07f}, {0.42f, 0.95f}}},
       {{{0.18f, 0.07f}, {0.82f, 0.07f}, {0.42f, 0.95f}}, {{0.34f, 0.5f}, {0.74f, 0.5f}}},
       {{{0.2f, 0.22f}, {0.2f, 0.07f}, {0.82f, 0.07f}, {0.6f, 0.45f}, {0.52f, 0.95f}}}},
      {{Ellipse({0.5f, 0.28f}, {0.22f, 0.22f}), Ellipse({0.5f, 0.73f}, {0.28f, 0.23f})},
       {Join(Join(Arc({0.5f, 0.27f}, {0.24f, 0.22f}, 1.0, 0.3), Arc({0.5f, 0.73f}, {0.27f, 0.22f}, 0.7, 1.75)),
             {{0.74f, 0.25f}})}},
      {{nine_loop, {{0.74f, 0.3f}, {0.68f, 0.95f}}},
       {nine_loop, Join({{0.74f, 0.3f}, {0.74f, 0.6f}}, Arc({0.48f, 0.66f}, {0.26f, 0.29f}, 0.0, 0.4))}},
  };
}

}  // namespace fplab::nets
