// ElfImage: what a loader would see of an x86-64 ELF file whose bytes are in memory, none of which is trusted.
//
// Every offset and size that the file states is checked against its bytes before it is used, and what is allocated for
// a file is a small multiple of its size. Nothing is mapped, loaded or executed.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_ELF_IMAGE_H_
#define FPLAB_TOOLS_SCAN_ELF_IMAGE_H_

#include <elf.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fplab/fparith/float/error.h>

namespace fplab::tools {

// A function that the loader or the C start-up code calls before main, or before dlopen returns.
struct Constructor {
  uint64_t address = 0;
  std::string table;  // where it is listed: "DT_INIT", "DT_INIT_ARRAY[1]", ".ctors[0]", "IFUNC resolver"
};

class ElfImage {
 public:
  // A view of `bytes`, which must outlive the image; `name` begins messages. Throws Error: "NAME: not an ELF file",
  // "NAME: truncated: ..." or "NAME: malformed: ...".
  ElfImage(std::span<const uint8_t> bytes, std::string name);

  // Why the functions below are of no use, in one phrase ("a 32-bit file", "an AArch64 file"); empty for programs and
  // shared libraries of x86-64, for which they are.
  const std::string& why_opaque() const { return why_opaque_; }

  // Functions that run at load, each address once, in the order in which they run. A function of another object, and
  // whatever else can't be named as an address here, is a sentence of `others`.
  struct StartupFunctions {
    std::vector<Constructor> list;
    std::vector<std::string> others;
  };
  StartupFunctions Startup() const;

  // The initialised bytes of the image from `address` to the end of its segment; empty if there are none.
  std::span<const uint8_t> BytesAt(uint64_t address) const;
  bool IsExecutable(uint64_t address) const;
  bool IsWritable(uint64_t address) const;
  // Whether an address lies in the image at all, uninitialised data included.
  bool Holds(uint64_t address) const;

  // A part of the address space, [begin, end).
  struct Range {
    uint64_t begin = 0, end = 0;
  };
  // The executable parts of the image, ascending.
  std::vector<Range> ExecutableRanges() const;
  // The same, less what sections say is no code: data for reading only may share a segment with it.
  const std::vector<Range>& CodeRanges() const { return code_; }
  bool IsCode(uint64_t address) const;
  // File bytes that share a page with executable code, and so are executable too, without being in its segment.
  std::vector<std::span<const uint8_t>> ExecutableSlack() const;
  bool IsInSlack(uint64_t address) const;
  // Why the code may differ from what the file holds when it runs: "a segment is writable and executable"; or empty.
  std::string WhyCodeMayChange() const;

  // What the loader puts at an address of the image.
  struct Pointer {
    uint64_t address = 0;
    uint64_t target = 0;      // an address in this image; 0: another object's
    std::string_view import;  // the symbol, if the target is another object's
    bool resolver = false;    // the target is called at load, and returns what is put there
    bool slot = false;        // of the global offset table: nothing else is read through its address
  };
  // All of them, ascending by address. In a file that is not relocated (ET_EXEC) pointers are plain data: see below.
  const std::vector<Pointer>& Pointers() const { return pointers_; }
  const Pointer* PointerAt(uint64_t address) const;
  bool IsRelocated() const { return header_.e_type == ET_DYN; }

  // A symbol that is defined here, as its table says.
  struct Symbol {
    uint64_t address = 0, size = 0;
    uint8_t type = 0;  // STT_FUNC, STT_OBJECT, STT_GNU_IFUNC
    std::string_view name;
  };
  const std::vector<Symbol>& Symbols() const { return symbols_; }  // ascending by address
  // Name of the function symbol at exactly `address`; empty if the file has none.
  std::string SymbolAt(uint64_t address) const;

  // PT_GNU_EH_FRAME: where the table of frame descriptions is; empty if there is none.
  Range FrameTable() const;

  // The bytes of data segments: where a string would be that code hands to dlsym.
  std::vector<std::span<const uint8_t>> DataBytes() const;

 private:
  struct Section {
    std::string_view name;
    Elf64_Shdr header;
  };

  [[noreturn]] void Malformed(const std::string& what) const;
  std::span<const uint8_t> FileBytes(uint64_t offset, uint64_t size, const char* what) const;
  template <typename T>
  std::vector<T> ReadTable(std::span<const uint8_t> bytes) const;
  std::string_view StringAt(std::span<const uint8_t> bytes) const;
  std::span<const uint8_t> Table(uint64_t address, uint64_t size, const char* what) const;

  void ReadHeader();
  void ReadSegments();
  void ReadSections();
  void FindCode();
  void ReadDynamic();
  void ReadPointers();
  void ReadRelativePointers();
  void ReadSymbols();
  uint64_t DynamicSymbolCount() const;
  void AddSymbols(std::span<const uint8_t> symbols, std::span<const uint8_t> strings);
  Pointer Resolve(const Elf64_Rela& relocation) const;
  uint64_t Dynamic(int64_t tag) const;
  void AddArray(StartupFunctions& functions, const std::string& table, uint64_t address, uint64_t size) const;

  std::span<const uint8_t> bytes_;
  std::string name_;
  std::string why_opaque_;
  Elf64_Ehdr header_{};
  std::vector<Elf64_Phdr> segments_;  // PT_LOAD, ascending by address, disjoint
  std::vector<Elf64_Phdr> others_;    // the other program headers
  std::vector<Section> sections_;
  std::vector<Range> code_;
  std::vector<Elf64_Dyn> dynamic_;
  std::vector<Pointer> pointers_;
  std::vector<Symbol> symbols_;
  bool text_relocations_ = false;
};

// The value of a trivially copyable type at the start of `bytes`, zeros where they are short.
template <typename T>
T ReadAs(std::span<const uint8_t> bytes) {
  T value{};
  if (bytes.empty()) return value;  // of no bytes memcpy would be handed a null pointer
  std::memcpy(&value, bytes.data(), bytes.size() < sizeof value ? bytes.size() : sizeof value);
  return value;
}

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_ELF_IMAGE_H_
