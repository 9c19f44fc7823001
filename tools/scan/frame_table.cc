// Reading .eh_frame_hdr, and of the frame descriptions that it points to their lengths.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/frame_table.h"

#include <algorithm>

namespace fplab::tools {
namespace {

// version 1; the frames' address: 4 bytes, PC-relative; their count: 4 bytes; entries: 4 bytes, relative to the table.
constexpr uint8_t kExpectedHead[] = {1, 0x1B, 0x03, 0x3B};
constexpr uint64_t kHeadBytes = 12, kEntryBytes = 8;

uint64_t Signed(int32_t value) { return static_cast<uint64_t>(int64_t{value}); }

// Length of the code that the frame description at `address` is of, which begins at `begin`; 0 if it says otherwise.
uint64_t CodeLength(const ElfImage& image, uint64_t address, uint64_t begin) {
  // Its length, the distance to its common part, the code's address (PC-relative) and length.
  const auto bytes = image.BytesAt(address);
  if (bytes.size() < 16) return 0;
  const auto fields = ReadAs<std::array<int32_t, 4>>(bytes);
  const bool consistent = fields[0] >= 12 && fields[1] != 0 && address + 8 + Signed(fields[2]) == begin;
  return consistent ? static_cast<uint32_t>(fields[3]) : 0;
}

}  // namespace

std::vector<ElfImage::Range> FrameTableFunctions(const ElfImage& image) {
  const ElfImage::Range table = image.FrameTable();
  const auto bytes = image.BytesAt(table.begin).first(table.end - table.begin);
  if (bytes.size() < kHeadBytes || !std::equal(std::begin(kExpectedHead), std::end(kExpectedHead), bytes.begin())) {
    return {};
  }
  const uint64_t fits = (bytes.size() - kHeadBytes) / kEntryBytes;
  const uint64_t count = std::min<uint64_t>(ReadAs<uint32_t>(bytes.subspan(8)), fits);
  std::vector<ElfImage::Range> functions;
  for (uint64_t i = 0; i < count; ++i) {
    const auto entry = ReadAs<std::array<int32_t, 2>>(bytes.subspan(kHeadBytes + i * kEntryBytes));
    const uint64_t begin = table.begin + Signed(entry[0]);
    const uint64_t length = CodeLength(image, table.begin + Signed(entry[1]), begin);
    if (length == 0 || !image.IsExecutable(begin) || length > image.BytesAt(begin).size()) continue;
    functions.push_back({begin, begin + length});
  }
  std::sort(functions.begin(), functions.end(),
            [](const ElfImage::Range& a, const ElfImage::Range& b) { return a.begin < b.begin; });
  for (size_t i = 0; i + 1 < functions.size(); ++i)
    functions[i].end = std::min(functions[i].end, functions[i + 1].begin);
  std::erase_if(functions, [](const ElfImage::Range& f) { return f.begin == f.end; });
  return functions;
}

}  // namespace fplab::tools
