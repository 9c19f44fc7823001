// What the fuzz targets share: a property that must hold, a file made of the input, and the errors that are answers.
//
// A target is a program with LLVMFuzzerTestOneInput (llvm.org/docs/LibFuzzer.html). An input may be refused by Error,
// in one line; a broken property aborts, which libFuzzer takes for a finding and keeps.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_FUZZ_FUZZ_H_
#define FPLAB_PROPTESTS_FUZZ_FUZZ_H_

#include <fuzzer/FuzzedDataProvider.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <utility>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/format.h>
#include "proptests/support/scratch_folder.h"

namespace fplab::fuzz {

inline void Require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "property broken: %s\n", property);
  std::abort();
}

// Runs `action`; whether it was not refused. Any other exception than Error is a finding, and so is a refusal of more
// than one line.
template <typename Action>
bool Accepted(Action&& action) {
  try {
    std::forward<Action>(action)();
    return true;
  } catch (const Error& error) {
    for (const char* c = error.what(); *c != '\0'; ++c) {
      Require(static_cast<unsigned char>(*c) >= 0x20 && *c != 0x7f, "a refusal is one line of printable text");
    }
    return false;
  }
}

// The formats that texts are fuzzed in: those of general use first, then one of each kind and width that formats have.
inline constexpr Format kTextFormats[] = {kBinary16,
                                          kBfloat16,
                                          kBinary32,
                                          kBinary64,
                                          kE4M3,
                                          kE5M2,
                                          kE2M1,
                                          kE2M3,
                                          kE3M2,
                                          kE3M4,
                                          kE4M3Fnuz,
                                          kE4M3B11Fnuz,
                                          kE5M2Fnuz,
                                          Saturating(kE4M3),
                                          Saturating(kE5M2),
                                          {2, 2},
                                          {11, 3}};

inline std::string_view Text(const uint8_t* data, size_t size) { return {reinterpret_cast<const char*>(data), size}; }

// The input as a file, in a folder that lives as long as the program.
inline const ScratchFolder& Folder() {
  static const ScratchFolder folder;
  return folder;
}

inline std::filesystem::path FileOf(std::string_view name, std::string_view bytes) {
  return Put(Folder() / name, bytes);
}

}  // namespace fplab::fuzz

#endif  // FPLAB_PROPTESTS_FUZZ_FUZZ_H_
