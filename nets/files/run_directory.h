// RunDirectory: the folder of one training run, with config.json, metrics.jsonl, checkpoint.safetensors and
// report.html.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_FILES_RUN_DIRECTORY_H_
#define FPLAB_NETS_FILES_RUN_DIRECTORY_H_

#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/files/ordered_json.h>

namespace fplab::nets {

// Every function throws Error with the path and the reason. One process writes a run directory at a time.
class FPLAB_EXPORT RunDirectory {
 public:
  // Creates `path`, and its parents, and writes config.json. An existing folder is taken only if it holds no run (none
  // of the four files); otherwise the Error says so and names --resume.
  static RunDirectory Create(const std::filesystem::path& path, const OrderedJson& config);

  // Opens an existing run: config.json must be there and hold one object. Changes nothing.
  static RunDirectory Open(const std::filesystem::path& path);

  const OrderedJson& config() const { return config_; }
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path config_path() const { return path_ / "config.json"; }
  std::filesystem::path metrics_path() const { return path_ / "metrics.jsonl"; }
  std::filesystem::path checkpoint_path() const { return path_ / "checkpoint.safetensors"; }
  std::filesystem::path report_path() const { return path_ / "report.html"; }

  // A run that was stopped before its first checkpoint has none.
  bool HasCheckpoint() const;

  // Appends one line, an object with an integer "step" no smaller than that of the line before, and syncs it. A line
  // that cannot be written whole leaves the file as it was. Write the line of a step before the checkpoint of that
  // step.
  void AppendMetrics(const OrderedJson& line);

  // For resuming from a checkpoint at `step` (-1: from none): drops a torn last line, every line of a later step, and
  // temporaries of a killed writer.
  void RewindMetrics(int64_t step);

  // The lines, oldest first; a torn last line is left out, any other damage is an Error naming the line.
  std::vector<OrderedJson> ReadMetrics() const;

 private:
  RunDirectory(std::filesystem::path path, OrderedJson config) : path_(std::move(path)), config_(std::move(config)) {}

  std::filesystem::path path_;
  OrderedJson config_;
};

}  // namespace fplab::nets

#endif  // FPLAB_NETS_FILES_RUN_DIRECTORY_H_
