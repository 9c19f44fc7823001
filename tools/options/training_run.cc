// Configuration, data, weights and folder, in the order in which they can be refused.
// SPDX-License-Identifier: Apache-2.0
#include "tools/options/training_run.h"

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/version.h>
#include <fplab/nets/training/config_json.h>
#include "tools/options/shared_data.h"
#include "tools/ranks/agreement.h"
#include "tools/runs/load_run.h"
#include "tools/runs/run_history.h"

namespace fplab::tools {
namespace {

// Without a checkpoint nothing tells whether what lies at another place is what the run was begun on.
void RequireTellable(const std::string& place, const TrainingRun& run) {
  if (place.empty() || place == run.config.data || run.folder->HasCheckpoint()) return;
  throw Error("--data: the run was begun on {} and has no checkpoint yet to tell whether {} is the same; begin it anew",
              run.config.data, place);
}

// The weights to begin from; their layers are the configuration's.
nets::Network InitialWeights(const TrainOverrides& options, const TrainingPlace& place, nets::TrainConfig& config) {
  const nets::Checkpoint given = LoadWeights(place.from, place.layout, options.Layers());
  config.network.layers = given.network.config.layers;
  Validate(config);
  return nets::EvaluatedNetwork(given);
}

// The first rank's part of what a run begins with.
void BeginHere(const TrainOverrides& options, const TrainingPlace& place, TrainingRun& run) {
  if (!place.resume) {
    run.config = options.MakeConfig();
    if (!place.from.empty()) run.initial = InitialWeights(options, place, run.config);
    return;
  }
  if (place.out.empty()) throw Error("--resume: name the run's folder with --out");
  run.folder.emplace(nets::RunDirectory::Resume(place.out));
  run.config = nets::TrainConfigFromJson(run.folder->config(), run.folder->config_path().string());
  options.RequireAgreement(run.config);
  RequireTellable(options.Data(), run);
}

// Of what the first rank has begun with, what the others can't know: the run that is gone on with, given weights.
void ShareBeginning(const TrainOverrides& options, const TrainingPlace& place, nets::Ranks& ranks, TrainingRun& run) {
  const nets::TrainConfig of_first = nets::TrainConfigFromJson(
      nets::OrderedJson::parse(ranks.FromFirst(ToJson(run.config).dump())), "rank 0's configuration");
  if (!ranks.IsFirst() && place.resume) {
    options.RequireAgreement(of_first);
    run.config = of_first;
  }
  if (!ranks.IsFirst() && !place.resume) run.config = options.MakeConfig();
  if (place.resume || place.from.empty()) return;
  run.config.network.layers = of_first.network.layers;
  if (!ranks.IsFirst()) run.initial = nets::Network{run.config.network, ZeroParameters(run.config.network)};
  for (nets::LayerParameters& layer : run.initial->parameters) {
    ranks.FromFirst({nets::PieceOf(layer.weight.buffer().data(), layer.weight.buffer().size()),
                     nets::PieceOf(layer.bias.data(), layer.bias.size())});
  }
}

nets::OrderedJson WhatIsTrained(const TrainingRun& run) {
  nets::OrderedJson fields = {{"version", FPLAB_VERSION}};
  const nets::OrderedJson config = ToJson(run.config);
  for (const auto& [field, value] : config.items()) fields[field] = value;
  const nets::DataDigests digests = DigestsOf(run.data);
  fields["train_data_sha256"] = digests.train;
  fields["test_data_sha256"] = digests.test;
  return fields;
}

}  // namespace

TrainingRun OpenTraining(const TrainOverrides& options, const TrainingPlace& place) {
  nets::OneRank alone;
  TrainingRun run = OpenTraining(options, place, alone);
  run.ranks = nullptr;
  return run;
}

TrainingRun OpenTraining(const TrainOverrides& options, const TrainingPlace& place, nets::Ranks& ranks) {
  TrainingRun run;
  run.resume = place.resume;
  run.ranks = &ranks;
  if (ranks.IsFirst()) BeginHere(options, place, run);
  if (ranks.count() > 1) ShareBeginning(options, place, ranks, run);
  {
    kernels::Workers workers(place.threads);
    run.data = LoadDataTogether(run.config, options.Data(), workers, ranks);
  }
  if (!place.resume && !run.initial) options.FitToData(run.data, run.config);
  if (ranks.count() > 1) RequireAgreement(ranks, WhatIsTrained(run));
  if (place.resume) return run;
  nets::RequireTrainable(run.config, run.data);  // before there is a folder
  if (!ranks.IsFirst()) return run;
  const std::filesystem::path folder = place.out.empty() ? DefaultRunFolder(run.config) : place.out;
  run.folder.emplace(nets::RunDirectory::Create(folder, ToJson(run.config)));
  return run;
}

nets::TrainResult Train(TrainingRun& run, nets::TrainOptions train) {
  const nets::DataDigests digests = DigestsOf(run.data);
  train.ranks = run.ranks;
  if (run.folder) train.begun = [&] { AppendHistory(*run.folder, Name(train.isa), train.threads, &digests); };
  return nets::Train(run.config, run.data, train, run.folder ? &*run.folder : nullptr, run.folder && run.resume,
                     run.initial ? &*run.initial : nullptr);
}

}  // namespace fplab::tools
