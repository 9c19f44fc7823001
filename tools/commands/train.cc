// fplab train: trains the deep linear network and keeps the run in a folder.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <memory>

#include <fplab/fparith/float/error.h>
#include <fplab/kernels/matmul/subnormal_cost.h>
#include <fplab/nets/files/run_directory.h>
#include <fplab/nets/training/trainer.h>
#include "tools/commands/command.h"
#include "tools/options/network_options.h"
#include "tools/options/not_negative.h"
#include "tools/options/train_options.h"
#include "tools/options/training_run.h"
#include "tools/ranks/process_ranks.h"
#include "tools/runs/load_run.h"
#include "tools/terminal/interrupt.h"
#include "tools/terminal/note.h"
#include "tools/terminal/progress_line.h"

namespace fplab::tools {
namespace {

struct TrainOptions {
  TrainOverrides overrides;
  ExecutionOptions execution;
  std::string out;
  std::string from, layout;
  bool resume = false;
  bool json = false;
  int64_t cosine_every = 0;
  int64_t checkpoint_steps = 0;
  double checkpoint_seconds = 0;
  double rank_timeout = 60;
};

// `members` losses of each sample are evaluated: 1 where a gradient is computed.
std::string Speed(double samples_per_second, int64_t members) {
  std::string text = fmt::format("{:.0f} samples/s", samples_per_second);
  if (members > 1) text += fmt::format(", {:.0f} member-samples/s", samples_per_second * static_cast<double>(members));
  return text;
}

// `steps` of this process have led to `p`; the estimator evaluates `members` losses of each sample.
std::string ProgressText(const nets::TrainProgress& p, int64_t steps, int64_t members) {
  const double left = p.seconds / static_cast<double>(steps) * static_cast<double>(p.total_steps - p.step);
  std::string evaluated;
  if (p.test_accuracy >= 0) {
    evaluated = fmt::format("  train {:.2f} %  test {:.2f} %", 100 * p.train_accuracy, 100 * p.test_accuracy);
    if (p.validation_accuracy >= 0) evaluated += fmt::format("  validation {:.2f} %", 100 * p.validation_accuracy);
  }
  if (p.exchange.exchanges > 0) {
    const auto per_step = static_cast<double>(steps);
    evaluated +=
        fmt::format("  exchange {:.2f} MB, {:.2f} ms a step", static_cast<double>(p.exchange.received) / per_step / 1e6,
                    p.exchange.seconds / per_step * 1e3);
  }
  if (p.cosine >= -1) evaluated += fmt::format("  cosine {:.3f}", p.cosine);
  // What matters most comes first: a narrow terminal cuts the rest off.
  return fmt::format("epoch {}/{}  {:.0f} s left  loss {:.4f}  noisy {:.2f} %{}  {}", p.epoch, p.epochs, left, p.loss,
                     100 * p.accuracy, evaluated, Speed(p.samples_per_second, members));
}

using Json = nets::OrderedJson;

nets::OrderedJson Summary(const nets::TrainConfig& config, const TrainOptions& options, const nets::RunDirectory& run,
                          const nets::TrainResult& result) {
  const nets::NetworkConfig network = nets::TrainedNetwork(config);
  return {{"train_accuracy", result.train_accuracy},
          {"test_accuracy", result.test_accuracy},
          {"validation_accuracy", config.validation > 0 ? Json(result.validation_accuracy) : Json()},
          {"train_loss", result.train_loss},
          {"test_loss", result.test_loss},
          {"seconds", result.seconds},
          {"epochs", result.epochs},
          {"steps", result.steps},
          {"finished", result.finished},
          {"diverged", result.diverged},
          {"samples_per_second", result.samples_per_second},
          {"member_samples_per_second", result.samples_per_second * static_cast<double>(nets::LossesOfSample(config))},
          {"digest", result.digest},
          {"initial", result.initial.empty() ? nets::OrderedJson() : nets::OrderedJson(result.initial)},
          {"data_known", result.data_known},
          {"data", config.data},
          {"estimator", Name(config.estimator)},
          {"isa", Name(options.execution.ParsedIsa())},
          {"threads", options.execution.threads},
          {"modes", {{"matmul", Name(network.matmul_mode)}, {"elementwise", Name(network.elementwise_mode)}}},
          {"scale_exponent", network.scale_exponent},
          {"rescaled", network.rescaled},
          {"seed", config.seed},
          {"run", run.path().string()}};
}

nets::OrderedJson ExchangeJson(const nets::ExchangeCost& cost, int ranks) {
  return {{"ranks", ranks}, {"exchanges", cost.exchanges}, {"received", cost.received}, {"seconds", cost.seconds}};
}

void PrintSummary(const nets::TrainConfig& config, const nets::RunDirectory& run, const nets::TrainResult& result) {
  const nets::NetworkConfig network = nets::TrainedNetwork(config);
  fmt::print("{} on {}, {} epochs, seed {}{}\n", Name(config.estimator), config.data, result.epochs, config.seed,
             result.finished ? "" : " (stopped; go on with --resume)");
  fmt::print("  train accuracy  {:6.2f} %   loss {:.4f}\n", 100 * result.train_accuracy, result.train_loss);
  if (result.validation_accuracy >= 0) {
    fmt::print("  validation      {:6.2f} %   loss {:.4f}   {} samples held out\n", 100 * result.validation_accuracy,
               result.validation_loss, config.validation);
  }
  fmt::print("  test accuracy   {:6.2f} %   loss {:.4f}\n", 100 * result.test_accuracy, result.test_loss);
  fmt::print("  time            {:.1f} s, {}\n", result.seconds,
             Speed(result.samples_per_second, nets::LossesOfSample(config)));
  fmt::print("  modes           matmul {}, element-wise {}, scale {}{}\n", Name(network.matmul_mode),
             Name(network.elementwise_mode), nets::ScaleText(network), network.rescaled ? ", rescaled" : "");
  fmt::print("  digest          {}\n", result.digest);
  if (!result.initial.empty()) fmt::print("  begun from      {}\n", result.initial);
  fmt::print("  run             {}\n", run.path().string());
}

// What the user can't see: that this processor is slow at what this network does, and what can be done.
void WarnOfSlowSubnormals(const nets::NetworkConfig& network, kernels::Isa isa) {
  constexpr int kSubnormalProducts = 100;  // from about this exponent on, products of hidden layers are subnormal
  if (network.rescaled || network.scale_exponent < kSubnormalProducts || network.depth() < 2) return;
  const double slowdown = kernels::SubnormalSlowdown(isa);
  if (slowdown < kernels::kSlowSubnormals) return;
  WriteNote(
      "fplab: this processor takes {:.0f} times as long for subnormal products; --rescaled true trains the same "
      "network, but for rounding, without them\n",
      slowdown);
}

// What a configuration asks for that its data make something else of.
void NoteUnmet(const nets::TrainConfig& config, const nets::TrainTest& data) {
  const int64_t samples = data.train.count() - config.validation;
  const int64_t steps = (samples + config.batch - 1) / config.batch * config.epochs;
  if (config.batch > samples) {
    WriteNote("fplab: --batch {}: all {} training samples are one batch\n", config.batch, samples);
  }
  if (steps <= config.optimizer.warmup_steps) {
    WriteNote("fplab: the run's {} steps end inside its warm-up of {}: --warmup or --batch smaller, or --epochs more\n",
              steps, config.optimizer.warmup_steps);
  }
}

int StatusOf(const nets::TrainResult& result) {
  if (!result.finished) return InterruptGuard::Status();
  return result.diverged ? kRefuted : kDone;
}

// How checkpoints are kept, and what the loss of a rank does.
void NoteSafety(const TrainOptions& options, const nets::Ranks& ranks) {
  std::string kept = "each epoch";
  if (options.checkpoint_steps > 0) kept += fmt::format(", every {} steps", options.checkpoint_steps);
  if (options.checkpoint_seconds > 0) kept += fmt::format(", every {} s", options.checkpoint_seconds);
  if (ranks.count() == 1) {
    if (kept != "each epoch") WriteNote("fplab: a checkpoint {}\n", kept);
    return;
  }
  const std::string lost = options.rank_timeout > 0
                               ? fmt::format("one that does not answer for {:g} s ends the run", options.rank_timeout)
                               : std::string("one that does not answer is waited for");
  WriteNote("fplab: {} ranks, threads of each: {}; {}; a checkpoint {}\n", ranks.count(), options.execution.threads,
            lost, kept);
}

int Run(const TrainOptions& options) {
  options.execution.RequireValid();
  nets::Ranks& ranks = ProcessRanks::Get();
  ProcessRanks::SetPatience(options.rank_timeout);
  TrainingRun run = OpenTraining(
      options.overrides, {options.out, options.resume, options.from, options.layout, options.execution.threads}, ranks);
  const nets::TrainConfig& config = run.config;
  const bool speaks = !options.json && ranks.IsFirst();
  if (!options.resume && speaks) NoteUnmet(config, run.data);
  if (speaks && isatty(STDERR_FILENO))
    WarnOfSlowSubnormals(nets::TrainedNetwork(config), options.execution.ParsedIsa());
  if (speaks) NoteSafety(options, ranks);
  const InterruptGuard interrupt;
  ProgressLine line(speaks, std::chrono::seconds(30));
  nets::TrainOptions train;
  train.isa = options.execution.ParsedIsa();
  train.threads = options.execution.threads;
  int64_t steps = 0;
  train.progress = [&](const nets::TrainProgress& progress) {
    ++steps;
    line.Show([&] { return ProgressText(progress, steps, nets::LossesOfSample(config)); });
  };
  train.stop = InterruptGuard::Requested;
  train.cosine_every = options.cosine_every;
  train.checkpoint_steps = options.checkpoint_steps;
  train.checkpoint_seconds = options.checkpoint_seconds;
  const nets::TrainResult result = Train(run, train);
  line.Clear();
  if (!ranks.IsFirst()) return StatusOf(result);
  if (!result.data_known) {
    fmt::print(stderr,
               "fplab: {} kept no digest of its data, as those of version 0.1 do: whether they are the same is not "
               "known\n",
               run.folder->checkpoint_path().string());
  }
  if (options.json) {
    nets::OrderedJson summary = Summary(config, options, *run.folder, result);
    if (ranks.count() > 1) summary["exchange"] = ExchangeJson(result.exchange, ranks.count());
    fmt::print("{}\n", OneLine(summary));
  } else {
    PrintSummary(config, *run.folder, result);
  }
  if (result.diverged && !options.json) {
    WriteNote(
        "fplab: diverged: the loss is no longer a number; a smaller --lr or another --scale-exponent may train\n");
  }
  return StatusOf(result);
}

}  // namespace

void AddTrainCommand(CLI::App& app, int& status) {
  const auto options = std::make_shared<TrainOptions>();
  CLI::App* command = app.add_subcommand("train", "Train the deep linear network whose nonlinearity is underflow.");
  command->footer(
      "Examples:\n"
      "  fplab train                                  the post's network on MNIST, by evolution strategies\n"
      "  fplab train --preset best                    wider, on shifted images: 98.5 % in about twice the time\n"
      "  fplab train --data glyphs --preset quick     a first look that needs no file\n"
      "  fplab train --resume --out runs/mnist-activation-1\n"
      "  fplab train --resume --out runs/mine --data /new/place   the same data, which lie elsewhere now\n"
      "  fplab train --from runs/mine --epochs 10 --out runs/more  on from a run's weights, as eval takes them\n"
      "  fplab train --from mlp.safetensors --layout torch         on from weights of PyTorch's\n"
      "One process at a time trains in a folder: a second is refused with the name of the first. --resume goes on "
      "with\n"
      "the data it began on, and refuses others of their name.\n"
      "mpirun -n R fplab train ... trains by R processes together, to the same bits: nets/README.md, On many "
      "machines.\n"
      "Ctrl-C stops at the next step, leaves a checkpoint to resume from, and exits with 130.");
  options->overrides.AddTo(*command);
  options->execution.AddTo(*command);
  command->add_option("--out", options->out, "The run's folder [runs/DATA-ESTIMATOR-SEED]");
  CLI::Option* resume = command->add_flag("--resume", options->resume, "Go on with the run in --out");
  CLI::Option* from = command
                          ->add_option("--from", options->from,
                                       "Begin from the weights of a run, of a checkpoint, or with --layout of any "
                                       "safetensors file; schedules and moments begin anew")
                          ->excludes(resume);
  command->add_option("--layout", options->layout, kLayoutHelp)->needs(from);
  command
      ->add_option("--cosine-every", options->cosine_every,
                   "Every so many steps measure the cosine between the estimate and the gated gradient; 0: never")
      ->check(NotNegative());
  command
      ->add_option("--checkpoint-steps", options->checkpoint_steps,
                   "A checkpoint every so many steps too; 0: at the end of each epoch alone")
      ->check(NotNegative());
  command
      ->add_option("--checkpoint-seconds", options->checkpoint_seconds,
                   "A checkpoint when so many seconds have passed since the last; 0: at the end of each epoch alone")
      ->check(NotNegative());
  command
      ->add_option("--rank-timeout", options->rank_timeout,
                   "Under mpirun: seconds after which a rank that does not answer ends the run; 0: never")
      ->check(NotNegative())
      ->capture_default_str();
  command->add_flag("--json", options->json, "Print the summary as one JSON object");
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace fplab::tools
