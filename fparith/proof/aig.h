// An and-inverter graph: Boolean functions as two-input ANDs and complemented edges, every AND built once.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_AIG_H_
#define FPLAB_FPARITH_PROOF_AIG_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <fplab/fparith/float/export.h>

namespace fplab::proof {

// A node of a graph, or its complement. Lit() is the constant false.
class Lit {
 public:
  constexpr Lit() = default;
  constexpr Lit(uint32_t node, bool complemented) : code_(node << 1 | static_cast<uint32_t>(complemented)) {}

  constexpr uint32_t node() const { return code_ >> 1; }
  constexpr bool complemented() const { return (code_ & 1) != 0; }
  constexpr uint32_t code() const { return code_; }  // 2 * node + complemented, the literals of AIGER

  constexpr Lit operator!() const { return {node(), !complemented()}; }
  friend constexpr bool operator==(Lit, Lit) = default;

 private:
  uint32_t code_ = 0;
};

inline constexpr Lit kFalse{0, false};
inline constexpr Lit kTrue{0, true};
constexpr Lit Constant(bool value) { return {0, value}; }

// The graph grows only. Node 0 is the constant, a node's children come before it, and the same function of the same
// children is the same node: constants are folded, and of two levels what Brummayer and Biere call contradiction,
// idempotence, subsumption, resolution and substitution ("Local two-level and-inverter graph minimization without
// blowup", MEMICS 2006). One thread at a time. At most 2^31 nodes; a graph of more aborts.
class FPLAB_EXPORT Aig {
 public:
  Aig();

  Lit Input();
  Lit And(Lit a, Lit b);
  Lit Or(Lit a, Lit b) { return !And(!a, !b); }
  Lit Xor(Lit a, Lit b);
  Lit Mux(Lit condition, Lit then, Lit otherwise);

  uint32_t NodeCount() const { return static_cast<uint32_t>(nodes_.size()); }
  uint32_t AndCount() const { return NodeCount() - 1 - static_cast<uint32_t>(inputs_.size()); }
  const std::vector<uint32_t>& Inputs() const { return inputs_; }  // nodes, in order of creation
  // The youngest input that a node depends on; 0 for the constant.
  uint32_t LastInput(uint32_t node) const { return last_inputs_[node]; }
  bool IsAnd(uint32_t node) const { return nodes_[node][0] != nodes_[node][1]; }
  // Precondition: IsAnd(node).
  const std::array<Lit, 2>& Children(uint32_t node) const { return nodes_[node]; }

 private:
  Lit Find(Lit a, Lit b);
  void Grow();

  std::vector<std::array<Lit, 2>> nodes_;  // of a constant or an input twice the same
  std::vector<uint32_t> inputs_;
  std::vector<uint32_t> last_inputs_;  // of the nodes
  std::vector<uint32_t> table_;        // open addressing, by children; 0 is free
};

// The nodes on which `roots` depend, ascending: the constant, inputs and ANDs.
FPLAB_EXPORT std::vector<uint32_t> Cone(const Aig& aig, std::span<const Lit> roots);
// ANDs among them.
FPLAB_EXPORT size_t ConeAndCount(const Aig& aig, std::span<const Lit> roots);

// Values of a whole graph for 64 assignments of its inputs at once, one a bit.
class FPLAB_EXPORT Simulation {
 public:
  // `aig` must outlive it, and may grow between runs.
  explicit Simulation(const Aig& aig) : aig_(aig) {}

  // inputs[i] is for the i-th input of the graph; precondition: there are as many.
  void Run(std::span<const uint64_t> inputs);
  // Of a literal that was in the graph at the last run.
  uint64_t operator[](Lit lit) const { return values_[lit.node()] ^ (lit.complemented() ? ~uint64_t{0} : 0); }

 private:
  const Aig& aig_;
  std::vector<uint64_t> values_;
};

}  // namespace fplab::proof

#endif  // FPLAB_FPARITH_PROOF_AIG_H_
