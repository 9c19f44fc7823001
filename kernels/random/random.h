// Counter-based random numbers: Philox4x32-10, normal deviates and signs. A value depends on the key, the stream and
// its index only, so noise is regenerated, not stored, and no order of computation matters.
//
// Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_RANDOM_RANDOM_H_
#define FPLAB_KERNELS_RANDOM_RANDOM_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/isa.h>

namespace fplab::kernels {

// One application of the generator: 10 rounds.
FPLAB_EXPORT std::array<uint32_t, 4> Philox4x32(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key);

// A sequence of numbers of its own: `key` is the run's seed, the three words are the user's to name things with.
struct Stream {
  uint64_t key = 0;
  std::array<uint32_t, 3> words = {};
};

// The raw words of a stream. Counter i of the stream is {i, words[0], words[1], words[2]}; the four results of counters
// 16b .. 16b+15 fill elements 64b .. 64b+63, word j of counter 16b+l going to element 64b + 16j + l. At most 2^34
// numbers a stream (aborts beyond).
FPLAB_EXPORT void FillBits(const Stream& stream, uint32_t* out, size_t count, Isa isa);

// Normal deviates of mean 0 and standard deviation `deviation`: Box-Muller on the words of FillBits, words 0 and 1 of a
// counter giving elements 0 and 1 (cosine, sine), words 2 and 3 elements 2 and 3. The largest possible magnitude is
// 5.77 deviations. The same bits on every ISA; always in IEEE mode.
FPLAB_EXPORT void FillNormals(const Stream& stream, float deviation, float* out, size_t count, Isa isa);
// The deviates of the stream from number `first` on, a multiple of 64 (aborts otherwise).
FPLAB_EXPORT void FillNormalsFrom(const Stream& stream, float deviation, size_t first, float* out, size_t count,
                                  Isa isa);

// +magnitude or -magnitude with equal probability: the top bit of the words of FillBits.
FPLAB_EXPORT void FillSigns(const Stream& stream, float magnitude, float* out, size_t count, Isa isa);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_RANDOM_RANDOM_H_
