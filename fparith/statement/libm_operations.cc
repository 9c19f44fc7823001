// The C library's log, exp and strtod under a mode: what a program that flushes gets from them.
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/fparith/statement/operations.h>

namespace fplab::statement {
namespace {

// Reads one operand from memory, or its text, and stores the result: called through a pointer inside the mode.
using Call = void (*)(const uint64_t* operand, const char* text, uint64_t* result);

template <typename T>
T FromBits(uint64_t bits) {
  return std::bit_cast<T>(static_cast<BitsOf<T>>(bits));
}

template <typename T>
void CallLog(const uint64_t* operand, const char*, uint64_t* result) {
  *result = ToBits(std::log(FromBits<T>(*operand)));
}
template <typename T>
void CallExp(const uint64_t* operand, const char*, uint64_t* result) {
  *result = ToBits(std::exp(FromBits<T>(*operand)));
}
void CallStrtof(const uint64_t*, const char* text, uint64_t* result) { *result = ToBits(std::strtof(text, nullptr)); }
void CallStrtod(const uint64_t*, const char* text, uint64_t* result) { *result = ToBits(std::strtod(text, nullptr)); }

Call CallOf(Op op, bool is_float) {
  if (op == Op::kLibmLog) return is_float ? CallLog<float> : CallLog<double>;
  if (op == Op::kLibmExp) return is_float ? CallExp<float> : CallExp<double>;
  return is_float ? CallStrtof : CallStrtod;
}

// A decimal that reads back as the value: 9 or 17 digits do that. Precondition: the thread is in IEEE mode.
template <typename T>
std::string DecimalText(uint64_t bits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*g", std::numeric_limits<T>::max_digits10,
                static_cast<double>(FromBits<T>(bits)));
  return text;
}

// Precondition: a guest in IEEE mode.
void Execute(Op op, const Format& format, Mode mode, std::span<const uint64_t> operands,
             std::span<model::Outcome> results) {
  const volatile Call call = CallOf(op, format == kBinary32);
  std::vector<std::string> texts(operands.size());
  for (size_t i = 0; op == Op::kLibmStrtod && i < texts.size(); ++i) {
    texts[i] = format == kBinary32 ? DecimalText<float>(operands[i]) : DecimalText<double>(operands[i]);
  }
  {
    const ScopedMode guard(mode);
    for (size_t i = 0; i < operands.size(); ++i) call(&operands[i], texts[i].c_str(), &results[i].bits);
  }
  for (size_t i = 0; i < operands.size(); ++i) {
    const bool made_infinity = format.IsInfinite(results[i].bits) && format.IsFinite(operands[i]);
    results[i].flags = !made_infinity ? 0 : op == Op::kLibmLog ? model::kDivideByZero : model::kOverflow;
  }
}

}  // namespace

void ExecuteLibm(Op op, const Format& format, Mode mode, std::span<const uint64_t> operands,
                 std::span<model::Outcome> results) {
  AsGuest([&] { Execute(op, format, mode, operands, results); });
}

}  // namespace fplab::statement
