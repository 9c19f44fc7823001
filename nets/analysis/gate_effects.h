// How much each gate of a network does: what changes in the logits if it alone is made linear.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_ANALYSIS_GATE_EFFECTS_H_
#define FPLAB_NETS_ANALYSIS_GATE_EFFECTS_H_

#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/workers.h>
#include <fplab/nets/data/dataset.h>
#include <fplab/nets/network/network.h>

namespace fplab::nets {

// By layer and unit: the mean over samples of |logits' - logits|^2, where logits' are those with that unit added to
// network.linear. 0 for a unit that is linear already, and for one whose gate never fires and whose bias enters whole.
//
// The changed sums of the layer above continue the chains of the unchanged ones, one rounding a unit away from those of
// a whole forward pass; the layers from there on are computed as they are. A function of (network, data): not of the
// ISA, nor of the number of workers. All zeros of no samples. Throws Error if the data do not fit.
FPLAB_EXPORT std::vector<std::vector<double>> GateEffects(const Network& network, const Dataset& data, kernels::Isa isa,
                                                          kernels::Workers& workers);

// The first `count` samples, or all if there are fewer.
FPLAB_EXPORT Dataset FirstSamples(const Dataset& data, int count);

// A network's flags with every unit linear.
FPLAB_EXPORT LinearUnits AllLinear(const NetworkConfig& config);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_ANALYSIS_GATE_EFFECTS_H_
