// The training loop of conventional networks.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/baselines/baseline_trainer.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/nets/baselines/baseline_estimator.h>
#include <fplab/nets/data/shuffle.h>

namespace fplab::nets {
namespace {

void RequireTrainable(const BaselineTrainConfig& config, const TrainTest& data) {
  Validate(config.optimizer);
  if (config.optimizer.average_decay > 0)
    throw Error("average decay: found {}, expected 0", config.optimizer.average_decay);
  if (config.epochs < 1) throw Error("epochs: found {}, expected at least 1", config.epochs);
  if (config.batch < 1) throw Error("batch: found {}, expected at least 1", config.batch);
  if (data.train.count() == 0) throw Error("data: {} has no training samples", data.train.name);
  RequireFit(LayersOf(config.network), data.train);
  RequireFit(LayersOf(config.network), data.test);
}

}  // namespace

namespace {

BaselineTrainResult TrainInIeee(const BaselineTrainConfig& config, const TrainTest& data, const TrainOptions& options) {
  RequireTrainable(config, data);
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [start] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  kernels::Workers workers(options.threads);
  Network network = InitialBaselineNetwork(config.network, config.gain, config.seed, options.isa);
  OptimizerState state = InitialOptimizerState(config.optimizer, network);
  Parameters gradient = ZeroParameters(network.config);
  BaselineEstimator estimator(config.network, options.isa);
  std::unique_ptr<Batch> batch;
  const auto batch_samples = static_cast<size_t>(std::min(config.batch, data.train.count()));
  const auto samples = static_cast<size_t>(data.train.count());

  TrainProgress progress;
  progress.epochs = config.epochs;
  progress.total_steps = static_cast<int64_t>((samples + batch_samples - 1) / batch_samples) * config.epochs;
  BaselineTrainResult result;
  const auto evaluate = [&](int epoch) {
    result.curve.push_back({epoch, EvaluateBaseline(config.network, network, data.train, options.isa, workers),
                            EvaluateBaseline(config.network, network, data.test, options.isa, workers)});
    progress.train_accuracy = result.curve.back().train.accuracy;
    progress.test_accuracy = result.curve.back().validation.accuracy;
  };
  evaluate(0);

  bool stopped = options.stop && AsGuest(options.stop);
  for (int epoch = 0; epoch < config.epochs && !stopped; ++epoch) {
    const std::vector<int> order = ShuffledOrder(data.train.count(), config.seed, epoch, options.isa);
    StepStatistics seen;
    for (size_t first = 0; first < samples && !stopped; first += batch_samples) {
      const size_t count = std::min(batch_samples, samples - first);
      if (!batch || batch->samples() != static_cast<int>(count)) {
        batch = std::make_unique<Batch>(data.train.features, static_cast<int>(count));
      }
      Gather(data.train, {order.data() + first, count}, workers, *batch);
      const StepStatistics step = estimator.Estimate(network, *batch, config.seed, progress.step, workers, gradient);
      Step(config.optimizer, progress.step, progress.total_steps, gradient, options.isa, workers, network, state);
      seen.loss += step.loss;
      seen.correct += step.correct;
      ++progress.step;
      progress.epoch = epoch + 1;
      progress.loss = seen.loss / static_cast<double>(first + count);
      progress.accuracy = static_cast<double>(seen.correct) / static_cast<double>(first + count);
      progress.seconds = seconds();
      progress.samples_per_second =
          static_cast<double>(static_cast<size_t>(epoch) * samples + first + count) / std::max(progress.seconds, 1e-9);
      if (options.progress) AsGuest([&] { options.progress(progress); });
      stopped = options.stop && AsGuest(options.stop);
    }
    if (!stopped) evaluate(epoch + 1);
  }
  result.finished = !stopped;
  result.seconds = seconds();
  result.digest = ParameterDigest(network);
  return result;
}

}  // namespace

BaselineTrainResult TrainBaseline(const BaselineTrainConfig& config, const TrainTest& data,
                                  const TrainOptions& options) {
  return AsGuest([&] { return TrainInIeee(config, data, options); });
}

}  // namespace fplab::nets
