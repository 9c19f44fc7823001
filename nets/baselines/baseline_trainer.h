// Training a conventional network by backpropagation, with its error curves: a function of configuration and data.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_BASELINES_BASELINE_TRAINER_H_
#define FPLAB_NETS_BASELINES_BASELINE_TRAINER_H_

#include <string>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/baselines/baseline_network.h>
#include <fplab/nets/network/accuracy.h>
#include <fplab/nets/training/trainer.h>

namespace fplab::nets {

struct BaselineTrainConfig {
  BaselineConfig network;
  float gain = 1;             // of the initial weights
  OptimizerConfig optimizer;  // its average_decay has to be 0: what is evaluated is the network itself
  int epochs = 10;
  int batch = 256;
  uint64_t seed = 1;
};

// After so many epochs, on all training and all validation samples. Epoch 0 is the initial network.
struct CurvePoint {
  int epoch = 0;
  Accuracy train, validation;
};

struct BaselineTrainResult {
  bool finished = false;  // false: options.stop ended it; `curve` holds the whole epochs done
  std::vector<CurvePoint> curve;
  double seconds = 0;
  std::string digest;  // ParameterDigest
};

// Trains on data.train, one evaluation an epoch; data.test are the validation samples. `data` are as the network sees
// them (Normalised, if that is wanted). options.max_steps is not looked at. Throws Error: a configuration that makes no
// sense or does not fit the data, no training samples, threads < 1.
FPLAB_EXPORT BaselineTrainResult TrainBaseline(const BaselineTrainConfig& config, const TrainTest& data,
                                               const TrainOptions& options);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_BASELINES_BASELINE_TRAINER_H_
