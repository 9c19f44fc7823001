// Infinities, NaNs, zeros and overflow: sums whose IEEE results depend on how they are computed.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <set>
#include <string>

#include <fplab/fparith/float/bits.h>
#include "tools/probe/questions.h"

namespace fplab::tools {
namespace {

class SpecialValues {
 public:
  explicit SpecialValues(const Question& question)
      : question_(question), shape_(question.Fit({5, 6, 12})), run_(question.Run(shape_)), format_(run_.format()) {}

  void Ask() {
    AskZeroTimesInfinity();
    AskNan();
    AskSignedZeros();
    AskOverflow();
    if (question_.function.signature.operation == Operation::kDot) return;
    AskOldC();
    if (question_.function.signature.HasStrides()) AskAlpha();
  }

 private:
  static constexpr int kPlace = 3;  // where the special value stands

  void Reset() {
    run_.FillA(format_.One());
    run_.FillB(format_.One());
    run_.FillC(0);
    run_.alpha = 1;
    run_.beta = 0;
  }

  void SetRow(int k, uint64_t bits) {
    for (int j = 0; j < shape_.n; ++j) run_.SetB(k, j, bits);
  }
  void SetColumn(int k, uint64_t bits) {
    for (int i = 0; i < shape_.m; ++i) run_.SetA(i, k, bits);
  }

  bool IsNan(uint64_t bits) const { return (bits & ~format_.SignMask()) > format_.Infinity(); }

  // The different results among the outputs, for people.
  std::string Results() {
    run_.Go();
    std::set<uint64_t> results;
    for (const uint64_t bits : run_.AllC()) results.insert(bits);
    std::string text;
    for (const uint64_t bits : results) text += (text.empty() ? "" : ", ") + ShowBits(format_, bits);
    return text;
  }

  bool AllNan() const {
    for (const uint64_t bits : run_.AllC()) {
      if (!IsNan(bits)) return false;
    }
    return true;
  }

  void AskZeroTimesInfinity() {
    for (const bool zero_in_a : {true, false}) {
      Reset();
      SetColumn(kPlace, zero_in_a ? 0 : format_.Infinity());
      SetRow(kPlace, zero_in_a ? format_.Infinity() : 0);
      const std::string results = Results();
      question_.Add({"0 * infinity", zero_in_a ? "0 in a" : "0 in b", AllNan() ? "NaN" : "not NaN: it skips zeros",
                     fmt::format("one product 0 * infinity, the others 1: {}", results)});
    }
  }

  void AskNan() {
    const uint64_t payload = format_.CanonicalNan() | 0x155;
    for (const bool in_a : {true, false}) {
      Reset();
      in_a ? SetColumn(kPlace, payload) : SetRow(kPlace, payload);
      in_a ? SetRow(kPlace, 0) : SetColumn(kPlace, 0);
      const std::string results = Results();
      question_.Add({"NaN", in_a ? "NaN in a, 0 in b" : "0 in a, NaN in b",
                     AllNan() ? "propagates" : "lost: it skips zeros",
                     fmt::format("a NaN with payload 0x155: {}", results)});
    }
  }

  void AskSignedZeros() {
    Reset();
    run_.FillA(format_.SignMask());
    const std::string results = Results();
    const bool negative = (run_.C(0, 0) & format_.SignMask()) != 0;
    question_.Add({"signed zeros", "",
                   negative ? "a sum of products -0 is -0" : "a sum of products -0 is +0: it adds to +0",
                   fmt::format("all products -0: {}", results)});
  }

  // Sums that overflow on the way, or not, by the order and the width of sums.
  void AskOverflow() {
    const double max = ValueOfBits(format_, format_.MaxFinite());
    struct Case {
      const char* name;
      std::array<double, 4> x, y;
    };
    const Case cases[] = {{"max + max - max - max", {max, max, -max, -max}, {1, 1, 1, 1}},
                          {"max - max + max - max", {max, -max, max, -max}, {1, 1, 1, 1}},
                          {"2 max - max", {max, max, 0, 0}, {2, -1, 0, 0}},
                          {"-max + 2 max", {max, max, 0, 0}, {-1, 2, 0, 0}}};
    for (const Case& each : cases) {
      Reset();
      run_.FillA(0);
      const int terms = std::min(4, shape_.k);
      for (int k = 0; k < terms; ++k) {
        SetColumn(k, BitsOfValue(format_, each.x[static_cast<size_t>(k)]));
        SetRow(k, BitsOfValue(format_, each.y[static_cast<size_t>(k)]));
      }
      const std::string results = Results();
      const uint64_t bits = run_.C(0, 0);
      const bool finite = (bits & ~format_.SignMask()) < format_.Infinity();
      question_.Add({"overflow", each.name,
                     finite        ? "finite"
                     : IsNan(bits) ? "NaN"
                                   : "infinite",
                     fmt::format("in ascending places: {}", results)});
    }
  }

  // With beta = 0 where there is a beta.
  void AskOldC() {
    Reset();
    run_.FillC(format_.CanonicalNan());
    const std::string results = Results();
    const bool nan = AllNan();
    question_.Add({"old c", "NaN in c", nan ? "c is read" : "c is not read",
                   fmt::format("{}sums of {} ones: {}", question_.function.signature.HasStrides() ? "beta = 0, " : "",
                               shape_.k, results)});
  }

  void AskAlpha() {
    Reset();
    run_.alpha = 0;
    run_.FillA(format_.CanonicalNan());
    const std::string results = Results();
    question_.Add({"alpha = 0", "NaN in a", AllNan() ? "NaN: a is read" : "a is not read", results});
  }

  const Question& question_;
  ProductShape shape_;
  ProductRun run_;
  Format format_;
};

}  // namespace

void AskSpecialValues(const Question& question) { SpecialValues(question).Ask(); }

}  // namespace fplab::tools
