// Training and runs, for Python.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/nets/data/dataset.h>
#include <fplab/nets/training/config_json.h>
#include <fplab/nets/training/trainer.h>
#include "tools/options/network_options.h"
#include "tools/options/train_options.h"
#include "tools/options/training_run.h"
#include "tools/python/arrays.h"
#include "tools/python/bindings.h"
#include "tools/python/network.h"
#include "tools/runs/load_run.h"
#include "tools/runs/run_history.h"
#include "tools/runs/run_metrics.h"

namespace fplab::python {
namespace {

namespace py = pybind11;

py::dict Progress(const nets::TrainProgress& progress) {
  py::dict dict;
  dict["step"] = progress.step;
  dict["total_steps"] = progress.total_steps;
  dict["epoch"] = progress.epoch;
  dict["epochs"] = progress.epochs;
  dict["loss"] = progress.loss;
  dict["accuracy"] = progress.accuracy;
  dict["train_accuracy"] = progress.train_accuracy >= 0 ? py::cast(progress.train_accuracy) : py::none();
  dict["test_accuracy"] = progress.test_accuracy >= 0 ? py::cast(progress.test_accuracy) : py::none();
  dict["seconds"] = progress.seconds;
  return dict;
}

// What Python has to say between two steps: its callback's wish to stop, its exceptions, its signals.
class Steps {
 public:
  explicit Steps(py::object callback) : callback_(std::move(callback)) {}

  void Show(const nets::TrainProgress& progress) {
    if (callback_.is_none() || stop_) return;
    const py::gil_scoped_acquire acquire;
    try {
      const py::object answer = callback_(Progress(progress));
      if (answer.ptr() == Py_False) stop_ = true;
    } catch (py::error_already_set& error) {
      Keep(std::move(error));
    }
  }

  bool Stop() {
    if (stop_) return true;
    const py::gil_scoped_acquire acquire;
    if (PyErr_CheckSignals() != 0) Keep(py::error_already_set());
    return stop_;
  }

  // With the GIL: what was raised meanwhile.
  void Throw() {
    if (raised_) throw py::error_already_set(std::move(*raised_));
  }

 private:
  void Keep(py::error_already_set&& error) {
    raised_ = std::make_unique<py::error_already_set>(std::move(error));
    stop_ = true;
  }

  py::object callback_;
  std::unique_ptr<py::error_already_set> raised_;
  bool stop_ = false;
};

// As `fplab train` does: options by their names on the command line, without dashes. Returns the run's folder and
// whether it was trained to its end.
std::pair<std::filesystem::path, bool> Train(const std::vector<std::pair<std::string, std::string>>& options,
                                             const std::filesystem::path& out, bool resume, int threads,
                                             const std::string& isa, int64_t max_steps, py::object callback) {
  tools::TrainOverrides overrides;
  const std::vector<std::string> names = tools::TrainOverrides::Names();
  for (const auto& [name, text] : options) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      throw Error("train: found {}, expected some of {}", name, fmt::join(names, ", "));
    }
    overrides.Give(name, text);
  }
  nets::TrainOptions train;
  train.isa = kernels::ParseIsa(isa);
  kernels::Workers::RequireCount(threads);
  train.threads = threads;
  if (max_steps < 0) throw Error("train: max_steps: found {}, expected at least 0", max_steps);
  train.max_steps = max_steps;
  Steps steps(std::move(callback));
  train.progress = [&steps](const nets::TrainProgress& progress) { steps.Show(progress); };
  train.stop = [&steps] { return steps.Stop(); };

  std::filesystem::path folder;
  nets::TrainResult result;
  {
    const py::gil_scoped_release release;
    tools::TrainingRun run = tools::OpenTraining(overrides, {out, resume, "", "", threads});
    folder = run.folder->path();
    result = tools::Train(run, train);
  }
  steps.Throw();
  return {folder, result.finished};
}

struct LoadedRun {
  HeldNetwork network;
  int64_t step;
  std::string config;                // JSON
  std::vector<std::string> metrics;  // JSON, oldest first
};

LoadedRun LoadRun(const std::filesystem::path& path) {
  const py::gil_scoped_release release;
  const nets::Checkpoint checkpoint = tools::LoadCheckpoint(path.string());
  LoadedRun loaded = {{std::make_shared<nets::Network>(nets::EvaluatedNetwork(checkpoint))},
                      checkpoint.step,
                      tools::OneLine(nets::ToJson(checkpoint.config)),
                      {}};
  if (!std::filesystem::is_directory(path)) return loaded;
  for (const nets::OrderedJson& line : tools::ReadRunMetrics(nets::RunDirectory::Open(path)).lines) {
    loaded.metrics.push_back(tools::OneLine(line));
  }
  return loaded;
}

// A part of a data set as arrays that lie in it: samples x features, and labels.
py::tuple Arrays(const std::shared_ptr<nets::TrainTest>& owner, nets::Dataset& data) {
  const py::capsule keeper(new std::shared_ptr<nets::TrainTest>(owner),
                           [](void* held) { delete static_cast<std::shared_ptr<nets::TrainTest>*>(held); });
  return py::make_tuple(py::array_t<float>({data.count(), data.features}, data.x.data(), keeper),
                        py::array_t<uint8_t>(data.count(), data.y.data(), keeper));
}

py::tuple LoadData(const std::string& name, int train_limit, bool download, int threads) {
  std::shared_ptr<nets::TrainTest> data;
  {
    const py::gil_scoped_release release;
    kernels::Workers workers(threads);
    data = std::make_shared<nets::TrainTest>(nets::LoadData(name, {train_limit, download, &workers}));
  }
  return py::make_tuple(Arrays(data, data->train), Arrays(data, data->test), data->source);
}

}  // namespace

void AddRuns(py::module_& module) {
  // A run's history has the script's command line; where Python is inside another program, there may be none.
  const py::object argv = py::getattr(py::module_::import("sys"), "argv", py::list());
  tools::KeepCommandLine(py::isinstance<py::list>(argv) ? argv.cast<std::vector<std::string>>()
                                                        : std::vector<std::string>());
  module.def("train", &Train, py::arg("options"), py::arg("out"), py::arg("resume"), py::arg("threads"), py::arg("isa"),
             py::arg("max_steps"), py::arg("callback"), "Trains; the run's folder, and if it ended.");
  py::class_<LoadedRun>(module, "LoadedRun", "What a run's folder, or a checkpoint, holds.")
      .def_readonly("network", &LoadedRun::network)
      .def_readonly("step", &LoadedRun::step)
      .def_readonly("config", &LoadedRun::config)
      .def_readonly("metrics", &LoadedRun::metrics);
  module.def("load_run", &LoadRun, py::arg("path"), "A run's folder, or a checkpoint file.");
  module.def("load_data", &LoadData, py::arg("name"), py::arg("train_limit"), py::arg("download"), py::arg("threads"),
             "Training and test data, each (images, labels), and where they came from.");
}

}  // namespace fplab::python
