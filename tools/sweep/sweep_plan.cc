// From axes to cells, and the JSON form of a sweep.
// SPDX-License-Identifier: Apache-2.0
#include "tools/sweep/sweep_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <set>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/files/atomic_file.h>
#include <fplab/nets/training/config_json.h>
#include <fplab/nets/training/trainer.h>

namespace fplab::tools {
namespace {

namespace fs = std::filesystem;

constexpr uintmax_t kMaxSweepFile = uintmax_t{1} << 26;

// Axes of `sweep` alone, for the shape of the network.
bool IsShape(std::string_view name) { return name == "width" || name == "depth"; }

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

int PositiveInteger(std::string_view name, std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 1) {
    throw Error("--over {}: found '{}', expected a positive integer", name, text);
  }
  return value;
}

void RequireKnown(const SweepAxis& axis) {
  std::vector<std::string> known = {"width", "depth"};
  for (const std::string& option : TrainOverrides::Names()) known.push_back(option);
  if (std::find(known.begin(), known.end(), axis.name) != known.end()) return;
  throw Error("--over {}: unknown axis, expected one of {}", axis.name, fmt::join(known, ", "));
}

// `fixed` with the values of a cell, but for its shape.
TrainOverrides WithValues(const TrainOverrides& fixed, const std::vector<SweepAxis>& axes,
                          const std::vector<std::string>& at) {
  TrainOverrides overrides = fixed;
  for (size_t i = 0; i < axes.size(); ++i) {
    if (IsShape(axes[i].name)) continue;
    std::string value = at[i];
    if (TrainOverrides::IsList(axes[i].name)) std::replace(value.begin(), value.end(), 'x', ',');
    try {
      overrides.Give(axes[i].name, value);
    } catch (const Error& error) {
      throw Error("--over {}: value '{}': {}", axes[i].name, at[i], error.what());
    }
  }
  return overrides;
}

void ApplyShape(const std::vector<SweepAxis>& axes, const std::vector<std::string>& at, std::vector<int>& layers) {
  int width = layers.size() > 2 ? layers[1] : 0;
  std::vector<int> hidden(layers.begin() + 1, layers.end() - 1);
  for (size_t i = 0; i < axes.size(); ++i) {
    if (axes[i].name == "width") {
      width = PositiveInteger("width", at[i]);
      std::fill(hidden.begin(), hidden.end(), width);
    }
  }
  for (size_t i = 0; i < axes.size(); ++i) {
    if (axes[i].name != "depth") continue;
    const int depth = PositiveInteger("depth", at[i]);
    if (depth > 1 && width == 0) throw Error("--over depth: the network has no hidden layer; give --over width too");
    if (depth > 256) throw Error("--over depth: found {}, expected at most 256", depth);
    hidden.assign(static_cast<size_t>(depth) - 1, width);
  }
  hidden.insert(hidden.begin(), layers.front());
  hidden.push_back(layers.back());
  layers = hidden;
}

// A folder's name of any values: what is unusual in a file's name becomes '-'.
std::string CellName(const std::vector<SweepAxis>& axes, const std::vector<std::string>& at) {
  std::string name;
  for (size_t i = 0; i < axes.size(); ++i) name += (i > 0 ? "_" : "") + axes[i].name + "=" + at[i];
  for (char& c : name) {
    const bool usual = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!usual && std::string_view("=_.+-").find(c) == std::string_view::npos) c = '-';
  }
  return name;
}

SweepCell MakeCell(const std::vector<SweepAxis>& axes, const std::vector<std::string>& at, const TrainOverrides& fixed,
                   SweepData& data) {
  const TrainOverrides overrides = WithValues(fixed, axes, at);
  SweepCell cell{at, CellName(axes, at), {}};
  try {
    cell.config = overrides.MakeConfig();
    const nets::TrainTest& loaded = data.Get(cell.config);
    overrides.FitToData(loaded, cell.config);
    ApplyShape(axes, at, cell.config.network.layers);
    nets::RequireTrainable(cell.config, loaded);
  } catch (const Error& error) {
    throw Error("cell {}: {}", cell.name, error.what());
  }
  return cell;
}

// Counts `at` up; false after the last cell.
bool Advance(const std::vector<SweepAxis>& axes, std::vector<size_t>& at) {
  for (size_t i = axes.size(); i-- > 0;) {
    if (++at[i] < axes[i].values.size()) return true;
    at[i] = 0;
  }
  return false;
}

nets::OrderedJson ToJson(const SweepPlan& plan) {
  nets::OrderedJson axes = nets::OrderedJson::array(), cells = nets::OrderedJson::array();
  for (const SweepAxis& axis : plan.axes) axes.push_back({{"name", axis.name}, {"values", axis.values}});
  for (const SweepCell& cell : plan.cells) {
    cells.push_back({{"name", cell.name}, {"at", cell.at}, {"config", nets::ToJson(cell.config)}});
  }
  return {{"axes", axes}, {"cells", cells}};
}

void RequireSweep(const fs::path& folder) {
  if (!IsSweep(folder)) throw Error("{}: not a sweep: it has no sweep.json", folder.string());
}

// Of a killed sweep or report; the folder's lock is held.
void RemoveTemporaries(const fs::path& folder) {
  for (const char* file : {"sweep.json", "sweep.svg", "report.html"}) nets::RemoveStaleTemporaries(folder / file);
}

bool IsPlainName(const std::string& name) {
  return !name.empty() && name.find('/') == std::string::npos && name != "." && name != "..";
}

}  // namespace

const nets::TrainTest& SweepData::Get(const nets::TrainConfig& config) {
  const std::pair key(config.data, config.train_limit);
  const auto found = loaded_.find(key);
  if (found != loaded_.end()) return found->second;
  kernels::Workers workers(threads_);
  return loaded_.emplace(key, nets::LoadData(config.data, {config.train_limit, true, &workers})).first->second;
}

SweepAxis ParseAxis(std::string_view text) {
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    throw Error("--over {}: expected FIELD=VALUE,VALUE,...", text);
  }
  SweepAxis axis{std::string(text.substr(0, equals)), Split(text.substr(equals + 1), ',')};
  std::set<std::string> seen;
  for (const std::string& value : axis.values) {
    if (value.empty()) throw Error("--over {}: found an empty value, expected FIELD=VALUE,VALUE,...", text);
    if (!seen.insert(value).second) throw Error("--over {}: value {} is named twice", axis.name, value);
  }
  return axis;
}

SweepPlan MakePlan(const std::vector<SweepAxis>& axes, const TrainOverrides& fixed, SweepData& data) {
  if (axes.empty()) throw Error("nothing to sweep over: give --over FIELD=VALUE,VALUE,... at least once");
  std::set<std::string> names;
  size_t count = 1;
  for (const SweepAxis& axis : axes) {
    RequireKnown(axis);
    if (!names.insert(axis.name).second) throw Error("--over {}: the axis is named twice", axis.name);
    count *= axis.values.size();
    if (count > kMaxSweepCells) throw Error("--over: the grid has more than {} cells", kMaxSweepCells);
  }
  SweepPlan plan{axes, {}};
  std::set<std::string> folders;
  std::vector<size_t> index(axes.size());
  do {
    std::vector<std::string> at;
    for (size_t i = 0; i < axes.size(); ++i) at.push_back(axes[i].values[index[i]]);
    plan.cells.push_back(MakeCell(axes, at, fixed, data));
    if (!folders.insert(plan.cells.back().name).second) {
      throw Error("--over: two cells would share the folder {}", plan.cells.back().name);
    }
  } while (Advance(axes, index));
  return plan;
}

fs::path SweepFile(const fs::path& folder) { return folder / "sweep.json"; }

bool IsSweep(const fs::path& folder) { return nets::Exists(SweepFile(folder)); }

SweepPlan ReadPlan(const fs::path& folder) {
  const std::string source = SweepFile(folder).string();
  RequireSweep(folder);
  const nets::OrderedJson json = nets::ParseJson(nets::ReadFile(source, kMaxSweepFile));
  SweepPlan plan;
  try {
    for (const nets::OrderedJson& axis : json.at("axes")) {
      plan.axes.push_back({axis.at("name"), axis.at("values").get<std::vector<std::string>>()});
    }
    for (const nets::OrderedJson& cell : json.at("cells")) {
      const std::string name = cell.at("name");
      const auto at = cell.at("at").get<std::vector<std::string>>();
      if (!IsPlainName(name)) throw Error("{}: found the cell name '{}', expected a folder's", source, name);
      if (at.size() != plan.axes.size()) {
        throw Error("{}: cell {} has {} values, expected {}", source, name, at.size(), plan.axes.size());
      }
      plan.cells.push_back({at, name, nets::TrainConfigFromJson(cell.at("config"), source + ", cell " + name)});
    }
  } catch (const nets::OrderedJson::exception&) {
    throw Error("{}: damaged, expected an object with the lists \"axes\" and \"cells\"", source);
  }
  if (plan.cells.size() > kMaxSweepCells) {
    throw Error("{}: found {} cells, expected at most {}", source, plan.cells.size(), kMaxSweepCells);
  }
  if (plan.axes.empty() || plan.cells.empty()) throw Error("{}: damaged, it has no axes or no cells", source);
  return plan;
}

nets::FolderLock CreateSweep(const fs::path& folder, const SweepPlan& plan) {
  nets::CreateFolder(folder);
  nets::FolderLock lock(folder);
  for (const char* file : {"sweep.json", "config.json", "checkpoint.safetensors"}) {
    if (!nets::Exists(folder / file)) continue;
    throw Error("{}: already holds {}; continue a sweep with --resume, or choose another folder", folder.string(),
                file);
  }
  RemoveTemporaries(folder);
  nets::WriteFileAtomically(SweepFile(folder), ToJson(plan).dump(1) + "\n");
  return lock;
}

nets::FolderLock LockSweep(const fs::path& folder) {
  RequireSweep(folder);
  nets::FolderLock lock(folder);
  RemoveTemporaries(folder);
  return lock;
}

void RequireSameCells(const SweepPlan& kept, const SweepPlan& asked) {
  if (kept.cells.size() != asked.cells.size()) {
    throw Error("--resume: the sweep has {} cells, the options ask for {}", kept.cells.size(), asked.cells.size());
  }
  for (size_t i = 0; i < kept.cells.size(); ++i) {
    for (const auto& [field, before, after] : nets::Differences(kept.cells[i].config, asked.cells[i].config)) {
      throw Error("--resume: cell {} was started with {} = {}, the options ask for {}", kept.cells[i].name, field,
                  nets::ShortText(before), nets::ShortText(after));
    }
  }
}

}  // namespace fplab::tools
