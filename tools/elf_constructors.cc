// Which functions of an ELF file run when it is loaded: the tables of constructors, relocations and symbol names.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "tools/elf_image.h"

namespace fplab::tools {
namespace {

// A relocation that adds the load address to the addend (R_*_RELATIVE), or that binds a symbol's address.
bool IsRelative(uint16_t machine, uint32_t type) {
  return machine == EM_X86_64 ? type == R_X86_64_RELATIVE : type == R_AARCH64_RELATIVE;
}
bool BindsSymbol(uint16_t machine, uint32_t type) {
  if (machine == EM_X86_64) return type == R_X86_64_64 || type == R_X86_64_GLOB_DAT || type == R_X86_64_JUMP_SLOT;
  return type == R_AARCH64_ABS64 || type == R_AARCH64_GLOB_DAT || type == R_AARCH64_JUMP_SLOT;
}

}  // namespace

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
