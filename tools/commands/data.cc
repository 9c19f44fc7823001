// fplab data: where a data set comes from, and whether it is whole.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <thread>

#include <fplab/fparith/float/outside_text.h>
#include <fplab/nets/data/dataset.h>
#include <fplab/nets/files/run_directory.h>
#include "tools/commands/command.h"

namespace fplab::tools {
namespace {

struct DataOptions {
  std::string name;
  bool json = false;
};

int Run(const DataOptions& options) {
  kernels::Workers workers(std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
  const nets::TrainTest data = nets::LoadData(options.name, {.workers = &workers});
  if (options.json) {
    const nets::OrderedJson out = {{"name", ValidUtf8(data.train.name)},
                                   {"source", ValidUtf8(data.source)},
                                   {"train", data.train.count()},
                                   {"test", data.test.count()},
                                   {"features", data.train.features},
                                   {"classes", data.train.classes},
                                   {"notes", data.notes}};
    fmt::print("{}\n", out.dump());
    return kDone;
  }
  fmt::print("{}: {} training and {} test samples of {} features, {} classes, from {}\n", Printable(data.train.name),
             data.train.count(), data.test.count(), data.train.features, data.train.classes, Printable(data.source));
  for (const std::string& note : data.notes) fmt::print("  {}\n", note);
  return kDone;
}

}  // namespace

void AddDataCommand(CLI::App& app, int& status) {
  const auto options = std::make_shared<DataOptions>();
  CLI::App* command = app.add_subcommand("data", "Load a data set and say where it came from.");
  command->footer(
      "Examples:\n"
      "  fplab data mnist             from $FPLAB_DATA if that is set, else data/mnist, else the cache, else "
      "downloaded\n"
      "  fplab data sets/fashion      a folder of IDX files, plain or .gz, by the names of MNIST, EMNIST or QMNIST\n"
      "  fplab data sets/emnist-letters   of several sets in the folder sets the one whose files begin so\n"
      "  fplab data mnist.npz         NumPy's x_train, y_train, x_test, y_test, as Keras keeps them\n"
      "The classes are 0 to the largest label.");
  command->add_option("name", options->name, "mnist, glyphs, spirals, a folder of IDX files, or an .npz file")
      ->required();
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace fplab::tools
