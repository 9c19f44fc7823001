// Small x86-64 ELF files by their bytes, true or false.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_ELF_BYTES_H_
#define FPLAB_PROPTESTS_SUPPORT_ELF_BYTES_H_

#include <elf.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace fplab {

// The object representation of a value.
template <typename T>
std::string BytesOf(const T& value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof value);
}

inline void PutAt(std::string& bytes, size_t at, std::string_view part) {
  if (bytes.size() < at + part.size()) bytes.resize(at + part.size());
  bytes.replace(at, part.size(), part);
}

struct ElfSegment {
  uint32_t type = PT_LOAD, flags = PF_R | PF_X;
  uint64_t offset = 0, address = 0, size = 0;
};

// The headers of a shared library; `sections` headers of sections begin at file offset `section_table`.
inline std::string ElfHeaders(const std::vector<ElfSegment>& segments, uint64_t section_table = 0,
                              uint16_t sections = 0) {
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_DYN;
  header.e_machine = EM_X86_64;
  header.e_version = EV_CURRENT;
  header.e_phoff = sizeof header;
  header.e_shoff = section_table;
  header.e_ehsize = sizeof header;
  header.e_phentsize = sizeof(Elf64_Phdr);
  header.e_phnum = static_cast<uint16_t>(segments.size());
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = sections;
  std::string bytes = BytesOf(header);
  for (const ElfSegment& s : segments) {
    Elf64_Phdr segment{};
    segment.p_type = s.type;
    segment.p_flags = s.flags;
    segment.p_offset = s.offset;
    segment.p_vaddr = s.address;
    segment.p_filesz = segment.p_memsz = s.size;
    segment.p_align = 0x1000;
    bytes += BytesOf(segment);
  }
  return bytes;
}

// A library with one executable segment at `base`, `code` at base + 0x200, and DT_INIT = `entry`.
inline std::string LibraryWithInit(uint64_t base, uint64_t entry, std::string_view code, uint32_t flags = PF_R | PF_X) {
  constexpr uint64_t kDynamicAt = 0x100, kCodeAt = 0x200;
  Elf64_Dyn init{}, end{};
  init.d_tag = DT_INIT;
  init.d_un.d_ptr = entry;
  const std::string dynamic = BytesOf(init) + BytesOf(end);
  std::string bytes = ElfHeaders({{PT_LOAD, flags, 0, base, kCodeAt + code.size()},
                                  {PT_DYNAMIC, PF_R | PF_W, kDynamicAt, base + kDynamicAt, dynamic.size()}});
  PutAt(bytes, kDynamicAt, dynamic);
  PutAt(bytes, kCodeAt, code);
  return bytes;
}

// The same with DT_INIT at the code.
inline std::string LibraryOf(std::string_view code, uint32_t flags = PF_R | PF_X) {
  constexpr uint64_t kBase = 0x10000;
  return LibraryWithInit(kBase, kBase + 0x200, code, flags);
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_ELF_BYTES_H_
