// Reading and writing vector lines with a hand-written hexadecimal parser, since iostreams are ten times too slow.
// SPDX-License-Identifier: Apache-2.0
#include "tools/vectors/vectors_stream.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <fplab/fparith/float/error.h>

namespace fplab::tools {
namespace {

constexpr size_t kBufferBytes = size_t{1} << 20;
constexpr size_t kBlockLines = 4096;
constexpr size_t kLongestLine = 256;  // far beyond any valid one; keeps a file without line ends from being read whole
constexpr size_t kMaxQuoted = 60;
constexpr int kFlagDigits = 2;

constexpr std::array<int8_t, 256> MakeHexTable() {
  std::array<int8_t, 256> table{};
  for (int i = 0; i < 256; ++i) table[static_cast<size_t>(i)] = -1;
  for (int i = 0; i < 10; ++i) table[static_cast<size_t>('0' + i)] = static_cast<int8_t>(i);
  for (int i = 0; i < 6; ++i) {
    table[static_cast<size_t>('a' + i)] = table[static_cast<size_t>('A' + i)] = static_cast<int8_t>(10 + i);
  }
  return table;
}
constexpr std::array<int8_t, 256> kHexValue = MakeHexTable();

// What may be in a terminal's way is shown as a dot.
std::string Quoted(std::string_view line) {
  std::string text(line.substr(0, kMaxQuoted));
  for (char& c : text) c = c >= ' ' && c <= '~' ? c : '.';
  return text + (line.size() > kMaxQuoted ? "..." : "");
}

// The bits that a value may have; fields are of whole hexadecimal digits.
uint64_t BitsOf(model::ValueKind kind, const Format& format) {
  switch (kind) {
    case model::ValueKind::kTruth:
      return 1;
    case model::ValueKind::kInteger:
      return ~uint64_t{0};
    case model::ValueKind::kFloat:
      break;
  }
  return format.Mask();
}

void AppendHex(uint64_t value, int digits, std::string& text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) text.push_back(kDigits[value >> shift & 15]);
}

}  // namespace

VectorReader::VectorReader(std::FILE* file, std::string name, const model::Function& function, bool with_expected)
    : file_(file), name_(std::move(name)), function_(function), with_expected_(with_expected), buffer_(kBufferBytes) {}

void VectorReader::Refill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  const size_t got = std::fread(buffer_.data() + end_, 1, buffer_.size() - end_, file_);
  if (got == 0 && std::ferror(file_) != 0) throw Error("{}: line {}: read error", name_, line_ + 1);
  end_ += got;
  at_end_ = got == 0;
}

std::string_view VectorReader::NextLine() {
  const auto find = [&] { return static_cast<const char*>(std::memchr(buffer_.data() + begin_, '\n', end_ - begin_)); };
  const char* newline = find();
  while (newline == nullptr && !at_end_ && end_ - begin_ < kLongestLine) {
    Refill();
    newline = find();
  }
  if (begin_ == end_) return {};
  const char* start = buffer_.data() + begin_;
  size_t length = newline != nullptr ? static_cast<size_t>(newline - start) : std::min(end_ - begin_, kLongestLine);
  begin_ += length + (newline != nullptr ? 1 : 0);
  if (length > 0 && start[length - 1] == '\r') --length;
  return {start, length};
}

uint64_t VectorReader::TakeField(std::string_view line, size_t& position, int digits, const char* what) const {
  const auto refuse = [&] {
    throw Error("{}: line {}: {} is not {} hexadecimal digit{} at column {}: '{}'", name_, line_, what, digits,
                digits == 1 ? "" : "s", position + 1, Quoted(line));
  };
  const size_t end = position + static_cast<size_t>(digits);
  if (end > line.size()) refuse();
  uint64_t value = 0;
  int bad = 0;
  for (size_t i = position; i < end; ++i) {
    const int digit = kHexValue[static_cast<unsigned char>(line[i])];
    bad |= digit;
    value = value << 4 | static_cast<uint64_t>(digit & 15);
  }
  if (bad < 0) refuse();
  position = end;
  return value;
}

void VectorReader::RequireWithin(uint64_t allowed, uint64_t value, const char* what, std::string_view line) const {
  if ((value & ~allowed) == 0) return;
  throw Error("{}: line {}: {} has a bit beyond {:X}: '{}'", name_, line_, what, allowed, Quoted(line));
}

void VectorReader::ParseLine(std::string_view line, VectorBlock& block) {
  static constexpr std::array<const char*, 3> kOperandNames = {"operand 1", "operand 2", "operand 3"};
  size_t position = 0;
  const auto separate = [&] {
    if (position >= line.size() || line[position] != ' ') {
      throw Error("{}: line {}: expected one space and another field at column {}: '{}'", name_, line_, position + 1,
                  Quoted(line));
    }
    ++position;
  };
  std::array<uint64_t, 3> operands{};
  const auto arity = static_cast<size_t>(function_.Arity());
  for (size_t i = 0; i < arity; ++i) {
    if (i > 0) separate();
    operands[i] = TakeField(line, position, function_.OperandDigits(), kOperandNames[i]);
  }
  const uint64_t operand_bits = BitsOf(function_.OperandKind(), function_.format);
  for (size_t i = 0; i < arity; ++i) RequireWithin(operand_bits, operands[i], kOperandNames[i], line);
  model::Outcome expected{};
  if (with_expected_) {
    separate();
    expected.bits = TakeField(line, position, function_.ResultDigits(), "the result");
    RequireWithin(BitsOf(function_.ResultKind(), function_.result_format), expected.bits, "the result", line);
    separate();
    const uint64_t flags = TakeField(line, position, kFlagDigits, "the flags field");
    RequireWithin(model::kIeeeFlags, flags, "the flags field", line);
    expected.flags = static_cast<model::Flags>(flags);
  }
  if (position != line.size()) {
    throw Error("{}: line {}: expected the line to end at column {}: '{}'", name_, line_, position + 1, Quoted(line));
  }
  block.a.push_back(operands[0]);
  if (arity > 1) block.b.push_back(operands[1]);
  if (arity > 2) block.c.push_back(operands[2]);
  if (with_expected_) block.expected.push_back(expected);
}

bool VectorReader::Read(VectorBlock& block) {
  block.a.clear();
  block.b.clear();
  block.c.clear();
  block.expected.clear();
  block.first_line = line_ + 1;
  while (block.size() < kBlockLines) {
    const std::string_view line = NextLine();
    if (line.data() == nullptr) break;
    ++line_;
    ParseLine(line, block);
  }
  return block.size() > 0;
}

void AppendVectorLines(const model::Function& function, const VectorBlock& block,
                       const std::vector<model::Outcome>& outcomes, std::string& text) {
  const int operand_digits = function.OperandDigits(), result_digits = function.ResultDigits();
  for (size_t i = 0; i < block.size(); ++i) {
    AppendHex(block.a[i], operand_digits, text);
    for (const std::vector<uint64_t>* operand : {&block.b, &block.c}) {
      if (operand->empty()) continue;
      text.push_back(' ');
      AppendHex((*operand)[i], operand_digits, text);
    }
    text.push_back(' ');
    AppendHex(outcomes[i].bits, result_digits, text);
    text.push_back(' ');
    AppendHex(outcomes[i].flags & model::kIeeeFlags, kFlagDigits, text);
    text.push_back('\n');
  }
}

}  // namespace fplab::tools
