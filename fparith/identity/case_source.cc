// Enumerating, combining and drawing operands.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/case_source.h>

#include <algorithm>
#include <span>

#include <fplab/fparith/identity/first_operands.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/statement/operands.h>

namespace fplab::identity {
namespace {

constexpr uint64_t kMany = ~uint64_t{0};
constexpr uint64_t kMostFirst = uint64_t{1} << 16;
constexpr int kTries = 8;
constexpr size_t kVariants = 64;  // see CaseSource::Vary
constexpr size_t kNoise = 1024;   // random words of a chunk that variants take their fractions from

uint64_t Product(uint64_t a, uint64_t b) {
  uint64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? kMany : product;
}

// out[i] = base ^ (noise[i] & mask) from i = 1 on. Of so many that compilers know how many vectors that are.
void XorNoise(uint64_t base, uint64_t mask, const uint64_t* __restrict noise, uint64_t* __restrict out, size_t count) {
  out[0] = base;
  if (count == kVariants) {
    for (size_t i = 0; i < kVariants; ++i) out[i] = base ^ (noise[i] & mask);
    out[0] = base;
    return;
  }
  for (size_t i = 1; i < count; ++i) out[i] = base ^ (noise[i] & mask);
}

// floor of the n-th root of `x`, 1 at the least.
uint64_t RootOf(uint64_t x, size_t n) {
  uint64_t root = 1;
  const auto power = [n](uint64_t base) {
    uint64_t result = 1;
    for (size_t i = 0; i < n; ++i) result = Product(result, base);
    return result;
  };
  while (power(root + 1) <= x) ++root;
  return root;
}

WideBits FractionMaskOf(const statement::Type& type) {
  return type.IsWide() ? type.wide.FractionMask() : WideBits{type.format.FractionMask()};
}

int FractionBitsOf(const statement::Type& type) {
  return type.IsWide() ? type.wide.FractionBits() : type.format.FractionBits();
}

bool IsFinite(const statement::Type& type, WideBits bits) {
  return type.IsWide() ? type.wide.IsFinite(bits) : type.format.IsFinite(static_cast<uint64_t>(bits));
}

}  // namespace

CaseSource::CaseSource(const statement::Expression& expression, const SearchOptions& options)
    : domains_(DomainsOf(expression, options.all_values)),
      asks_of_nans_(expression.arithmetic.nans != model::NanRule::kCanonical),
      seed_(options.seed),
      counters_(domains_.size()) {
  const std::vector<statement::Type> types = expression.VariableTypes();
  for (size_t v = 0; v < types.size(); ++v) {
    const statement::Type& type = types[v];
    everything_.push_back(domains_[v].IsEverything() && !domains_[v].is_power_of_two ? 1 : 0);
    upper_.push_back(type.IsWide() ? statement::UpperWordOf(types, v) : 0);
    if (type.IsWide()) {
      generators_.emplace_back(WideOperandGenerator(type.wide, 0));
    } else {
      generators_.emplace_back(OperandGenerator(type.IsNumber() ? type.format : kBinary64, 0));
    }
  }
  Count(options);
  if (!exhaustive_) PrepareFirst(expression);
}

void CaseSource::Count(const SearchOptions& options) {
  uint64_t all = 1, inside = 1;
  for (const Domain& domain : domains_) {
    all = Product(all, Everything(domain.type, domain.patterns).Size());
    inside = Product(inside, domain.Size());
  }
  outside_ = all == kMany ? kMany : all - inside;
  exhaustive_ = inside <= std::max(options.cases, options.exhaustive_limit);
  total_ = exhaustive_ ? inside : options.cases;
}

void CaseSource::PrepareFirst(const statement::Expression& expression) {
  const uint64_t count = RootOf(std::min(kMostFirst, total_ / 2), domains_.size());
  first_total_ = 1;
  for (const Domain& domain : domains_) {
    first_.push_back(FirstOperands(expression, domain, count));
    first_total_ = Product(first_total_, first_.back().size());
  }
  first_total_ = std::min(first_total_, total_);
  first_chunks_ = (first_total_ + kChunk - 1) / kChunk;
}

void CaseSource::Start(uint64_t chunk) {
  is_first_ = IsFirst(chunk);
  const uint64_t number = is_first_ ? chunk : chunk - first_chunks_;
  const uint64_t done = number * kChunk;
  left_ = std::min(kChunk, (is_first_ ? first_total_ : total_ - first_total_) - done);
  uint64_t place = done;
  for (size_t v = 0; v < counters_.size(); ++v) {
    const uint64_t size = exhaustive_ ? domains_[v].Size() : is_first_ ? first_[v].size() : 1;
    counters_[v] = place % size;
    place /= size;
  }
  if (exhaustive_ || is_first_) return;
  // What one number makes of chunk and variable is not what their neighbours get.
  RandomBits seeds(seed_ + number * 0x9E3779B97F4A7C15u);
  for (size_t v = 0; v < generators_.size(); ++v) Random(v) = RandomBits(seeds.Next());
  varies_ = number >= kPlainChunks && CanVary();
  if (!varies_) return;
  noise_.resize(kNoise + kVariants);
  for (uint64_t& word : noise_) word = seeds.Next();
}

size_t CaseSource::Fill(statement::Cases& cases, size_t batch) {
  const size_t count = std::min<uint64_t>(batch, left_);
  left_ -= count;
  if (exhaustive_) {
    EnumerateRun(cases, count);
  } else if (is_first_) {
    for (size_t i = 0; i < count; ++i) TakeFirst(cases, i);
  } else if (varies_) {
    for (size_t i = 0; i < count; i += kVariants) {
      Draw(cases, i);
      Vary(cases, i, std::min(i + kVariants, count));
    }
  } else {
    for (size_t i = 0; i < count; ++i) Draw(cases, i);
  }
  return count;
}

// The first variable runs fastest; a run of its values is filled at a time.
void CaseSource::EnumerateRun(statement::Cases& cases, size_t count) {
  for (size_t i = 0; i < count;) {
    const size_t run = counters_.empty() ? count : std::min<uint64_t>(count - i, domains_[0].Size() - counters_[0]);
    for (size_t v = 0; v < counters_.size(); ++v) {
      const std::span<uint64_t> out(cases[v].data() + i, run);
      const std::span<uint64_t> upper =
          upper_[v] == 0 ? std::span<uint64_t>() : std::span(cases[upper_[v]].data() + i, run);
      if (v == 0) {
        domains_[v].Fill(counters_[v], out, upper);
      } else {
        const WideBits value = domains_[v].Numbered(counters_[v]);
        std::fill(out.begin(), out.end(), static_cast<uint64_t>(value));
        std::fill(upper.begin(), upper.end(), static_cast<uint64_t>(value >> 64));
      }
    }
    i += run;
    if (counters_.empty()) return;
    counters_[0] += run;
    for (size_t v = 0; v < counters_.size() && counters_[v] == domains_[v].Size(); ++v) {
      counters_[v] = 0;
      if (v + 1 < counters_.size()) ++counters_[v + 1];
    }
  }
}

void CaseSource::TakeFirst(statement::Cases& cases, size_t i) {
  for (size_t v = 0; v < counters_.size(); ++v) Put(cases, v, i, first_[v][counters_[v]]);
  for (size_t v = 0; v < counters_.size(); ++v) {
    if (++counters_[v] < first_[v].size()) return;
    counters_[v] = 0;
  }
}

WideBits CaseSource::Get(const statement::Cases& cases, size_t v, size_t i) const {
  const uint64_t low = cases[v][i];
  return upper_[v] == 0 ? low : static_cast<WideBits>(cases[upper_[v]][i]) << 64 | low;
}

void CaseSource::Put(statement::Cases& cases, size_t v, size_t i, WideBits bits) const {
  cases[v][i] = static_cast<uint64_t>(bits);
  if (upper_[v] != 0) cases[upper_[v]][i] = static_cast<uint64_t>(bits >> 64);
}

RandomBits& CaseSource::Random(size_t v) {
  return std::visit([](auto& generator) -> RandomBits& { return generator.random(); }, generators_[v]);
}

Relation CaseSource::PickRelation(size_t v) {
  return std::visit([](auto& generator) { return generator.PickRelation(); }, generators_[v]);
}

void CaseSource::Draw(statement::Cases& cases, size_t i) {
  // Half of the tuples have every operand in the same relation to the first: statements of three and more operands
  // get to the edge of underflow in all their products at once.
  RandomBits& random = Random(0);
  const bool shared = random.OneIn(2);
  const Relation relation = PickRelation(0);
  for (size_t v = 0; v < domains_.size(); ++v) {
    if (v == 0) {
      Put(cases, v, i, DrawAlone(v));
    } else if (shared) {
      Put(cases, v, i, DrawRelated(v, 0, Get(cases, 0, i), relation));
    } else {
      const auto other = static_cast<size_t>(random.Between(0, static_cast<int>(v) - 1));
      const Relation own = PickRelation(v);
      Put(cases, v, i, DrawRelated(v, other, Get(cases, other, i), own));
    }
  }
}

WideBits CaseSource::DrawAlone(size_t v) {
  const Domain& domain = domains_[v];
  if (domain.type.IsInteger()) return DrawInteger(v);
  if (domain.is_power_of_two) return DrawPowerOfTwo(v);
  if (domain.is_integral) return DrawIntegral(v);
  if (domain.patterns) {
    const bool is_nan = asks_of_nans_ && Random(v).OneIn(3);
    return std::visit([&](auto& g) -> WideBits { return is_nan ? g.AnyNan() : g.AnyPattern(); }, generators_[v]);
  }
  if (everything_[v] != 0 || Random(v).OneIn(4)) {
    const WideBits value = std::visit([](auto& g) -> WideBits { return g.Value(); }, generators_[v]);
    if (Contains(v, value)) return value;
  }
  return DrawInDomain(v);
}

bool CaseSource::Varies(size_t v) const {
  const Domain& domain = domains_[v];
  return domain.type.IsFloat() && !domain.patterns && !domain.is_power_of_two && !domain.is_integral;
}

bool CaseSource::CanVary() const {
  for (size_t v = 0; v < domains_.size(); ++v) {
    if (Varies(v)) return true;
  }
  return false;
}

// Gives the tuples from begin + 1 on the operands of the tuple `begin` with other fractions: any, or other last or
// first bits, of all operands alike or of each its own; signs, exponents and what relations say of them stay.
void CaseSource::Vary(statement::Cases& cases, size_t begin, size_t end) {
  RandomBits& random = Random(0);
  const bool shared = random.OneIn(4);
  const auto offset = [&] { return static_cast<size_t>(random.Next() % kNoise); };
  size_t from = offset();
  bool any = false;
  for (size_t v = 0; v < domains_.size(); ++v) {
    const WideBits base = Get(cases, v, begin);
    const size_t count = end - begin;
    WideBits mask = 0;
    if (Varies(v)) {
      if (!shared) from = offset();
      mask = FractionMaskOf(domains_[v].type);
      const int64_t kind = random.Between(0, 7);
      if (kind == 0) mask &= 7;
      if (kind == 1) mask &= ~(mask >> 3);
      // Zeros, powers of two and whatever else is rare stay now and then, if another operand changes.
      if (kind == 2 && (any || v + 1 < domains_.size())) mask = 0;
      any = any || mask != 0;
    }
    XorNoise(static_cast<uint64_t>(base), static_cast<uint64_t>(mask), noise_.data() + from, cases[v].data() + begin,
             count);
    if (upper_[v] != 0) {
      const uint64_t* noise = noise_.data() + (from + kNoise / 2) % kNoise;
      XorNoise(static_cast<uint64_t>(base >> 64), static_cast<uint64_t>(mask >> 64), noise,
               cases[upper_[v]].data() + begin, count);
    }
    // The negative of a magnitude that vanishes may be no number.
    const bool has_negative_zero = domains_[v].type.IsWide() || domains_[v].type.format.HasNegativeZero();
    if (mask == 0 || (everything_[v] != 0 && has_negative_zero)) continue;
    for (size_t i = begin + 1; i < end; ++i) {
      if (!domains_[v].Contains(Get(cases, v, i))) Put(cases, v, i, base);
    }
  }
}

// Uniform, near the ends, or of few significand bits.
WideBits CaseSource::DrawInDomain(size_t v) {
  const Domain& domain = domains_[v];
  RandomBits& random = Random(v);
  const uint64_t size = domain.Size();
  if (random.OneIn(8)) {
    const uint64_t step = random.Next() % std::min<uint64_t>(size, 4);
    return domain.At(random.OneIn(2) ? domain.first + step : domain.last - step);
  }
  WideBits steps = size == kMany ? random.Next() : random.Next() % size;
  // A range of wide numbers may have more than 2^64.
  if (const WideBits most = domain.last - domain.first; most > kMany) {
    steps = (steps << 64 | random.Next()) % (most + 1);
  }
  const WideBits value = domain.At(domain.first + steps);
  if (!domain.type.IsFloat() || random.OneIn(2)) return value;
  const WideBits short_value = value & ~((WideBits{1} << random.Between(0, FractionBitsOf(domain.type))) - 1);
  return domain.Contains(short_value) ? short_value : value;
}

WideBits CaseSource::DrawInteger(size_t v) {
  const Domain& domain = domains_[v];
  const statement::Type& type = domain.type;
  RandomBits& random = Random(v);
  if (random.OneIn(3)) return DrawInDomain(v);
  // Of every length alike, and beside powers of two.
  const int length = static_cast<int>(random.Between(0, type.width - 1));
  uint64_t value = (random.OneIn(4) ? 0 : random.Next()) & ((uint64_t{1} << length) - 1);
  value |= uint64_t{1} << length;
  if (random.OneIn(4)) value = (uint64_t{1} << length) - static_cast<uint64_t>(random.Between(0, 2));
  if (random.OneIn(2)) value = 0 - value;
  value = type.Wrap(value);
  return domain.Contains(value) ? value : DrawInDomain(v);
}

WideBits CaseSource::DrawIntegral(size_t v) {
  const Domain& domain = domains_[v];
  const Format& format = domain.type.format;
  RandomBits& random = Random(v);
  for (int i = 0; i < kTries; ++i) {
    uint64_t value = 0;
    if (random.OneIn(2)) {
      const int length = static_cast<int>(random.Between(0, std::min(format.precision + 2, 62)));
      const uint64_t whole = random.Next() & ((uint64_t{2} << length) - 1);
      value = model::FromInteger(format, {}, model::IntegerType::kInt64, random.OneIn(2) ? whole : 0 - whole).bits;
    } else {
      const auto drawn = static_cast<uint64_t>(DrawInDomain(v));
      value = model::RoundToIntegral(format, {}, drawn, model::InexactFlag::kSuppress).bits;
    }
    if (domain.Contains(value)) return value;
  }
  return DrawInDomain(v);
}

WideBits CaseSource::DrawPowerOfTwo(size_t v) {
  for (int i = 0; i < kTries; ++i) {
    const WideBits value = std::visit([](auto& g) -> WideBits { return g.PowerOfTwo(); }, generators_[v]);
    if (domains_[v].Contains(value)) return value;
  }
  return DrawInDomain(v);
}

WideBits CaseSource::DrawRelated(size_t v, size_t other, WideBits value, Relation relation) {
  const Domain& domain = domains_[v];
  const bool alike = domain.type == domains_[other].type;
  if (!alike || domain.patterns || domain.is_power_of_two || domain.is_integral) return DrawAlone(v);
  if (domain.type.IsInteger()) {
    RandomBits& random = Random(v);
    if (random.OneIn(2)) return DrawAlone(v);
    const uint64_t near = domain.type.Wrap(static_cast<uint64_t>(value) + static_cast<uint64_t>(random.Between(-2, 2)));
    return domain.Contains(near) ? near : DrawAlone(v);
  }
  if (!IsFinite(domain.type, value)) return DrawAlone(v);
  const WideBits related = std::visit(
      [&]<class F>(BasicOperandGenerator<F>& g) -> WideBits {
        return g.Related(static_cast<typename BasicOperandGenerator<F>::Bits>(value), relation);
      },
      generators_[v]);
  return Contains(v, related) ? related : DrawAlone(v);
}

}  // namespace fplab::identity
