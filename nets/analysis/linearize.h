// Linearising a network: its gates made linear, those that do least first, and what accuracy is left.
//
// After Ali Mehmeti-Goepel and Disselhoff, "Nonlinear Advantage", 2023, who push activation functions to linear during
// training; here each level takes the gates with the least effect on the logits (gate_effects.h), so a gate that never
// fires goes first. The effects are measured again at every level.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_ANALYSIS_LINEARIZE_H_
#define FPLAB_NETS_ANALYSIS_LINEARIZE_H_

#include <functional>
#include <optional>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/workers.h>
#include <fplab/nets/data/dataset.h>
#include <fplab/nets/training/checkpoint.h>

namespace fplab::nets {

struct LinearizeConfig {
  int levels = 16;            // the gates go in so many equal portions
  int effect_samples = 2048;  // of the training data, from its beginning, on which effects are measured
  int tune_epochs = 0;        // of evolution strategies on what is left, after each level
  float tune_rate = 3e-4f;    // peak learning rate of that: Adam, along a cosine to 0 within the level
};

// Throws Error naming the first field that makes no sense.
FPLAB_EXPORT void Validate(const LinearizeConfig& config);

struct LinearizePoint {
  int gates = 0;                    // units left that are not linear
  std::vector<int> gates_by_layer;  // the last layer's included
  double train_accuracy = 0, test_accuracy = 0;
  double path_length = 0;  // on the training data
};

// Where the work stands; told at every step of it.
struct LinearizeProgress {
  int gates = 0, all_gates = 0;
  std::optional<int64_t> tune_step = {};
  int64_t tune_steps = 0;
  const LinearizePoint* last = nullptr;  // the point before, if there is one
};

// Points from the network as it is to one without gates; fewer if `stop` asked for the end. Fine-tuning draws its noise
// and order from the run's seed, after those of the run's own steps. A function of (checkpoint, data, config): not of
// the ISA, nor of the number of workers. Throws Error if the data do not fit, or for a network whose element-wise
// operations don't flush: it has no gate to take away.
FPLAB_EXPORT std::vector<LinearizePoint> Linearize(const Checkpoint& checkpoint, const TrainTest& data,
                                                   const LinearizeConfig& config, kernels::Isa isa,
                                                   kernels::Workers& workers,
                                                   const std::function<void(const LinearizeProgress&)>& progress = {},
                                                   const std::function<bool()>& stop = {});

}  // namespace fplab::nets

#endif  // FPLAB_NETS_ANALYSIS_LINEARIZE_H_
