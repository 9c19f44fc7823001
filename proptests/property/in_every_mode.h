// InEveryMode: a property of one case in each floating-point mode of the machine. The function computes in the mode;
// operands are drawn, results judged and messages made in the mode of the test.
//
//   const auto at = *Operands<float>("a", "b");
//   InEveryMode(at, Mean, AgreesWith("(a+b)/2"));                      // a requirement on what Mean(a, b) returns
//   InEveryMode(at, [](float a, float b) { return a + b == b + a; });  // truth, as the program in the mode sees it
//   InEveryMode([&] { RC_ASSERT(...); });                              // anything, its comparisons in the mode too
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_PROPERTY_IN_EVERY_MODE_H_
#define FPLAB_PROPTESTS_PROPERTY_IN_EVERY_MODE_H_

#include <fmt/format.h>
#include <rapidcheck.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/mode/mode.h>
#include <fplab/proptests/property/generators.h>
#include <fplab/proptests/property/judgement.h>
#include <fplab/proptests/property/mode_failures.h>
#include <fplab/proptests/property/named_bits.h>
#include <fplab/proptests/property/operands.h>
#include <fplab/proptests/property/under_mode.h>

namespace fplab::proptests {

// How one mode went.
enum class ModeEnd : uint8_t { kJudged, kFailed, kDiscarded };

// Runs `compute` under the mode and takes down what left it: a failed or discarded case of RapidCheck, an exception.
// Everything but its own operations happens after the mode was left.
template <typename Compute, typename Value>
ModeEnd ComputeUnder(Mode mode, Compute& compute, std::optional<Value>& value, ModeFailures& failures) {
  using CaseType = rc::detail::CaseResult::Type;
  try {
    value.emplace(UnderMode(mode, compute));
    return ModeEnd::kJudged;
  } catch (const rc::detail::CaseResult& result) {
    if (result.type == CaseType::Discard) return ModeEnd::kDiscarded;
    if (result.type == CaseType::Success) return ModeEnd::kJudged;
    failures.Add(mode, result.description);
  } catch (const rc::GenerationFailure&) {
    throw;
  } catch (const std::exception& thrown) {
    failures.Add(mode, fmt::format("threw an exception: {}", thrown.what()));
  } catch (...) {
    failures.Add(mode, "threw something that is no std::exception");
  }
  return ModeEnd::kFailed;
}

// Those of the modes that the machine has; of the others a line on stderr, once. Throws Error if there is none.
inline std::vector<Mode> PresentModes(const std::vector<Mode>& modes) {
  if (modes.empty()) throw Error("InModes: found no mode, expected one at least");
  std::vector<Mode> present = OfThisMachine(modes);
  if (present.empty()) RequireHardwareSupport(modes[0]);
  if (present.size() < modes.size()) {
    [[maybe_unused]] static const bool said = [&] {
      std::vector<std::string> missing;
      for (const Mode mode : modes) {
        if (!HardwareSupports(mode)) missing.push_back(Name(mode));
      }
      std::fprintf(stderr, "fplab: this machine has no %s: left out\n",
                   fmt::format("{}", fmt::join(missing, "; ")).c_str());
      return true;
    }();
  }
  return present;
}

// compute() under each mode, then judge(mode, value, failures) in the caller's. Throws PropertyFailure, with `at` and
// code() in the message, if it failed in some mode, and discards the case if every mode did.
template <typename Compute, typename Judge, typename Code>
void AskInModes(const std::vector<Mode>& modes, const NamedBits* at, const Code& code, Compute compute,
                const Judge& judge) {
  ModeFailures failures;
  bool discarded = true;
  const std::vector<Mode> present = PresentModes(modes);
  for (const Mode mode : present) {
    std::optional<std::invoke_result_t<Compute&>> value;
    discarded = ComputeUnder(mode, compute, value, failures) == ModeEnd::kDiscarded && discarded;
    if (value) judge(mode, *value, failures);
  }
  if (const std::optional<Mode> mode = failures.ToReport()) {
    throw PropertyFailure(failures.Text(*mode, present.size(), at, code()));
  }
  if (discarded) throw rc::detail::CaseResult(rc::detail::CaseResult::Type::Discard, "discarded in every mode");
}

// A property that judges itself: nothing returned, a truth value, or a Judgement.
template <typename Value>
concept Verdict = std::is_void_v<Value> || std::same_as<Value, bool> || std::same_as<Value, Judgement>;

// f's verdict as a Judgement.
template <typename F>
Judgement VerdictOf(F& f) {
  using Value = std::invoke_result_t<F&>;
  if constexpr (std::is_void_v<Value>) {
    f();
    return {};
  } else if constexpr (std::same_as<Value, bool>) {
    return {f(), "returned false", ""};
  } else {
    return f();
  }
}
inline void TakeVerdict(Mode mode, const Judgement& judgement, ModeFailures& failures) {
  if (!judgement.holds) failures.Add(mode, judgement.message, judgement.statement);
}

// A result of a function as bits: of float, of double, or the pattern of a number of the case's format.
template <OperandValue T>
Result ResultOf(const NamedBits& at, T value) {
  if constexpr (HardwareFloat<T>) {
    return {kFormatOf<T>, ToBits(value)};
  } else {
    return {at.format, value};
  }
}

// f() in each of the modes that this machine has (the others are named on stderr, once; Error if there is none). All of
// f happens in the mode, its comparisons and assertions, too: BitEqual and WithinUlps mean the same in every mode, but
// == of floats under DAZ takes every subnormal number for zero, and printing one may round it. What f throws is caught
// outside of the mode: an exception or a failed assertion of RapidCheck is a failure that names the mode; a case
// that f discards (RC_PRE) in every mode is discarded. Assertions of a framework that do not throw (EXPECT_EQ, CHECK)
// are not seen here. Nothing is to be drawn in f: RapidCheck's generators compute in floating point.
// Throws PropertyFailure.
template <typename F>
requires std::invocable<F&> && Verdict<std::invoke_result_t<F&>>
void InModes(const std::vector<Mode>& modes, F&& f) {
  AskInModes(
      modes, nullptr, [] { return std::string(); }, [&] { return VerdictOf(f); }, TakeVerdict);
}

// The same with the operands of a case, which a failure prints as code.
template <OperandValue T, size_t N, typename F>
void InModes(const std::vector<Mode>& modes, const Case<T, N>& at, F&& f) {
  const NamedBits bits = at.Bits();
  auto call = [&] { return std::apply(f, at.values); };
  static_assert(Verdict<std::invoke_result_t<decltype(call)&>>,
                "a function that returns a number needs a requirement: BitEqual, WithinUlps, AgreesWith, Satisfies");
  AskInModes(
      modes, &bits, [&] { return at.Code(); }, [&] { return VerdictOf(call); }, TakeVerdict);
}

// The same with a requirement on what f returns: a matcher (matchers.h), an oracle (oracle.h), or any function
// of (const NamedBits&, const Result&, Mode) that gives a Judgement. It is judged in the mode of the caller, who is to
// be in IEEE mode where it computes.
template <OperandValue T, size_t N, typename F, typename Requirement>
void InModes(const std::vector<Mode>& modes, const Case<T, N>& at, F&& f, const Requirement& requirement) {
  const NamedBits bits = at.Bits();
  AskInModes(
      modes, &bits, [&] { return at.Code(); }, [&] { return std::apply(f, at.values); },
      [&](Mode mode, const auto& value, ModeFailures& failures) {
        const Result result = ResultOf(bits, value);
        const Judgement judgement = requirement(bits, result, mode);
        if (!judgement.holds) failures.Add(mode, judgement.message, judgement.statement, result);
      });
}

// In every mode: none, FTZ, DAZ, both, each in every rounding direction.
template <typename... Arguments>
void InEveryMode(Arguments&&... arguments) {
  InModes(EveryMode(), std::forward<Arguments>(arguments)...);
}

}  // namespace fplab::proptests

#endif  // FPLAB_PROPTESTS_PROPERTY_IN_EVERY_MODE_H_
