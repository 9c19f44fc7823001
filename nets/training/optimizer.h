// Optimiser: from an estimate of the gradient to new parameters.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_TRAINING_OPTIMIZER_H_
#define FPLAB_NETS_TRAINING_OPTIMIZER_H_

#include <cstdint>
#include <string_view>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/workers.h>
#include <fplab/nets/config/config_field.h>
#include <fplab/nets/network/network.h>
#include <fplab/nets/network/parameter_share.h>

namespace fplab::nets {

enum class OptimizerKind { kAdam, kSgd };
enum class Schedule { kConstant, kCosine };

FPLAB_EXPORT std::string_view Name(OptimizerKind kind);  // "adam", "sgd"
FPLAB_EXPORT std::string_view Name(Schedule schedule);   // "constant", "cosine"
FPLAB_EXPORT OptimizerKind ParseOptimizer(std::string_view name);
FPLAB_EXPORT Schedule ParseSchedule(std::string_view name);

struct OptimizerConfig {
  OptimizerKind kind = OptimizerKind::kAdam;
  float learning_rate = 7e-4f;
  float momentum = 0.9f;  // SGD's; Adam's betas are 0.9 and 0.999
  int64_t warmup_steps = 200;
  Schedule schedule = Schedule::kCosine;
  float average_decay = 0;  // of the moving average of the parameters that evaluation uses; 0: no average

  void ListFields(FieldList& list) {
    list.Add({"optimizer", "optimizer", "How the parameters follow the gradient", Stated("adam or sgd")}, kind,
             ParseOptimizer);
    list.Add({"learning_rate", "lr", "Peak learning rate", Above(0)}, learning_rate);
    list.Add({"momentum", "momentum", "sgd: momentum", FromToBelow(0, 1)}, momentum);
    list.Add({"warmup_steps", "warmup", "Steps over which the learning rate rises", AtLeast(0)}, warmup_steps);
    list.Add({"schedule", "schedule", "Learning rate after the warm-up", Stated("cosine or constant")}, schedule,
             ParseSchedule);
    list.Add({"average_decay", "average", "Decay of the moving average of weights that is evaluated; 0: none",
              FromToBelow(0, 1)},
             average_decay);
  }

  friend bool operator==(const OptimizerConfig&, const OptimizerConfig&) = default;
};

// Throws Error: a learning rate that is not positive and finite, momentum or decay outside [0, 1), warm-up below 0.
FPLAB_EXPORT void Validate(const OptimizerConfig& config);

// Learning rate of step `step` (0 is the first) of `total`: rises linearly over the warm-up, then stays, or falls to 0
// along half a cosine. The cosine is computed from basic operations, so that the rate has the same bits everywhere.
FPLAB_EXPORT float LearningRate(const OptimizerConfig& config, int64_t step, int64_t total);

// The optimiser's memory; part of a checkpoint.
struct OptimizerState {
  Parameters first;    // Adam's first moments, or SGD's velocities
  Parameters second;   // Adam's second moments
  Parameters average;  // moving average of the parameters, if one is kept
};

FPLAB_EXPORT OptimizerState InitialOptimizerState(const OptimizerConfig& config, const Network& network);

// One step of the parameters in `share`, to which the gradient need be known there alone; the others stay as they are.
// The result does not depend on the ISA, the number of workers or how the parameters are shared out.
FPLAB_EXPORT void Step(const OptimizerConfig& config, int64_t step, int64_t total, const Parameters& gradient,
                       const ParameterShare& share, kernels::Isa isa, kernels::Workers& workers, Network& network,
                       OptimizerState& state);

// One step of all parameters.
FPLAB_EXPORT void Step(const OptimizerConfig& config, int64_t step, int64_t total, const Parameters& gradient,
                       kernels::Isa isa, kernels::Workers& workers, Network& network, OptimizerState& state);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_TRAINING_OPTIMIZER_H_
