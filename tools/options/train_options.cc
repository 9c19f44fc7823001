// From options to a training configuration.
// SPDX-License-Identifier: Apache-2.0
#include "tools/options/train_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/training/config_json.h>

namespace fplab::tools {
namespace {

constexpr const char* kPreset = "preset";
constexpr const char* kEstimator = "estimator";
constexpr const char* kSamplesPerPair = "samples-per-pair";
constexpr const char* kSharedBatch = "shared-batch";

const nets::KnownField* FindOption(const std::string& option) {
  const std::vector<nets::KnownField>& fields = nets::KnownFields();
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const nets::KnownField& field) { return field.row.option == option; });
  return found == fields.end() ? nullptr : &*found;
}

// "activation: ", or nothing if all estimators have the field.
std::string Users(const nets::KnownField& field) {
  if (field.estimators.size() == std::size(nets::kEstimatorKinds)) return {};
  std::string users;
  for (nets::EstimatorKind kind : field.estimators) users += (users.empty() ? "" : ", ") + std::string(Name(kind));
  return users + ": ";
}

// " [500]", what the field is without options.
std::string Default(const nets::KnownField& field) {
  std::vector<std::string> texts;
  for (nets::EstimatorKind kind : field.estimators) {
    nets::TrainConfig config = nets::Preset("post", kind);
    texts.push_back(nets::ToText(nets::FieldsOf(config).FindOption(field.row.option)->Get()));
  }
  if (field.row.option == kEstimator) return fmt::format(" [{}]", texts.front());
  const bool same = std::equal(texts.begin() + 1, texts.end(), texts.begin());
  if (!same) return fmt::format(" [{} for {}]", texts.front(), Name(field.estimators.front()));
  return texts.front().empty() ? "" : fmt::format(" [{}]", texts.front());
}

// Throws Error for a list that says something of layers that the network does not have.
void RequireShort(const FieldOptions& given, const char* option, size_t layers, const char* what) {
  const nets::FieldValue* value = given.Find(option);
  if (value == nullptr) return;
  const auto* whole = std::get_if<std::vector<int>>(value);
  const size_t count = whole != nullptr ? whole->size() : std::get<std::vector<float>>(*value).size();
  if (count <= std::max<size_t>(layers, 1)) return;
  throw Error("--{}: found {} numbers, expected {} at most, one for each {}; the last serves those after it", option,
              count, layers, what);
}

}  // namespace

void TrainOverrides::AddTo(CLI::App& command) {
  CLI::Option* own = nullptr;
  for (const nets::KnownField& field : nets::KnownFields()) {
    nets::FieldRow row = field.row;
    row.help = Users(field) + row.help;
    CLI::Option* option = fields_.Add(command, row, field.value, Default(field));
    if (row.option == kSamplesPerPair) own = option;
  }
  command.add_option(
      "--preset", preset_,
      "post (the post's network and result), best (wider, longer, for images), quick, or spirals (small, "
      "for that data set) [post]");
  command
      .add_flag_callback(
          "--shared-batch", [this] { Give(kSharedBatch, "true"); },
          "gaussian, lowrank: every pair evaluates the whole batch")
      ->excludes(own);
}

std::vector<std::string> TrainOverrides::Names() {
  std::vector<std::string> names;
  for (const nets::KnownField& field : nets::KnownFields()) names.push_back(field.row.option);
  names.insert(names.end(), {kPreset, kSharedBatch});
  return names;
}

bool TrainOverrides::IsList(const std::string& option) {
  const nets::KnownField* field = FindOption(option);
  return field != nullptr && nets::IsList(field->value);
}

std::vector<std::string> TrainOverrides::Given() const {
  std::vector<std::string> names = fields_.Names();
  if (preset_) names.insert(names.begin(), kPreset);
  return names;
}

void TrainOverrides::Give(const std::string& option, const std::string& text) {
  if (option == kPreset) {
    preset_ = text;
  } else if (option == kSharedBatch) {
    FieldOptions flag;
    flag.Give(kSharedBatch, false, text);
    if (std::get<bool>(*flag.Find(kSharedBatch))) {
      fields_.Give(kSamplesPerPair, FindOption(kSamplesPerPair)->value, "0", kSharedBatch);
    }
  } else {
    fields_.Give(option, FindOption(option)->value, text);
  }
}

std::optional<nets::EstimatorKind> TrainOverrides::Estimator() const {
  const nets::FieldValue* given = fields_.Find(kEstimator);
  if (given == nullptr) return std::nullopt;
  return nets::ParseEstimator(std::get<std::string>(*given));
}

// Precondition: the estimator is already the one asked for.
void TrainOverrides::ApplyTo(nets::TrainConfig& config) const {
  fields_.ApplyTo(nets::FieldsOf(config), [&config](const std::string& option) {
    return nets::WhoUses(*FindOption(option), nets::Kind(config.estimator));
  });
}

nets::TrainConfig TrainOverrides::MakeConfig() const {
  nets::TrainConfig config =
      nets::Preset(preset_.value_or("post"), Estimator().value_or(nets::EstimatorKind::kActivation));
  ApplyTo(config);
  Validate(config);
  const size_t layers = config.network.layers.size() - 1;
  RequireShort(fields_, "block", layers - 1, "hidden layer");
  for (const char* option : {"weight-sigma", "layer-pairs"}) RequireShort(fields_, option, layers, "layer");
  return config;
}

void TrainOverrides::FitToData(const nets::TrainTest& loaded, nets::TrainConfig& config) const {
  if (fields_.Find("layers") != nullptr) return;
  config.network.layers.front() = loaded.train.features;
  config.network.layers.back() = loaded.train.classes;
}

std::string TrainOverrides::Data() const {
  const nets::FieldValue* given = fields_.Find("data");
  return given != nullptr ? std::get<std::string>(*given) : "";
}

std::vector<int> TrainOverrides::Layers() const {
  const nets::FieldValue* given = fields_.Find("layers");
  return given != nullptr ? std::get<std::vector<int>>(*given) : std::vector<int>();
}

void TrainOverrides::RequireAgreement(const nets::TrainConfig& run) const {
  nets::TrainConfig asked = run;
  const nets::EstimatorKind kind = Estimator().value_or(nets::Kind(run.estimator));
  if (kind != nets::Kind(run.estimator)) asked.estimator = nets::DefaultEstimator(kind);
  if (preset_) {
    // A preset speaks of everything but what is trained on and the seed; widths at both ends came from the data.
    asked = nets::Preset(*preset_, kind);
    asked.data = run.data;
    asked.train_limit = run.train_limit;
    asked.seed = run.seed;
    asked.network.layers = run.network.layers;
  }
  ApplyTo(asked);
  asked.data = run.data;
  for (const auto& [field, before, after] : nets::Differences(run, asked)) {
    if (field == "epochs") {
      throw Error(
          "--resume: the run was started with epochs = {}, the options ask for {}: its schedules end with them; to "
          "train its weights further, begin another run with --from",
          nets::ShortText(before), nets::ShortText(after));
    }
    throw Error("--resume: the run was started with {} = {}, the options ask for {}", field, nets::ShortText(before),
                nets::ShortText(after));
  }
}

}  // namespace fplab::tools
