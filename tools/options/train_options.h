// The options of `fplab train`, and the configuration that they make.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_OPTIONS_TRAIN_OPTIONS_H_
#define FPLAB_TOOLS_OPTIONS_TRAIN_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include <fplab/nets/data/dataset.h>
#include <fplab/nets/training/train_config.h>
#include "tools/options/field_options.h"

namespace fplab::tools {

// --preset, an option for each field of TrainConfig, and --shared-batch for --samples-per-pair 0. Options left out keep
// the preset's value, or on resuming the run's.
class TrainOverrides {
 public:
  void AddTo(CLI::App& command);

  // Names of all options, without their dashes.
  static std::vector<std::string> Names();
  static bool IsList(const std::string& option);
  // Those that were given.
  std::vector<std::string> Given() const;
  // As --option text on the command line. Throws Error for text of another type. Precondition: one of Names().
  void Give(const std::string& option, const std::string& text);

  // The preset with the options applied. Without --layers, the first and the last width are those of the data
  // (FitToData, once it is loaded). Throws Error, also for an option that the estimator does not use.
  nets::TrainConfig MakeConfig() const;
  void FitToData(const nets::TrainTest& data, nets::TrainConfig& config) const;

  // The place or name given by --data; "" if none was.
  std::string Data() const;
  // The widths given by --layers; empty if none were.
  std::vector<int> Layers() const;

  // Throws Error if an option given differs from what the run to be resumed was started with; not for --data, which may
  // name another place of the same data.
  void RequireAgreement(const nets::TrainConfig& run) const;

 private:
  std::optional<nets::EstimatorKind> Estimator() const;
  void ApplyTo(nets::TrainConfig& config) const;

  std::optional<std::string> preset_;
  FieldOptions fields_;
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_OPTIONS_TRAIN_OPTIONS_H_
