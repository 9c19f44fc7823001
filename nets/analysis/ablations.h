// Controls: a trained network with one thing changed at a time, to tell what its accuracy rests on.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_ANALYSIS_ABLATIONS_H_
#define FPLAB_NETS_ANALYSIS_ABLATIONS_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/workers.h>
#include <fplab/nets/data/dataset.h>
#include <fplab/nets/training/checkpoint.h>

namespace fplab::nets {

struct Ablation {
  std::string id;    // for programs: "as-trained", "gradual", "scale-0", "flat", "matmul-ftz", ...
  std::string name;  // for people
  // Nothing if the machine lacks the mode, or the network the hidden layer.
  std::optional<double> train = {}, test = {};  // accuracies
  std::optional<double> lambda = {};            // of a readout solved by ridge regression
};

// In this order: as trained; gradual underflow in the element-wise operations; scale 2^0; collapsed to one linear
// layer; FTZ, then FTZ and DAZ inside the matmul (which is not rescaled then); DAZ alone and FTZ alone in the
// element-wise operations.
//
// Then linear readouts solved by ridge regression on the training data, lambda chosen on the last sixth of it
// (ridge.h), of what a hidden unit is for a sample: its pattern, 1 where the gate passes and 0 where it fires, frozen,
// in the last hidden layer and in all of them; the outputs of the last hidden layer; for comparison patterns and
// outputs of the network as it was before training; and the inputs themselves.
//
// `starting` is told what comes next, for a line of progress. The result is a function of checkpoint and data. Throws
// Error if they do not fit each other.
FPLAB_EXPORT std::vector<Ablation> RunAblations(const Checkpoint& checkpoint, const TrainTest& data, kernels::Isa isa,
                                                kernels::Workers& workers,
                                                const std::function<void(const std::string& name)>& starting = {});

}  // namespace fplab::nets

#endif  // FPLAB_NETS_ANALYSIS_ABLATIONS_H_
