// Training: a pure function of (configuration, seed, data), with progress, checkpoints and exact resume.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_TRAINING_TRAINER_H_
#define FPLAB_NETS_TRAINING_TRAINER_H_

#include <functional>
#include <string>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/data/dataset.h>
#include <fplab/nets/ranks/ranks.h>
#include <fplab/nets/training/checkpoint.h>
#include <fplab/nets/training/train_config.h>

namespace fplab::nets {

class RunDirectory;  // run_directory.h

// Where a run stands; after every step.
struct TrainProgress {
  int64_t step = 0, total_steps = 0;
  int epoch = 0, epochs = 0;   // epoch counts from 1
  double loss = 0;             // mean over the epoch's steps so far, in the estimator's forward pass
  double accuracy = 0;         // likewise
  double train_accuracy = -1;  // of the last evaluation, -1 before the first
  double test_accuracy = -1;
  double validation_accuracy = -1;  // -1 without samples held out, too
  double seconds = 0;               // of this process
  double samples_per_second = 0;
  double cosine = -2;     // with the gated gradient, over all parameters, when last measured; -2 before
  ExchangeCost exchange;  // of this process, since its first step
};

// What does not change the bits of the result.
struct TrainOptions {
  kernels::Isa isa = kernels::BestIsa();
  int threads = 1;
  // Called on the calling thread, in IEEE mode with every exception masked; what they change of the floating-point
  // state is undone. May be empty.
  std::function<void(const TrainProgress&)> progress;
  std::function<void()> begun;  // called once, before the first step, when nothing is refused any more
  std::function<bool()> stop;   // asked after every step; true ends the run with a checkpoint
  int64_t max_steps = 0;        // stop after so many steps in all; 0: none
  // Every so many steps the cosine between the estimate and the gated gradient of the same batch is measured, logged
  // with the next evaluation and shown; 0: never.
  int64_t cosine_every = 0;
  // A checkpoint within an epoch after every so many steps, or once so many seconds have passed since the last; 0: only
  // at the end of an epoch.
  int64_t checkpoint_steps = 0;
  double checkpoint_seconds = 0;
  // The processes that train together: all call Train with the same configuration and data. nullptr: one.
  Ranks* ranks = nullptr;
};

struct TrainResult {
  bool finished = false;  // false: stopped, resumable if there is a run directory
  int64_t steps = 0;
  int epochs = 0;  // whole epochs done
  double train_accuracy = 0, test_accuracy = 0, train_loss = 0, test_loss = 0;
  double validation_accuracy = -1, validation_loss = 0;  // -1 without samples held out
  double seconds = 0;                                    // of training and evaluating in this process
  ExchangeCost exchange;
  double samples_per_second = 0;
  std::string digest;     // ParameterDigest of the trained (not the averaged) parameters
  bool diverged = false;  // a loss is no longer a number
  // false: resumed from a checkpoint that keeps no digests of its data (version 0.1), on what now goes by their name
  bool data_known = true;
  std::string initial;  // ParameterDigest of the weights that the run was given to begin from; empty: it drew them
};

// What Train refuses before it begins: a configuration that makes no sense, data that do not fit it, no training
// samples. Throws Error.
FPLAB_EXPORT void RequireTrainable(const TrainConfig& config, const TrainTest& data);

// Trains `config` on `data`. With a run directory, which was created or resumed (checked), every epoch ends with a
// checkpoint and each evaluation adds a line to metrics.jsonl (step, epoch, learning_rate, loss, train/test accuracy
// and loss, zeros, gates, seconds); samples held out are evaluated beside those trained on, which they are not of; with
// `resume` the run goes on from its checkpoint, if there is one, to the same bits as if it had never stopped. A new run
// with `initial` begins from its parameters in the place of drawn ones, its optimiser from nothing; the first
// checkpoint, before any step, keeps them. Throws Error: what RequireTrainable refuses, a checkpoint of another
// configuration or of other data, files that can't be written, threads < 1, an `initial` of other layers.
//
// By several ranks together it is the same training, to the bit: each has a share of the batch's samples or of the
// pairs, and steps its ParameterShare. `directory` and `resume` count on the first rank alone, and `initial` on each.
// One that stops, stops all.
FPLAB_EXPORT TrainResult Train(const TrainConfig& config, const TrainTest& data, const TrainOptions& options,
                               RunDirectory* directory = nullptr, bool resume = false,
                               const Network* initial = nullptr);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_TRAINING_TRAINER_H_
