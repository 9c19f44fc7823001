// Configuration, data, weights and folder, in the order in which they can be refused.
// SPDX-License-Identifier: Apache-2.0
#include "tools/options/training_run.h"

#include <fplab/fparith/float/error.h>
#include <fplab/nets/training/config_json.h>
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

}  // namespace

TrainingRun OpenTraining(const TrainOverrides& options, const TrainingPlace& place) {
  TrainingRun run;
  run.resume = place.resume;
  if (place.resume) {
    if (place.out.empty()) throw Error("--resume: name the run's folder with --out");
    run.folder.emplace(nets::RunDirectory::Resume(place.out));
    run.config = nets::TrainConfigFromJson(run.folder->config(), run.folder->config_path().string());
    options.RequireAgreement(run.config);
    RequireTellable(options.Data(), run);
  } else {
    run.config = options.MakeConfig();
    if (!place.from.empty()) run.initial = InitialWeights(options, place, run.config);
  }
  {
    kernels::Workers workers(place.threads);
    run.data = LoadDataOf(run.config, options.Data(), workers);
  }
  if (place.resume) return run;
  if (!run.initial) options.FitToData(run.data, run.config);
  nets::RequireTrainable(run.config, run.data);  // before there is a folder
  const std::filesystem::path folder = place.out.empty() ? DefaultRunFolder(run.config) : place.out;
  run.folder.emplace(nets::RunDirectory::Create(folder, ToJson(run.config)));
  return run;
}

nets::TrainResult Train(TrainingRun& run, nets::TrainOptions train) {
  const nets::DataDigests digests = DigestsOf(run.data);
  train.begun = [&] { AppendHistory(*run.folder, Name(train.isa), train.threads, &digests); };
  return nets::Train(run.config, run.data, train, &*run.folder, run.resume, run.initial ? &*run.initial : nullptr);
}

}  // namespace fplab::tools
