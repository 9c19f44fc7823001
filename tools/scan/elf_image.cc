// Reading an ELF file by its headers. See the ELF specification and the x86-64 psABI, chapters 4 and 5; where they
// leave room, what glibc's loader does. SPDX-License-Identifier: Apache-2.0
#include "tools/scan/elf_image.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include <fplab/fparith/float/error.h>

namespace fplab::tools {
namespace {

constexpr uint64_t kPage = 4096;
constexpr size_t kMaxNameLength = 1024;
constexpr size_t kMaxSegments = 256;                 // linkers write four; every look at an address goes through them
constexpr int64_t kRelrTag = 36, kRelrSizeTag = 35;  // DT_RELR and DT_RELRSZ, which glibc 2.31's elf.h lacks

bool IsEmpty(const Elf64_Shdr& section) { return section.sh_type == SHT_NULL || section.sh_type == SHT_NOBITS; }

}  // namespace

ElfImage::ElfImage(std::span<const uint8_t> bytes, std::string name) : bytes_(bytes), name_(std::move(name)) {
  ReadHeader();
  if (!why_opaque_.empty()) return;
  ReadSegments();
  ReadSections();
  FindCode();
  ReadDynamic();
  ReadPointers();
  ReadSymbols();
}

void ElfImage::Malformed(const std::string& what) const { throw Error("{}: malformed: {}", name_, what); }

std::span<const uint8_t> ElfImage::FileBytes(uint64_t offset, uint64_t size, const char* what) const {
  if (offset > bytes_.size() || size > bytes_.size() - offset) {
    throw Error("{}: truncated: {} needs {} bytes at offset {}, the file has {} bytes", name_, what, size, offset,
                bytes_.size());
  }
  return bytes_.subspan(offset, size);
}

template <typename T>
std::vector<T> ElfImage::ReadTable(std::span<const uint8_t> bytes) const {
  std::vector<T> table(bytes.size() / sizeof(T));
  if (!table.empty()) std::memcpy(table.data(), bytes.data(), table.size() * sizeof(T));
  return table;
}

void ElfImage::ReadHeader() {
  if (bytes_.size() < SELFMAG || std::memcmp(bytes_.data(), ELFMAG, SELFMAG) != 0) {
    throw Error("{}: not an ELF file", name_);
  }
  const auto ident = FileBytes(0, EI_NIDENT, "the ELF identification");
  if (ident[EI_CLASS] != ELFCLASS64 || ident[EI_DATA] != ELFDATA2LSB) {
    const bool known = (ident[EI_CLASS] == ELFCLASS32 || ident[EI_CLASS] == ELFCLASS64) &&
                       (ident[EI_DATA] == ELFDATA2LSB || ident[EI_DATA] == ELFDATA2MSB);
    if (!known) Malformed(fmt::format("class {} and data encoding {}", ident[EI_CLASS], ident[EI_DATA]));
    why_opaque_ = ident[EI_CLASS] == ELFCLASS32 ? "a 32-bit file" : "a big-endian file";
    return;
  }
  header_ = ReadAs<Elf64_Ehdr>(FileBytes(0, sizeof header_, "the ELF header"));
  if (header_.e_type == ET_REL) {
    why_opaque_ = "a relocatable object";
  } else if (header_.e_type == ET_CORE) {
    why_opaque_ = "a core dump";
  } else if (header_.e_machine == EM_AARCH64) {
    why_opaque_ = "an AArch64 file";
  } else if (header_.e_machine != EM_X86_64) {
    why_opaque_ = fmt::format("machine {}", header_.e_machine);
  } else if (header_.e_type != ET_DYN && header_.e_type != ET_EXEC) {
    why_opaque_ = fmt::format("of type {}", header_.e_type);
  }
}

void ElfImage::ReadSegments() {
  if (header_.e_phnum == 0) Malformed("no program headers");
  if (header_.e_phentsize != sizeof(Elf64_Phdr)) {
    Malformed(fmt::format("e_phentsize is {}, expected {}", header_.e_phentsize, sizeof(Elf64_Phdr)));
  }
  const uint64_t size = uint64_t{header_.e_phnum} * sizeof(Elf64_Phdr);
  uint64_t mapped = 0, end = 0;
  for (const auto& segment : ReadTable<Elf64_Phdr>(FileBytes(header_.e_phoff, size, "the program header table"))) {
    if (segment.p_type != PT_LOAD) {
      others_.push_back(segment);
      continue;
    }
    if (segment.p_offset > bytes_.size() || segment.p_filesz > bytes_.size() - segment.p_offset) {
      throw Error("{}: truncated: a segment of {} bytes at offset {}, the file has {} bytes", name_, segment.p_filesz,
                  segment.p_offset, bytes_.size());
    }
    const uint64_t memory = std::max(segment.p_filesz, segment.p_memsz);
    if (segment.p_vaddr > ~uint64_t{0} - memory) Malformed("a segment wraps around the address space");
    if (segment.p_vaddr < end) Malformed("segments overlap, or are not in order");
    end = segment.p_vaddr + memory;
    mapped += segment.p_filesz;
    // Bytes may be mapped twice where segments share a page; more would make the work outgrow the file.
    if (mapped > 2 * bytes_.size() + 64 * kPage) Malformed("its segments map the file's bytes many times over");
    if (segments_.size() == kMaxSegments) Malformed(fmt::format("more than {} segments to load", kMaxSegments));
    segments_.push_back(segment);
  }
}

void ElfImage::ReadSections() {
  if (header_.e_shoff == 0 || header_.e_shnum == 0) return;  // stripped of section headers: the loader needs none
  if (header_.e_shentsize != sizeof(Elf64_Shdr)) {
    Malformed(fmt::format("e_shentsize is {}, expected {}", header_.e_shentsize, sizeof(Elf64_Shdr)));
  }
  const uint64_t size = uint64_t{header_.e_shnum} * sizeof(Elf64_Shdr);
  const auto headers = ReadTable<Elf64_Shdr>(FileBytes(header_.e_shoff, size, "the section header table"));
  for (const Elf64_Shdr& section : headers) {
    if (!IsEmpty(section)) FileBytes(section.sh_offset, section.sh_size, "a section");
  }
  std::span<const uint8_t> names;
  if (header_.e_shstrndx < headers.size() && !IsEmpty(headers[header_.e_shstrndx])) {
    names = FileBytes(headers[header_.e_shstrndx].sh_offset, headers[header_.e_shstrndx].sh_size, "section names");
  }
  for (const Elf64_Shdr& section : headers) {
    const bool named = section.sh_name < names.size();
    sections_.push_back({named ? StringAt(names.subspan(section.sh_name)) : std::string_view(), section});
  }
}

void ElfImage::FindCode() {
  for (const Section& section : sections_) {
    const Elf64_Shdr& header = section.header;
    const bool code =
        (header.sh_flags & SHF_EXECINSTR) != 0 && (header.sh_flags & SHF_ALLOC) != 0 && header.sh_size > 0;
    const bool mapped = IsExecutable(header.sh_addr) && header.sh_size <= BytesAt(header.sh_addr).size();
    if (code && mapped) code_.push_back({header.sh_addr, header.sh_addr + header.sh_size});
  }
  std::sort(code_.begin(), code_.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
  for (size_t i = 0; i + 1 < code_.size(); ++i) code_[i].end = std::min(code_[i].end, code_[i + 1].begin);
  std::erase_if(code_, [](const Range& r) { return r.begin == r.end; });
  if (code_.empty()) code_ = ExecutableRanges();
}

bool ElfImage::IsCode(uint64_t address) const {
  const auto after =
      std::upper_bound(code_.begin(), code_.end(), address, [](uint64_t a, const Range& r) { return a < r.begin; });
  return after != code_.begin() && address < (after - 1)->end;
}

void ElfImage::ReadDynamic() {
  bool found = false;
  for (const Elf64_Phdr& segment : others_) {
    if (segment.p_type != PT_DYNAMIC) continue;
    if (found) Malformed("two dynamic segments");
    found = true;
    dynamic_ = ReadTable<Elf64_Dyn>(Table(segment.p_vaddr, segment.p_filesz, "the dynamic section"));
    const auto end =
        std::find_if(dynamic_.begin(), dynamic_.end(), [](const Elf64_Dyn& d) { return d.d_tag == DT_NULL; });
    dynamic_.erase(end, dynamic_.end());
  }
}

// The value of the last dynamic entry of a tag, which the loader heeds; 0 if there is none.
uint64_t ElfImage::Dynamic(int64_t tag) const {
  uint64_t value = 0;
  for (const Elf64_Dyn& entry : dynamic_) {
    if (entry.d_tag == tag) value = entry.d_un.d_val;
  }
  return value;
}

// `size` bytes of the image that a header says are at `address`.
std::span<const uint8_t> ElfImage::Table(uint64_t address, uint64_t size, const char* what) const {
  const auto bytes = BytesAt(address);
  if (size > bytes.size()) Malformed(fmt::format("{} of {} bytes at {:#x} is in no segment", what, size, address));
  return bytes.first(size);
}

// The string that `bytes` begin with; cut at kMaxNameLength.
std::string_view ElfImage::StringAt(std::span<const uint8_t> bytes) const {
  const size_t size = std::min(bytes.size(), kMaxNameLength);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), size);
  return text.substr(0, text.find('\0'));
}

std::span<const uint8_t> ElfImage::BytesAt(uint64_t address) const {
  for (const Elf64_Phdr& segment : segments_) {
    if (address < segment.p_vaddr || address - segment.p_vaddr >= segment.p_filesz) continue;
    const uint64_t into = address - segment.p_vaddr;
    return bytes_.subspan(segment.p_offset + into, segment.p_filesz - into);
  }
  return {};
}

bool ElfImage::Holds(uint64_t address) const {
  return std::any_of(segments_.begin(), segments_.end(), [&](const Elf64_Phdr& s) {
    return address >= s.p_vaddr && address - s.p_vaddr < std::max(s.p_memsz, s.p_filesz);
  });
}

bool ElfImage::IsExecutable(uint64_t address) const {
  return std::any_of(segments_.begin(), segments_.end(), [&](const Elf64_Phdr& s) {
    return (s.p_flags & PF_X) != 0 && address >= s.p_vaddr && address - s.p_vaddr < s.p_filesz;
  });
}

bool ElfImage::IsWritable(uint64_t address) const {
  return std::any_of(segments_.begin(), segments_.end(), [&](const Elf64_Phdr& s) {
    return (s.p_flags & PF_W) != 0 && address >= s.p_vaddr && address - s.p_vaddr < std::max(s.p_memsz, s.p_filesz);
  });
}

std::vector<ElfImage::Range> ElfImage::ExecutableRanges() const {
  std::vector<Range> ranges;
  for (const Elf64_Phdr& segment : segments_) {
    const bool executable = (segment.p_flags & PF_X) != 0 && segment.p_filesz > 0;
    if (executable) ranges.push_back({segment.p_vaddr, segment.p_vaddr + segment.p_filesz});
  }
  return ranges;
}

std::vector<std::span<const uint8_t>> ElfImage::ExecutableSlack() const {
  std::vector<std::span<const uint8_t>> slack;
  for (const Elf64_Phdr& segment : segments_) {
    if ((segment.p_flags & PF_X) == 0) continue;
    const uint64_t first = segment.p_offset / kPage * kPage, end = segment.p_offset + segment.p_filesz;
    const uint64_t last = std::min<uint64_t>(bytes_.size(), (end + kPage - 1) / kPage * kPage);
    slack.push_back(bytes_.subspan(first, segment.p_offset - first));
    slack.push_back(bytes_.subspan(end, last - end));
  }
  return slack;
}

bool ElfImage::IsInSlack(uint64_t address) const {
  const uint64_t page = address / kPage;
  return !IsExecutable(address) && std::any_of(segments_.begin(), segments_.end(), [page](const Elf64_Phdr& s) {
    const bool executable = (s.p_flags & PF_X) != 0 && s.p_filesz > 0;
    return executable && page >= s.p_vaddr / kPage && page <= (s.p_vaddr + s.p_filesz - 1) / kPage;
  });
}

std::string ElfImage::WhyCodeMayChange() const {
  for (const Elf64_Phdr& segment : segments_) {
    if ((segment.p_flags & (PF_X | PF_W)) == (PF_X | PF_W)) return "a segment is writable and executable";
  }
  return text_relocations_ ? "relocations change its code" : "";
}

std::vector<std::span<const uint8_t>> ElfImage::DataBytes() const {
  std::vector<std::span<const uint8_t>> data;
  for (const Elf64_Phdr& segment : segments_) data.push_back(bytes_.subspan(segment.p_offset, segment.p_filesz));
  return data;
}

ElfImage::Range ElfImage::FrameTable() const {
  for (const Elf64_Phdr& segment : others_) {
    if (segment.p_type != PT_GNU_EH_FRAME) continue;
    const uint64_t size = std::min<uint64_t>(segment.p_filesz, BytesAt(segment.p_vaddr).size());
    return {segment.p_vaddr, segment.p_vaddr + size};
  }
  return {};
}

// What one entry of a relocation table puts at its address.
ElfImage::Pointer ElfImage::Resolve(const Elf64_Rela& relocation) const {
  Pointer pointer;
  pointer.address = relocation.r_offset;
  const auto type = static_cast<uint32_t>(ELF64_R_TYPE(relocation.r_info));
  const auto addend = static_cast<uint64_t>(relocation.r_addend);
  pointer.slot = type == R_X86_64_GLOB_DAT || type == R_X86_64_JUMP_SLOT;
  if (type == R_X86_64_RELATIVE || type == R_X86_64_IRELATIVE) {
    pointer.target = addend;
    pointer.resolver = type == R_X86_64_IRELATIVE;
    return pointer;
  }
  if (type != R_X86_64_64 && !pointer.slot) return pointer;
  const uint64_t index = ELF64_R_SYM(relocation.r_info);
  const auto entry = BytesAt(Dynamic(DT_SYMTAB) + index * sizeof(Elf64_Sym));
  if (entry.size() < sizeof(Elf64_Sym))
    Malformed(fmt::format("a relocation names symbol {}, which is not there", index));
  const auto symbol = ReadAs<Elf64_Sym>(entry);
  if (symbol.st_shndx != SHN_UNDEF) {
    pointer.target = symbol.st_value + (type == R_X86_64_64 ? addend : 0);
    pointer.resolver = ELF64_ST_TYPE(symbol.st_info) == STT_GNU_IFUNC;
  } else {
    pointer.import = StringAt(BytesAt(Dynamic(DT_STRTAB) + symbol.st_name));
  }
  return pointer;
}

void ElfImage::ReadPointers() {
  const struct { int64_t address, size; } tables[] = {{DT_RELA, DT_RELASZ}, {DT_JMPREL, DT_PLTRELSZ}};
  for (const auto& table : tables) {
    const uint64_t address = Dynamic(table.address), size = Dynamic(table.size);
    if (address == 0 || size == 0) continue;
    for (const auto& relocation : ReadTable<Elf64_Rela>(Table(address, size, "a relocation table"))) {
      if (IsExecutable(relocation.r_offset)) text_relocations_ = true;
      pointers_.push_back(Resolve(relocation));
    }
  }
  ReadRelativePointers();
  std::stable_sort(pointers_.begin(), pointers_.end(),
                   [](const Pointer& a, const Pointer& b) { return a.address < b.address; });
}

// DT_RELR: an even entry is the address of a pointer, an odd one a bitmap of which of the 63 words after are pointers.
void ElfImage::ReadRelativePointers() {
  const uint64_t address = Dynamic(kRelrTag), size = Dynamic(kRelrSizeTag);
  if (address == 0 || size == 0) return;
  const auto add = [this](uint64_t at) {
    const auto bytes = BytesAt(at);
    if (bytes.size() < sizeof(uint64_t)) Malformed(fmt::format("a relative relocation at {:#x}, in no segment", at));
    if (IsExecutable(at)) text_relocations_ = true;
    pointers_.push_back({at, ReadAs<uint64_t>(bytes), {}, false, false});
    // Every pointer takes 8 bytes of the file; more of them than fit is a table that goes in circles.
    if (pointers_.size() > bytes_.size()) Malformed("more relocations than there are bytes");
  };
  uint64_t next = 0;
  for (const uint64_t entry : ReadTable<uint64_t>(Table(address, size, "a relative relocation table"))) {
    if ((entry & 1) == 0) {
      add(entry);
      next = entry + 8;
      continue;
    }
    for (uint64_t bit = 1; bit < 64; ++bit) {
      if ((entry >> bit & 1) != 0) add(next + 8 * (bit - 1));
    }
    next += uint64_t{63} * 8;
  }
}

const ElfImage::Pointer* ElfImage::PointerAt(uint64_t address) const {
  const auto found = std::lower_bound(pointers_.begin(), pointers_.end(), address,
                                      [](const Pointer& p, uint64_t a) { return p.address < a; });
  return found != pointers_.end() && found->address == address ? &*found : nullptr;
}

void ElfImage::AddArray(StartupFunctions& functions, const std::string& table, uint64_t address, uint64_t size) const {
  if (size == 0) return;
  const auto entries = ReadTable<uint64_t>(Table(address, size, table.c_str()));
  for (size_t i = 0; i < entries.size(); ++i) {
    const Pointer* pointer = PointerAt(address + i * sizeof(uint64_t));
    const std::string where = fmt::format("{}[{}]", table, i);
    if (pointer != nullptr && pointer->target == 0) {
      const bool named = !pointer->import.empty();
      functions.others.push_back(named ? fmt::format("{} is another object's function {}", where, pointer->import)
                                       : fmt::format("{} is relocated in a way that is not known", where));
      continue;
    }
    const uint64_t target = pointer != nullptr ? pointer->target : entries[i];
    if (target != 0 && target != ~uint64_t{0}) functions.list.push_back({target, where});
  }
}

ElfImage::StartupFunctions ElfImage::Startup() const {
  StartupFunctions functions;
  for (const Pointer& pointer : pointers_) {
    if (pointer.resolver) functions.list.push_back({pointer.target, "IFUNC resolver"});
  }
  for (const Symbol& symbol : symbols_) {
    if (symbol.type == STT_GNU_IFUNC) functions.list.push_back({symbol.address, "IFUNC resolver"});
  }
  AddArray(functions, "DT_PREINIT_ARRAY", Dynamic(DT_PREINIT_ARRAY), Dynamic(DT_PREINIT_ARRAYSZ));
  if (const uint64_t init = Dynamic(DT_INIT); init != 0) functions.list.push_back({init, "DT_INIT"});
  // Statically linked programs have no dynamic section, and no dynamic tag points at .ctors.
  uint64_t listed = Dynamic(DT_INIT_ARRAYSZ);
  for (const bool first : {true, false}) {
    if (!first) AddArray(functions, "DT_INIT_ARRAY", Dynamic(DT_INIT_ARRAY), Dynamic(DT_INIT_ARRAYSZ));
    for (const Section& section : sections_) {
      const bool early = section.name == ".preinit_array" || section.name == ".ctors" || section.name == ".init";
      const bool array = section.name == ".preinit_array" || section.name == ".init_array" || section.name == ".ctors";
      if (early != first || IsEmpty(section.header) || section.header.sh_addr == 0) continue;
      if (section.name == ".init") functions.list.push_back({section.header.sh_addr, ".init"});
      if (!array) continue;
      listed += section.header.sh_size;
      if (listed > bytes_.size()) Malformed("its tables of constructors are larger than the file");
      AddArray(functions, std::string(section.name), section.header.sh_addr, section.header.sh_size);
    }
  }
  std::set<uint64_t> seen;
  std::erase_if(functions.list, [&seen](const Constructor& c) { return !seen.insert(c.address).second; });
  return functions;
}

void ElfImage::AddSymbols(std::span<const uint8_t> symbols, std::span<const uint8_t> strings) {
  for (const auto& symbol : ReadTable<Elf64_Sym>(symbols)) {
    const auto type = static_cast<uint8_t>(ELF64_ST_TYPE(symbol.st_info));
    const bool wanted = type == STT_FUNC || type == STT_OBJECT || type == STT_GNU_IFUNC;
    if (!wanted || symbol.st_shndx == SHN_UNDEF) continue;
    const bool named = symbol.st_name < strings.size();
    symbols_.push_back({symbol.st_value, symbol.st_size, type,
                        named ? StringAt(strings.subspan(symbol.st_name)) : std::string_view()});
  }
}

// How many entries the dynamic symbol table has, by the hash tables that the loader looks names up in.
uint64_t ElfImage::DynamicSymbolCount() const {
  if (const uint64_t hash = Dynamic(DT_HASH); hash != 0) return ReadAs<std::array<uint32_t, 2>>(BytesAt(hash))[1];
  const auto table = BytesAt(Dynamic(DT_GNU_HASH));
  if (Dynamic(DT_GNU_HASH) == 0 || table.size() < 16) return 0;
  const auto head = ReadAs<std::array<uint32_t, 4>>(table);  // buckets, first symbol, words of the filter, its shift
  const uint64_t buckets = 16 + uint64_t{head[2]} * 8, chains = buckets + uint64_t{head[0]} * 4;
  if (chains > table.size()) return 0;
  uint64_t last = 0;
  for (uint64_t at = buckets; at < chains; at += 4)
    last = std::max<uint64_t>(last, ReadAs<uint32_t>(table.subspan(at)));
  if (last < head[1]) return head[1];
  // The chain of the last bucket ends with an odd word.
  for (;; ++last) {
    const uint64_t at = chains + (last - head[1]) * 4;
    if (at + 4 > table.size()) return last;
    if ((ReadAs<uint32_t>(table.subspan(at)) & 1) != 0) return last + 1;
  }
}

void ElfImage::ReadSymbols() {
  uint64_t read = 0;
  for (const Section& section : sections_) {
    const bool symbols = section.header.sh_type == SHT_SYMTAB || section.header.sh_type == SHT_DYNSYM;
    if (!symbols || section.header.sh_link >= sections_.size()) continue;
    const Elf64_Shdr& strings = sections_[section.header.sh_link].header;
    if (IsEmpty(strings)) continue;
    read += section.header.sh_size;
    if (read > bytes_.size()) Malformed("its symbol tables are larger than the file");
    AddSymbols(FileBytes(section.header.sh_offset, section.header.sh_size, "a symbol table"),
               FileBytes(strings.sh_offset, strings.sh_size, "a string table"));
  }
  if (read == 0) {
    const auto symbols = BytesAt(Dynamic(DT_SYMTAB));
    const uint64_t count = std::min<uint64_t>(DynamicSymbolCount(), symbols.size() / sizeof(Elf64_Sym));
    AddSymbols(symbols.first(count * sizeof(Elf64_Sym)), BytesAt(Dynamic(DT_STRTAB)));
  }
  std::stable_sort(symbols_.begin(), symbols_.end(),
                   [](const Symbol& a, const Symbol& b) { return a.address < b.address; });
}

std::string ElfImage::SymbolAt(uint64_t address) const {
  auto found = std::lower_bound(symbols_.begin(), symbols_.end(), address,
                                [](const Symbol& s, uint64_t a) { return s.address < a; });
  for (; found != symbols_.end() && found->address == address; ++found) {
    if (found->type != STT_OBJECT && !found->name.empty()) return std::string(found->name);
  }
  return "";
}

}  // namespace fplab::tools
