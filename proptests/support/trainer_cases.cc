// Configurations and runs for the tests of the trainer.
#include "proptests/trainer_cases.h"

#include "fparith/control_word.h"
#include "proptests/network_data.h"
#include "proptests/scratch_folder.h"

namespace fplab {

TrainTest TrainerData() {
  TrainTest data = RandomTrainTest(5 * 32 + 13, 40, 9, 3, 600);
  for (Dataset* part : {&data.train, &data.test}) part->image_width = part->image_height = 3;
  return data;
}

std::vector<TrainerCase> TrainerCases() {
  TrainConfig base;
  base.data = "random";
  base.network.layers = {9, 36, 9, 3};
  base.epochs = 2;
  base.batch = 32;
  base.evaluate_every = 1;
  base.activation = {0.15f, {4, 2}, 3};
  base.optimizer.learning_rate = 3e-3f;
  base.optimizer.warmup_steps = 4;
  std::vector<TrainerCase> cases;
  const auto add = [&](const char* name, auto change) {
    cases.push_back({name, base});
    change(cases.back().config);
  };
  add("activation", [](TrainConfig&) {});
  add("gated", [](TrainConfig& c) { c.estimator = EstimatorKind::kGated; });
  add("backprop", [](TrainConfig& c) { c.estimator = EstimatorKind::kBackprop; });
  add("gaussian", [](TrainConfig& c) {
    c.estimator = EstimatorKind::kGaussian;
    c.population.pairs = 3;
    c.population.fitness = Fitness::kRanks;
  });
  add("lowrank", [](TrainConfig& c) {
    c.estimator = EstimatorKind::kLowRank;
    c.population.samples_per_pair = 4;
    c.population.rank = 2;
  });
  add("lowrank, shared batch", [](TrainConfig& c) {
    c.estimator = EstimatorKind::kLowRank;
    c.population.samples_per_pair = 0;
    c.population.pairs = 5;
    c.population.label_smoothing = 0.1f;
    c.population.temperature = 2;
  });
  add("sgd", [](TrainConfig& c) {
    c.optimizer.kind = OptimizerKind::kSgd;
    c.optimizer.learning_rate = 0.05f;
  });
  add("average", [](TrainConfig& c) { c.optimizer.average_decay = 0.9f; });
  add("gated, sgd, average, constant rate", [](TrainConfig& c) {
    c.estimator = EstimatorKind::kGated;
    c.optimizer.kind = OptimizerKind::kSgd;
    c.optimizer.learning_rate = 0.05f;
    c.optimizer.average_decay = 0.99f;
    c.optimizer.schedule = Schedule::kConstant;
  });
  add("moved images, clean at last", [](TrainConfig& c) { c.augment = {1, 1}; });
  add("moved images, average, noise of signs that falls", [](TrainConfig& c) {
    c.augment = {2, 0};
    c.optimizer.average_decay = 0.9f;
    c.activation.noise = NoiseKind::kSigns;
    c.activation.sigma_end = 0.05f;
  });
  add("rescaled", [](TrainConfig& c) { c.network.rescaled = true; });
  add("matmul ftz", [](TrainConfig& c) {
    c.network.matmul_mode = HardwareSupports(kFtz) ? kFtz : kFtzDaz;
    c.network.scale_exponent = 122;
  });
  return cases;
}

OrderedJson WithoutTimes(OrderedJson line) {
  line.erase("seconds");
  line.erase("samples_per_second");
  line.erase("member_samples_per_second");
  return line;
}

RunFiles FilesOf(const RunDirectory& run, const TrainResult& result) {
  RunFiles files{result, Get(run.checkpoint_path()), {}};
  for (const OrderedJson& line : run.ReadMetrics()) files.metrics.push_back(WithoutTimes(line));
  return files;
}

RunFiles TrainInScratch(const TrainConfig& config, const TrainTest& data, Isa isa, int threads) {
  const ScratchFolder scratch;
  RunDirectory run = RunDirectory::Create(scratch / "run", ToJson(config));
  TrainOptions options;
  options.isa = isa;
  options.threads = threads;
  const TrainResult result = Train(config, data, options, &run);
  return FilesOf(run, result);
}

}  // namespace fplab
