// What ranks exchange, and what is whose.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/ranks/ranks.h>

#include <gtest/gtest.h>

#include <numeric>

#include <fplab/nets/network/parameter_share.h>
#include "proptests/support/thread_ranks.h"

namespace fplab::nets {
namespace {

TEST(Ranks, ShareItemsSoThatEveryOneHasOneOwnerAndSharesDifferByOne) {
  for (const int ranks : {1, 2, 3, 7, 64}) {
    for (const int count : {0, 1, 5, 64, 1000}) {
      int next = 0;
      for (int r = 0; r < ranks; ++r) {
        const ItemRange items = ItemsOf(r, ranks, count);
        EXPECT_EQ(items.first, next);
        next = items.last;
        EXPECT_LE(std::abs(items.count() * ranks - count), ranks);
      }
      EXPECT_EQ(next, count);
    }
  }
}

TEST(Ranks, SendEachWhatIsForIt) {
  RunTogether(3, [](Ranks& ranks) {
    // Rank r sends 10 r + s to rank s, r + s times over.
    const auto me = static_cast<size_t>(ranks.rank());
    std::vector<std::vector<int>> out(3), in(3);
    std::vector<Pieces> send, receive;
    for (size_t r = 0; r < 3; ++r) {
      out[r].assign(me + r, static_cast<int>(10 * me + r));
      in[r].assign(me + r, -1);
      send.push_back({PieceOf(out[r].data(), out[r].size())});
      receive.push_back({PieceOf(in[r].data(), in[r].size())});
    }
    ranks.Exchange(send, receive);
    for (size_t r = 0; r < 3; ++r) {
      if (r == me) continue;
      EXPECT_EQ(in[r], std::vector<int>(me + r, static_cast<int>(10 * r + me)));
    }
    const size_t others = 3 - 1;
    EXPECT_EQ(ranks.cost().exchanges, 1);
    EXPECT_EQ(ranks.cost().sent, static_cast<int64_t>(sizeof(int) * (others * me + 3 - me)));
  });
}

TEST(Ranks, TextsOfAnyLengthReachAll) {
  for (const int count : {1, 2, 5}) {
    RunTogether(count, [count](Ranks& ranks) {
      EXPECT_EQ(ranks.FromFirst(ranks.IsFirst() ? std::string("of the first") : std::string()), "of the first");
      const std::vector<std::string> texts = ranks.Gather(std::string(static_cast<size_t>(ranks.rank()), 'x'));
      ASSERT_EQ(texts.size(), static_cast<size_t>(count));
      for (size_t r = 0; r < texts.size(); ++r) EXPECT_EQ(texts[r], std::string(r, 'x'));
    });
  }
}

TEST(ParameterShare, EveryWeightAndBiasHasOneOwnerWhateverTheWidths) {
  for (const std::vector<int>& layers : {std::vector<int>{784, 512, 512, 10}, {9, 36, 9, 3}, {1, 1}, {33, 65, 31}}) {
    const NetworkConfig config{.layers = layers};
    for (const auto& [ranks, costs] : {std::pair<int, std::vector<double>>{1, {}},
                                       {2, {}},
                                       {3, {}},
                                       {5, std::vector<double>(layers.size() - 1, 1.0)},
                                       {4, std::vector<double>(layers.size() - 1, 0.0)},
                                       {64, {}}}) {
      Parameters owners = ZeroParameters(config);
      for (int r = 0; r < ranks; ++r) {
        const ParameterShare share(config, r, ranks, costs);
        for (int l = 0; l < config.depth(); ++l) {
          LayerParameters& layer = owners[static_cast<size_t>(l)];
          const ParameterShare::Floats weights = share.Weights(l), biases = share.Biases(l);
          for (size_t i = weights.first; i < weights.last; ++i) layer.weight.buffer()[i] += 1;
          for (size_t i = biases.first; i < biases.last; ++i) layer.bias[i] += 1;
        }
      }
      for (const LayerParameters& layer : owners) {
        for (const float owned : layer.weight.buffer()) ASSERT_EQ(owned, 1);
        for (int j = 0; j < layer.weight.cols(); ++j) ASSERT_EQ(layer.bias[static_cast<size_t>(j)], 1);
      }
    }
  }
}

TEST(ParameterShare, ItsPanelsAreItsWeights) {
  const NetworkConfig config{.layers = {100, 70, 33}};
  for (const int ranks : {1, 2, 3, 7}) {
    for (int r = 0; r < ranks; ++r) {
      const ParameterShare share(config, r, ranks);
      for (int l = 0; l < config.depth(); ++l) {
        kernels::PanelMatrix by_inputs(config.layers[static_cast<size_t>(l)],
                                       config.layers[static_cast<size_t>(l) + 1]);
        kernels::PanelMatrix by_outputs = by_inputs, by_range = by_inputs;
        const int inputs = by_inputs.rows(), outputs = by_inputs.cols();
        const auto mark = [&](kernels::PanelMatrix& matrix, int p, int q) {
          for (int i = 32 * p; i < std::min(32 * p + 32, inputs); ++i) {
            for (int j = 0; j < 32; ++j) matrix.view().Panel(q)[32 * i + j] += 1;
          }
        };
        bool any = false;
        for (int p = 0; p < kernels::PanelCount(inputs); ++p) {
          const ItemRange panels = share.OutputPanels(l, p);
          for (int q = panels.first; q < panels.last; ++q) mark(by_inputs, p, q), any = true;
        }
        for (int q = 0; q < kernels::PanelCount(outputs); ++q) {
          const ItemRange panels = share.InputPanels(l, q);
          for (int p = panels.first; p < panels.last; ++p) mark(by_outputs, p, q);
          EXPECT_TRUE(panels.count() == 0 || share.OutputPanels(l).Has(q));
          EXPECT_TRUE(panels.count() == 0 ||
                      (share.InputPanels(l).first <= panels.first && panels.last <= share.InputPanels(l).last));
        }
        const ParameterShare::Floats range = share.Weights(l);
        for (size_t i = range.first; i < range.last; ++i) by_range.buffer()[i] += 1;
        EXPECT_EQ(by_inputs.buffer(), by_range.buffer());
        EXPECT_EQ(by_outputs.buffer(), by_range.buffer());
        EXPECT_EQ(share.HasWeights(l), any);
      }
    }
  }
}

}  // namespace
}  // namespace fplab::nets
