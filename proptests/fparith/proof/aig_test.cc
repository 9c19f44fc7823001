// And-inverter graphs compute what their operations mean, and build nothing twice.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fplab/fparith/proof/aig.h>
#include "proptests/support/float_generators.h"

namespace fplab::proof {
namespace {

// Literals with their truth tables over six inputs.
struct Known {
  Lit lit;
  uint64_t table;
};

constexpr uint64_t kTables[] = {0xaaaaaaaaaaaaaaaau, 0xccccccccccccccccu, 0xf0f0f0f0f0f0f0f0u,
                                0xff00ff00ff00ff00u, 0xffff0000ffff0000u, 0xffffffff00000000u};

std::vector<Known> Inputs(Aig& aig) {
  std::vector<Known> known{{kFalse, 0}, {kTrue, ~uint64_t{0}}};
  for (uint64_t table : kTables) known.push_back({aig.Input(), table});
  return known;
}

// Few operands: simplifications of two levels need literals that meet again.
TEST(Aig, ComputesAndOrXorAndMuxWhateverItSimplifies) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Aig aig;
    RandomBits random(seed);
    std::vector<Known> known = Inputs(aig);
    const auto pick = [&] {
      const Known x = known[random.Below(known.size())];
      return random.Below(2) != 0 ? x : Known{!x.lit, ~x.table};
    };
    for (int i = 0; i < 300; ++i) {
      const Known a = pick(), b = pick(), c = pick();
      switch (random.Below(4)) {
        case 0:
          known.push_back({aig.And(a.lit, b.lit), a.table & b.table});
          break;
        case 1:
          known.push_back({aig.Or(a.lit, b.lit), a.table | b.table});
          break;
        case 2:
          known.push_back({aig.Xor(a.lit, b.lit), a.table ^ b.table});
          break;
        default:
          known.push_back({aig.Mux(a.lit, b.lit, c.lit), (a.table & b.table) | (~a.table & c.table)});
      }
    }
    Simulation simulation(aig);
    simulation.Run(kTables);
    for (const Known& x : known) ASSERT_EQ(simulation[x.lit], x.table);
  }
}

TEST(Aig, BuildsNothingTwiceAndFoldsWhatTwoLevelsTell) {
  Aig aig;
  const Lit a = aig.Input(), b = aig.Input(), c = aig.Input();
  const Lit ab = aig.And(a, b);
  EXPECT_EQ(aig.And(b, a), ab);
  EXPECT_EQ(aig.And(ab, !a), kFalse);            // contradiction
  EXPECT_EQ(aig.And(ab, a), ab);                 // idempotence
  EXPECT_EQ(aig.And(!ab, !a), !a);               // subsumption
  EXPECT_EQ(aig.And(!ab, a), aig.And(a, !b));    // substitution
  EXPECT_EQ(aig.And(!ab, !aig.And(a, !b)), !a);  // resolution
  EXPECT_EQ(aig.And(ab, aig.And(!a, c)), kFalse);
  EXPECT_EQ(aig.Mux(c, a, a), a);
  EXPECT_EQ(aig.Mux(c, kTrue, kFalse), c);
  EXPECT_EQ(aig.Xor(a, a), kFalse);
  EXPECT_EQ(aig.Xor(aig.Xor(a, b), !b).node(), aig.Xor(b, aig.Xor(b, a)).node());
  const uint32_t ands = aig.AndCount();
  aig.Xor(!b, a);
  EXPECT_EQ(aig.AndCount(), ands);
}

TEST(Aig, ConeIsWhatTheRootsDependOn) {
  Aig aig;
  const Lit a = aig.Input(), b = aig.Input(), c = aig.Input();
  const Lit ab = aig.And(a, b);
  aig.And(ab, c);
  const Lit roots[] = {!ab};
  EXPECT_EQ(Cone(aig, roots), (std::vector<uint32_t>{a.node(), b.node(), ab.node()}));
  EXPECT_EQ(ConeAndCount(aig, roots), 1u);
}

TEST(Aig, FindsEachOfAMillionNodesAgain) {
  Aig aig;
  std::vector<Lit> lits;
  for (int i = 0; i < 64; ++i) lits.push_back(aig.Input());
  const auto build = [&] {
    std::vector<Lit> all = lits;
    RandomBits random(7);
    while (all.size() < 1'000'000) {
      const Lit a = all[random.Below(all.size())], b = all[random.Below(all.size())];
      all.push_back(aig.And(a, random.Below(2) != 0 ? b : !b));
    }
    return all;
  };
  const std::vector<Lit> first = build();
  const uint32_t nodes = aig.NodeCount();
  EXPECT_EQ(build(), first);
  EXPECT_EQ(aig.NodeCount(), nodes);
}

}  // namespace
}  // namespace fplab::proof
