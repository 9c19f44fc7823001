// Fuzzes zip archives: a member's head is the beginning of the member, and nothing is larger than asked for.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include <fplab/nets/files/zip_archive.h>
#include "proptests/fuzz/fuzz.h"

namespace fplab::fuzz {
namespace {

void Look(const nets::ZipArchive& archive, uint64_t head, uint64_t most) {
  size_t looked_at = 0;
  for (const nets::ZipMember& member : archive.members()) {
    if (++looked_at > 50) return;
    std::vector<uint8_t> begin, all;
    const bool has_head = Accepted([&] { begin = archive.ReadHead(member, head); });
    if (!Accepted([&] { all = archive.ReadAll(member, most); })) continue;
    Require(all.size() <= most && all.size() == member.size, "a member has the size that it states");
    Require(has_head, "what can be read whole has a head");
    Require(begin.size() == std::min<uint64_t>(head, all.size()), "a head is as long as asked for");
    Require(std::equal(begin.begin(), begin.end(), all.begin()), "a head is the beginning");
  }
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  const auto head = input.ConsumeIntegralInRange<uint64_t>(0, 300);
  const auto most = input.ConsumeIntegralInRange<uint64_t>(0, 100000);
  const auto bytes = input.ConsumeRemainingBytes<uint8_t>();
  const fplab::nets::MemorySource source(bytes);
  fplab::fuzz::Accepted([&] { fplab::fuzz::Look(fplab::nets::ZipArchive(source, "input"), head, most); });
  return 0;
}
