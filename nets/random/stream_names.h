// Names of the random streams of a training run, so that no two uses of a seed share a stream.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_RANDOM_STREAM_NAMES_H_
#define FPLAB_NETS_RANDOM_STREAM_NAMES_H_

#include <cstdint>

#include <fplab/kernels/random/random.h>

namespace fplab::nets {

// The first word of a stream tells its purpose, in the high byte, and its layer.
enum class Purpose : uint32_t {
  kInitialWeights = 1,
  kShuffle = 2,
  kHiddenNoise = 3,
  kOutputSigns = 4,
  kShiftOffsets = 5,
  kMemberNoise = 6,
  kHoldOut = 7
};

constexpr uint32_t PurposeWord(Purpose purpose, int layer) {
  return (static_cast<uint32_t>(purpose) << 24) | static_cast<uint32_t>(layer);
}

constexpr kernels::Stream InitialWeights(uint64_t seed, int layer) {
  return {seed, {PurposeWord(Purpose::kInitialWeights, layer), 0, 0}};
}
constexpr kernels::Stream Shuffle(uint64_t seed, int epoch) {
  return {seed, {PurposeWord(Purpose::kShuffle, 0), static_cast<uint32_t>(epoch), 0}};
}
constexpr kernels::Stream HeldOutSamples(uint64_t seed) { return {seed, {PurposeWord(Purpose::kHoldOut, 0), 0, 0}}; }
constexpr kernels::Stream ShiftOffsets(uint64_t seed, int epoch) {
  return {seed, {PurposeWord(Purpose::kShiftOffsets, 0), static_cast<uint32_t>(epoch), 0}};
}
// Noise of the samples of panel `panel` of the batch of step `step`.
constexpr kernels::Stream HiddenNoise(uint64_t seed, int64_t step, int layer, int panel) {
  return {seed, {PurposeWord(Purpose::kHiddenNoise, layer), static_cast<uint32_t>(step), static_cast<uint32_t>(panel)}};
}
constexpr kernels::Stream OutputSigns(uint64_t seed, int64_t step, int panel) {
  return {seed, {PurposeWord(Purpose::kOutputSigns, 0), static_cast<uint32_t>(step), static_cast<uint32_t>(panel)}};
}
// Noise of pair `pair` of the population of step `step`, for one of the estimator's numbered tensors.
constexpr kernels::Stream MemberNoise(uint64_t seed, int64_t step, int tensor, int pair) {
  return {seed, {PurposeWord(Purpose::kMemberNoise, tensor), static_cast<uint32_t>(step), static_cast<uint32_t>(pair)}};
}

}  // namespace fplab::nets

#endif  // FPLAB_NETS_RANDOM_STREAM_NAMES_H_
