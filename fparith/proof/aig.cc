// An and-inverter graph: hashing, simplification, cones, simulation.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/aig.h>

#include <algorithm>
#include <optional>
#include <utility>

#include <fplab/fparith/float/check.h>

namespace fplab::proof {
namespace {

using Pair = std::array<Lit, 2>;

uint64_t Hash(Lit a, Lit b) {
  uint64_t z = (uint64_t{a.code()} << 32 | b.code()) * 0x9e3779b97f4a7c15u;
  return z ^ z >> 32;
}

bool Has(const Pair& pair, Lit lit) { return pair[0] == lit || pair[1] == lit; }
Lit Other(const Pair& pair, Lit lit) { return pair[0] == lit ? pair[1] : pair[0]; }
bool Contradict(const Pair& x, const Pair& y) { return Has(x, !y[0]) || Has(x, !y[1]); }

// What And(a, b) is instead: the AND of two literals, or one of them where it is kTrue.
using Rewritten = std::optional<Pair>;

// a is the AND of x: positive, or negative in the next one.
Rewritten RewritePositive(Lit a, const Pair& x, Lit b) {
  if (Has(x, !b)) return Pair{kFalse, kTrue};  // contradiction
  if (Has(x, b)) return Pair{a, kTrue};        // idempotence
  return std::nullopt;
}

Rewritten RewriteNegative(const Pair& x, Lit b) {
  if (Has(x, !b)) return Pair{b, kTrue};        // subsumption
  if (Has(x, b)) return Pair{b, !Other(x, b)};  // substitution
  return std::nullopt;
}

Rewritten RewriteBothPositive(Lit a, const Pair& x, const Pair& y) {
  if (Contradict(x, y)) return Pair{kFalse, kTrue};
  for (Lit lit : x) {
    if (Has(y, lit)) return Pair{a, Other(y, lit)};  // idempotence
  }
  return std::nullopt;
}

Rewritten RewriteMixed(Lit a, const Pair& x, const Pair& y) {  // a = x, b = not y
  if (Contradict(x, y)) return Pair{a, kTrue};                 // subsumption
  for (Lit lit : x) {
    if (Has(y, lit)) return Pair{a, !Other(y, lit)};  // substitution
  }
  return std::nullopt;
}

Rewritten RewriteBothNegative(const Pair& x, const Pair& y) {
  for (Lit lit : x) {
    if (Has(y, lit) && Other(x, lit) == !Other(y, lit)) return Pair{!lit, kTrue};  // resolution
  }
  return std::nullopt;
}

Rewritten Rewrite(const Aig& aig, Lit a, Lit b) {
  const bool a_and = aig.IsAnd(a.node()), b_and = aig.IsAnd(b.node());
  for (int turn = 0; turn < 2; ++turn, std::swap(a, b)) {
    if (!aig.IsAnd(a.node())) continue;
    const Pair& x = aig.Children(a.node());
    const Rewritten rewritten = a.complemented() ? RewriteNegative(x, b) : RewritePositive(a, x, b);
    if (rewritten) return rewritten;
  }
  if (!a_and || !b_and) return std::nullopt;
  const Pair &x = aig.Children(a.node()), &y = aig.Children(b.node());
  if (a.complemented() && b.complemented()) return RewriteBothNegative(x, y);
  if (a.complemented()) return RewriteMixed(b, y, x);
  if (b.complemented()) return RewriteMixed(a, x, y);
  return RewriteBothPositive(a, x, y);
}

}  // namespace

Aig::Aig() : nodes_{Pair{kFalse, kFalse}}, last_inputs_{0}, table_(1 << 10) {}

Lit Aig::Input() {
  inputs_.push_back(NodeCount());
  last_inputs_.push_back(NodeCount());
  nodes_.push_back(Pair{kFalse, kFalse});
  return {NodeCount() - 1, false};
}

// Each rewriting replaces a literal by one of its children or by a constant, so that the loop ends.
Lit Aig::And(Lit a, Lit b) {
  while (true) {
    if (a == b || b == kTrue) return a;
    if (a == kTrue) return b;
    if (a == !b || a == kFalse || b == kFalse) return kFalse;
    const Rewritten rewritten = Rewrite(*this, a, b);
    if (!rewritten) break;
    a = (*rewritten)[0];
    b = (*rewritten)[1];
  }
  if (a.code() > b.code()) std::swap(a, b);
  return Find(a, b);
}

Lit Aig::Find(Lit a, Lit b) {
  const size_t mask = table_.size() - 1;
  size_t slot = Hash(a, b) & mask;
  for (; table_[slot] != 0; slot = (slot + 1) & mask) {
    if (nodes_[table_[slot]] == Pair{a, b}) return {table_[slot], false};
  }
  FPLAB_CHECK(NodeCount() < uint32_t{1} << 31, "the graph has fewer than 2^31 nodes");
  const uint32_t node = NodeCount();
  table_[slot] = node;
  nodes_.push_back(Pair{a, b});
  last_inputs_.push_back(std::max(last_inputs_[a.node()], last_inputs_[b.node()]));
  if (nodes_.size() * 2 > table_.size()) Grow();
  return {node, false};
}

void Aig::Grow() {
  const size_t mask = table_.size() * 4 - 1;
  table_.assign(mask + 1, 0);
  for (uint32_t node = 1; node < NodeCount(); ++node) {
    if (!IsAnd(node)) continue;
    size_t slot = Hash(nodes_[node][0], nodes_[node][1]) & mask;
    while (table_[slot] != 0) slot = (slot + 1) & mask;
    table_[slot] = node;
  }
}

// And(a, b) is shared with the carry of a half adder.
Lit Aig::Xor(Lit a, Lit b) {
  const bool complemented = a.complemented() != b.complemented();
  const Lit x{a.node(), false}, y{b.node(), false};
  const Lit exclusive = And(!And(x, y), !And(!x, !y));
  return complemented ? !exclusive : exclusive;
}

Lit Aig::Mux(Lit condition, Lit then, Lit otherwise) {
  if (then == otherwise) return then;
  if (then == !otherwise) return Xor(condition, otherwise);
  if (condition.complemented()) return Mux(!condition, otherwise, then);
  if (otherwise.complemented()) return !Mux(condition, !then, !otherwise);
  return Or(And(condition, then), And(!condition, otherwise));
}

std::vector<uint32_t> Cone(const Aig& aig, std::span<const Lit> roots) {
  std::vector<bool> reached(aig.NodeCount());
  uint32_t last = 0;
  for (Lit root : roots) {
    reached[root.node()] = true;
    last = std::max(last, root.node());
  }
  // Children come before their parents.
  std::vector<uint32_t> cone;
  for (uint32_t node = last + 1; node-- > 0;) {
    if (!reached[node]) continue;
    cone.push_back(node);
    if (!aig.IsAnd(node)) continue;
    for (Lit child : aig.Children(node)) reached[child.node()] = true;
  }
  std::reverse(cone.begin(), cone.end());
  return cone;
}

size_t ConeAndCount(const Aig& aig, std::span<const Lit> roots) {
  const std::vector<uint32_t> cone = Cone(aig, roots);
  return static_cast<size_t>(std::count_if(cone.begin(), cone.end(), [&](uint32_t node) { return aig.IsAnd(node); }));
}

void Simulation::Run(std::span<const uint64_t> inputs) {
  FPLAB_CHECK(inputs.size() == aig_.Inputs().size(), "a value for every input of the graph");
  values_.assign(aig_.NodeCount(), 0);
  for (size_t i = 0; i < inputs.size(); ++i) values_[aig_.Inputs()[i]] = inputs[i];
  for (uint32_t node = 1; node < aig_.NodeCount(); ++node) {
    if (!aig_.IsAnd(node)) continue;
    const auto& [a, b] = aig_.Children(node);
    values_[node] = (*this)[a] & (*this)[b];
  }
}

}  // namespace fplab::proof
