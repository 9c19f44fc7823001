// 16-bit arithmetic by way of binary32, and binary64.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/machine/detour.h>

#include <vector>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/machine/hardware.h>

namespace fplab::machine {
namespace {

std::optional<Format> WideFormatOf(const model::Function& function) {
  if (function.format != kBinary16 && function.format != kBfloat16) return std::nullopt;
  switch (function.operation) {
    case model::Operation::kAdd:
    case model::Operation::kSub:
    case model::Operation::kMul:
    case model::Operation::kDiv:
    case model::Operation::kSqrt:
    case model::Operation::kEqual:
    case model::Operation::kLess:
    case model::Operation::kLessEqual:
    case model::Operation::kEqualSignaling:
    case model::Operation::kLessQuiet:
    case model::Operation::kLessEqualQuiet:
    case model::Operation::kRoundToIntegral:
    case model::Operation::kX86Min:
    case model::Operation::kX86Max:
    case model::Operation::kMinimumNumber:
    case model::Operation::kMaximumNumber:
      return kBinary32;
    case model::Operation::kFma:
      if (function.format == kBinary16) return kBinary64;
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

model::Function Widened(const model::Function& function, const Format& wide) {
  model::Function widened = function;
  widened.format = widened.result_format = wide;
  return widened;
}

std::vector<uint64_t> Widened(const Format& narrow, const Format& wide, std::span<const uint64_t> operands) {
  std::vector<uint64_t> widened;
  widened.reserve(operands.size());
  for (const uint64_t operand : operands) widened.push_back(model::Convert(narrow, wide, {}, operand).bits);
  return widened;
}

}  // namespace

std::optional<Format> DetourOf(const model::Function& function) {
  const std::optional<Format> wide = WideFormatOf(function);
  return wide && HardwareHas(Widened(function, *wide), Path::kScalar) ? wide : std::nullopt;
}

void ExecuteByDetour(const model::Function& function, Mode mode, std::span<const uint64_t> a,
                     std::span<const uint64_t> b, std::span<const uint64_t> c, std::span<uint64_t> results) {
  const std::optional<Format> wide = DetourOf(function);
  FPLAB_CHECK(wide, "the function has a detour");
  std::vector<model::Outcome> outcomes(results.size());
  Execute(Widened(function, *wide), Path::kScalar, mode, Widened(function.format, *wide, a),
          Widened(function.format, *wide, b), Widened(function.format, *wide, c), outcomes);
  const bool is_number = function.ResultKind() == model::ValueKind::kFloat;
  model::Environment direction;
  direction.mode.rounding = mode.rounding;
  for (size_t i = 0; i < results.size(); ++i) {
    const uint64_t bits = outcomes[i].bits;
    results[i] = is_number ? model::Convert(*wide, function.format, direction, bits).bits : bits;
  }
}

}  // namespace fplab::machine
