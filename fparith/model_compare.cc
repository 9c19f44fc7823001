// The exact model: comparisons, minimum and maximum, neighbours.
#include "fparith/model.h"
#include "fparith/model_engine.h"

namespace fplab::model {
namespace {

// The operands as a comparison sees them.
struct Pair {
  uint64_t a, b;  // after flushing
  bool unordered;
  Flags flags;
};

uint64_t FlushInput(const Format& format, const Environment& environment, uint64_t bits) {
  return environment.mode.flush_inputs && format.IsSubnormal(bits) ? bits & format.SignMask() : bits;
}

Pair Examine(const Format& format, const Environment& environment, uint64_t a, uint64_t b, NanComparison nan) {
  Pair pair{FlushInput(format, environment, a), FlushInput(format, environment, b), false, 0};
  const bool subnormal = format.IsSubnormal(a) || format.IsSubnormal(b);
  const bool before = environment.flush == FlushSemantics::kBeforeRounding;
  if (before) pair.flags = DenormalFlag(subnormal && environment.mode.flush_inputs);
  if (format.IsNan(a) || format.IsNan(b)) {
    pair.unordered = true;
    const bool signaling = format.IsSignalingNan(a) || format.IsSignalingNan(b);
    if (signaling || nan == NanComparison::kSignaling) pair.flags |= kInvalid;
    return pair;
  }
  if (!before) pair.flags = DenormalFlag(subnormal && !environment.mode.flush_inputs);
  return pair;
}

// Ranks order all non-NaN values, infinities included, and give both zeros the same place.
bool Below(const Format& format, const Pair& pair) { return format.Rank(pair.a) < format.Rank(pair.b); }
bool Above(const Format& format, const Pair& pair) { return format.Rank(pair.a) > format.Rank(pair.b); }

Outcome NumberOf(const Format& format, const Pair& pair) {
  if (format.IsNan(pair.a)) return {format.IsNan(pair.b) ? format.CanonicalNan() : pair.b, pair.flags};
  return {pair.a, pair.flags};
}

}  // namespace

Outcome Equal(const Format& format, const Environment& environment, uint64_t a, uint64_t b, NanComparison nan) {
  const Pair pair = Examine(format, environment, a, b, nan);
  return {!pair.unordered && format.Rank(pair.a) == format.Rank(pair.b), pair.flags};
}

Outcome Less(const Format& format, const Environment& environment, uint64_t a, uint64_t b, NanComparison nan) {
  const Pair pair = Examine(format, environment, a, b, nan);
  return {!pair.unordered && Below(format, pair), pair.flags};
}

Outcome LessEqual(const Format& format, const Environment& environment, uint64_t a, uint64_t b, NanComparison nan) {
  const Pair pair = Examine(format, environment, a, b, nan);
  return {!pair.unordered && !Above(format, pair), pair.flags};
}

Outcome MinimumNumber(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  const Pair pair = Examine(format, environment, a, b, NanComparison::kQuiet);
  if (pair.unordered) return NumberOf(format, pair);
  const bool first = Below(format, pair) || (!Above(format, pair) && format.SignBit(pair.a));
  return {first ? pair.a : pair.b, pair.flags};
}

Outcome MaximumNumber(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  const Pair pair = Examine(format, environment, a, b, NanComparison::kQuiet);
  if (pair.unordered) return NumberOf(format, pair);
  const bool first = Above(format, pair) || (!Below(format, pair) && !format.SignBit(pair.a));
  return {first ? pair.a : pair.b, pair.flags};
}

Outcome X86Min(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  const Pair pair = Examine(format, environment, a, b, NanComparison::kSignaling);
  return {!pair.unordered && Below(format, pair) ? pair.a : pair.b, pair.flags};
}

Outcome X86Max(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  const Pair pair = Examine(format, environment, a, b, NanComparison::kSignaling);
  return {!pair.unordered && Above(format, pair) ? pair.a : pair.b, pair.flags};
}

uint64_t NextUp(const Format& format, uint64_t a) {
  if (format.IsNan(a) || a == format.Infinity()) return a;
  if (format.IsZero(a)) return format.MinSubnormal();
  return format.SignBit(a) ? a - 1 : a + 1;
}

uint64_t NextDown(const Format& format, uint64_t a) {
  return format.IsNan(a) ? a : format.Negate(NextUp(format, format.Negate(a)));
}

}  // namespace fplab::model
