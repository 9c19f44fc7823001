// A checker of DRAT proofs: forward, by unit propagation with two watched literals a clause.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/drat_check.h>

#include <algorithm>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include <fplab/fparith/float/error.h>

namespace fplab::proof {
namespace {

// Steps of a proof, one at a time.
class DratReader {
 public:
  DratReader(std::string_view bytes, DratForm form, int variables)
      : bytes_(bytes), form_(form), variables_(variables) {}

  // Whether there was another step.
  bool Next() {
    ++step_;
    literals_.clear();
    return form_ == DratForm::kBinary ? NextBinary() : NextText();
  }
  bool deletes() const { return deletes_; }
  const std::vector<int>& literals() const { return literals_; }
  size_t step() const { return step_; }

 private:
  bool NextBinary() {
    if (position_ == bytes_.size()) return false;
    const char kind = bytes_[position_++];
    if (kind != 'a' && kind != 'd') {
      throw Error("proof, step {}: byte {:#04x} where 'a' or 'd' was expected", step_, static_cast<uint8_t>(kind));
    }
    deletes_ = kind == 'd';
    while (const uint64_t code = Number()) {
      const uint64_t variable = code / 2;
      if (variable == 0) throw Error("proof, step {}: a literal of no variable", step_);
      Append(variable, (code & 1) != 0);
    }
    return true;
  }

  uint64_t Number() {
    uint64_t number = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      if (position_ == bytes_.size()) throw Error("proof, step {}: it ends within a clause", step_);
      const auto byte = static_cast<uint8_t>(bytes_[position_++]);
      number |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return number;
    }
    throw Error("proof, step {}: a literal of more than 35 bits", step_);
  }

  bool NextText() {
    std::string_view word = Word();
    if (word.empty()) return false;
    deletes_ = word == "d";
    if (deletes_) word = Word();
    for (; word != "0"; word = Word()) {
      if (word.empty()) throw Error("proof, step {}: it ends within a clause", step_);
      const bool negative = word[0] == '-';
      if (negative) word.remove_prefix(1);
      uint64_t variable = 0;
      const bool digits = !word.empty() && word.size() <= 10 &&
                          std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
      for (char c : word) variable = digits ? variable * 10 + static_cast<uint64_t>(c - '0') : 0;
      if (variable == 0) throw Error("proof, step {}: '{}' where a literal was expected", step_, word.substr(0, 40));
      Append(variable, negative);
    }
    return true;
  }

  std::string_view Word() {
    const auto space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
    while (position_ < bytes_.size() && space(bytes_[position_])) ++position_;
    const size_t begin = position_;
    while (position_ < bytes_.size() && !space(bytes_[position_])) ++position_;
    return bytes_.substr(begin, position_ - begin);
  }

  void Append(uint64_t variable, bool negative) {
    if (variable > static_cast<uint64_t>(variables_)) {
      throw Error("proof, step {}: variable {} is none of the formula's {}", step_, variable, variables_);
    }
    literals_.push_back(negative ? -static_cast<int>(variable) : static_cast<int>(variable));
  }

  std::string_view bytes_;
  DratForm form_;
  int variables_;
  size_t position_ = 0, step_ = 0;
  bool deletes_ = false;
  std::vector<int> literals_;
};

// Literals as indices: 2 * variable + negated.
using Code = uint32_t;
Code CodeOf(int literal) { return literal > 0 ? static_cast<Code>(literal) * 2 : static_cast<Code>(-literal) * 2 + 1; }

class Checker {
 public:
  explicit Checker(const Cnf& cnf)
      : watches_(static_cast<size_t>(cnf.variables) * 2 + 2), values_(static_cast<size_t>(cnf.variables) * 2 + 2) {
    std::vector<Code> clause;
    for (int literal : cnf.literals) {
      if (literal != 0) {
        clause.push_back(CodeOf(literal));
        continue;
      }
      Add(clause);
      clause.clear();
    }
    if (!contradiction_) Propagate();
  }

  DratCheck Run(DratReader* reader, const std::atomic<bool>* interrupt) {
    std::vector<Code> clause;
    while (!contradiction_) {
      if (interrupt != nullptr && interrupt->load(std::memory_order_relaxed)) {
        check_.interrupted = true;
        break;
      }
      if (!reader->Next()) throw Error("proof: it ends after {} steps without a contradiction", reader->step() - 1);
      clause.clear();
      for (int literal : reader->literals()) clause.push_back(CodeOf(literal));
      if (reader->deletes()) {
        if (!Delete(clause)) throw Error("proof, step {}: it deletes a clause that is not there", reader->step());
        ++check_.deleted;
        continue;
      }
      if (!FollowsByPropagation(clause, {}) && !FollowsByResolution(clause)) {
        throw Error("proof, step {}: a clause of {} literals that does not follow", reader->step(), clause.size());
      }
      ++check_.added;
      Add(clause);
      if (!contradiction_) Propagate();
    }
    return check_;
  }

 private:
  struct Clause {
    size_t begin;
    uint32_t size;  // 0: deleted
  };
  struct Watch {
    uint32_t clause;
    Code blocker;  // some other literal of it: where that is true, the clause needs no look
  };

  bool IsTrue(Code literal) const { return values_[literal] > 0; }
  bool IsFalse(Code literal) const { return values_[literal] < 0; }
  std::span<Code> Literals(const Clause& clause) { return std::span(arena_).subspan(clause.begin, clause.size); }

  void Assign(Code literal) {
    values_[literal] = 1;
    values_[literal ^ 1] = -1;
    trail_.push_back(literal);
  }

  // Of the literals in any order.
  static uint64_t HashOf(std::span<const Code> clause) {
    uint64_t sum = clause.size(), product = 1;
    for (Code literal : clause) {
      const uint64_t mixed = (literal + uint64_t{1}) * 0x9e3779b97f4a7c15u;
      sum += mixed ^ mixed >> 29;
      product *= 2 * mixed + 1;
    }
    return sum ^ product;
  }

  // Without repeated literals. What it implies by itself is assigned, not propagated.
  void Add(std::vector<Code> clause) {
    std::sort(clause.begin(), clause.end());
    clause.erase(std::unique(clause.begin(), clause.end()), clause.end());
    // Watched are literals that are not false, as far as there are any.
    std::partition(clause.begin(), clause.end(), [&](Code literal) { return !IsFalse(literal); });
    const auto index = static_cast<uint32_t>(clauses_.size());
    clauses_.push_back({arena_.size(), static_cast<uint32_t>(clause.size())});
    arena_.insert(arena_.end(), clause.begin(), clause.end());
    by_hash_.emplace(HashOf(clause), index);
    if (clause.empty() || IsFalse(clause[0])) {
      contradiction_ = true;
      return;
    }
    if (clause.size() > 1) {
      watches_[clause[0]].push_back({index, clause[1]});
      watches_[clause[1]].push_back({index, clause[0]});
    }
    const bool unit = clause.size() == 1 || IsFalse(clause[1]);
    if (unit && !IsTrue(clause[0])) Assign(clause[0]);
  }

  bool Delete(std::vector<Code> clause) {
    std::sort(clause.begin(), clause.end());
    clause.erase(std::unique(clause.begin(), clause.end()), clause.end());
    const auto [begin, end] = by_hash_.equal_range(HashOf(clause));
    for (auto it = begin; it != end; ++it) {
      Clause& candidate = clauses_[it->second];
      const std::span<Code> literals = Literals(candidate);
      std::vector<Code> sorted(literals.begin(), literals.end());
      std::sort(sorted.begin(), sorted.end());
      if (sorted != clause) continue;
      candidate.size = 0;  // its watches go when they are next looked at
      by_hash_.erase(it);
      return true;
    }
    return false;
  }

  // From where it stopped to the end; sets contradiction_ if a clause is false.
  void Propagate() {
    while (propagated_ < trail_.size() && !contradiction_) {
      ++check_.propagations;
      VisitWatches(trail_[propagated_++] ^ 1);
    }
  }

  void VisitWatches(Code falsified) {
    std::vector<Watch>& watches = watches_[falsified];
    size_t kept = 0;
    for (size_t i = 0; i < watches.size(); ++i) {
      const Watch watch = watches[i];
      if (IsTrue(watch.blocker)) {
        watches[kept++] = watch;
        continue;
      }
      const std::span<Code> literals = Literals(clauses_[watch.clause]);
      if (literals.empty()) continue;
      if (literals[0] == falsified) std::swap(literals[0], literals[1]);
      const auto other = std::find_if(literals.begin() + 2, literals.end(), [&](Code x) { return !IsFalse(x); });
      if (!IsTrue(literals[0]) && other != literals.end()) {
        std::swap(literals[1], *other);
        watches_[literals[1]].push_back({watch.clause, literals[0]});
        continue;
      }
      watches[kept++] = {watch.clause, literals[0]};
      if (IsFalse(literals[0])) {
        contradiction_ = true;
        kept = static_cast<size_t>(std::copy(watches.begin() + static_cast<std::ptrdiff_t>(i) + 1, watches.end(),
                                             watches.begin() + static_cast<std::ptrdiff_t>(kept)) -
                                   watches.begin());
        break;
      }
      if (!IsTrue(literals[0])) Assign(literals[0]);
    }
    watches.resize(kept);
  }

  // Whether unit propagation refutes the negations of all these literals.
  bool FollowsByPropagation(std::span<const Code> clause, std::span<const Code> more) {
    const size_t trail = trail_.size();
    bool follows = false;
    for (std::span<const Code> literals : {clause, more}) {
      for (Code literal : literals) {
        follows = follows || IsTrue(literal);
        if (!follows && !IsFalse(literal)) Assign(literal ^ 1);
      }
    }
    if (!follows) Propagate();
    follows = follows || contradiction_;
    for (size_t i = trail; i < trail_.size(); ++i) values_[trail_[i]] = values_[trail_[i] ^ 1] = 0;
    trail_.resize(trail);
    propagated_ = trail;
    contradiction_ = false;
    return follows;
  }

  // RAT: the resolvents on the first literal with all clauses that have its negation follow by propagation. What was
  // assigned counts as a clause: a first literal that is false has a resolvent that is the rest of the clause.
  bool FollowsByResolution(const std::vector<Code>& clause) {
    if (clause.empty() || IsFalse(clause[0])) return false;
    const Code pivot = clause[0];
    for (size_t i = 0; i < clauses_.size(); ++i) {
      const std::span<Code> literals = Literals(clauses_[i]);
      if (std::find(literals.begin(), literals.end(), pivot ^ 1) == literals.end()) continue;
      ++check_.resolvents;
      std::vector<Code> rest(literals.begin(), literals.end());
      std::erase(rest, pivot ^ 1);
      if (!FollowsByPropagation(clause, rest)) return false;
    }
    return true;
  }

  std::vector<Code> arena_;
  std::vector<Clause> clauses_;
  std::unordered_multimap<uint64_t, uint32_t> by_hash_;
  std::vector<std::vector<Watch>> watches_;
  std::vector<int8_t> values_;  // by literal: 1 true, -1 false
  std::vector<Code> trail_;
  size_t propagated_ = 0;
  bool contradiction_ = false;
  DratCheck check_;
};

}  // namespace

DratCheck CheckDrat(const Cnf& cnf, std::string_view proof, DratForm form, const std::atomic<bool>* interrupt) {
  Checker checker(cnf);
  DratReader reader(proof, form, cnf.variables);
  return checker.Run(&reader, interrupt);
}

}  // namespace fplab::proof
