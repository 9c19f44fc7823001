// Enumerating, combining and drawing operands.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/case_source.h>

#include <algorithm>

#include <fplab/fparith/identity/first_operands.h>
#include <fplab/fparith/model/model.h>

namespace fplab::identity {
namespace {

constexpr uint64_t kMany = ~uint64_t{0};
constexpr uint64_t kMostFirst = uint64_t{1} << 16;
constexpr int kTries = 8;

uint64_t Product(uint64_t a, uint64_t b) {
  uint64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? kMany : product;
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

}  // namespace

CaseSource::CaseSource(const statement::Expression& expression, const SearchOptions& options)
    : domains_(DomainsOf(expression, options.all_values)), counters_(domains_.size()) {
  for (size_t v = 0; v < domains_.size(); ++v) {
    const statement::Type& type = domains_[v].type;
    generators_.emplace_back(type.IsNumber() ? type.format : kBinary64, options.seed + v * 0x9E3779B97F4A7C15u);
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
}

size_t CaseSource::Fill(statement::Cases& cases, size_t batch) {
  const size_t count = std::min<uint64_t>(batch, total_ - done_);
  for (size_t i = 0; i < count; ++i, ++done_) {
    if (exhaustive_) {
      Enumerate(cases, i);
    } else if (done_ < first_total_) {
      TakeFirst(cases, i);
    } else {
      Draw(cases, i);
    }
  }
  return count;
}

void CaseSource::Enumerate(statement::Cases& cases, size_t i) {
  for (size_t v = 0; v < counters_.size(); ++v) cases[v][i] = domains_[v].Numbered(counters_[v]);
  for (size_t v = 0; v < counters_.size(); ++v) {
    if (++counters_[v] < domains_[v].Size()) return;
    counters_[v] = 0;
  }
}

void CaseSource::TakeFirst(statement::Cases& cases, size_t i) {
  for (size_t v = 0; v < counters_.size(); ++v) cases[v][i] = first_[v][counters_[v]];
  for (size_t v = 0; v < counters_.size(); ++v) {
    if (++counters_[v] < first_[v].size()) return;
    counters_[v] = 0;
  }
}

void CaseSource::Draw(statement::Cases& cases, size_t i) {
  // Half of the tuples have every operand in the same relation to the first: statements of three and more operands
  // get to the edge of underflow in all their products at once.
  RandomBits& random = generators_[0].random();
  const bool shared = random.OneIn(2);
  const auto relation = generators_[0].PickRelation();
  for (size_t v = 0; v < domains_.size(); ++v) {
    if (v == 0) {
      cases[v][i] = DrawAlone(v);
    } else if (shared) {
      cases[v][i] = DrawRelated(v, 0, cases[0][i], relation);
    } else {
      const auto other = static_cast<size_t>(random.Between(0, static_cast<int>(v) - 1));
      cases[v][i] = DrawRelated(v, other, cases[other][i], generators_[v].PickRelation());
    }
  }
}

uint64_t CaseSource::DrawAlone(size_t v) {
  const Domain& domain = domains_[v];
  OperandGenerator& generator = generators_[v];
  if (domain.type.IsInteger()) return DrawInteger(v);
  if (domain.is_power_of_two) return DrawPowerOfTwo(v);
  if (domain.is_integral) return DrawIntegral(v);
  if (domain.patterns) return generator.AnyPattern();
  const bool everything = domain.Size() == Everything(domain.type, domain.patterns).Size();
  if (everything || generator.random().OneIn(4)) {
    const uint64_t value = generator.Value();
    if (domain.Contains(value)) return value;
  }
  return DrawInDomain(v);
}

// Uniform, near the ends, or of few significand bits.
uint64_t CaseSource::DrawInDomain(size_t v) {
  const Domain& domain = domains_[v];
  RandomBits& random = generators_[v].random();
  const uint64_t size = domain.Size();
  if (random.OneIn(8)) {
    const uint64_t step = random.Next() % std::min<uint64_t>(size, 4);
    return domain.At(random.OneIn(2) ? domain.first + step : domain.last - step);
  }
  const uint64_t value = domain.At(domain.first + (size == kMany ? random.Next() : random.Next() % size));
  if (!domain.type.IsNumber() || random.OneIn(2)) return value;
  const uint64_t short_value = value & ~((uint64_t{1} << random.Between(0, domain.type.format.FractionBits())) - 1);
  return domain.Contains(short_value) ? short_value : value;
}

uint64_t CaseSource::DrawInteger(size_t v) {
  const Domain& domain = domains_[v];
  const statement::Type& type = domain.type;
  RandomBits& random = generators_[v].random();
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

uint64_t CaseSource::DrawIntegral(size_t v) {
  const Domain& domain = domains_[v];
  const Format& format = domain.type.format;
  RandomBits& random = generators_[v].random();
  for (int i = 0; i < kTries; ++i) {
    uint64_t value = 0;
    if (random.OneIn(2)) {
      const int length = static_cast<int>(random.Between(0, std::min(format.precision + 2, 62)));
      const uint64_t whole = random.Next() & ((uint64_t{2} << length) - 1);
      value = model::FromInteger(format, {}, model::IntegerType::kInt64, random.OneIn(2) ? whole : 0 - whole).bits;
    } else {
      value = model::RoundToIntegral(format, {}, DrawInDomain(v), model::InexactFlag::kSuppress).bits;
    }
    if (domain.Contains(value)) return value;
  }
  return DrawInDomain(v);
}

uint64_t CaseSource::DrawPowerOfTwo(size_t v) {
  for (int i = 0; i < kTries; ++i) {
    const uint64_t value = generators_[v].PowerOfTwo();
    if (domains_[v].Contains(value)) return value;
  }
  return DrawInDomain(v);
}

uint64_t CaseSource::DrawRelated(size_t v, size_t other, uint64_t value, OperandGenerator::Relation relation) {
  const Domain& domain = domains_[v];
  const bool alike = domain.type == domains_[other].type;
  if (!alike || domain.patterns || domain.is_power_of_two || domain.is_integral) return DrawAlone(v);
  if (domain.type.IsInteger()) {
    RandomBits& random = generators_[v].random();
    if (random.OneIn(2)) return DrawAlone(v);
    const uint64_t near = domain.type.Wrap(value + static_cast<uint64_t>(random.Between(-2, 2)));
    return domain.Contains(near) ? near : DrawAlone(v);
  }
  if (!domain.type.format.IsFinite(value)) return DrawAlone(v);
  const uint64_t related = generators_[v].Related(value, relation);
  return domain.Contains(related) ? related : DrawAlone(v);
}

}  // namespace fplab::identity
