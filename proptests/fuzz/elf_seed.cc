// Headers, two segments and a dynamic section.
// SPDX-License-Identifier: Apache-2.0
#include "proptests/fuzz/elf_seed.h"

#include <elf.h>

#include <algorithm>
#include <cstring>

namespace fplab::fuzz {
namespace {

template <typename T>
void PutAt(std::vector<uint8_t>& bytes, size_t offset, const T& value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

}  // namespace

std::vector<uint8_t> CodeAsLibrary(std::span<const uint8_t> code) {
  constexpr size_t kDynamicAt = 0x200, kPage = 0x1000;
  std::vector<uint8_t> bytes(kCodeAt + code.size());
  Elf64_Ehdr header = {};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_DYN;
  header.e_machine = EM_X86_64;
  header.e_version = EV_CURRENT;
  header.e_phoff = sizeof(Elf64_Ehdr);
  header.e_ehsize = sizeof(Elf64_Ehdr);
  header.e_phentsize = sizeof(Elf64_Phdr);
  header.e_phnum = 4;
  PutAt(bytes, 0, header);

  const uint64_t data = (kCodeAt + code.size() + kPage - 1) / kPage * kPage;
  const Elf64_Dyn dynamic[] = {{DT_INIT, {kCodeAt}}, {DT_NULL, {0}}};
  const Elf64_Phdr segments[] = {
      {PT_LOAD, PF_R, 0, 0, 0, kCodeAt, kCodeAt, kPage},
      {PT_LOAD, PF_R | PF_X, kCodeAt, kCodeAt, kCodeAt, code.size(), code.size(), kPage},
      {PT_LOAD, PF_R | PF_W, 0, data, data, 0, kPage, kPage},
      {PT_DYNAMIC, PF_R, kDynamicAt, kDynamicAt, kDynamicAt, sizeof dynamic, sizeof dynamic, 8},
  };
  for (size_t i = 0; i < std::size(segments); ++i) PutAt(bytes, sizeof header + i * sizeof(Elf64_Phdr), segments[i]);
  PutAt(bytes, kDynamicAt, dynamic);
  std::copy(code.begin(), code.end(), bytes.begin() + static_cast<std::ptrdiff_t>(kCodeAt));
  return bytes;
}

}  // namespace fplab::fuzz
