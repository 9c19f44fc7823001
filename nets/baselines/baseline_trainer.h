// Training a conventional network by backpropagation, with its error curves: a function of configuration and data.
#ifndef FPLAB_NETS_SMOOTH_TRAINER_H_
#define FPLAB_NETS_SMOOTH_TRAINER_H_

#include <string>
#include <vector>

#include "nets/accuracy.h"
#include "nets/smooth_network.h"
#include "nets/trainer.h"

namespace fplab {

struct SmoothTrainConfig {
  SmoothConfig network;
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

struct SmoothTrainResult {
  bool finished = false;  // false: options.stop ended it; `curve` holds the whole epochs done
  std::vector<CurvePoint> curve;
  double seconds = 0;
  std::string digest;  // ParameterDigest
};

// Trains on data.train, one evaluation an epoch; data.test are the validation samples. `data` are as the network sees
// them (Normalised, if that is wanted). options.max_steps is not looked at. Throws Error: a configuration that makes no
// sense or does not fit the data, no training samples, threads < 1.
SmoothTrainResult TrainSmooth(const SmoothTrainConfig& config, const TrainTest& data, const TrainOptions& options);

}  // namespace fplab

#endif  // FPLAB_NETS_SMOOTH_TRAINER_H_
