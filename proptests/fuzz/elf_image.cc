// Fuzzes the reading of ELF files: whatever a file says of itself, no view leaves its bytes and every list is in order.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include "proptests/fuzz/fuzz.h"
#include "tools/scan/elf_image.h"
#include "tools/scan/frame_table.h"

namespace fplab::fuzz {
namespace {

using tools::ElfImage;

void RequireInside(std::span<const uint8_t> part, const std::vector<uint8_t>& whole) {
  if (part.empty()) return;
  Require(part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size(),
          "a view lies in the file");
}

void RequireDisjoint(const std::vector<ElfImage::Range>& ranges) {
  for (size_t i = 0; i < ranges.size(); ++i) {
    Require(ranges[i].begin <= ranges[i].end, "a range does not end before it begins");
    Require(i == 0 || ranges[i - 1].end <= ranges[i].begin, "ranges ascend and are disjoint");
  }
}

void Look(const ElfImage& image, const std::vector<uint8_t>& bytes) {
  if (!image.why_opaque().empty()) return;
  RequireDisjoint(image.ExecutableRanges());
  RequireDisjoint(image.CodeRanges());
  RequireDisjoint(tools::FrameTableFunctions(image));
  for (const auto& part : image.ExecutableSlack()) RequireInside(part, bytes);
  for (const auto& part : image.DataBytes()) RequireInside(part, bytes);
  for (const tools::Constructor& constructor : image.Startup().list) {
    RequireInside(image.BytesAt(constructor.address), bytes);
    image.SymbolAt(constructor.address);
  }
  const auto& pointers = image.Pointers();
  Require(std::is_sorted(pointers.begin(), pointers.end(),
                         [](const auto& a, const auto& b) { return a.address < b.address; }),
          "pointers ascend");
  for (const ElfImage::Pointer& pointer : pointers)
    Require(image.PointerAt(pointer.address) != nullptr, "a pointer is found");
  for (const ElfImage::Symbol& symbol : image.Symbols()) RequireInside(image.BytesAt(symbol.address), bytes);
  for (const uint64_t address : {uint64_t{0}, ~uint64_t{0}, ~uint64_t{7}, uint64_t{1} << 63}) {
    RequireInside(image.BytesAt(address), bytes);
  }
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::vector<uint8_t> bytes(data, data + size);
  fplab::fuzz::Accepted([&] { fplab::fuzz::Look(fplab::tools::ElfImage(bytes, "input"), bytes); });
  return 0;
}
