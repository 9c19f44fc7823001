// A small shared library around any machine code: what fuzzing of start-up code begins with.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_FUZZ_ELF_SEED_H_
#define FPLAB_PROPTESTS_FUZZ_ELF_SEED_H_

#include <cstdint>
#include <span>
#include <vector>

namespace fplab::fuzz {

// Where the code of CodeAsLibrary begins, in the file and in memory.
inline constexpr uint64_t kCodeAt = 0x1000;

// The bytes of an x86-64 shared library whose DT_INIT is `code`, with a page of writable memory after it.
std::vector<uint8_t> CodeAsLibrary(std::span<const uint8_t> code);

}  // namespace fplab::fuzz

#endif  // FPLAB_PROPTESTS_FUZZ_ELF_SEED_H_
