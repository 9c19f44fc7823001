// Generating the two spirals.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/spirals.h>

#include <cmath>

#include <fplab/fparith/mode/guest.h>
#include <fplab/nets/random/cos_sin.h>
#include <fplab/nets/random/splitmix.h>

namespace fplab::nets {
namespace {

constexpr int kTrainCount = 4000, kTestCount = 1000;
constexpr uint64_t kSeed = 1;

Dataset Generate(int first, int count) {
  constexpr float kTurns = 1.5f, kNoise = 0.02f;
  Dataset data;
  data.name = "spirals";
  data.features = 2;
  data.classes = 2;
  for (int i = first; i < first + count; ++i) {
    SplitMix random(kSeed, static_cast<uint64_t>(i));
    const auto label = static_cast<uint8_t>(random.Below(2));
    // The square root spreads the points evenly along the arm; the innermost stretch, where the arms meet, is left out.
    const float radius = std::sqrt(random.Between(0.01f, 1.0f));
    const CosSin direction = CosSinOfTurns(radius * kTurns + 0.5f * label);
    data.x.push_back(radius * static_cast<float>(direction.cosine) + kNoise * random.Normalish());
    data.x.push_back(radius * static_cast<float>(direction.sine) + kNoise * random.Normalish());
    data.y.push_back(label);
  }
  return data;
}

}  // namespace

TrainTest MakeSpirals() {
  return AsGuest([] {
    return TrainTest{Generate(0, kTrainCount), Generate(kTrainCount, kTestCount), "generated", {}};
  });
}

}  // namespace fplab::nets
