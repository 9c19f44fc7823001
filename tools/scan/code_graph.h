// CodeGraph: which code of an image can come to run once a function of it does, whatever the data.
//
// The code is divided into functions, by the table of frames and the symbols; what neither names is a function of its
// own. A function leads to what it calls or jumps to, and to everything whose address it takes or reads: functions, and
// data, which lead to whatever their pointers point to. A call through a pointer needs no edge of its own: the pointer
// must have come from somewhere. This holds for code as compilers make it, in which a pointer to a function points to
// its first instruction, and the address of data is taken at the object or in it; code that computes addresses out of
// numbers is not seen through.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_CODE_GRAPH_H_
#define FPLAB_TOOLS_SCAN_CODE_GRAPH_H_

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tools/scan/elf_image.h"
#include "tools/scan/elf_x86_decode.h"

namespace fplab::tools {

class CodeGraph {
 public:
  // Functions are decoded when they are first asked about: the work is bounded by the code's size, once.
  explicit CodeGraph(const ElfImage& image);

  // Steps of looking at pointers and tables, which a file can make as many as the square of its size. When they are
  // used up, what ReachFrom and JumpTable return is not all.
  static constexpr uint64_t kMaxSteps = uint64_t{1} << 28;
  bool IsComplete() const { return steps_ <= kMaxSteps; }
  uint64_t steps() const { return steps_; }

  // The function that holds an address; -1 if no code does.
  int FunctionAt(uint64_t address) const;
  ElfImage::Range RangeOf(int function) const { return {functions_[At(function)].begin, functions_[At(function)].end}; }

  // Where a call or jump to `address` ends up: through stubs that jump on (PLT), to a function here or an import.
  struct Destination {
    uint64_t address = 0;     // 0: not here
    std::string_view import;  // the name, if it is another object's
  };
  Destination DestinationOf(uint64_t address) const;
  // The same of a call or jump through the memory at `slot`, if the loader fills it once and for all.
  Destination DestinationThrough(uint64_t slot) const;
  // Where a jump computed from the table at `table` may lead: offsets relative to it or, in a file that is not
  // relocated, addresses. None if it is no such table of this function.
  std::vector<uint64_t> JumpTable(int function, uint64_t table);

  // Addresses of the instructions in a function that load MXCSR. In what can't be decoded, every sequence of bytes that
  // could be one.
  const std::vector<uint64_t>& WritersIn(int function);

  // What can run once the code at `roots` does: functions in the order in which they were found, and imports.
  struct Reach {
    std::vector<int> functions;
    std::unordered_map<int, int> found_from;        // the function that first led to a function; -1: a root
    std::map<std::string_view, int> imports;        // name of each import, and a function that uses it
    std::map<std::string_view, int> taken_imports;  // of these, those whose address is taken or read
    // Where calls and jumps lead that is no code of this image.
    std::vector<uint64_t> nowhere;
  };
  Reach ReachFrom(const std::vector<uint64_t>& roots);

  // The imports that a function of a reach calls or takes the address of; one may come twice.
  std::vector<std::string_view> ImportsOf(int function) const;

  // Of the functions of a reach, those that can get to one for which `goal` holds, or to an import for which
  // `import_goal` does, by calls and jumps alone.
  std::vector<bool> CallersOf(const Reach& reach, const std::function<bool(int)>& goal,
                              const std::function<bool(std::string_view)>& import_goal);

  // The functions that a function of a reach jumps to.
  std::vector<int> JumpsOf(int function) const;

  // Whether the address of a function is taken or read, by the code and data of the reaches so far, rather than called.
  bool IsTaken(int function) const { return functions_[At(function)].taken; }
  // Whether it is jumped to from other functions and never called: a part of those.
  bool IsContinuation(int function) const;
  // Whether it is called, pointed to, or jumped to from other than its own parts, elsewhere than at its beginning: then
  // what following it from there shows is not all it does.
  bool IsEnteredInside(int function) const { return functions_[At(function)].entered_inside; }

 private:
  enum class Kind : uint8_t { kCall, kJump, kCode, kData };
  struct Edge {
    uint64_t target = 0;      // an address
    std::string_view import;  // instead of it
    Kind kind = Kind::kCall;
  };
  struct Function {
    uint64_t begin = 0, end = 0;
    bool decoded = false;  // from its beginning
    bool broken = false;   // some bytes of it are no instructions
    bool taken = false, called = false, jumped = false, symbol = false;
    bool entered_inside = false;
    bool computed_jump = false;
    std::vector<Edge> edges;
    std::vector<uint64_t> writers;
  };

  bool Spend(uint64_t steps) const;
  static size_t At(int function) { return static_cast<size_t>(function); }
  void FindTables();
  void AddFunctions();
  void AddRange(uint64_t begin, uint64_t end);
  bool IsPadding(uint64_t begin, uint64_t end) const;
  int FunctionAfter(uint64_t address) const;
  size_t BitOf(uint64_t address) const;
  void Decode(int function, uint64_t from);
  void AddEdges(Function& function, const X86Instruction& instruction, uint64_t address);
  void AddBranch(Function& function, const X86Instruction& instruction, uint64_t target);
  void AddSlot(Function& function, uint64_t slot, Kind kind);
  void AddAddress(std::vector<Edge>& edges, uint64_t address) const;
  void AddPointers(std::vector<Edge>& edges, uint64_t begin, uint64_t end) const;
  void AddMemory(Function& function, const X86Instruction& instruction, uint64_t next);
  void Prepare(int function);
  ElfImage::Range ObjectAt(uint64_t address) const;
  bool PointsToTypeInfo(uint64_t address, uint64_t& type_info) const;
  uint64_t VtableEnd(uint64_t address_point) const;

  const ElfImage& image_;
  mutable uint64_t steps_ = 0;
  std::vector<ElfImage::Range> code_;  // executable ranges
  std::vector<size_t> first_bit_;      // of each range
  std::vector<bool> starts_;           // addresses at which a decoded instruction begins
  std::vector<Function> functions_;    // ascending
  std::vector<uint64_t> tables_;       // addresses of C++ type descriptions and tables of virtual functions, ascending
  std::vector<ElfImage::Range> objects_;  // symbols of data, ascending by address
};

// Whether `bytes` hold, at any place, what could be an instruction that LoadsMxcsr knows; `each` is called with the
// place of every one. An instruction that isn't there can't be executed.
bool FindWriterBytes(std::span<const uint8_t> bytes, const std::function<void(size_t)>& each);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_CODE_GRAPH_H_
