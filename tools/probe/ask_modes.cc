// Products that tell which mode they were computed in, by the caller's thread and by the library's own.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <vector>

#include <fplab/fparith/mode/control_word.h>
#include "tools/probe/questions.h"

namespace fplab::tools {
namespace {

// One place whose product and sum tell a mode from the others: a product (and a second one) of the sum, the rest zeros.
struct Teller {
  const char* topic;
  Mode mode;
  double x0, y0, x1, y1;  // of binary32; y1 = 0: one product
  double wanted;          // in the mode
  double otherwise;       // to nearest, without flushing
  const char* what;
};

// The smallest normal number is 2^-126 and the precision 24 bits, or 2^-1022 and 53.
std::vector<Teller> Tellers(bool is_double) {
  const double product = is_double ? 0x1p-1030 : 0x1p-130;
  const double small = is_double ? 0x1p-1000 : 0x1p-100;
  const double subnormal = product, scale = is_double ? 0x1p60 : 0x1p20;
  const double ulp = is_double ? 0x1p-52 : 0x1p-23;
  const Mode up{Rounding::kUp, false, false}, down{Rounding::kDown, false, false};
  const Mode zero{Rounding::kTowardZero, false, false};
  return {
      {"FTZ", kFtz, small, 0x1p-30, 0, 0, 0, product, "a product that is subnormal"},
      {"DAZ", kDaz, subnormal, scale, 0, 0, 0, subnormal * scale, "a product of a subnormal operand that is normal"},
      {"rounding", up, 1, 1, ulp / 128, 1, 1 + ulp, 1, "1 + ulp/128 upward"},
      {"rounding", down, -1, 1, -ulp / 128, 1, -1 - ulp, -1, "-1 - ulp/128 downward"},
      {"rounding", zero, 1, 1, ulp * 0.75, 1, 1, 1 + ulp, "1 + 3 ulp/4 toward zero"},
  };
}

// Outputs by what they show, over the places that were tried.
struct Count {
  size_t wanted = 0, otherwise = 0, neither = 0;
  uint64_t strange = 0;  // one that is neither
  uint64_t changed_word = 0, expected_word = 0;

  size_t all() const { return wanted + otherwise + neither; }
};

constexpr uint64_t kStickyFlags = 0x3f;

// Sums whose first, middle and last places hold the products, computed under `mode`.
Count CountOutputs(const Question& question, const ProductShape& shape, int threads, const Teller& teller, Mode mode) {
  ProductRun run = question.Run(shape);
  run.threads = threads;
  Count count;
  const int last = shape.k - 1;
  std::vector<int> places = {0};
  if (shape.m == 1 && shape.n == 1 && last > 8) places = {0, last / 4, last / 2, 3 * (last / 4), last - 1};
  for (const int place : places) {
    const auto set = [&](int k, double x, double y) {
      for (int i = 0; i < shape.m; ++i) run.SetA(i, k, BitsOfValue(run.format(), x));
      for (int j = 0; j < shape.n; ++j) run.SetB(k, j, BitsOfValue(run.format(), y));
    };
    set(place, teller.x0, teller.y0);
    if (shape.k > 1) set(place + 1, teller.x1, teller.y1);
    const LibraryAnswer answer = run.Go(mode);
    const uint64_t before = answer.word_before & ~kStickyFlags, after = answer.word_after & ~kStickyFlags;
    if (before != after) {
      count.expected_word = before;
      count.changed_word = after;
    }
    for (const uint64_t bits : run.AllC()) {
      const uint64_t magnitude = bits & ~run.format().SignMask();  // a flushed result may have either sign
      if (bits == BitsOfValue(run.format(), teller.wanted) || (teller.wanted == 0 && magnitude == 0)) {
        ++count.wanted;
      } else if (bits == BitsOfValue(run.format(), teller.otherwise)) {
        ++count.otherwise;
      } else {
        ++count.neither;
        count.strange = bits;
      }
    }
    set(place, 0, 0);
    if (shape.k > 1) set(place + 1, 0, 0);
  }
  return count;
}

class ModeQuestions {
 public:
  explicit ModeQuestions(const Question& question) : question_(question) {}

  void Ask(const ProductShape& shape, int threads) {
    const std::string at = fmt::format("{}, {} thread{}", Name(shape), threads, threads == 1 ? "" : "s");
    AskWithoutFlushing(shape, threads, at);
    for (const Teller& teller : Tellers(question_.function.signature.is_double)) {
      if (!HardwareSupports(teller.mode)) continue;
      const Count count = CountOutputs(question_, shape, threads, teller, teller.mode);
      Note(count, teller.mode);
      std::string answer = "obeys the caller";
      if (count.wanted == 0) {
        answer = "ignores the caller";
      } else if (count.wanted != count.all()) {
        answer = "obeys the caller in part";
      }
      question_.Add({teller.topic, at, answer,
                     fmt::format("under {}, {}: {} of {} outputs as in that mode{}", Name(teller.mode), teller.what,
                                 count.wanted, count.all(), Strange(count))});
    }
  }

  // What all those calls did to the word.
  void ReportWord() const {
    question_.Add({"control word", "calls", changed_.empty() ? "kept" : "changed and left changed",
                   changed_.empty() ? fmt::format("{} as before after {} calls, flags apart", ControlWordName(), calls_)
                                    : changed_});
  }

 private:
  // A library may flush, or round otherwise, of its own accord.
  void AskWithoutFlushing(const ProductShape& shape, int threads, const std::string& at) {
    size_t kept = 0, all = 0;
    std::string other;
    for (const Teller& teller : Tellers(question_.function.signature.is_double)) {
      const Count count = CountOutputs(question_, shape, threads, teller, kIeee);
      Note(count, kIeee);
      kept += count.otherwise;
      all += count.all();
      if (count.otherwise != count.all() && other.empty()) {
        other = fmt::format("; {}: {} of {} outputs otherwise{}", teller.what, count.all() - count.otherwise,
                            count.all(), Strange(count));
      }
    }
    question_.Add(
        {"none", at,
         kept == all ? "computes as the caller, to nearest without flushing" : "flushes or rounds of its own accord",
         fmt::format("without flushing, to nearest: {} of {} outputs as IEEE has them{}", kept, all, other)});
  }

  static std::string Strange(const Count& count) {
    return count.neither == 0
               ? ""
               : fmt::format(", {} neither so nor as IEEE has them (0x{:x})", count.neither, count.strange);
  }

  void Note(const Count& count, Mode mode) {
    ++calls_;
    if (count.changed_word == count.expected_word || !changed_.empty()) return;
    changed_ = fmt::format("called under {}: {} {:x} before, {:x} after", Name(mode), ControlWordName(),
                           count.expected_word, count.changed_word);
  }

  const Question& question_;
  std::string changed_;
  int calls_ = 0;
};

// Seconds of a product, the least of some runs: those of a busy machine are the longer ones.
struct Timing {
  double normal = std::numeric_limits<double>::infinity();
  double subnormal = std::numeric_limits<double>::infinity();
};

void AskSubnormalCost(const Question& question) {
  const ProductShape shape =
      question.Fit({64, 64, question.function.signature.operation == Operation::kDot ? 4096 : 64});
  for (const Mode mode : {kIeee, kFtzDaz}) {
    if (!HardwareSupports(mode)) continue;
    ProductRun run = question.Run(shape);
    const Format& format = run.format();
    // Normal operands, then a's subnormal: as many significant bits.
    const auto fill = [&](bool subnormal) {
      identity::RandomBits random(question.options.seed);
      const int low = subnormal ? -format.Bias() : 0;  // an exponent field of 0
      for (int i = 0; i < shape.m; ++i) {
        for (int k = 0; k < shape.k; ++k) run.SetA(i, k, RandomNumber(random, format, low, low) | 1);
      }
      for (int k = 0; k < shape.k; ++k) {
        for (int j = 0; j < shape.n; ++j) run.SetB(k, j, RandomNumber(random, format, 0, 0));
      }
    };
    fill(false);
    const double once = std::max(run.Go(mode).seconds, 1e-7);
    run.repeats = static_cast<int>(std::clamp(0.004 / once, 1.0, 100'000.0));
    Timing least;
    for (int round = 0; round < 5; ++round) {
      fill(false);
      least.normal = std::min(least.normal, run.Go(mode).seconds);
      fill(true);
      // A trap for each would make many repetitions long.
      const int repeats = run.repeats;
      run.repeats = std::max(1, repeats / 10);
      least.subnormal = std::min(least.subnormal, run.Go(mode).seconds * repeats / run.repeats);
      run.repeats = repeats;
    }
    const double ratio = least.subnormal / least.normal;
    question.Add(
        {"subnormal cost", fmt::format("{}, {}", Name(shape), Name(mode)),
         ratio > 1.5 ? fmt::format("{:.3g} times as long", ratio) : "hardly differs",
         fmt::format("all of a subnormal against all normal, the least of 5 interleaved runs each: {:.3g}", ratio)});
  }
}

}  // namespace

void AskModes(const Question& question) {
  ModeQuestions questions(question);
  questions.Ask(question.Fit({16, 16, 32}), 1);
  const int threads = question.ManyThreads();
  if (threads > 1) {
    const Operation operation = question.function.signature.operation;
    questions.Ask(operation == Operation::kProduct        ? ProductShape{256, 256, 64}
                  : operation == Operation::kMatrixVector ? ProductShape{2000, 1, 512}
                                                          : ProductShape{1, 1, 200'000},
                  threads);
  }
  questions.ReportWord();
  question.progress("the cost of subnormal numbers");
  AskSubnormalCost(question);
}

}  // namespace fplab::tools
