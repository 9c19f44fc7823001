// Reading an ELF file by its headers. See the ELF specification and the x86-64 psABI, chapters 4 and 5.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/elf_image.h"
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include <fplab/fparith/float/error.h>

namespace fplab::tools {
namespace {

constexpr uint64_t kMaxNameLength = 1024;
constexpr size_t kWindow = 4096;

// Opens a regular file for reading; -1 with errno if that can't be done. O_NONBLOCK keeps a pipe from blocking.
int OpenRegular(const std::string& path, uint64_t& size) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return -1;
  struct stat status {};
  if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
    size = static_cast<uint64_t>(status.st_size);
    return descriptor;
  }
  close(descriptor);
  errno = 0;
  return -1;
}

bool ReadFully(int descriptor, uint64_t offset, void* out, uint64_t size) {
  auto* bytes = static_cast<uint8_t*>(out);
  while (size > 0) {
    const ssize_t got = pread(descriptor, bytes, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    bytes += got;
    offset += static_cast<uint64_t>(got);
    size -= static_cast<uint64_t>(got);
  }
  return true;
}

bool IsRegularFile(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

// A relocation that adds the load address to the addend (R_*_RELATIVE), or that binds a symbol's address.
bool IsRelative(uint16_t machine, uint32_t type) {
  return machine == EM_X86_64 ? type == R_X86_64_RELATIVE : type == R_AARCH64_RELATIVE;
}
bool BindsSymbol(uint16_t machine, uint32_t type) {
  if (machine == EM_X86_64) return type == R_X86_64_64 || type == R_X86_64_GLOB_DAT || type == R_X86_64_JUMP_SLOT;
  return type == R_AARCH64_ABS64 || type == R_AARCH64_GLOB_DAT || type == R_AARCH64_JUMP_SLOT;
}

}  // namespace

ElfImage::ElfImage(const std::string& path) : path_(path) {
  descriptor_ = OpenRegular(path, file_size_);
  if (descriptor_ < 0) {
    throw Error("{}: {}", path, errno != 0 ? std::strerror(errno) : "not a regular file");
  }
  try {
    ReadHeader();
    if (!why_opaque_.empty()) return;
    ReadSegments();
    ReadSections();
    ReadDynamic();
  } catch (...) {
    close(descriptor_);
    throw;
  }
}

ElfImage::~ElfImage() { close(descriptor_); }

bool ElfImage::HasMagic(const std::string& path) {
  if (!IsRegularFile(path)) return false;
  uint64_t size = 0;
  const int descriptor = OpenRegular(path, size);
  if (descriptor < 0) return false;
  char magic[SELFMAG];
  const bool is_elf =
      size >= SELFMAG && ReadFully(descriptor, 0, magic, SELFMAG) && std::memcmp(magic, ELFMAG, SELFMAG) == 0;
  close(descriptor);
  return is_elf;
}

void ElfImage::Malformed(const std::string& what) const { throw Error("{}: malformed: {}", path_, what); }

void ElfImage::ReadFile(uint64_t offset, void* out, uint64_t size, const char* what) const {
  if (offset > file_size_ || size > file_size_ - offset || !ReadFully(descriptor_, offset, out, size)) {
    throw Error("{}: truncated: {} needs {} bytes at offset {}, the file has {} bytes", path_, what, size, offset,
                file_size_);
  }
}

void ElfImage::ReadHeader() {
  uint8_t ident[EI_NIDENT] = {};
  if (file_size_ < SELFMAG) throw Error("{}: not an ELF file", path_);
  ReadFile(0, ident, SELFMAG, "the ELF magic");
  if (std::memcmp(ident, ELFMAG, SELFMAG) != 0) throw Error("{}: not an ELF file", path_);
  ReadFile(0, ident, EI_NIDENT, "the ELF identification");
  if (ident[EI_CLASS] != ELFCLASS64 || ident[EI_DATA] != ELFDATA2LSB) {
    const bool known = (ident[EI_CLASS] == ELFCLASS32 || ident[EI_CLASS] == ELFCLASS64) &&
                       (ident[EI_DATA] == ELFDATA2LSB || ident[EI_DATA] == ELFDATA2MSB);
    if (!known) Malformed(fmt::format("class {} and data encoding {}", ident[EI_CLASS], ident[EI_DATA]));
    why_opaque_ = ident[EI_CLASS] == ELFCLASS32 ? "a 32-bit file" : "a big-endian file";
    return;
  }
  ReadFile(0, &header_, sizeof header_, "the ELF header");
  machine_ = header_.e_machine;
  if (machine_ != EM_X86_64 && machine_ != EM_AARCH64) why_opaque_ = fmt::format("machine {}", machine_);
  if (header_.e_type == ET_REL) why_opaque_ = "a relocatable object";
  if (header_.e_type == ET_CORE) why_opaque_ = "a core dump";
}

void ElfImage::ReadSegments() {
  if (header_.e_phnum == 0) Malformed("no program headers");
  if (header_.e_phentsize != sizeof(Elf64_Phdr)) {
    Malformed(fmt::format("e_phentsize is {}, expected {}", header_.e_phentsize, sizeof(Elf64_Phdr)));
  }
  segments_ = ReadTable<Elf64_Phdr>(header_.e_phoff, header_.e_phnum, "the program header table");
  for (const Elf64_Phdr& segment : segments_) {
    if (segment.p_type != PT_LOAD && segment.p_type != PT_DYNAMIC) continue;
    if (segment.p_offset > file_size_ || segment.p_filesz > file_size_ - segment.p_offset) {
      throw Error("{}: truncated: a segment of {} bytes at offset {}, the file has {} bytes", path_, segment.p_filesz,
                  segment.p_offset, file_size_);
    }
    if (segment.p_vaddr + segment.p_filesz < segment.p_vaddr) Malformed("a segment wraps around the address space");
  }
}

void ElfImage::ReadSections() {
  if (header_.e_shoff == 0 || header_.e_shnum == 0) return;  // stripped of section headers: the loader needs none
  if (header_.e_shentsize != sizeof(Elf64_Shdr)) {
    Malformed(fmt::format("e_shentsize is {}, expected {}", header_.e_shentsize, sizeof(Elf64_Shdr)));
  }
  const auto headers = ReadTable<Elf64_Shdr>(header_.e_shoff, header_.e_shnum, "the section header table");
  uint64_t names = 0, names_end = 0;
  if (header_.e_shstrndx < headers.size()) {
    names = headers[header_.e_shstrndx].sh_offset;
    names_end = names + headers[header_.e_shstrndx].sh_size;
  }
  for (const Elf64_Shdr& section : headers) {
    const bool empty = section.sh_type == SHT_NULL || section.sh_type == SHT_NOBITS;
    if (!empty && (section.sh_offset > file_size_ || section.sh_size > file_size_ - section.sh_offset)) {
      throw Error("{}: truncated: a section of {} bytes at offset {}, the file has {} bytes", path_, section.sh_size,
                  section.sh_offset, file_size_);
    }
    sections_.push_back({names_end == 0 ? "" : StringAt(names + section.sh_name, names_end), section});
  }
}

void ElfImage::ReadDynamic() {
  for (const Elf64_Phdr& segment : segments_) {
    if (segment.p_type != PT_DYNAMIC) continue;
    dynamic_ = ReadTable<Elf64_Dyn>(segment.p_offset, segment.p_filesz / sizeof(Elf64_Dyn), "the dynamic section");
    const auto end =
        std::find_if(dynamic_.begin(), dynamic_.end(), [](const Elf64_Dyn& d) { return d.d_tag == DT_NULL; });
    dynamic_.erase(end, dynamic_.end());
    return;
  }
}

// The value of a dynamic entry, 0 if there is none.
uint64_t ElfImage::Dynamic(int64_t tag) const {
  for (const Elf64_Dyn& entry : dynamic_) {
    if (entry.d_tag == tag) return entry.d_un.d_val;
  }
  return 0;
}

std::optional<uint64_t> ElfImage::FileOffset(uint64_t address, uint64_t size) const {
  for (const Elf64_Phdr& segment : segments_) {
    if (segment.p_type != PT_LOAD || address < segment.p_vaddr) continue;
    const uint64_t into = address - segment.p_vaddr;
    if (into < segment.p_filesz && size <= segment.p_filesz - into) return segment.p_offset + into;
  }
  return std::nullopt;
}

size_t ElfImage::ReadMemory(uint64_t address, uint8_t* out, size_t size) const {
  if (address >= window_address_ && address - window_address_ + size <= window_.size() && !window_.empty()) {
    std::memcpy(out, window_.data() + (address - window_address_), size);
    return size;
  }
  for (const Elf64_Phdr& segment : segments_) {
    if (segment.p_type != PT_LOAD || address < segment.p_vaddr) continue;
    const uint64_t into = address - segment.p_vaddr;
    if (into >= segment.p_filesz) continue;
    const uint64_t count = std::min<uint64_t>(size, segment.p_filesz - into);
    if (size > kWindow) return ReadFully(descriptor_, segment.p_offset + into, out, count) ? count : 0;
    window_.resize(std::min<uint64_t>(kWindow, segment.p_filesz - into));
    window_address_ = address;
    if (!ReadFully(descriptor_, segment.p_offset + into, window_.data(), window_.size())) window_.clear();
    const size_t got = std::min<size_t>(count, window_.size());
    std::memcpy(out, window_.data(), got);
    return got;
  }
  return 0;
}

std::vector<ElfImage::Range> ElfImage::ExecutableRanges() const {
  std::vector<Range> ranges;
  for (const Elf64_Phdr& segment : segments_) {
    if (segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0) {
      ranges.push_back({segment.p_vaddr, segment.p_filesz});
    }
  }
  return ranges;
}

// The string at file offset `offset`, which ends before `end`; cut at kMaxNameLength.
std::string ElfImage::StringAt(uint64_t offset, uint64_t end) const {
  end = std::min(end, file_size_);
  if (offset >= end) return "";
  std::string text(std::min(end - offset, kMaxNameLength), '\0');
  if (!ReadFully(descriptor_, offset, text.data(), text.size())) return "";
  return text.substr(0, text.find('\0'));
}

void ElfImage::LoadRelocations() {
  if (relocations_) return;
  relocations_.emplace();
  const struct { int64_t address, size; } tables[] = {{DT_RELA, DT_RELASZ}, {DT_JMPREL, DT_PLTRELSZ}};
  for (const auto& table : tables) {
    const uint64_t address = Dynamic(table.address), size = Dynamic(table.size);
    if (address == 0 || size == 0) continue;
    const std::optional<uint64_t> offset = FileOffset(address, size);
    if (!offset) Malformed(fmt::format("a relocation table of {} bytes at {:#x} is in no segment", size, address));
    const auto entries = ReadTable<Elf64_Rela>(*offset, size / sizeof(Elf64_Rela), "a relocation table");
    relocations_->insert(relocations_->end(), entries.begin(), entries.end());
  }
  std::sort(relocations_->begin(), relocations_->end(),
            [](const Elf64_Rela& a, const Elf64_Rela& b) { return a.r_offset < b.r_offset; });
}

ElfImage::Pointer ElfImage::PointerAt(uint64_t address) {
  LoadRelocations();
  const auto found = std::lower_bound(relocations_->begin(), relocations_->end(), address,
                                      [](const Elf64_Rela& r, uint64_t a) { return r.r_offset < a; });
  const std::optional<uint64_t> offset = FileOffset(address, sizeof(uint64_t));
  if (found == relocations_->end() || found->r_offset != address) {
    // Not in the tables: prelinked, or relative by DT_RELR, which leaves the addend in place.
    Pointer pointer;
    if (offset) ReadFile(*offset, &pointer.target, sizeof pointer.target, "a pointer");
    return pointer;
  }
  const auto type = static_cast<uint32_t>(ELF64_R_TYPE(found->r_info));
  if (IsRelative(machine_, type)) return {static_cast<uint64_t>(found->r_addend), ""};
  if (!BindsSymbol(machine_, type)) return {};
  const uint64_t symbols = Dynamic(DT_SYMTAB), strings = Dynamic(DT_STRTAB);
  const uint64_t entry = symbols + ELF64_R_SYM(found->r_info) * sizeof(Elf64_Sym);
  const std::optional<uint64_t> symbol_offset = FileOffset(entry, sizeof(Elf64_Sym));
  if (!symbol_offset) return {};
  Elf64_Sym symbol{};
  ReadFile(*symbol_offset, &symbol, sizeof symbol, "a symbol");
  Pointer pointer;
  if (const auto name = FileOffset(strings + symbol.st_name, 1)) pointer.symbol = StringAt(*name, file_size_);
  if (symbol.st_shndx != SHN_UNDEF) pointer.target = symbol.st_value + static_cast<uint64_t>(found->r_addend);
  return pointer;
}

void ElfImage::AddArray(std::vector<Constructor>& list, const std::string& table, uint64_t address, uint64_t size) {
  if (size == 0) return;
  if (!FileOffset(address, size))
    Malformed(fmt::format("{} of {} bytes at {:#x} is in no segment", table, size, address));
  for (uint64_t i = 0; i < size / sizeof(uint64_t); ++i) {
    const uint64_t target = PointerAt(address + i * sizeof(uint64_t)).target;
    if (target != 0 && target != ~uint64_t{0}) list.push_back({target, fmt::format("{}[{}]", table, i)});
  }
}

std::vector<Constructor> ElfImage::Constructors() {
  std::vector<Constructor> list;
  AddArray(list, "DT_PREINIT_ARRAY", Dynamic(DT_PREINIT_ARRAY), Dynamic(DT_PREINIT_ARRAYSZ));
  if (const uint64_t init = Dynamic(DT_INIT); init != 0) list.push_back({init, "DT_INIT"});
  AddArray(list, "DT_INIT_ARRAY", Dynamic(DT_INIT_ARRAY), Dynamic(DT_INIT_ARRAYSZ));
  // Statically linked programs have no dynamic section, and no dynamic tag points at .ctors.
  for (const Section& section : sections_) {
    const bool array = section.name == ".preinit_array" || section.name == ".init_array" || section.name == ".ctors";
    const bool present = section.header.sh_type != SHT_NOBITS && section.header.sh_addr != 0;
    if (array && present) AddArray(list, section.name, section.header.sh_addr, section.header.sh_size);
    if (section.name == ".init" && present) list.push_back({section.header.sh_addr, ".init"});
  }
  std::set<uint64_t> seen;
  std::erase_if(list, [&seen](const Constructor& c) { return !seen.insert(c.address).second; });
  return list;
}

void ElfImage::LoadSymbols() {
  if (symbols_) return;
  symbols_.emplace();
  for (const Section& section : sections_) {
    if (section.header.sh_type != SHT_SYMTAB && section.header.sh_type != SHT_DYNSYM) continue;
    if (section.header.sh_link >= sections_.size()) continue;
    const Elf64_Shdr& strings = sections_[section.header.sh_link].header;
    const auto entries =
        ReadTable<Elf64_Sym>(section.header.sh_offset, section.header.sh_size / sizeof(Elf64_Sym), "a symbol table");
    for (const Elf64_Sym& symbol : entries) {
      if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_shndx == SHN_UNDEF) continue;
      symbols_->push_back({symbol.st_value, strings.sh_offset + symbol.st_name, strings.sh_offset + strings.sh_size});
    }
  }
  std::stable_sort(symbols_->begin(), symbols_->end(),
                   [](const Symbol& a, const Symbol& b) { return a.address < b.address; });
}

std::string ElfImage::SymbolAt(uint64_t address) {
  LoadSymbols();
  const auto found = std::lower_bound(symbols_->begin(), symbols_->end(), address,
                                      [](const Symbol& s, uint64_t a) { return s.address < a; });
  return found != symbols_->end() && found->address == address ? StringAt(found->name, found->names_end) : "";
}

}  // namespace fplab::tools
