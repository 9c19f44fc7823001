// fplab eval: accuracy of a trained run, in its own modes or in others.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/data/dataset.h>
#include <fplab/nets/data/hold_out.h>
#include <fplab/nets/network/accuracy.h>
#include <fplab/nets/training/checkpoint.h>
#include "tools/commands/command.h"
#include "tools/options/network_options.h"
#include "tools/printing/ablation_table.h"
#include "tools/runs/load_run.h"

namespace fplab::tools {
namespace {

struct EvalOptions {
  std::vector<std::string> runs;
  std::string data;
  std::string layout;
  std::vector<int> layers;
  ModeOptions modes;
  ExecutionOptions execution;
  bool flat = false;
  bool controls = false;
  bool json = false;
};

nets::OrderedJson ToJson(const nets::Accuracy& accuracy) {
  return {{"accuracy", accuracy.accuracy},
          {"loss", accuracy.loss},
          {"zeros", accuracy.zeros},
          {"nonlinear", accuracy.gates.nonlinear},
          {"path_length", accuracy.gates.PathLength()}};
}

std::string Shares(const std::vector<double>& shares) {
  std::string text;
  for (double share : shares) text += fmt::format(" {:5.1f} %", 100 * share);
  return text;
}

void Print(const char* split, const nets::Accuracy& accuracy) {
  fmt::print("  {:5}  {:6.2f} %   loss {:8.4f}   exact zeros by layer:{}\n", split, 100 * accuracy.accuracy,
             accuracy.loss, Shares(accuracy.zeros));
  fmt::print("         nonlinear gates by layer:{}   underflow path length {:.3f}\n", Shares(accuracy.gates.nonlinear),
             accuracy.gates.PathLength());
}

void RequireControlsAlone(const EvalOptions& options) {
  if (!options.layout.empty()) throw Error("--controls: speaks of runs; leave out --layout");
  if (!options.flat && !options.modes.Any()) return;
  throw Error("--controls: sets modes, scale and --flat itself; leave out {}",
              options.flat ? "--flat" : "the mode and scale options");
}

int Run(const EvalOptions& options) {
  options.execution.RequireValid();
  if (options.controls) {
    RequireControlsAlone(options);
    PrintAblations(options.runs, options.data, options.execution, options.json);
    return kDone;
  }
  if (options.runs.size() > 1) throw Error("eval: found {} runs, expected one, or --controls", options.runs.size());
  const std::string& run = options.runs.front();
  const nets::Checkpoint checkpoint = LoadWeights(run, options.layout, options.layers);
  nets::Network network = nets::EvaluatedNetwork(checkpoint);
  options.modes.ApplyTo(network.config);
  if (options.flat) network = nets::Flatten(network);
  Validate(network.config);
  kernels::Workers workers(options.execution.threads);
  nets::TrainTest data = LoadDataOf(checkpoint.config, options.data, workers);
  const nets::DataDigests digests = DigestsOf(data);
  if (options.data.empty()) RequireTrainedOn(run, checkpoint, digests);
  const kernels::Isa isa = options.execution.ParsedIsa();
  // What was held out of the data that it was trained on was not trained on; of other data nothing was held out.
  std::optional<nets::Accuracy> validation;
  if (checkpoint.config.validation > 0 && digests == checkpoint.data) {
    nets::HeldOut parts = HoldOut(data.train, checkpoint.config.validation, checkpoint.config.seed, isa);
    validation = Evaluate(network, parts.held_out, isa, workers);
    data.train = std::move(parts.rest);
  }
  const nets::Accuracy train = Evaluate(network, data.train, isa, workers);
  const nets::Accuracy test = Evaluate(network, data.test, isa, workers);

  const nets::NetworkConfig& config = network.config;
  if (options.json) {
    nets::OrderedJson out = {
        {"run", run},
        {"step", checkpoint.step},
        {"digest", nets::ParameterDigest(checkpoint.network)},
        {"flat", options.flat},
        {"scale_exponent", config.scale_exponent},
        {"rescaled", config.rescaled},
        {"modes", {{"matmul", Name(config.matmul_mode)}, {"elementwise", Name(config.elementwise_mode)}}},
        {"train", ToJson(train)},
        {"test", ToJson(test)}};
    if (validation) out["validation"] = ToJson(*validation);
    fmt::print("{}\n", OneLine(out));
    return kDone;
  }
  if (options.flat) {
    fmt::print("{} after step {}, collapsed to one linear layer\n", run, checkpoint.step);
  } else {
    fmt::print("{} after step {}: matmul {}, element-wise {}, scale {}{}\n", run, checkpoint.step,
               Name(config.matmul_mode), Name(config.elementwise_mode), nets::ScaleText(config),
               config.rescaled ? ", rescaled" : "");
  }
  Print("train", train);
  if (validation) Print("valid", *validation);
  Print("test", test);
  return kDone;
}

}  // namespace

void AddEvalCommand(CLI::App& app, int& status) {
  const auto options = std::make_shared<EvalOptions>();
  CLI::App* command = app.add_subcommand("eval", "Accuracy of a trained run, in its own modes or in others.");
  command->footer(
      "Examples:\n"
      "  fplab eval runs/mnist-activation-1                           as trained\n"
      "  fplab eval runs/mnist-activation-1 --elementwise-mode none   without the gate\n"
      "  fplab eval runs/mnist-activation-1 --flat                    collapsed to one linear layer\n"
      "  fplab eval runs/mnist-activation-1 --controls                one table of what the accuracy rests on\n"
      "  fplab eval runs/mnist-activation-{1,2,3} --controls          the same, mean and range over seeds\n"
      "  fplab eval mlp.safetensors --layout torch --layers 784,512,512,10   weights of PyTorch's, under underflow\n"
      "Weights of elsewhere are evaluated in the post's modes and scale on MNIST where no option says otherwise.");
  command->add_option("run", options->runs, "A run's folder, or a checkpoint file; several with --controls")
      ->required();
  command->add_option("--data", options->data, "The place of the data now, or other data than the run was trained on");
  command->add_option("--layout", options->layout, kLayoutHelp);
  command->add_option("--layers", options->layers, "The widths that the file has to have, input and output included")
      ->delimiter(',');
  command->add_flag("--flat", options->flat, "Collapse the weights to one linear layer first");
  command->add_flag("--controls", options->controls,
                    "Change one thing at a time: modes, scale, gates; and solve readouts by ridge regression");
  command->add_flag("--json", options->json, "Print one JSON object");
  options->modes.AddTo(*command);
  options->execution.AddTo(*command);
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace fplab::tools
