// The activation estimator by its definition: for every flipped block of every sample a complete forward pass on the
// exact model, with the noise spelled out.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_ESTIMATOR_BRUTE_FORCE_H_
#define FPLAB_PROPTESTS_SUPPORT_ESTIMATOR_BRUTE_FORCE_H_

#include <span>
#include <vector>

#include <fplab/nets/estimators/activation_panel.h>
#include "proptests/support/network_reference.h"

namespace fplab {

// What the estimator should find for one unit of one sample.
struct ExpectedDelta {
  double value = 0;
  double tolerance = 0;
  bool changes = true;     // false: flipping leaves the unit's output as it is, so the delta is exactly 0
  bool ambiguous = false;  // a gate above is so near its threshold that rounding decides; nothing can be expected
};

struct ExpectedSample {
  ScalarPass noisy;                                // the noisy forward pass
  float loss = 0;                                  // of its logits
  std::vector<std::vector<ExpectedDelta>> deltas;  // [layer][unit], the logits last
};

// What ActivationPanel should find for sample `column` of the panel of `key`: the network in any modes.
//
// Tolerance: with a flushing matmul every forward pass has the same bits as the brute-force one, and what is left is
// the arithmetic of the difference quotient (6 roundings). With gradual underflow the layer above the block is a rank
// update: its pre-activations, and what follows from them, may differ by the roundings of both ways of summing.
ExpectedSample BruteForce(const nets::Network& network, const nets::ActivationConfig& config,
                          const nets::ActivationPanel::Key& key, float share, int column, std::span<const float> x,
                          int label);

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_ESTIMATOR_BRUTE_FORCE_H_
