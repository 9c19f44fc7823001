// Loading, asking who has found nothing, and sending it there.
// SPDX-License-Identifier: Apache-2.0
#include "tools/options/shared_data.h"

#include <optional>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/files/ordered_json.h>
#include "tools/runs/load_run.h"

namespace fplab::tools {
namespace {

using nets::Dataset;
using nets::Pieces;

nets::OrderedJson ShapeOf(const Dataset& data) {
  return {{"name", data.name},         {"features", data.features},   {"classes", data.classes},
          {"width", data.image_width}, {"height", data.image_height}, {"samples", data.count()}};
}

Dataset EmptyOf(const nets::OrderedJson& shape) {
  Dataset data{shape["name"], shape["features"], shape["classes"], shape["width"], shape["height"], {}, {}};
  const size_t samples = shape["samples"];
  data.x.resize(samples * static_cast<size_t>(data.features));
  data.y.resize(samples);
  return data;
}

Pieces PiecesOf(nets::TrainTest& data) {
  Pieces pieces;
  for (Dataset* part : {&data.train, &data.test}) {
    pieces.push_back(nets::PieceOf(part->x.data(), part->x.size()));
    pieces.push_back(nets::PieceOf(part->y.data(), part->y.size()));
  }
  return pieces;
}

std::optional<nets::TrainTest> LoadHere(const nets::TrainConfig& config, const std::string& place,
                                        kernels::Workers& workers) {
  nets::DataOptions options;
  options.train_limit = config.train_limit;
  options.allow_download = false;
  options.workers = &workers;
  try {
    return nets::LoadData(place.empty() ? config.data : place, options);
  } catch (const Error&) {  // there is none here
    return std::nullopt;
  }
}

}  // namespace

nets::TrainTest LoadDataTogether(const nets::TrainConfig& config, const std::string& place, kernels::Workers& workers,
                                 nets::Ranks& ranks) {
  nets::TrainTest data;
  bool found = true;
  if (ranks.IsFirst()) data = LoadDataOf(config, place, workers);
  if (ranks.count() == 1) return data;
  // By now what is fetched once lies where ranks of the same machine find it.
  const nets::OrderedJson shapes = nets::OrderedJson::parse(ranks.FromFirst(
      nets::OrderedJson{{"train", ShapeOf(data.train)}, {"test", ShapeOf(data.test)}, {"source", data.source}}.dump()));
  if (!ranks.IsFirst()) {
    std::optional<nets::TrainTest> here = LoadHere(config, place, workers);
    found = here.has_value();
    data = found ? std::move(*here)
                 : nets::TrainTest{EmptyOf(shapes["train"]), EmptyOf(shapes["test"]), shapes["source"], {}};
  }
  const std::vector<std::string> have = ranks.Gather(found ? "data" : "");
  std::vector<Pieces> send(have.size()), receive(have.size());
  for (size_t r = 0; r < have.size() && ranks.IsFirst(); ++r) {
    if (have[r].empty()) send[r] = PiecesOf(data);
  }
  if (!found) receive.front() = PiecesOf(data);
  ranks.Exchange(send, receive);
  return data;
}

}  // namespace fplab::tools
