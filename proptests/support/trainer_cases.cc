// Configurations and runs for the tests of the trainer.
// SPDX-License-Identifier: Apache-2.0
#include "proptests/support/trainer_cases.h"

#include <fplab/fparith/mode/control_word.h>
#include "proptests/support/network_data.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {

nets::TrainTest TrainerData() {
  nets::TrainTest data = RandomTrainTest(5 * 32 + 13, 40, 9, 3, 600);
  for (nets::Dataset* part : {&data.train, &data.test}) part->image_width = part->image_height = 3;
  return data;
}

std::vector<TrainerCase> TrainerCases() {
  nets::TrainConfig base;
  base.data = "random";
  base.network.layers = {9, 36, 9, 3};
  base.epochs = 2;
  base.batch = 32;
  base.evaluate_every = 1;
  base.estimator = nets::ActivationConfig{0.15f, {4, 2}, 3};
  base.optimizer.learning_rate = 3e-3f;
  base.optimizer.warmup_steps = 4;
  std::vector<TrainerCase> cases;
  const auto add = [&](const char* name, auto change) {
    cases.push_back({name, base});
    change(cases.back().config);
  };
  add("activation", [](nets::TrainConfig&) {});
  add("gated", [](nets::TrainConfig& c) { c.estimator = nets::GatedConfig{}; });
  add("backprop", [](nets::TrainConfig& c) { c.estimator = nets::BackpropConfig{}; });
  add("gaussian", [](nets::TrainConfig& c) {
    auto& gaussian = c.estimator.emplace<nets::GaussianConfig>();
    gaussian.pairs = 3;
    gaussian.fitness = nets::Fitness::kRanks;
  });
  add("lowrank", [](nets::TrainConfig& c) {
    auto& lowrank = c.estimator.emplace<nets::LowRankConfig>();
    lowrank.samples_per_pair = 4;
    lowrank.rank = 2;
  });
  add("lowrank, shared batch", [](nets::TrainConfig& c) {
    auto& lowrank = c.estimator.emplace<nets::LowRankConfig>();
    lowrank.samples_per_pair = 0;
    lowrank.pairs = 5;
    lowrank.label_smoothing = 0.1f;
    lowrank.temperature = 2;
  });
  add("sgd", [](nets::TrainConfig& c) {
    c.optimizer.kind = nets::OptimizerKind::kSgd;
    c.optimizer.learning_rate = 0.05f;
  });
  add("average", [](nets::TrainConfig& c) { c.optimizer.average_decay = 0.9f; });
  add("gated, sgd, average, constant rate", [](nets::TrainConfig& c) {
    c.estimator = nets::GatedConfig{};
    c.optimizer.kind = nets::OptimizerKind::kSgd;
    c.optimizer.learning_rate = 0.05f;
    c.optimizer.average_decay = 0.99f;
    c.optimizer.schedule = nets::Schedule::kConstant;
  });
  add("moved images, clean at last", [](nets::TrainConfig& c) { c.augment = {1, 1}; });
  add("moved images, average, noise of signs that falls", [](nets::TrainConfig& c) {
    c.augment = {2, 0};
    c.optimizer.average_decay = 0.9f;
    auto& activation = std::get<nets::ActivationConfig>(c.estimator);
    activation.noise = nets::NoiseKind::kSigns;
    activation.sigma_end = 0.05f;
  });
  add("rescaled", [](nets::TrainConfig& c) { c.network.rescaled = true; });
  add("matmul ftz", [](nets::TrainConfig& c) {
    c.network.matmul_mode = HardwareSupports(kFtz) ? kFtz : kFtzDaz;
    c.network.scale_exponent = 122;
  });
  return cases;
}

nets::OrderedJson WithoutTimes(nets::OrderedJson line) {
  line.erase("seconds");
  line.erase("samples_per_second");
  line.erase("member_samples_per_second");
  return line;
}

RunFiles FilesOf(const nets::RunDirectory& run, const nets::TrainResult& result) {
  RunFiles files{result, Get(run.checkpoint_path()), {}};
  for (const nets::OrderedJson& line : run.ReadMetrics()) files.metrics.push_back(WithoutTimes(line));
  return files;
}

RunFiles TrainInScratch(const nets::TrainConfig& config, const nets::TrainTest& data, kernels::Isa isa, int threads) {
  const ScratchFolder scratch;
  nets::RunDirectory run = nets::RunDirectory::Create(scratch / "run", ToJson(config));
  nets::TrainOptions options;
  options.isa = isa;
  options.threads = threads;
  const nets::TrainResult result = nets::Train(config, data, options, &run);
  return FilesOf(run, result);
}

}  // namespace fplab
