// A function of one argument in every mode against the real function.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/control_word.h>
#include "tools/probe/questions.h"
#include "tools/probe/real_function.h"

namespace fplab::tools {
namespace {

// Arguments of one call of the child.
constexpr size_t kChunk = size_t{1} << 21;
constexpr uint64_t kArgumentsAt = 4096, kResultsAt = ProbeChild::kSharedSize / 2;

// The modes that are asked about: four directions, without flushing and with.
std::vector<Mode> AllModes() {
  std::vector<Mode> modes;
  for (const bool flush : {false, true}) {
    for (const Rounding rounding : {Rounding::kNearestEven, Rounding::kUp, Rounding::kDown, Rounding::kTowardZero}) {
      const Mode mode{rounding, flush, flush};
      if (HardwareSupports(mode)) modes.push_back(mode);
    }
  }
  return modes;
}

// The largest error in a mode so far.
struct WorstArgument {
  double ulps = -1;
  uint64_t argument = 0, result = 0;
};

class UnaryQuestions {
 public:
  UnaryQuestions(const Question& question, RealFunction& real)
      : question_(question),
        real_(real),
        format_(question.function.signature.is_double ? kBinary64 : kBinary32),
        modes_(AllModes()),
        worst_(modes_.size()),
        sides_(modes_.size()) {}

  void AskSample() {
    const std::vector<uint64_t> arguments = Sample();
    std::vector<std::vector<uint64_t>> results;
    for (const Mode mode : modes_) results.push_back(Results(arguments, mode));
    for (size_t i = 0; i < arguments.size(); ++i) {
      if (!real_.Evaluate(format_, ValueOfBits(format_, arguments[i]))) continue;
      for (size_t m = 0; m < modes_.size(); ++m) {
        if (modes_[m].flush_inputs && !(IsNormal(arguments[i]) && real_.IsNormal())) continue;
        const double computed = ValueOfBits(format_, results[m][i]);
        Note(m, arguments[i], results[m][i], real_.ErrorInUlps(computed));
        NoteSide(m, computed);
      }
    }
    Report(fmt::format("{} arguments, of every exponent and of hard regions, against MPFR", arguments.size()));
    ReportSides();
  }

  // Every argument of binary32: screened by a binary64 function, whose error is less than a millionth of an ulp of
  // binary32 wherever it is a good one, the worst in each mode judged by MPFR.
  void AskAll() {
    constexpr uint64_t kAll = uint64_t{1} << 32;
    std::vector<double> screen(kChunk);
    std::vector<std::vector<WorstArgument>> candidates(modes_.size());
    for (uint64_t first = 0; first < kAll; first += kChunk) {
      question_.progress(fmt::format("{} % of all arguments", first * 100 / kAll));
      const auto argument = [first](size_t i) { return static_cast<uint32_t>(first + i); };
      std::byte* shared = question_.Child().shared();
      for (size_t i = 0; i < kChunk; ++i) {
        const uint32_t bits = argument(i);
        std::memcpy(shared + kArgumentsAt + i * sizeof bits, &bits, sizeof bits);
        screen[i] = real_.Screen(FloatFromBits(bits));
      }
      for (size_t m = 0; m < modes_.size(); ++m) {
        Call(kChunk, modes_[m]);
        for (size_t i = 0; i < kChunk; ++i) {
          uint32_t result;
          std::memcpy(&result, shared + kResultsAt + i * sizeof result, sizeof result);
          Screen(m, argument(i), result, screen[i], candidates[m]);
        }
      }
    }
    for (size_t m = 0; m < modes_.size(); ++m) {
      for (const WorstArgument& candidate : candidates[m]) {
        if (!real_.Evaluate(format_, ValueOfBits(format_, candidate.argument))) continue;
        Note(m, candidate.argument, candidate.result, real_.ErrorInUlps(ValueOfBits(format_, candidate.result)));
      }
    }
    Report("all 2^32 arguments, screened by binary64, the worst judged by MPFR");
  }

 private:
  static constexpr size_t kCandidates = 16;

  bool IsNormal(uint64_t bits) const {
    const uint64_t field = bits & format_.ExponentMask();
    return field != 0 && field != format_.ExponentMask();
  }

  // The function at the first `count` arguments in the shared memory.
  void Call(size_t count, Mode mode) {
    const LibraryCall call{
        .k = static_cast<int32_t>(count), .a = kArgumentsAt, .c = kResultsAt, .mode_bits = ModeBits(mode)};
    const LibraryAnswer answer = question_.Child().Call(call);
    constexpr uint64_t kRaisedFlags = 0x3f;
    if ((answer.word_before & ~kRaisedFlags) != (answer.word_after & ~kRaisedFlags) && changed_.empty()) {
      changed_ = fmt::format("called under {}: {} {:x} before, {:x} after", Name(mode), ControlWordName(),
                             answer.word_before & ~kRaisedFlags, answer.word_after & ~kRaisedFlags);
    }
  }

  std::vector<uint64_t> Results(const std::vector<uint64_t>& arguments, Mode mode) {
    std::byte* shared = question_.Child().shared();
    const auto size = static_cast<size_t>(question_.function.signature.element_size());
    std::vector<uint64_t> results(arguments.size());
    for (size_t i = 0; i < arguments.size(); ++i) std::memcpy(shared + kArgumentsAt + i * size, &arguments[i], size);
    Call(arguments.size(), mode);
    for (size_t i = 0; i < arguments.size(); ++i) std::memcpy(&results[i], shared + kResultsAt + i * size, size);
    return results;
  }

  // Every sign and exponent, more between 1/8 and 128 and around 1, and around multiples of pi/2.
  std::vector<uint64_t> Sample() const {
    identity::RandomBits random(question_.options.seed);
    std::vector<uint64_t> arguments;
    const auto near = [&](double x, int steps) {
      const uint64_t bits = BitsOfValue(format_, x);
      for (int step = -steps; step <= steps; ++step) arguments.push_back(bits + static_cast<uint64_t>(step));
    };
    const int exponents = format_.MaxExponentField();
    const int each = std::max(3, 16'000 / (2 * exponents));
    for (int field = 0; field < exponents; ++field) {
      for (const uint64_t sign : {uint64_t{0}, format_.SignMask()}) {
        const uint64_t base = (static_cast<uint64_t>(field) << format_.FractionBits()) | sign;
        arguments.push_back(base);
        arguments.push_back(base | format_.FractionMask());
        for (int i = 2; i < each; ++i) arguments.push_back(base | (random.Next() & format_.FractionMask()));
      }
    }
    for (int i = 0; i < 8000; ++i) arguments.push_back(RandomNumber(random, format_, -3, 6));
    for (const double x : {1.0, -1.0, 0.5, 2.0, 10.0}) near(x, 20);
    for (int i = 1; i <= 400; ++i) near(i * std::numbers::pi / 2, 1);
    // Where exponentials leave the range, and where their results become subnormal.
    const double natural = std::numbers::ln2, top = format_.MaxExponent() + 1, bottom = format_.MinExponent();
    for (const double power : {top, bottom, bottom - format_.FractionBits()}) {
      near(power, 3);
      near(power * natural, 20);
      near(power * natural / std::numbers::ln10, 3);
    }
    return arguments;
  }

  void Note(size_t mode, uint64_t argument, uint64_t result, double ulps) {
    if (ulps > worst_[mode].ulps) worst_[mode] = {ulps, argument, result};
  }

  // A directed result lies on one side of the value, or is it.
  void NoteSide(size_t mode, double computed) {
    const Rounding rounding = modes_[mode].rounding;
    if (rounding == Rounding::kNearestEven || modes_[mode].flush_inputs) return;
    const int side = real_.SideOf(computed);
    const int outward = std::signbit(computed) ? -1 : 1;
    const int wrong = rounding == Rounding::kUp ? -1 : rounding == Rounding::kDown ? 1 : outward;
    sides_[mode].all += 1;
    sides_[mode].wrong += side == wrong ? 1 : 0;
  }

  void ReportSides() const {
    for (size_t m = 0; m < modes_.size(); ++m) {
      const Sides& sides = sides_[m];
      if (sides.all == 0) continue;
      question_.Add({"rounding", Name(modes_[m]),
                     sides.wrong == 0
                         ? "every result on the side that was asked for"
                         : fmt::format("{:.2g} % of the results on the other side",
                                       100.0 * static_cast<double>(sides.wrong) / static_cast<double>(sides.all)),
                     fmt::format("{} of {} results are beyond the real value on the side that the direction forbids",
                                 sides.wrong, sides.all)});
    }
  }

  // Keeps the largest errors by the screen.
  void Screen(size_t mode, uint32_t argument, uint32_t result, double screen,
              std::vector<WorstArgument>& candidates) const {
    constexpr double kMinNormal = 0x1p-126, kOverflow = 0x1p128;
    const double magnitude = std::abs(screen);
    if (!(magnitude < kOverflow)) return;  // infinities and NaNs, too
    // 2^(e - 23), from the exponent field of binary64.
    const uint64_t field = std::max<uint64_t>(ToBits(magnitude) >> 52, 1023 - 126);
    const double ulp = DoubleFromBits((field - 23) << 52);
    const double error = std::abs(FloatFromBits(result) - screen);
    if (candidates.size() == kCandidates && error <= candidates.back().ulps * ulp) return;
    if (modes_[mode].flush_inputs && !(IsNormal(argument) && (magnitude == 0 || magnitude >= kMinNormal))) return;
    const double ulps = std::isnan(error) ? std::numeric_limits<double>::infinity() : error / ulp;
    const WorstArgument candidate{ulps, argument, result};
    candidates.insert(std::upper_bound(candidates.begin(), candidates.end(), candidate,
                                       [](const WorstArgument& a, const WorstArgument& b) { return a.ulps > b.ulps; }),
                      candidate);
    if (candidates.size() > kCandidates) candidates.pop_back();
  }

  void Report(const std::string& how) const {
    for (size_t m = 0; m < modes_.size(); ++m) {
      const WorstArgument& worst = worst_[m];
      if (worst.ulps < 0) {
        question_.Add({"error", Name(modes_[m]), "no argument with a real value", how});
        continue;
      }
      const std::string answer = std::isinf(worst.ulps) ? "not finite" : fmt::format("{:.6f} ulps", worst.ulps);
      question_.Add(
          {"error", Name(modes_[m]), answer,
           fmt::format("at {}, result {}; {}{}", ShowBits(format_, worst.argument), ShowBits(format_, worst.result),
                       how, modes_[m].flush_inputs ? ", subnormal arguments and values set aside" : "")});
    }
    question_.Add({"control word", "calls", changed_.empty() ? "kept" : "changed and left changed",
                   changed_.empty()
                       ? fmt::format("{} as before after a call under each mode, flags apart", ControlWordName())
                       : changed_});
  }

  const Question& question_;
  RealFunction& real_;
  Format format_;
  std::vector<Mode> modes_;
  std::vector<WorstArgument> worst_;
  struct Sides {
    size_t all = 0, wrong = 0;
  };
  std::vector<Sides> sides_;
  std::string changed_;
};

// By its kind, its name, or what follows the last underscore of that.
std::optional<RealFunction> RealFunctionOf(const ProbedFunction& function) {
  for (const std::string& name : {function.kind, function.name, function.name.substr(function.name.rfind('_') + 1)}) {
    if (std::optional<RealFunction> real = RealFunction::Find(name)) return real;
  }
  return std::nullopt;
}

}  // namespace

void AskUnary(const Question& question) {
  if (!HasRealFunctions()) {
    return question.Add({"error", "", "not asked", "this build has no MPFR: install it and configure fplab anew"});
  }
  std::optional<RealFunction> real = RealFunctionOf(question.function);
  if (!real) {
    return question.Add({"error", "", "not asked", "which real function it is, its name does not tell: --kind expf"});
  }
  UnaryQuestions questions(question, *real);
  if (question.options.exhaustive && !question.function.signature.is_double) return questions.AskAll();
  questions.AskSample();
}

}  // namespace fplab::tools
