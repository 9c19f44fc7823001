// Conjunctive normal form of questions about a graph, and its DIMACS text.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/cnf.h>

#include <fmt/format.h>

#include <initializer_list>
#include <limits>
#include <ostream>
#include <utility>

#include <fplab/fparith/float/check.h>

namespace fplab::proof {
namespace {

// What a node is to the formula: the AND of its operands, or operands[0] ? operands[1] : operands[2].
struct Gate {
  bool choice = false;
  std::vector<Lit> operands;
};

class Encoder {
 public:
  Encoder(const Aig& aig, CnfDirections directions)
      : aig_(aig), both_(directions == CnfDirections::kBoth), parents_(aig.NodeCount()), directions_(aig.NodeCount()) {}

  Cnf Encode(std::span<const Lit> asserted) {
    const std::vector<uint32_t> cone = Cone(aig_, asserted);
    CountParents(cone, asserted);
    for (Lit lit : asserted) Need(lit, true);
    std::vector<std::pair<uint32_t, Gate>> gates;  // parents before children
    for (size_t i = cone.size(); i-- > 0;) {
      const uint32_t node = cone[i];
      if (directions_[node] == 0 || !aig_.IsAnd(node)) continue;
      gates.emplace_back(node, GateOf(node));
      NeedOperands(node, gates.back().second);
    }
    NameNodes(cone);
    for (size_t i = gates.size(); i-- > 0;) AddGate(gates[i].first, gates[i].second);
    for (Lit lit : asserted) AddAsserted(lit);
    return std::move(cnf_);
  }

 private:
  static constexpr int kTrueNeeded = 1, kFalseNeeded = 2;  // directions: clauses used where the node is true, is false

  void CountParents(const std::vector<uint32_t>& cone, std::span<const Lit> asserted) {
    for (Lit lit : asserted) ++parents_[lit.node()];
    for (uint32_t node : cone) {
      if (!aig_.IsAnd(node)) continue;
      for (Lit child : aig_.Children(node)) ++parents_[child.node()];
    }
  }

  void Need(Lit lit, bool value) {
    directions_[lit.node()] |= both_                         ? kTrueNeeded | kFalseNeeded
                               : value != lit.complemented() ? kTrueNeeded
                                                             : kFalseNeeded;
  }

  void NeedOperands(uint32_t node, const Gate& gate) {
    for (bool value : {false, true}) {
      if ((directions_[node] & (value ? kTrueNeeded : kFalseNeeded)) == 0) continue;
      for (Lit operand : gate.operands) Need(operand, value);
      if (gate.choice) Need(gate.operands[0], !value);
    }
  }

  // node = not(c and t) and not(not c and e) is the choice c ? not t : not e.
  bool FindChoice(uint32_t node, Gate* gate) const {
    const auto [left, right] = aig_.Children(node);
    if (!left.complemented() || !right.complemented()) return false;
    if (!aig_.IsAnd(left.node()) || !aig_.IsAnd(right.node())) return false;
    const auto &p = aig_.Children(left.node()), &q = aig_.Children(right.node());
    for (size_t i = 0; i < 2; ++i) {
      for (size_t j = 0; j < 2; ++j) {
        if (p[i] != !q[j]) continue;
        *gate = {true, {p[i], !p[1 - i], !q[1 - j]}};
        return true;
      }
    }
    return false;
  }

  Gate GateOf(uint32_t node) const {
    Gate gate;
    if (!FindChoice(node, &gate)) CollectOperands(node, &gate);
    return gate;
  }

  // ANDs that nothing else refers to are taken in.
  void CollectOperands(uint32_t node, Gate* gate) const {
    constexpr size_t kMost = 32;  // longer clauses, and deeper recursion, do no good
    for (Lit child : aig_.Children(node)) {
      Gate inner;
      const bool plain = !child.complemented() && aig_.IsAnd(child.node()) && parents_[child.node()] == 1;
      if (plain && gate->operands.size() < kMost && !FindChoice(child.node(), &inner)) {
        CollectOperands(child.node(), gate);
      } else {
        gate->operands.push_back(child);
      }
    }
  }

  void NameNodes(const std::vector<uint32_t>& cone) {
    cnf_.node_literal.assign(aig_.NodeCount(), 0);
    for (uint32_t node : cone) {
      if (node == 0 || directions_[node] == 0) continue;
      FPLAB_CHECK(cnf_.variables < std::numeric_limits<int>::max(), "fewer than 2^31 variables");
      cnf_.node_literal[node] = ++cnf_.variables;
    }
  }

  void AddClause(std::initializer_list<int> literals) {
    cnf_.literals.insert(cnf_.literals.end(), literals);
    cnf_.literals.push_back(0);
    ++cnf_.clauses;
  }

  void AddGate(uint32_t node, const Gate& gate) {
    const int name = cnf_.node_literal[node];
    const auto literal = [&](size_t i) { return LiteralOf(cnf_, gate.operands[i]); };
    const bool if_true = (directions_[node] & kTrueNeeded) != 0, if_false = (directions_[node] & kFalseNeeded) != 0;
    if (gate.choice) {
      const int c = literal(0), t = literal(1), e = literal(2);
      if (if_true) AddClause({-name, -c, t});
      if (if_true) AddClause({-name, c, e});
      if (if_false) AddClause({name, -c, -t});
      if (if_false) AddClause({name, c, -e});
      // Both follow from those above, but not by unit propagation.
      if (if_true && t != -e) AddClause({-name, t, e});
      if (if_false && t != -e) AddClause({name, -t, -e});
      return;
    }
    for (size_t i = 0; if_true && i < gate.operands.size(); ++i) AddClause({-name, literal(i)});
    if (!if_false) return;
    cnf_.literals.push_back(name);
    for (size_t i = 0; i < gate.operands.size(); ++i) cnf_.literals.push_back(-literal(i));
    AddClause({});
  }

  void AddAsserted(Lit lit) {
    if (lit == kFalse) {
      AddClause({});
    } else if (lit != kTrue) {
      AddClause({LiteralOf(cnf_, lit)});
    }
  }

  const Aig& aig_;
  bool both_;
  std::vector<uint32_t> parents_;
  std::vector<int> directions_;
  Cnf cnf_;
};

std::string Describe(const Cnf& cnf, Lit lit) {
  if (lit == kFalse) return "false";
  if (lit == kTrue) return "true";
  const int literal = LiteralOf(cnf, lit);
  return literal == 0 ? "free" : fmt::to_string(literal);
}

}  // namespace

Cnf EncodeCnf(const Aig& aig, std::span<const Lit> asserted, CnfDirections directions) {
  return Encoder(aig, directions).Encode(asserted);
}

int LiteralOf(const Cnf& cnf, Lit lit) {
  const int variable = lit.node() < cnf.node_literal.size() ? cnf.node_literal[lit.node()] : 0;
  return lit.complemented() ? -variable : variable;
}

void WriteDimacs(std::ostream& out, const Cnf& cnf, std::span<const NamedWord> words,
                 std::span<const std::string> remarks) {
  for (const std::string& remark : remarks) out << "c " << remark << '\n';
  for (const NamedWord& word : words) {
    for (size_t i = 0; i < word.bits.size(); ++i) {
      out << "c " << word.name << ' ' << i << " = " << Describe(cnf, word.bits[i]) << '\n';
    }
  }
  out << "p cnf " << cnf.variables << ' ' << cnf.clauses << '\n';
  for (int literal : cnf.literals) out << literal << (literal == 0 ? '\n' : ' ');
}

}  // namespace fplab::proof
