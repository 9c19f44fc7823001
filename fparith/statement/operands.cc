// Where the words of operands are.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/operands.h>

#include <algorithm>

namespace fplab::statement {
namespace {

size_t WideAmong(std::span<const Type> types) {
  return static_cast<size_t>(std::count_if(types.begin(), types.end(), [](const Type& type) { return type.IsWide(); }));
}

}  // namespace

size_t WordsOf(std::span<const Type> types) { return types.size() + WideAmong(types); }

size_t UpperWordOf(std::span<const Type> types, size_t operand) {
  return types.size() + WideAmong(types.first(operand));
}

WideBits OperandOf(std::span<const Type> types, std::span<const uint64_t> words, size_t operand) {
  const uint64_t low = words[operand];
  return types[operand].IsWide() ? static_cast<WideBits>(words[UpperWordOf(types, operand)]) << 64 | low : low;
}

void SetOperand(std::span<const Type> types, std::span<uint64_t> words, size_t operand, WideBits bits) {
  words[operand] = static_cast<uint64_t>(bits);
  if (types[operand].IsWide()) words[UpperWordOf(types, operand)] = static_cast<uint64_t>(bits >> 64);
}

}  // namespace fplab::statement
