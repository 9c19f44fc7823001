// The bits of each mode, and the proof by execution. Intel SDM volume 1, 10.2.3; Arm DDI 0601, FPCR.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/mode/mode_table.h>

#include <array>
#include <cstddef>
#include <string>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>

namespace fplab {
namespace {

#if defined(__x86_64__)
constexpr uint64_t kDazBit = 1u << 6;
constexpr uint64_t kFtzBit = 1u << 15;
constexpr int kRoundingShift = 13;
static_assert(registers::kModeBits == (kDazBit | kFtzBit | (3u << kRoundingShift)));
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
static_assert(registers::kModeBits == (kFizBit | kAhBit | kFzBit | (3u << kRoundingShift)));
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

// The operations of the proof, on operands that the compiler can't know.
[[gnu::noinline]] float Multiply(const volatile float* a, const volatile float* b) { return *a * *b; }
[[gnu::noinline]] float Add(const volatile float* a, const volatile float* b) { return *a + *b; }

// Executes one multiply whose result is subnormal, one whose operand is, and two inexact adds.
bool Prove(Mode mode) {
  if (mode.rounding == Rounding::kNearestAway || mode.rounding == Rounding::kToOdd) return false;
  const volatile float min_normal = 0x1p-126f, half = 0.5f, subnormal = 0x1p-127f, four = 4.0f;
  const volatile float one = 1.0f, minus_one = -1.0f, tiny = 0x1.8p-24f, minus_tiny = -0x1.8p-24f;
  const uint64_t found = registers::ReadControl(), status = registers::ReadStatus();
  registers::WriteControl(GuestWord(found, ModeBits(mode)));
  const float output = Multiply(&min_normal, &half);
  const float input = Multiply(&subnormal, &four);
  const float above = Add(&one, &tiny);
  const float below = Add(&minus_one, &minus_tiny);
  registers::WriteStatus(status);
  registers::WriteControl(found);
  // Compared by bits: the host's mode is on again.
  const bool up = ToBits(above) != ToBits(1.0f), away_below = ToBits(below) != ToBits(-1.0f);
  const bool nearest = mode.rounding == Rounding::kNearestEven;
  return IsZero(output) == mode.flush_outputs && IsZero(input) == mode.flush_inputs &&
         up == (nearest || mode.rounding == Rounding::kUp) &&
         away_below == (nearest || mode.rounding == Rounding::kDown);
}

size_t TableIndex(Mode mode) {
  return static_cast<size_t>(mode.rounding) * 4 + (mode.flush_outputs ? 2 : 0) + (mode.flush_inputs ? 1 : 0);
}

using ModeTable = std::array<ModeEntry, kAllRoundings.size() * 4>;

ModeTable ProveAll() {
  ModeTable table{};
  for (Rounding rounding : kAllRoundings) {
    for (Mode mode : kFlushModes) {
      mode.rounding = rounding;
      table[TableIndex(mode)] = {ModeBits(mode), Prove(mode)};
    }
  }
  return table;
}

}  // namespace

uint64_t ModeBits(Mode mode) { return FlushBits(mode) | RoundingBits(mode.rounding); }

Mode DecodeMode(uint64_t word) {
  Mode mode;
  mode.rounding = kRoundingField[(word >> kRoundingShift) & 3];
  DecodeFlush(word, mode);
  return mode;
}

const ModeEntry& EntryOf(Mode mode) {
  static const ModeTable table = ProveAll();
  return table[TableIndex(mode)];
}

[[gnu::cold, gnu::noinline]] void RefuseMode(Mode mode) {
  std::string have;
  for (Mode candidate : kFlushModes) {
    if (EntryOf(candidate).supported) have.append(have.empty() ? "" : ", ").append(Name(candidate));
  }
  throw Error("mode '{}' is not supported by this machine's hardware, which has: {}", Name(mode), have);
}

}  // namespace fplab
