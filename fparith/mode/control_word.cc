// MXCSR and FPCR. Intel SDM volume 1, 10.2.3; Arm DDI 0601, FPCR.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/mode/control_word.h>

#include <fmt/format.h>

#include <array>

#include <fplab/fparith/float/error.h>

namespace fplab {
namespace {

#if defined(__x86_64__)
constexpr uint64_t kDazBit = 1u << 6;
constexpr uint64_t kFtzBit = 1u << 15;
constexpr int kRoundingShift = 13;
constexpr uint64_t kOwnedBits = kDazBit | kFtzBit | (3u << kRoundingShift);
// Indexed by the two rounding bits.
constexpr std::array<Rounding, 4> kRoundingField = {Rounding::kNearestEven, Rounding::kDown, Rounding::kUp,
                                                    Rounding::kTowardZero};

constexpr uint64_t FlushBits(Mode mode) {
  return (mode.flush_outputs ? kFtzBit : 0) | (mode.flush_inputs ? kDazBit : 0);
}

void DecodeFlush(uint64_t word, Mode& mode) {
  mode.flush_outputs = (word & kFtzBit) != 0;
  mode.flush_inputs = (word & kDazBit) != 0;
}
#elif defined(__aarch64__)
constexpr uint64_t kFizBit = 1u << 0;
constexpr uint64_t kAhBit = 1u << 1;
constexpr uint64_t kFzBit = 1u << 24;
constexpr int kRoundingShift = 22;
constexpr uint64_t kOwnedBits = kFizBit | kAhBit | kFzBit | (3u << kRoundingShift);
constexpr std::array<Rounding, 4> kRoundingField = {Rounding::kNearestEven, Rounding::kUp, Rounding::kDown,
                                                    Rounding::kTowardZero};

// FZ alone flushes both sides. One side alone needs FEAT_AFP: AH = 1 makes FZ mean outputs only, FIZ means inputs.
constexpr uint64_t FlushBits(Mode mode) {
  if (mode.flush_outputs && mode.flush_inputs) return kFzBit;
  if (mode.flush_outputs) return kFzBit | kAhBit;
  return mode.flush_inputs ? kFizBit : 0;
}

void DecodeFlush(uint64_t word, Mode& mode) {
  mode.flush_outputs = (word & kFzBit) != 0;
  mode.flush_inputs = (word & kFizBit) != 0 || ((word & kFzBit) != 0 && (word & kAhBit) == 0);
}
#else
// A control word that is not known is never touched: IEEE arithmetic, rounded to nearest, is what it is taken to ask
// for (and proved to do), and every other mode is refused.
constexpr uint64_t kOwnedBits = 0;
constexpr int kRoundingShift = 0;
constexpr std::array<Rounding, 4> kRoundingField = {Rounding::kNearestEven, Rounding::kNearestEven,
                                                    Rounding::kNearestEven, Rounding::kNearestEven};
constexpr uint64_t FlushBits(Mode) { return 0; }
void DecodeFlush(uint64_t, Mode&) {}
#endif

uint64_t RoundingBits(Rounding rounding) {
  for (uint64_t field = 0; field < kRoundingField.size(); ++field) {
    if (kRoundingField[field] == rounding) return field << kRoundingShift;
  }
  return 0;
}

bool HasRounding(Rounding rounding) { return rounding != Rounding::kNearestAway; }

uint64_t WordFor(uint64_t word, Mode mode) {
  return (word & ~kOwnedBits) | FlushBits(mode) | RoundingBits(mode.rounding);
}

// The operations of the proof, on operands that the compiler can't know.
[[gnu::noinline]] float Multiply(const volatile float* a, const volatile float* b) { return *a * *b; }
[[gnu::noinline]] float Add(const volatile float* a, const volatile float* b) { return *a + *b; }

bool IsZero(float x) { return (__builtin_bit_cast(uint32_t, x) & 0x7fffffffu) == 0; }

// Executes one multiply whose result is subnormal, one whose operand is, and two inexact adds.
bool Prove(Mode mode) {
  if (!HasRounding(mode.rounding)) return false;
  const volatile float min_normal = 0x1p-126f, half = 0.5f, subnormal = 0x1p-127f, four = 4.0f;
  const volatile float one = 1.0f, minus_one = -1.0f, tiny = 0x1.8p-24f, minus_tiny = -0x1.8p-24f;
  const uint64_t found = ReadControlWord();
  WriteControlWord(WordFor(found, mode));
  const float output = Multiply(&min_normal, &half);
  const float input = Multiply(&subnormal, &four);
  const float above = Add(&one, &tiny);
  const float below = Add(&minus_one, &minus_tiny);
  WriteControlWord(found);
  const bool up = above > 1.0f, away_below = below < -1.0f;
  const bool nearest = mode.rounding == Rounding::kNearestEven;
  return IsZero(output) == mode.flush_outputs && IsZero(input) == mode.flush_inputs &&
         up == (nearest || mode.rounding == Rounding::kUp) &&
         away_below == (nearest || mode.rounding == Rounding::kDown);
}

size_t TableIndex(Mode mode) {
  return static_cast<size_t>(mode.rounding) * 4 + (mode.flush_outputs ? 2 : 0) + (mode.flush_inputs ? 1 : 0);
}

// What a mode sets of the bits it owns, and whether the machine computes so.
struct ModeEntry {
  uint64_t bits;
  bool supported;
};
using ModeTable = std::array<ModeEntry, kAllRoundings.size() * 4>;

ModeTable ProveAll() {
  ModeTable table{};
  for (Rounding rounding : kAllRoundings) {
    for (Mode mode : kFlushModes) {
      mode.rounding = rounding;
      table[TableIndex(mode)] = {WordFor(0, mode), Prove(mode)};
    }
  }
  return table;
}

const ModeEntry& EntryOf(Mode mode) {
  static const ModeTable table = ProveAll();
  return table[TableIndex(mode)];
}

[[noreturn, gnu::cold, gnu::noinline]] void Refuse(Mode mode) {
  std::string have;
  for (Mode candidate : kFlushModes) {
    if (HardwareSupports(candidate)) have.append(have.empty() ? "" : ", ").append(Name(candidate));
  }
  throw Error("mode '{}' is not supported by this machine's hardware, which has: {}", Name(mode), have);
}

}  // namespace

uint64_t ReadControlWord() {
#if defined(__x86_64__)
  uint32_t word;
  asm volatile("stmxcsr %0" : "=m"(word) : : "memory");
  return word;
#elif defined(__aarch64__)
  uint64_t word;
  asm volatile("mrs %0, fpcr" : "=r"(word) : : "memory");
  return word;
#else
  return 0;
#endif
}

void WriteControlWord(uint64_t word) {
#if defined(__x86_64__)
  const uint32_t narrow = static_cast<uint32_t>(word);
  asm volatile("ldmxcsr %0" : : "m"(narrow) : "memory");
#elif defined(__aarch64__)
  asm volatile("msr fpcr, %0" : : "r"(word) : "memory");
#else
  static_cast<void>(word);
#endif
}

uint64_t ModeMask() { return kOwnedBits; }

uint64_t ModeBits(Mode mode) { return WordFor(0, mode); }

bool ControlWordHas(uint64_t mode_bits) { return (ReadControlWord() & kOwnedBits) == mode_bits; }

Mode DecodeMode(uint64_t word) {
  Mode mode;
  mode.rounding = kRoundingField[(word >> kRoundingShift) & 3];
  DecodeFlush(word, mode);
  return mode;
}

const char* ControlWordName() {
#if defined(__x86_64__)
  return "MXCSR";
#elif defined(__aarch64__)
  return "FPCR";
#else
  return "control word";
#endif
}

std::string DescribeControlWord(uint64_t word) {
  const Mode mode = DecodeMode(word);
  std::string text = fmt::format("{:04x}: {}, flush outputs {}, flush inputs {}", word, Name(mode.rounding),
                                 mode.flush_outputs ? "on" : "off", mode.flush_inputs ? "on" : "off");
#if defined(__x86_64__)
  static constexpr std::array<const char*, 6> kFlags = {"invalid",  "denormal",  "divide-by-zero",
                                                        "overflow", "underflow", "inexact"};
  std::string flags, unmasked;
  for (size_t i = 0; i < kFlags.size(); ++i) {
    if (word >> i & 1) flags.append(" ").append(kFlags[i]);
    if ((word >> (7 + i) & 1) == 0) unmasked.append(" ").append(kFlags[i]);
  }
  text +=
      fmt::format("; flags:{}; trapping:{}", flags.empty() ? " none" : flags, unmasked.empty() ? " none" : unmasked);
#endif
  return text;
}

Mode CurrentMode() { return DecodeMode(ReadControlWord()); }

bool HardwareSupports(Mode mode) { return EntryOf(mode).supported; }

void RequireHardwareSupport(Mode mode) {
  if (!HardwareSupports(mode)) Refuse(mode);
}

ScopedMode::ScopedMode(Mode mode) {
  const ModeEntry& entry = EntryOf(mode);
  if (!entry.supported) Refuse(mode);
  found_ = ReadControlWord();
  const uint64_t wanted = (found_ & ~kOwnedBits) | entry.bits;
  if (wanted != found_) WriteControlWord(wanted);
}

// Reading is cheap; writing waits for the arithmetic before it, and is seldom needed.
ScopedMode::~ScopedMode() {
  const uint64_t now = ReadControlWord();
  const uint64_t wanted = (now & ~kOwnedBits) | (found_ & kOwnedBits);
  if (wanted != now) WriteControlWord(wanted);
}

}  // namespace fplab
