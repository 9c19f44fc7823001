// The training loop.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/training/trainer.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/nets/data/hold_out.h>
#include <fplab/nets/data/shuffle.h>
#include <fplab/nets/estimators/gated_estimator.h>
#include <fplab/nets/estimators/gradient_cosine.h>
#include <fplab/nets/files/run_directory.h>
#include <fplab/nets/network/accuracy.h>

namespace fplab::nets {
namespace {

Checkpoint Begin(const TrainConfig& config, kernels::Isa isa, const Network* initial) {
  Checkpoint state;
  state.config = config;
  if (initial != nullptr) {
    state.network = {TrainedNetwork(config), initial->parameters};
    state.initial = ParameterDigest(state.network);
  } else {
    state.network = InitialNetwork(TrainedNetwork(config), config.seed, isa);
  }
  state.optimizer = InitialOptimizerState(config.optimizer, state.network);
  return state;
}

// Sets `data_known` to whether the data are known to be those of the run so far.
Checkpoint BeginOrResume(const TrainConfig& config, const TrainTest& data, kernels::Isa isa, RunDirectory* directory,
                         bool resume, const Network* initial, bool& data_known) {
  data_known = true;
  if (directory == nullptr) return Begin(config, isa, initial);
  const DataDigests digests = DigestsOf(data);
  if (!resume || !directory->HasCheckpoint()) {
    if (resume) directory->RewindMetrics(-1);
    Checkpoint state = Begin(config, isa, initial);
    state.data = digests;
    // What the run began from is nowhere else: it could not be begun anew.
    if (initial != nullptr) WriteCheckpoint(directory->checkpoint_path(), state);
    return state;
  }
  Checkpoint state = ReadCheckpoint(directory->checkpoint_path());
  if (!(state.config == config)) {
    throw Error("{}: was made with another configuration than {}", directory->checkpoint_path().string(),
                directory->config_path().string());
  }
  try {
    RequireSameData(state, digests, directory->checkpoint_path().string());
  } catch (const Error& error) {
    throw Error("{} (the data are {}, from {})", error.what(), data.train.name, data.source);
  }
  data_known = state.data == digests;
  state.data = digests;
  directory->RewindMetrics(state.step);
  return state;
}

// The first rank's state on all: what a run goes on from lies in the first rank's folder alone.
void ShareState(Ranks& ranks, Checkpoint& state, bool& data_known) {
  Pieces pieces = {PieceOf(&state.step, 1), PieceOf(&state.epoch, 1), PieceOf(&data_known, 1)};
  for (Parameters* parameters :
       {&state.network.parameters, &state.optimizer.first, &state.optimizer.second, &state.optimizer.average}) {
    for (LayerParameters& layer : *parameters) {
      pieces.push_back(PieceOf(layer.weight.buffer().data(), layer.weight.buffer().size()));
      pieces.push_back(PieceOf(layer.bias.data(), layer.bias.size()));
    }
  }
  ranks.FromFirst(pieces);
  state.initial = ranks.FromFirst(state.initial);
}

Checkpoint BeginTogether(const TrainConfig& config, const TrainTest& data, kernels::Isa isa, RunDirectory* directory,
                         bool resume, const Network* initial, Ranks& ranks, bool& data_known) {
  if (ranks.count() == 1) return BeginOrResume(config, data, isa, directory, resume, initial, data_known);
  Checkpoint state;
  std::string refused;
  try {
    state = ranks.IsFirst() ? BeginOrResume(config, data, isa, directory, resume, initial, data_known)
                            : Begin(config, isa, initial);
  } catch (const Error& error) {
    refused = error.what();
  }
  refused = ranks.FromFirst(refused);
  if (!refused.empty()) throw Error("{}", refused);
  ShareState(ranks, state, data_known);
  return state;
}

// What ranks tell each other with every step.
constexpr uint8_t kStop = 1, kWriteCheckpoint = 2;

class Run {
 public:
  Run(const TrainConfig& config, const TrainTest& data, const TrainOptions& options, RunDirectory* directory,
      bool resume, const Network* initial)
      : config_(config),
        held_out_(config.validation > 0 ? HoldOut(data.train, config.validation, config.seed, options.isa) : HeldOut()),
        train_set_(config.validation > 0 ? held_out_.rest : data.train),
        test_set_(data.test),
        options_(options),
        directory_(directory),
        ranks_(options.ranks == nullptr ? alone_ : *options.ranks),
        workers_(options.threads),
        estimator_(MakeEstimator(config.estimator, options.isa)),
        state_(BeginTogether(config, data, options.isa, directory, resume, initial, ranks_, data_known_)),
        tellings_(static_cast<size_t>(ranks_.count())),
        gradient_(ZeroParameters(state_.network.config)),
        steps_per_epoch_((int64_t{train_set_.count()} + config.batch - 1) / config.batch),
        total_steps_(int64_t{config.epochs} * steps_per_epoch_),
        start_(Clock::now()),
        last_checkpoint_(start_) {
    estimator_->WorkWith(ranks_);
    shares_ = estimator_->Shares(state_.network.config);
  }

  TrainResult Go() {
    if (options_.begun) AsGuest(options_.begun);
    bool stopped = AtMaximum();
    while (!stopped && state_.step < total_steps_) {
      const int epoch = static_cast<int>(state_.step / steps_per_epoch_);
      stopped = !RunEpoch(epoch);
      ShareOptimizer();
      // A stop after an epoch's last step finishes the epoch: a checkpoint has the same bytes however its step was
      // reached.
      if (state_.step % steps_per_epoch_ == 0) {
        if ((epoch + 1) % config_.evaluate_every == 0 || epoch + 1 == config_.epochs) Evaluate(epoch + 1);
        state_.epoch = {};
      }
      Keep();
    }
    const bool finished = state_.step >= total_steps_;
    const bool evaluated = evaluated_step_ == state_.step;
    if (!evaluated) EvaluateNow();
    if (finished && !evaluated && directory_ != nullptr) RestoreLastLine();
    return Result(finished);
  }

 private:
  using Clock = std::chrono::steady_clock;

  bool AtMaximum() const { return options_.max_steps > 0 && state_.step >= options_.max_steps; }

  // Steps from where the state stands to the end of the epoch; false if asked to stop.
  bool RunEpoch(int epoch) {
    const std::vector<int> order = ShuffledOrder(train_set_.count(), config_.seed, epoch, options_.isa);
    offsets_ = DrawOffsets(config_.augment, train_set_.count(), config_.seed, epoch, config_.epochs, options_.isa);
    for (int64_t i = state_.step - int64_t{epoch} * steps_per_epoch_; i < steps_per_epoch_; ++i) {
      const auto first = static_cast<size_t>(i) * static_cast<size_t>(config_.batch);
      const size_t count = std::min(static_cast<size_t>(config_.batch), order.size() - first);
      TakeStep({order.data() + first, count});
      samples_ += static_cast<int64_t>(count);
      seen_ = static_cast<int64_t>(first + count);
      Report(epoch);
      if (AtMaximum() || StopAsked()) return false;
      if (CheckpointAsked() && i + 1 < steps_per_epoch_) {
        ShareOptimizer();
        Keep();
      }
    }
    return true;
  }

  void TakeStep(std::span<const int> indices) {
    const auto count = static_cast<int>(indices.size());
    if (!batch_ || batch_->samples() != count) batch_ = std::make_unique<Batch>(train_set_.features, count);
    Gather(train_set_, indices, workers_, *batch_, offsets_);
    estimator_->SetProgress(static_cast<double>(state_.step) / static_cast<double>(total_steps_));
    const ExchangeCost before = ranks_.cost();
    const StepStatistics seen =
        estimator_->Estimate(state_.network, *batch_, config_.seed, state_.step, workers_, gradient_);
    if (options_.cosine_every > 0 && state_.step % options_.cosine_every == 0) MeasureCosine();
    state_.epoch.loss += seen.loss;
    state_.epoch.correct += seen.correct;
    Step(config_.optimizer, state_.step, total_steps_, gradient_, shares_[static_cast<size_t>(ranks_.rank())],
         options_.isa, workers_, state_.network, state_.optimizer);
    ++state_.step;
    ++steps_taken_;
    ShareParameters();
    exchange_ += ranks_.cost() - before;
  }

  // Whoever wants to stop tells it with the step's parameters, so that all stop after the same one.
  void ShareParameters() {
    if (ranks_.count() == 1) return;
    uint8_t& own = tellings_[static_cast<size_t>(ranks_.rank())];
    own = options_.stop && AsGuest(options_.stop) ? kStop : 0;
    if (ranks_.IsFirst() && CheckpointDue()) own |= kWriteCheckpoint;
    std::vector<Pieces> pieces = PiecesOf(shares_, state_.network.parameters);
    for (size_t r = 0; r < pieces.size(); ++r) pieces[r].push_back(PieceOf(&tellings_[r], 1));
    ranks_.Share(pieces);
  }

  bool StopAsked() {
    if (ranks_.count() == 1) return options_.stop && AsGuest(options_.stop);
    return std::any_of(tellings_.begin(), tellings_.end(), [](uint8_t telling) { return (telling & kStop) != 0; });
  }

  bool CheckpointDue() const {
    if (options_.checkpoint_steps > 0 && state_.step % options_.checkpoint_steps == 0) return true;
    return options_.checkpoint_seconds > 0 &&
           std::chrono::duration<double>(Clock::now() - last_checkpoint_).count() >= options_.checkpoint_seconds;
  }

  bool CheckpointAsked() const {
    return ranks_.count() == 1 ? CheckpointDue() : (tellings_.front() & kWriteCheckpoint) != 0;
  }

  // Of the moments and the average each rank has its share alone, until they are needed as a whole.
  void ShareOptimizer() {
    for (Parameters* parameters : {&state_.optimizer.first, &state_.optimizer.second, &state_.optimizer.average}) {
      if (!parameters->empty()) ranks_.Share(PiecesOf(shares_, *parameters));
    }
  }

  void Keep() {
    if (directory_ != nullptr) WriteCheckpoint(directory_->checkpoint_path(), state_);
    last_checkpoint_ = Clock::now();
  }

  // Of the estimate at hand with the gated gradient.
  void MeasureCosine() {
    if (exact_gradient_.empty()) exact_gradient_ = ZeroParameters(state_.network.config);
    ranks_.Share(PiecesOf(shares_, gradient_));
    exact_.Estimate(state_.network, *batch_, config_.seed, state_.step, workers_, exact_gradient_);
    const GradientCosine cosine = CosineBetween(gradient_, exact_gradient_);
    cosine_ = cosine.all;
    cosines_.push_back({{"step", state_.step}, {"all", cosine.all}, {"layers", cosine.layers}});
  }

  double Seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  double SamplesPerSecond() const { return static_cast<double>(samples_) / std::max(Seconds(), 1e-9); }

  void Report(int epoch) {
    if (!options_.progress) return;
    const auto seen = static_cast<double>(seen_);
    AsGuest([&] {
      options_.progress({state_.step, total_steps_, epoch + 1, config_.epochs, state_.epoch.loss / seen,
                         static_cast<double>(state_.epoch.correct) / seen, train_.accuracy, test_.accuracy,
                         validation_.accuracy, Seconds(), SamplesPerSecond(), cosine_, exchange_});
    });
  }

  // At the end of an epoch.
  void Evaluate(int epochs_done) {
    const auto seen = static_cast<double>(train_set_.count());
    EvaluateNow();
    AppendEvaluation(epochs_done, {{"estimator_loss", state_.epoch.loss / seen},
                                   {"estimator_accuracy", static_cast<double>(state_.epoch.correct) / seen},
                                   {"seconds", Seconds()},
                                   {"samples_per_second", SamplesPerSecond()},
                                   {"member_samples_per_second", Members() * SamplesPerSecond()}});
  }

  double Members() const { return static_cast<double>(LossesOfSample(config_)); }

  void EvaluateNow() {
    const Network network = EvaluatedNetwork(state_);
    train_ = nets::Evaluate(network, train_set_, options_.isa, workers_, ranks_);
    test_ = nets::Evaluate(network, test_set_, options_.isa, workers_, ranks_);
    if (config_.validation > 0) {
      validation_ = nets::Evaluate(network, held_out_.held_out, options_.isa, workers_, ranks_);
    }
    evaluated_step_ = state_.step;
  }

  // A line of metrics: the evaluation of this step, and what was seen in training up to it.
  void AppendEvaluation(int epochs_done, const OrderedJson& seen_in_training) {
    if (directory_ == nullptr) return;
    OrderedJson line = {{"step", state_.step},
                        {"epoch", epochs_done},
                        {"learning_rate", LearningRate(config_.optimizer, state_.step - 1, total_steps_)},
                        {"train_loss", train_.loss},
                        {"train_accuracy", train_.accuracy},
                        {"test_loss", test_.loss},
                        {"test_accuracy", test_.accuracy},
                        {"train_zeros", train_.zeros},
                        {"train_nonlinear", train_.gates.nonlinear},
                        {"path_length", train_.gates.PathLength()},
                        {"member_samples", Members() * epochs_done * static_cast<double>(train_set_.count())}};
    if (config_.validation > 0) {
      line["validation_loss"] = validation_.loss;
      line["validation_accuracy"] = validation_.accuracy;
    }
    for (const auto& [field, value] : seen_in_training.items()) line[field] = value;
    if (ranks_.count() > 1) {
      const double steps = std::max(1.0, static_cast<double>(steps_taken_));
      line["ranks"] = ranks_.count();
      line["exchange_bytes_per_step"] = static_cast<double>(exchange_.received) / steps;
      line["exchange_seconds_per_step"] = exchange_.seconds / steps;
    }
    if (!cosines_.empty()) line["cosine"] = std::exchange(cosines_, OrderedJson::array());
    directory_->AppendMetrics(line);
  }

  // The last line of metrics of a run that has long ended, if it was lost: without what only training it again would
  // tell.
  void RestoreLastLine() {
    const std::vector<OrderedJson> lines = directory_->ReadMetrics();
    if (!lines.empty() && lines.back()["step"] == state_.step) return;
    AppendEvaluation(config_.epochs, OrderedJson::object());
  }

  TrainResult Result(bool finished) {
    return {finished,
            state_.step,
            static_cast<int>(state_.step / steps_per_epoch_),
            train_.accuracy,
            test_.accuracy,
            train_.loss,
            test_.loss,
            validation_.accuracy,
            validation_.loss,
            Seconds(),
            exchange_,
            SamplesPerSecond(),
            ParameterDigest(state_.network),
            !std::isfinite(train_.loss) || (test_set_.count() > 0 && !std::isfinite(test_.loss)),
            data_known_,
            state_.initial};
  }

  const TrainConfig& config_;
  const HeldOut held_out_;
  const Dataset &train_set_, &test_set_;
  const TrainOptions& options_;
  RunDirectory* directory_;
  OneRank alone_;
  Ranks& ranks_;
  kernels::Workers workers_;
  std::unique_ptr<GradientEstimator> estimator_;
  bool data_known_ = true;
  Checkpoint state_;
  std::vector<ParameterShare> shares_;  // of each rank
  std::vector<uint8_t> tellings_;       // of each rank, after a step
  Parameters gradient_;
  int64_t steps_per_epoch_, total_steps_;
  Clock::time_point start_, last_checkpoint_;
  ExchangeCost exchange_;    // of the steps of this process
  int64_t steps_taken_ = 0;  // in this process
  std::unique_ptr<Batch> batch_;
  std::vector<Offset> offsets_;  // of the images in the epoch under way; empty: none move
  Accuracy train_{-1, 0, {}}, test_{-1, 0, {}}, validation_{-1, 0, {}};
  GatedEstimator exact_{options_.isa};
  Parameters exact_gradient_;
  double cosine_ = -2;
  OrderedJson cosines_ = OrderedJson::array();  // measured since the last line of metrics
  int64_t evaluated_step_ = -1;
  int64_t samples_ = 0;  // trained on in this process
  int64_t seen_ = 0;     // of the epoch under way
};

}  // namespace

void RequireTrainable(const TrainConfig& config, const TrainTest& data) {
  Validate(config);
  RequireFit(config.network, data.train);
  RequireFit(config.network, data.test);
  RequireFit(config.augment, data.train);
  if (data.train.count() == 0) throw Error("data: {} has no training samples", data.train.name);
  if (config.validation >= data.train.count()) {
    throw Error("validation: found {}, expected less than the {} training samples", config.validation,
                data.train.count());
  }
}

TrainResult Train(const TrainConfig& config, const TrainTest& data, const TrainOptions& options,
                  RunDirectory* directory, bool resume, const Network* initial) {
  FPLAB_CHECK(initial == nullptr || !resume, "a run that is resumed has its weights");
  FPLAB_CHECK(directory == nullptr || directory->writable(), "the run directory was created or resumed");
  return AsGuest([&] {
    RequireTrainable(config, data);
    if (initial != nullptr && initial->config.layers != config.network.layers) {
      throw Error("layers: the weights to begin from are of {}, expected {}", fmt::join(initial->config.layers, ","),
                  fmt::join(config.network.layers, ","));
    }
    return Run(config, data, options, directory, resume, initial).Go();
  });
}

}  // namespace fplab::nets
