// Files made to mislead or exhaust a reader: every one gets a verdict or an error, for work that is bounded in steps
// and bytes, and none is called clean that is not. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "proptests/support/elf_bytes.h"
#include "proptests/support/scratch_folder.h"
#include "tools/scan/code_graph.h"
#include "tools/scan/elf_startup.h"
#include "tools/scan/elf_x86_follow.h"

namespace fplab::tools {
namespace {

using namespace std::string_literals;

std::span<const uint8_t> Bytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

StartupReport Examine(const std::string& bytes) { return ExamineStartup(Bytes(bytes), "file"); }

std::string ErrorIn(const std::string& bytes) {
  return ErrorOf([&] { Examine(bytes); });
}

MxcsrEffect Follow(const std::string& bytes, uint64_t address) {
  const ElfImage image(Bytes(bytes), "file");
  CodeGraph graph(image);
  return FollowX86(image, graph, address, {}, {});
}

const std::string kSetBoth = "\x0f\xae\x5c\x24\xf8\x81\x4c\x24\xf8\x40\x80\x00\x00\x0f\xae\x54\x24\xf8\xc3"s;

TEST(ScanHostile, ADefectiveAddressOfAConstructorIsNamedNotRead) {
  std::string code = "\x0f\xae\x54\x24\x00\xc3"s;
  code.append(16, '\0');
  for (const uint64_t entry : {~uint64_t{7}, ~uint64_t{0}, uint64_t{0x7fffffffffffffff}, uint64_t{1} << 63}) {
    const StartupReport report = Examine(LibraryWithInit(0, entry, code));
    EXPECT_EQ(report.verdict, Verdict::kUndecided) << entry;
  }
}

TEST(ScanHostile, ManyStatesCostBoundedMemory) {
  std::string code;
  for (int i = 1; i <= 400; ++i) code += "\x0f\xae\x84\x24"s + BytesOf(int32_t{-512 * i});  // FXSAVE
  for (int i = 0; i < 400; ++i) code += "\x70\x00"s;                                        // JO to the next
  code += kSetBoth;
  const MxcsrEffect effect = Follow(LibraryOf(code), 0x10200);
  EXPECT_LE(effect.memory, FollowLimits().memory + (size_t{1} << 20));
  EXPECT_LE(effect.instructions, FollowLimits().instructions + 1);
  EXPECT_LE(effect.work, FollowLimits().work + (size_t{1} << 20));
  EXPECT_EQ(Examine(LibraryOf(code)).verdict, Verdict::kSwitches);
}

// Every branch doubles the paths, and each leaves another value in a register.
TEST(ScanHostile, PathsThatAllDifferAreFollowedWithinTheLimits) {
  std::string code;
  for (int i = 0; i < 60; ++i) {
    code += "\x70\x04\x0f\xba\xe8"s + static_cast<char>(i & 31);  // JO over the next; BTS EAX, i
  }
  code += kSetBoth;
  const MxcsrEffect effect = Follow(LibraryOf(code), 0x10200);
  EXPECT_LE(effect.instructions, FollowLimits().instructions + 1);
  EXPECT_LE(effect.work, FollowLimits().work + (size_t{1} << 20));
  EXPECT_LE(effect.memory, FollowLimits().memory + (size_t{1} << 20));
  EXPECT_NE(Examine(LibraryOf(code)).verdict, Verdict::kClean);
}

TEST(ScanHostile, CodeThatNeverEndsIsUndecidedNotClean) {
  EXPECT_NE(Examine(LibraryOf("\x48\xff\xc0\xeb\xfb"s + kSetBoth)).verdict, Verdict::kSwitches);  // INC RAX; JMP back
  // A counter that decides: a loop of 2^32 turns, then the switch.
  const std::string loop = "\x31\xc0\xff\xc0\x85\xc0\x75\xfa"s + kSetBoth;
  EXPECT_NE(Examine(LibraryOf(loop)).verdict, Verdict::kClean);
}

TEST(ScanHostile, ManyTablesOverTheSameBytesAreMalformed) {
  constexpr uint64_t kSize = 1 << 20, kTable = 0x1000;
  constexpr uint16_t kSections = 2000;
  std::string bytes = ElfHeaders({{PT_LOAD, PF_R | PF_W | PF_X, 0, 0x10000, kSize}}, kTable, kSections);
  PutAt(bytes, 0x800, ".ctors\0"s);
  for (uint16_t i = 0; i < kSections; ++i) {
    Elf64_Shdr section{};
    section.sh_name = 0;
    section.sh_type = i == 0 ? SHT_STRTAB : SHT_PROGBITS;
    section.sh_flags = SHF_ALLOC | SHF_WRITE;
    section.sh_addr = i == 0 ? 0 : 0x10000;
    section.sh_offset = i == 0 ? 0x800 : 0;
    section.sh_size = i == 0 ? 7 : kSize;
    PutAt(bytes, kTable + i * sizeof section, BytesOf(section));
  }
  while (bytes.size() < kSize) bytes += BytesOf(uint64_t{0x10010});
  bytes.resize(kSize);
  EXPECT_TRUE(Contains(ErrorIn(bytes), "larger than the file")) << ErrorIn(bytes);
}

TEST(ScanHostile, SegmentsThatOverlapOrRepeatTheFileAreMalformed) {
  EXPECT_TRUE(
      Contains(ErrorIn(ElfHeaders({{PT_LOAD, PF_X, 0, 0x1000, 100}, {PT_LOAD, PF_X, 0, 0x1010, 100}})), "overlap"));
  std::vector<ElfSegment> many;
  for (uint64_t i = 0; i < 200; ++i) many.push_back({PT_LOAD, PF_X, 0, i << 20, 1 << 16});
  std::string bytes = ElfHeaders(many);
  bytes.resize(1 << 16);
  EXPECT_TRUE(Contains(ErrorIn(bytes), "many times over"));
  many.resize(1000, {PT_LOAD, PF_X, 0, 0, 0});
  for (uint64_t i = 0; i < many.size(); ++i) many[i] = {PT_LOAD, PF_X, 0, i << 20, 1};
  EXPECT_TRUE(Contains(ErrorIn(ElfHeaders(many)), "segments to load"));
  EXPECT_TRUE(Contains(ErrorIn(ElfHeaders({{PT_LOAD, PF_X, 0, ~uint64_t{10}, 100}})), "wraps"));
}

// Each of 20,000 places in a table of 100,000 entries is taken for a table of its own.
TEST(ScanHostile, TablesInsideTablesCostBoundedSteps) {
  constexpr int kTaken = 20000, kEntries = 100000;
  const uint64_t code_at = 0x10200, code_size = 7 * kTaken + 2 + kSetBoth.size(), table = 0x200000;
  std::string code;
  for (int i = 0; i < kTaken; ++i) {  // LEA RAX, [RIP + ...]
    code += "\x48\x8d\x05"s + BytesOf(static_cast<int32_t>(table + 4 * i - (code_at + 7 * (i + 1))));
  }
  code += "\xff\xe0" + kSetBoth;
  std::string bytes = LibraryOf(code);
  const size_t data_at = bytes.size();
  for (int i = 0; i < kEntries; ++i) bytes += BytesOf(static_cast<int32_t>(code_at - table - 4 * kTaken));
  const ElfSegment data{PT_LOAD, PF_R, data_at, table, bytes.size() - data_at};
  const std::string headers =
      ElfHeaders({{PT_LOAD, PF_R | PF_X, 0, 0x10000, 0x200 + code_size}, {PT_DYNAMIC, PF_R, 0x100, 0x10100, 32}, data});
  PutAt(bytes, 0, headers);
  PutAt(bytes, 0x100, BytesOf(Elf64_Dyn{DT_INIT, {code_at}}));
  const ElfImage image(Bytes(bytes), "file");
  CodeGraph graph(image);
  graph.ReachFrom({code_at});
  EXPECT_LE(graph.steps(), CodeGraph::kMaxSteps + 2);
  EXPECT_NE(Examine(bytes).verdict, Verdict::kClean);
}

TEST(ScanHostile, CodeThatMayChangeIsUndecided) {
  const StartupReport report = Examine(LibraryOf("\xc3", PF_R | PF_W | PF_X));
  EXPECT_EQ(report.verdict, Verdict::kUndecided);
  EXPECT_EQ(report.reasons, std::vector<std::string>{"a segment is writable and executable"});
}

TEST(ScanHostile, WhatCannotBeFollowedIsSaid) {
  const struct {
    const char* what;
    std::string code;
  } cases[] = {
      {"a jump into a register", "\xff\xe0"s},
      {"a call into a register", "\xff\xd0"s},
      {"bytes that are no instruction", "\x06"s},
      {"the end of the segment", "\x90"s},
      {"an interrupt", "\xcd\x80"s},
      {"a far return", "\xcb"s},
      {"calls without end", "\xe8\xfb\xff\xff\xff\xc3"s},
      {"an unknown word", "\x0f\xae\x17\xc3"s},  // LDMXCSR [RDI]
  };
  for (const auto& c : cases) {
    // Before it, a switch on one of two ways keeps the file from being decided without following.
    const std::string code = "\x70"s + static_cast<char>(kSetBoth.size()) + kSetBoth + c.code;
    const MxcsrEffect effect = Follow(LibraryOf(code), 0x10200);
    const bool unknown = std::any_of(effect.outcomes.begin(), effect.outcomes.end(),
                                     [](const auto& outcome) { return outcome.ftz == BitEffect::kUnknown; });
    EXPECT_TRUE(!effect.incomplete.empty() || unknown) << c.what;
    EXPECT_NE(Examine(LibraryOf(c.code + kSetBoth)).verdict, Verdict::kClean) << c.what;
  }
}

TEST(ScanHostile, ACallOrJumpIntoAnInstructionIsSeen) {
  // MOV EAX, imm32 whose immediate is the tail of LDMXCSR [RSP-8]; RET, jumped into.
  const std::string set = kSetBoth.substr(0, 13);
  const std::string code = set + "\xeb\x01\xb8\x0f\xae\x54\x24\xf8\xc3"s;
  EXPECT_EQ(Examine(LibraryOf(code)).verdict, Verdict::kSwitches);
}

// Without frames and symbols, two functions are one piece of code: the second is judged too.
TEST(ScanHostile, AFunctionInsideAPieceOfCodeIsSeen) {
  // The constructor calls the second function; the first, which nobody calls, keeps the mode.
  const std::string keep = "\x0f\xae\x5c\x24\xf8\x0f\xae\x54\x24\xf8\xc3"s;
  const auto call = "\xe8"s + BytesOf(static_cast<int32_t>(0 - static_cast<int>(kSetBoth.size()) - 5));
  const std::string code = keep + kSetBoth + call + "\xc3";
  const uint64_t begin = 0x10200 + keep.size() + kSetBoth.size();
  EXPECT_EQ(Examine(LibraryWithInit(0x10000, begin, code)).verdict, Verdict::kSwitches);
  // Or it calls through a pointer to it: LEA RAX, [RIP + ...]; CALL RAX.
  const auto lea = "\x48\x8d\x05"s + BytesOf(static_cast<int32_t>(0 - static_cast<int>(kSetBoth.size()) - 7));
  EXPECT_NE(Examine(LibraryWithInit(0x10000, begin, keep + kSetBoth + lea + "\xff\xd0\xc3")).verdict, Verdict::kClean);
}

// Pages are mapped whole: what lies behind a segment in the file is executable too.
TEST(ScanHostile, CodeBehindTheEndOfItsSegmentIsSeen) {
  const std::string bytes = LibraryOf("\xe9\x00\x00\x00\x00"s) + kSetBoth;
  EXPECT_EQ(Examine(bytes).verdict, Verdict::kUndecided);
  EXPECT_EQ(Examine(LibraryOf("\xc3"s) + kSetBoth).verdict, Verdict::kClean);
}

TEST(ScanHostile, WhatIsShortIsReadAsZeros) {
  EXPECT_EQ(ReadAs<uint32_t>({}), 0u);
  EXPECT_EQ(ReadAs<uint32_t>(Bytes("\x01\x02"s)), 0x0201u);
}

// A report or an error, whatever the code is, and work within the limits.
RC_GTEST_PROP(ScanHostile, AnyCodeIsJudgedWithinTheLimits, (const std::vector<uint8_t>& noise)) {
  std::string code;
  for (const uint8_t byte : noise) {
    const std::string parts[] = {"\x70\x02"s, "\x0f\xae\x54\x24\xf8"s, "\x0f\xae\x5c\x24\xf8"s, "\xe8\x00\x00\x00\x00"s,
                                 "\x81\x4c\x24\xf8\x40\x80\x00\x00"s};
    code += byte < 128 ? parts[byte % 5] : std::string(1, static_cast<char>(byte));
  }
  const std::string bytes = LibraryOf(code + "\xc3");
  const StartupReport report = Examine(bytes);
  RC_ASSERT(report.verdict == Verdict::kClean || !report.findings.empty() || !report.reasons.empty());
  const MxcsrEffect effect = Follow(bytes, 0x10200);
  RC_ASSERT(effect.instructions <= FollowLimits().instructions + 1);
}

}  // namespace
}  // namespace fplab::tools
