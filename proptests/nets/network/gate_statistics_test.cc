// Gate statistics: which gates count as nonlinear, and the underflow path length of networks whose gates are known.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/network/gate_statistics.h>

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include <fplab/nets/network/accuracy.h>
#include "proptests/support/hardware_modes.h"
#include "proptests/support/network_data.h"
#include "proptests/support/network_reference.h"

namespace fplab::nets {
namespace {

GateStatistics GatesOf(const Network& network, const Dataset& data, kernels::Isa isa = kernels::BestIsa(),
                       int threads = 1) {
  kernels::Workers workers(threads);
  return Evaluate(network, data, isa, workers).gates;
}

// One feature that is 1 in the first `ones` samples and 0.25 in the others.
Dataset OnesAndQuarters(int ones, int count) {
  Dataset data{"steps", 1, 2, 0, 0, {}, {}};
  for (int i = 0; i < count; ++i) {
    data.x.push_back(i < ones ? 1.0f : 0.25f);
    data.y.push_back(0);
  }
  return data;
}

// Hidden units with weights 8, 1, 1 and 1/16 on the one feature; logits from single hidden units.
Network HandMade() {
  const NetworkConfig config{{1, 4, 2}, 125, kIeee, kFtzDaz};
  Network network{config, ZeroParameters(config)};
  const float weights[] = {8, 1, 1, 0.0625f};
  for (int j = 0; j < 4; ++j) network.parameters[0].weight.At(0, j) = weights[j];
  network.parameters[1].weight.At(0, 0) = 1;
  network.parameters[1].weight.At(0, 1) = 0.125f;
  return network;
}

TEST(GateStatistics, ThePathLengthOfAHandMadeNetworkIsTheSumOfItsSharesOfNonlinearUnits) {
  // On inputs 1 and 1/4 the hidden units' sums are 8 and 2 (always passes), 1 and 1/4 (both, twice), 1/16 and 1/64
  // (always fires); the logits' are 8 and 2 (always passes), 1 and 1/4 (both).
  const GateStatistics gates = GatesOf(HandMade(), OnesAndQuarters(40, 100));
  EXPECT_EQ(gates.nonlinear, (std::vector<double>{0.5, 0.5}));
  EXPECT_EQ(gates.PathLength(), 1.0);
}

TEST(GateStatistics, AGateThatFiresOrPassesForFewerThanOneInAHundredIsNotNonlinear) {
  const struct {
    int ones, count;
    double nonlinear;
  } cases[] = {{1, 100, 0.5}, {1, 101, 0},     {2, 101, 0.5}, {99, 100, 0.5}, {100, 101, 0},
               {0, 50, 0},    {50, 50, 0},     {1, 2, 0.5},   {1, 1, 0},      {5, 500, 0.5},
               {4, 500, 0},   {495, 500, 0.5}, {496, 500, 0}, {256, 257, 0},  {0, 0, 0}};
  for (const auto& [ones, count, nonlinear] : cases) {
    EXPECT_EQ(GatesOf(HandMade(), OnesAndQuarters(ones, count)).nonlinear[0], nonlinear) << ones << " of " << count;
  }
}

TEST(GateStatistics, OnlyFlushingFiresAGateNotAZeroThatIsThereWithoutIt) {
  // Sums of exactly zero, as of a black image, and of 1 to 8: the gates pass them all.
  Dataset data = OnesAndQuarters(50, 100);
  for (float& x : data.x) x = x == 1.0f ? 1.0f : 0.0f;
  Network network = HandMade();
  network.parameters[0].weight.At(0, 3) = 2;
  const GateStatistics gates = GatesOf(network, data);
  EXPECT_EQ(gates.nonlinear, (std::vector<double>{0, 0}));
}

TEST(GateStatistics, ABiasThatIsFlushedOnEnteringFiresNoGate) {
  for (Mode mode : OfThisMachine({kFtz, kDaz, kFtzDaz})) {
    Network network = HandMade();
    network.config.elementwise_mode = mode;
    const GateStatistics without = GatesOf(network, OnesAndQuarters(40, 100));
    EXPECT_EQ(without.nonlinear[1], 0.5);
    network.parameters[1].bias[0] = -0.25f;
    EXPECT_EQ(GatesOf(network, OnesAndQuarters(40, 100)).nonlinear, without.nonlinear) << Name(mode);
  }
}

TEST(GateStatistics, ABiasThatEntersWholeCanHideAFlushedSumAndItsGateFiresAllTheSame) {
  // Sums of 1/4 are flushed on entering E.add, then 4 is added: the output is 4, not 4.25.
  Network network = HandMade();
  network.parameters[1].weight.At(0, 0) = 0;
  network.parameters[1].weight.At(1, 0) = 0.25f;  // from a hidden unit of 1 or 0
  network.parameters[1].bias[0] = 4;
  network.parameters[1].weight.At(0, 1) = 1;
  const GateStatistics gates = GatesOf(network, OnesAndQuarters(40, 100));
  EXPECT_EQ(gates.nonlinear[1], 0.5);
}

TEST(GateStatistics, ANetworkThatDoesNotFlushHasPathLengthZero) {
  const Dataset data = RandomData(100, 4, 3, 900);
  EXPECT_EQ(GatesOf(RandomNetwork({{4, 6, 5, 3}, 125, kIeee, kIeee}, 901), data).PathLength(), 0);
  EXPECT_EQ(GatesOf(RandomNetwork({{4, 6, 5, 3}, 0, kIeee, kFtzDaz}, 901), data).PathLength(), 0);
  EXPECT_GT(GatesOf(RandomNetwork({{4, 6, 5, 3}, 125, kIeee, kFtzDaz}, 901), data).PathLength(), 0);
}

TEST(GateStatistics, CountWhatAnIndependentForwardPassFlushes) {
  for (Mode mode : OfThisMachine({kFtz, kDaz, kFtzDaz})) {
    const Network network = RandomNetwork({{4, 37, 35, 3}, 125, kIeee, mode}, 910);
    const Dataset data = RandomData(300, 4, 3, 911);
    std::vector<std::vector<int>> fired{std::vector<int>(37), std::vector<int>(35), std::vector<int>(3)};
    for (int i = 0; i < data.count(); ++i) {
      const ScalarPass pass = RunScalarPass(network, data.Sample(i));
      for (size_t l = 0; l < fired.size(); ++l) {
        for (size_t j = 0; j < fired[l].size(); ++j) {
          // Without flushing, by the model: the network's own sum, scaled; a later layer's bias as it enters.
          const float b = network.parameters[l].bias[j];
          const float sum = pass.z[l][j] + (l == 0 ? b : std::fabs(b) < 0.5f ? 0.0f : b * 0x1p-125f);
          const float open = l == 0 ? sum * 0x1p-125f : l == 2 ? sum * 0x1p125f : sum;
          fired[l][j] += pass.out[l][j] != open;
        }
      }
    }
    const GateStatistics gates = GatesOf(network, data);
    for (size_t l = 0; l < fired.size(); ++l) {
      int nonlinear = 0;
      for (int count : fired[l]) nonlinear += count >= 3 && count <= 297;
      EXPECT_EQ(gates.nonlinear[l], nonlinear / static_cast<double>(fired[l].size())) << Name(mode) << " layer " << l;
    }
  }
}

TEST(GateStatistics, OfARescaledNetworkAreThoseOfTheSameGates) {
  for (Mode mode : OfThisMachine({kFtz, kFtzDaz})) {
    Network network = HandMade();
    network.config.elementwise_mode = mode;
    network.parameters[1].bias[0] = -0.25f;
    const GateStatistics expected = GatesOf(network, OnesAndQuarters(40, 100));
    network.config.rescaled = true;
    EXPECT_EQ(GatesOf(network, OnesAndQuarters(40, 100)).nonlinear, expected.nonlinear) << Name(mode);
  }
}

TEST(GateStatistics, AreTheSameOnEveryIsaAndThreadCount) {
  const Network network = RandomNetwork({{4, 40, 33, 3}, 125, kIeee, kFtzDaz}, 920);
  const Dataset data = RandomData(600, 4, 3, 921);
  const GateStatistics expected = GatesOf(network, data);
  for (kernels::Isa isa : kernels::SupportedIsas()) {
    for (int threads : {1, 2, 3}) EXPECT_EQ(GatesOf(network, data, isa, threads).nonlinear, expected.nonlinear);
  }
}

}  // namespace
}  // namespace fplab::nets
