// ElfImage: what a loader would see of a 64-bit little-endian ELF file, read piece by piece and never trusted.
//
// Every offset and size that the file states is checked against the file's real size before it is used, and memory is
// allocated only for tables that lie inside the file. Nothing is mapped, loaded or executed.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_ELF_IMAGE_H_
#define FPLAB_TOOLS_SCAN_ELF_IMAGE_H_

#include <elf.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>

namespace fplab::tools {

// A function that the loader or the C start-up code calls before main, or before dlopen returns.
struct Constructor {
  uint64_t address = 0;
  std::string table;  // where it is listed: "DT_INIT", "DT_INIT_ARRAY[1]", ".ctors[0]"
};

class ElfImage {
 public:
  // Throws Error: "PATH: not an ELF file", "PATH: truncated: ...", "PATH: malformed: ..." or the system's reason.
  explicit ElfImage(const std::string& path);
  ~ElfImage();
  ElfImage(const ElfImage&) = delete;
  ElfImage& operator=(const ElfImage&) = delete;

  // Whether the regular file `path` starts with the ELF magic. False for everything else, devices and pipes included,
  // which are not opened.
  static bool HasMagic(const std::string& path);

  // e_machine and e_type. Only for machine EM_X86_64 or EM_AARCH64 and type ET_EXEC or ET_DYN, both in 64-bit
  // little-endian files, are the functions below of use; why_opaque() says in one phrase why the file is none of them,
  // and is empty if it is one.
  uint16_t machine() const { return machine_; }
  const std::string& why_opaque() const { return why_opaque_; }

  // Functions that run at load, each address once, in the order in which the tables list them. Entries that are
  // relocated to another object's symbol, and the null and -1 markers, are left out.
  std::vector<Constructor> Constructors();

  // Copies up to `size` bytes of the initial memory image at `address`; returns how many there are.
  size_t ReadMemory(uint64_t address, uint8_t* out, size_t size) const;

  // The executable parts of the image: address and file size of each.
  struct Range {
    uint64_t address = 0, size = 0;
  };
  std::vector<Range> ExecutableRanges() const;

  // What the pointer at `address` holds once relocated: an address inside this image (0: not known), and the symbol
  // that it was bound by, if any.
  struct Pointer {
    uint64_t target = 0;
    std::string symbol;
  };
  Pointer PointerAt(uint64_t address);

  // Name of the function symbol at exactly `address`; empty if the file has none.
  std::string SymbolAt(uint64_t address);

 private:
  struct Section {
    std::string name;
    Elf64_Shdr header;
  };

  [[noreturn]] void Malformed(const std::string& what) const;
  void ReadFile(uint64_t offset, void* out, uint64_t size, const char* what) const;
  template <typename T>
  std::vector<T> ReadTable(uint64_t offset, uint64_t count, const char* what) const;
  std::optional<uint64_t> FileOffset(uint64_t address, uint64_t size) const;
  std::string StringAt(uint64_t offset, uint64_t end) const;

  void ReadHeader();
  void ReadSegments();
  void ReadSections();
  void ReadDynamic();
  void LoadRelocations();
  void LoadSymbols();
  uint64_t Dynamic(int64_t tag) const;
  void AddArray(std::vector<Constructor>& list, const std::string& table, uint64_t address, uint64_t size);

  std::string path_;
  int descriptor_ = -1;
  uint64_t file_size_ = 0;
  uint16_t machine_ = 0;
  std::string why_opaque_;
  Elf64_Ehdr header_{};
  std::vector<Elf64_Phdr> segments_;
  std::vector<Section> sections_;
  std::vector<Elf64_Dyn> dynamic_;
  // The bytes last read by ReadMemory and those that follow them: following code reads a few bytes at a time.
  mutable std::vector<uint8_t> window_;
  mutable uint64_t window_address_ = 0;
  std::optional<std::vector<Elf64_Rela>> relocations_;  // sorted by r_offset
  struct Symbol {
    uint64_t address = 0;
    uint64_t name = 0, names_end = 0;  // file offsets
  };
  std::optional<std::vector<Symbol>> symbols_;  // functions, sorted by address
};

template <typename T>
std::vector<T> ElfImage::ReadTable(uint64_t offset, uint64_t count, const char* what) const {
  if (count > file_size_ / sizeof(T)) {
    throw Error("{}: truncated: {} of {} entries can't fit into {} bytes", path_, what, count, file_size_);
  }
  std::vector<T> table(count);
  ReadFile(offset, table.data(), count * sizeof(T), what);
  return table;
}

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_ELF_IMAGE_H_
