// Decoding functions into what they lead to, and following that.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/code_graph.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <tuple>

#include "tools/scan/elf_x86_execute.h"
#include "tools/scan/frame_table.h"

namespace fplab::tools {
namespace {

using Range = ElfImage::Range;

// What the names of the tables begin with that types' descriptions of the C++ ABI begin with a pointer to.
constexpr std::string_view kRuntimeTypeTable = "_ZTVN10__cxxabiv1";

// Tables of bases that are looked for behind a table of virtual functions: a bound on the work.
constexpr int kMaxBases = 64;

bool IsDirectBranch(const X86Instruction& in) {
  if (in.map == X86Instruction::k0F) return !in.vex && (in.opcode & 0xF0) == 0x80;
  if (in.map != X86Instruction::kOneByte) return false;
  const int op = in.opcode;
  return (op & 0xF0) == 0x70 || (op & 0xFC) == 0xE0 || op == 0xE8 || op == 0xE9 || op == 0xEB;
}

bool IsIndirectBranch(const X86Instruction& in) {
  return in.map == X86Instruction::kOneByte && in.opcode == 0xFF && (in.digit == 2 || in.digit == 4);
}

bool IsCall(const X86Instruction& in) { return in.opcode == 0xE8 || (in.opcode == 0xFF && in.digit == 2); }

bool IsPaddingInstruction(const X86Instruction& in) {
  if (in.map == X86Instruction::k0F) return in.opcode == 0x1F;
  return in.map == X86Instruction::kOneByte && (in.opcode == 0x90 || in.opcode == 0xCC);
}

}  // namespace

bool FindWriterBytes(std::span<const uint8_t> bytes, const std::function<void(size_t)>& each) {
  // LDMXCSR and its kin are 0F AE /1, /2, /5 and 0F C7 /3 with a memory operand, VLDMXCSR C5 xx AE /2 or C4 xx xx AE
  // /2.
  constexpr size_t kLongestBefore = 3;
  bool found = false;
  for (const uint8_t opcode : {uint8_t{0xAE}, uint8_t{0xC7}}) {
    for (size_t i = 1; i + 1 < bytes.size(); ++i) {
      const void* next = std::memchr(&bytes[i], opcode, bytes.size() - 1 - i);
      if (next == nullptr) break;
      i = static_cast<size_t>(static_cast<const uint8_t*>(next) - bytes.data());
      const uint8_t modrm = bytes[i + 1];
      const int digit = modrm >> 3 & 7;
      const auto before = [&](size_t count, uint8_t value) { return i >= count && bytes[i - count] == value; };
      const bool plain_digit = opcode == 0xAE ? digit == 1 || digit == 2 || digit == 5 : digit == 3;
      const bool plain = before(1, 0x0F) && plain_digit;
      const bool vex = opcode == 0xAE && digit == 2 && (before(2, 0xC5) || before(kLongestBefore, 0xC4));
      if ((modrm & 0xC0) == 0xC0 || !(plain || vex)) continue;
      found = true;
      if (!each) return true;
      each(plain ? i - 1 : before(2, 0xC5) ? i - 2 : i - kLongestBefore);
    }
  }
  return found;
}

CodeGraph::CodeGraph(const ElfImage& image) : image_(image), code_(image.CodeRanges()) {
  size_t bits = 0;
  for (const Range& range : code_) {
    first_bit_.push_back(bits);
    bits += range.end - range.begin;
  }
  starts_.resize(bits);
  for (const ElfImage::Symbol& symbol : image.Symbols()) {
    const bool data = symbol.type == STT_OBJECT && symbol.size > 0 && !image.IsCode(symbol.address);
    if (data) objects_.push_back({symbol.address, symbol.address + symbol.size});
  }
  FindTables();
  AddFunctions();
}

bool CodeGraph::Spend(uint64_t steps) const {
  steps_ += steps;
  return steps_ <= kMaxSteps;
}

// Where descriptions of types and tables of virtual functions begin, by what their pointers point to.
void CodeGraph::FindTables() {
  for (const ElfImage::Pointer& pointer : image_.Pointers()) {
    uint64_t type_info = 0;
    if (pointer.import.starts_with(kRuntimeTypeTable)) tables_.push_back(pointer.address);
    if (PointsToTypeInfo(pointer.address, type_info)) tables_.push_back(pointer.address - 8);
  }
  std::sort(tables_.begin(), tables_.end());
}

// Frames first; what lies between them is divided by symbols, and what remains is each a function.
void CodeGraph::AddFunctions() {
  std::vector<Range> known = FrameTableFunctions(image_);
  std::set<uint64_t> symbols;
  for (const ElfImage::Symbol& symbol : image_.Symbols()) {
    if (symbol.type != STT_OBJECT) symbols.insert(symbol.address);
  }
  for (const Range& range : code_) {
    auto frame = std::lower_bound(known.begin(), known.end(), range.begin,
                                  [](const Range& r, uint64_t a) { return r.begin < a; });
    for (uint64_t at = range.begin; at < range.end;) {
      const bool have = frame != known.end() && frame->begin < range.end;
      const uint64_t gap_end = have ? frame->begin : range.end;
      for (auto symbol = symbols.upper_bound(at); symbol != symbols.end() && *symbol < gap_end; ++symbol) {
        AddRange(at, *symbol);
        at = *symbol;
      }
      if (at < gap_end) AddRange(at, gap_end);
      if (!have) break;
      AddRange(frame->begin, frame->end);
      at = frame->end;
      ++frame;
    }
  }
  for (Function& function : functions_) function.symbol = symbols.contains(function.begin);
}

void CodeGraph::AddRange(uint64_t begin, uint64_t end) {
  if (IsPadding(begin, end)) return;
  Function function;
  function.begin = begin;
  function.end = end;
  functions_.push_back(std::move(function));
}

bool CodeGraph::IsPadding(uint64_t begin, uint64_t end) const {
  const auto bytes = image_.BytesAt(begin);
  for (uint64_t at = begin; at < end;) {
    const auto rest = bytes.subspan(at - begin, end - at);
    X86Instruction instruction;
    const bool zero = rest[0] == 0;
    const bool nop = !zero && DecodeX86(rest.data(), rest.size(), instruction) && IsPaddingInstruction(instruction);
    if (!zero && !nop) return false;
    at += zero ? 1 : instruction.length;
  }
  return true;
}

int CodeGraph::FunctionAt(uint64_t address) const {
  const auto after = std::upper_bound(functions_.begin(), functions_.end(), address,
                                      [](uint64_t a, const Function& f) { return a < f.begin; });
  if (after == functions_.begin()) return -1;
  const auto found = after - 1;
  return address < found->end ? static_cast<int>(found - functions_.begin()) : -1;
}

// The function that padding at `address` is executed into.
int CodeGraph::FunctionAfter(uint64_t address) const {
  const auto after = std::upper_bound(functions_.begin(), functions_.end(), address,
                                      [](uint64_t a, const Function& f) { return a < f.begin; });
  return after == functions_.end() ? -1 : static_cast<int>(after - functions_.begin());
}

size_t CodeGraph::BitOf(uint64_t address) const {
  const auto after =
      std::upper_bound(code_.begin(), code_.end(), address, [](uint64_t a, const Range& r) { return a < r.begin; });
  const auto i = static_cast<size_t>(after - code_.begin()) - 1;
  return first_bit_[i] + (address - code_[i].begin);
}

CodeGraph::Destination CodeGraph::DestinationThrough(uint64_t slot) const {
  const ElfImage::Pointer* pointer = image_.PointerAt(slot);
  if (pointer == nullptr || pointer->resolver) return {};
  if (!pointer->import.empty()) return {0, pointer->import};
  // Others may write there later: a function pointer that is initialised, not a slot of the loader's.
  const bool final = pointer->slot || !image_.IsWritable(slot);
  return final ? Destination{pointer->target, {}} : Destination{};
}

CodeGraph::Destination CodeGraph::DestinationOf(uint64_t address) const {
  constexpr int kMaxStubs = 4;
  for (int i = 0; i < kMaxStubs; ++i) {
    auto bytes = image_.BytesAt(address);
    X86Instruction in;
    uint64_t at = address;
    if (!DecodeX86(bytes.data(), bytes.size(), in)) break;
    const bool endbr = in.map == X86Instruction::k0F && in.opcode == 0x1E && in.repeat;
    if (endbr) {
      bytes = bytes.subspan(in.length);
      at += in.length;
      if (!DecodeX86(bytes.data(), bytes.size(), in)) break;
    }
    if (!IsIndirectBranch(in) || in.digit != 4 || in.base != X86Instruction::kRip) break;
    const uint64_t slot = at + in.length + static_cast<uint64_t>(in.displacement);
    const ElfImage::Pointer* pointer = image_.PointerAt(slot);
    if (pointer != nullptr && pointer->resolver) return {};
    const Destination next = DestinationThrough(slot);
    if (!next.import.empty()) return next;
    if (next.address == 0) break;
    address = next.address;
  }
  return {image_.IsExecutable(address) ? address : 0, {}};
}

// Instructions from `from` to the function's end or to where decoding has been before.
void CodeGraph::Decode(int number, uint64_t from) {
  Function& function = functions_[At(number)];
  const auto bytes = image_.BytesAt(function.begin);
  std::vector<uint64_t> pending = {from};
  while (!pending.empty()) {
    uint64_t at = pending.back();
    pending.pop_back();
    while (at < function.end && !starts_[BitOf(at)]) {
      const auto rest = bytes.subspan(at - function.begin, function.end - at);
      X86Instruction in;
      if (!DecodeX86(rest.data(), rest.size(), in)) {
        const bool only_padding = IsPadding(at, function.end);
        function.broken = function.broken || !only_padding;
        if (only_padding) break;
        ++at;
        continue;
      }
      starts_[BitOf(at)] = true;
      if (LoadsMxcsr(in)) function.writers.push_back(at);
      AddEdges(function, in, at);
      if (IsDirectBranch(in)) {
        const uint64_t target = at + in.length + static_cast<uint64_t>(in.immediate);
        const bool inside = target >= function.begin && target < function.end;
        if (inside && target < at && !starts_[BitOf(target)]) pending.push_back(target);
        if (inside && target > at) pending.push_back(target);
      }
      at += in.length;
    }
  }
}

void CodeGraph::AddAddress(std::vector<Edge>& edges, uint64_t address) const {
  if (image_.IsCode(address)) {
    edges.push_back({address, {}, Kind::kCode});
  } else if (image_.Holds(address)) {
    edges.push_back({address, {}, Kind::kData});
  }
}

// What the pointers in [begin, end) lead to.
void CodeGraph::AddPointers(std::vector<Edge>& edges, uint64_t begin, uint64_t end) const {
  const auto& pointers = image_.Pointers();
  auto pointer = std::lower_bound(pointers.begin(), pointers.end(), begin,
                                  [](const ElfImage::Pointer& p, uint64_t a) { return p.address < a; });
  for (; pointer != pointers.end() && pointer->address < end && Spend(1); ++pointer) {
    if (!pointer->import.empty()) {
      edges.push_back({0, pointer->import, Kind::kCode});
    } else if (pointer->target != 0) {
      AddAddress(edges, pointer->target);
    }
  }
  if (image_.IsRelocated()) return;
  for (uint64_t at = (begin + 7) & ~uint64_t{7}; at < end && Spend(1); at += 8) {
    const auto bytes = image_.BytesAt(at);
    if (bytes.size() < 8) return;
    AddAddress(edges, ReadAs<uint64_t>(bytes));
  }
}

void CodeGraph::AddBranch(Function& function, const X86Instruction& in, uint64_t target) {
  const bool inside = target >= function.begin && target < function.end;
  if (inside && !(IsCall(in) && target == function.begin)) return;
  const Destination destination = DestinationOf(target);
  const bool nowhere = destination.address == 0 && destination.import.empty();
  if (nowhere && !image_.IsInSlack(target)) return;
  const bool jump = in.map == X86Instruction::k0F || !IsCall(in);
  const uint64_t address = nowhere ? target : destination.address;
  function.edges.push_back({address, destination.import, jump ? Kind::kJump : Kind::kCall});
}

void CodeGraph::AddMemory(Function& function, const X86Instruction& in, uint64_t next) {
  const bool relative = in.base == X86Instruction::kRip;
  const bool absolute = !image_.IsRelocated() && in.IsMemory();
  if (!relative && !absolute) return;
  const uint64_t address =
      relative ? next + static_cast<uint64_t>(in.displacement) : static_cast<uint64_t>(in.displacement);
  const bool one_byte = in.map == X86Instruction::kOneByte;
  if (relative && IsIndirectBranch(in)) {
    const Destination destination = DestinationThrough(address);
    if (destination.address != 0 || !destination.import.empty()) {
      function.edges.push_back({destination.address, destination.import, IsCall(in) ? Kind::kCall : Kind::kJump});
      return;
    }
  }
  const bool takes = !relative || (one_byte && in.opcode == 0x8D);
  if (takes) return AddAddress(function.edges, address);
  constexpr uint64_t kVectorBytes = 64;
  AddPointers(function.edges, address, address + (one_byte ? 8 : kVectorBytes));
}

void CodeGraph::AddEdges(Function& function, const X86Instruction& in, uint64_t address) {
  const uint64_t next = address + in.length;
  if (IsDirectBranch(in)) return AddBranch(function, in, next + static_cast<uint64_t>(in.immediate));
  if (IsIndirectBranch(in) && in.digit == 4) function.computed_jump = true;
  if (in.IsMemory()) AddMemory(function, in, next);
  if (!image_.IsRelocated()) AddAddress(function.edges, static_cast<uint64_t>(in.immediate));
}

void CodeGraph::Prepare(int number) {
  Function& function = functions_[At(number)];
  if (function.decoded) return;
  function.decoded = true;
  Decode(number, function.begin);
  if (function.broken) {
    const auto bytes = image_.BytesAt(function.begin).first(function.end - function.begin);
    FindWriterBytes(bytes, [&](size_t at) { function.writers.push_back(function.begin + at); });
  }
  const auto order = [](const Edge& a, const Edge& b) {
    return std::tie(a.target, a.import, a.kind) < std::tie(b.target, b.import, b.kind);
  };
  std::sort(function.edges.begin(), function.edges.end(), order);
  const auto same = [&](const Edge& a, const Edge& b) { return !order(a, b) && !order(b, a); };
  function.edges.erase(std::unique(function.edges.begin(), function.edges.end(), same), function.edges.end());
  function.edges.shrink_to_fit();
}

const std::vector<uint64_t>& CodeGraph::WritersIn(int function) {
  Prepare(function);
  return functions_[At(function)].writers;
}

// Whether the pointer at `address` points to a type's description in the C++ ABI, which begins with a pointer into one
// of its runtime's own tables.
bool CodeGraph::PointsToTypeInfo(uint64_t address, uint64_t& type_info) const {
  const ElfImage::Pointer* pointer = image_.PointerAt(address);
  if (pointer == nullptr || pointer->target == 0) return false;
  type_info = pointer->target;
  const ElfImage::Pointer* first = image_.PointerAt(type_info);
  return first != nullptr && first->import.starts_with(kRuntimeTypeTable);
}

// The end of the table of virtual functions that objects point to at `address_point`, and of those of its bases behind.
uint64_t CodeGraph::VtableEnd(uint64_t address_point) const {
  uint64_t type_info = 0, at = address_point;
  PointsToTypeInfo(address_point - 8, type_info);
  for (int bases = 0; bases < kMaxBases;) {
    const ElfImage::Pointer* pointer = image_.PointerAt(at);
    if (!Spend(1)) return at;
    const bool function = pointer != nullptr && (!pointer->import.empty() || image_.IsCode(pointer->target));
    uint64_t next = 0;
    if (function) {
      at += 8;
    } else if (PointsToTypeInfo(at + 8, next) && next == type_info) {
      at += 16;
      ++bases;
    } else {
      return at;
    }
  }
  return at;
}

// The object that an address lies in, from there on: by its symbol, as a table of virtual functions, or else all up to
// the next symbol.
Range CodeGraph::ObjectAt(uint64_t address) const {
  const auto after = std::upper_bound(objects_.begin(), objects_.end(), address,
                                      [](uint64_t a, const Range& r) { return a < r.begin; });
  if (after != objects_.begin() && address < (after - 1)->end) return *(after - 1);
  uint64_t type_info = 0;
  if (PointsToTypeInfo(address - 8, type_info)) return {address - 16, VtableEnd(address)};
  uint64_t end = after != objects_.end() ? after->begin : ~uint64_t{0};
  const auto bytes = image_.BytesAt(address);
  if (end - address > bytes.size()) end = address + bytes.size();
  // The next table of virtual functions or type's description is another object.
  const auto next = std::upper_bound(tables_.begin(), tables_.end(), address);
  if (next != tables_.end()) end = std::min(end, *next);
  return {address, end};
}

std::vector<uint64_t> CodeGraph::JumpTable(int number, uint64_t table) {
  std::vector<uint64_t> targets;
  if (number < 0 || !functions_[At(number)].computed_jump || image_.IsWritable(table) || image_.IsCode(table))
    return {};
  const auto bytes = image_.BytesAt(table);
  const bool absolute = !image_.IsRelocated() && FunctionAt(ReadAs<uint64_t>(bytes)) >= 0;
  const size_t step = absolute ? 8 : 4;
  for (size_t at = 0; at + step <= bytes.size() && Spend(1); at += step) {
    const auto offset = static_cast<uint64_t>(int64_t{ReadAs<int32_t>(bytes.subspan(at))});
    const uint64_t target = absolute ? ReadAs<uint64_t>(bytes.subspan(at)) : table + offset;
    const int function = FunctionAt(target);
    // The next table follows at once, and what it holds seems to lead anywhere: a target where no instruction begins
    // is none of this one's.
    if (function >= 0) Prepare(function);
    const bool known_start = function >= 0 && starts_[BitOf(target)];
    if (!known_start) break;
    targets.push_back(target);
  }
  std::sort(targets.begin(), targets.end());
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  return targets;
}

CodeGraph::Reach CodeGraph::ReachFrom(const std::vector<uint64_t>& roots) {
  Reach reach;
  std::vector<std::pair<Edge, int>> pending;  // what is led to, and by which function
  std::map<uint64_t, uint64_t> seen_data;     // end of an object -> the lowest address from which it was looked at
  for (uint64_t root : roots) {
    pending.push_back({{root, {}, Kind::kCall}, -1});
  }
  while (!pending.empty() && Spend(1)) {
    const Edge edge = pending.back().first;
    const int from = pending.back().second;
    pending.pop_back();
    const auto uses = [&](std::string_view import) {
      reach.imports.emplace(import, from);
      if (edge.kind == Kind::kCode) reach.taken_imports.emplace(import, from);
    };
    if (!edge.import.empty()) {
      uses(edge.import);
      continue;
    }
    std::vector<Edge> next;
    if (edge.kind == Kind::kData) {
      const Range object = ObjectAt(edge.target);
      auto [seen, is_new] = seen_data.emplace(object.end, object.begin);
      const uint64_t end = is_new ? object.end : seen->second;
      if (!is_new && object.begin >= seen->second) continue;
      seen->second = object.begin;
      AddPointers(next, object.begin, end);
      for (const Edge& e : next) pending.push_back({e, from});
      continue;
    }
    // A pointer may point to a stub.
    const Destination destination =
        edge.kind == Kind::kCode ? DestinationOf(edge.target) : Destination{edge.target, {}};
    if (!destination.import.empty()) {
      uses(destination.import);
      continue;
    }
    int number = FunctionAt(destination.address);
    if (number < 0 && image_.IsCode(destination.address)) number = FunctionAfter(destination.address);
    if (number < 0) {
      if (destination.address != 0) reach.nowhere.push_back(destination.address);
      continue;
    }
    Prepare(number);
    Function& function = functions_[At(number)];
    const size_t edges_before = function.edges.size();
    const bool inside = destination.address >= function.begin;
    if (inside && !starts_[BitOf(destination.address)]) Decode(number, destination.address);
    if (edge.kind == Kind::kCode) function.taken = true;
    if (edge.kind == Kind::kCall) function.called = true;
    if (edge.kind == Kind::kJump) function.jumped = true;
    const bool elsewhere = destination.address > function.begin;
    if (elsewhere && edge.kind != Kind::kJump) function.entered_inside = true;
    if (!reach.found_from.emplace(number, from).second) {
      // Entered where no instruction was seen to begin before: what that way of reading it leads to comes too.
      for (size_t i = edges_before; i < function.edges.size(); ++i) pending.push_back({function.edges[i], number});
      continue;
    }
    reach.functions.push_back(number);
    for (const Edge& e : function.edges) {
      pending.push_back({e, number});
      if (e.kind != Kind::kData) continue;
      // What a switch's table adds to the function's own code: its cold part.
      for (uint64_t target : JumpTable(number, e.target)) {
        if (FunctionAt(target) != number) next.push_back({target, {}, Kind::kJump});
      }
    }
    for (const Edge& e : next) pending.push_back({e, number});
    auto& edges = functions_[At(number)].edges;
    edges.insert(edges.end(), next.begin(), next.end());
  }
  // Parts of a function jump back into it; others that jump to its middle enter it there.
  for (int function : reach.functions) {
    if (IsContinuation(function)) continue;
    for (const Edge& edge : functions_[At(function)].edges) {
      const int target = edge.kind == Kind::kJump && edge.import.empty() ? FunctionAt(edge.target) : -1;
      if (target >= 0 && !IsContinuation(target) && edge.target != functions_[At(target)].begin) {
        functions_[At(target)].entered_inside = true;
      }
    }
  }
  return reach;
}

bool CodeGraph::IsContinuation(int function) const {
  if (function < 0) return false;
  const Function& f = functions_[At(function)];
  return f.jumped && !f.called && !f.taken && !f.symbol;
}

std::vector<int> CodeGraph::JumpsOf(int function) const {
  std::vector<int> targets;
  for (const Edge& edge : functions_[At(function)].edges) {
    const int target = edge.kind == Kind::kJump && edge.import.empty() ? FunctionAt(edge.target) : -1;
    if (target >= 0) targets.push_back(target);
  }
  return targets;
}

std::vector<std::string_view> CodeGraph::ImportsOf(int function) const {
  std::vector<std::string_view> imports;
  for (const Edge& edge : functions_[At(function)].edges) {
    if (!edge.import.empty()) imports.push_back(edge.import);
  }
  return imports;
}

std::vector<bool> CodeGraph::CallersOf(const Reach& reach, const std::function<bool(int)>& goal,
                                       const std::function<bool(std::string_view)>& import_goal) {
  std::unordered_map<int, std::vector<int>> callers;
  std::vector<bool> reaches(functions_.size());
  std::vector<int> pending;
  const auto add = [&](int function) {
    if (reaches[At(function)]) return;
    reaches[At(function)] = true;
    pending.push_back(function);
  };
  for (int function : reach.functions) {
    if (goal(function)) add(function);
    for (const Edge& edge : functions_[At(function)].edges) {
      if (edge.kind != Kind::kCall && edge.kind != Kind::kJump) continue;
      if (!edge.import.empty()) {
        if (import_goal(edge.import)) add(function);
        continue;
      }
      if (const int callee = FunctionAt(edge.target); callee >= 0) callers[callee].push_back(function);
    }
  }
  while (!pending.empty()) {
    const int function = pending.back();
    pending.pop_back();
    for (int caller : callers[function]) add(caller);
  }
  return reaches;
}

}  // namespace fplab::tools
