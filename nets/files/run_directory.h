// RunDirectory: the folder of one training run, with config.json, metrics.jsonl, history.jsonl,
// checkpoint.safetensors and report.html.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_FILES_RUN_DIRECTORY_H_
#define FPLAB_NETS_FILES_RUN_DIRECTORY_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/files/folder_lock.h>
#include <fplab/nets/files/ordered_json.h>

namespace fplab::nets {

// Of metrics.jsonl, for readers; a writer may go on beyond it.
inline constexpr uintmax_t kMaxMetricsRead = uintmax_t{64} << 20;

// Every function throws Error with the path and the reason. Who creates or resumes a run holds the folder's lock
// (folder_lock.h) until the object goes; any number may open it to read meanwhile.
class FPLAB_EXPORT RunDirectory {
 public:
  // Creates `path`, and its parents, and writes config.json. An existing folder is taken only if it holds no run (none
  // of the four files); otherwise the Error says so and names --resume. Throws Error if another holds the folder's
  // lock.
  static RunDirectory Create(const std::filesystem::path& path, const OrderedJson& config);

  // Opens an existing run to read: config.json must be there and hold one object. Changes nothing.
  static RunDirectory Open(const std::filesystem::path& path);

  // Opens an existing run to write. Throws Error, beside what Open refuses, if another holds the folder's lock.
  static RunDirectory Resume(const std::filesystem::path& path);

  const OrderedJson& config() const { return config_; }
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path config_path() const { return PathOf("config.json"); }
  std::filesystem::path metrics_path() const { return PathOf("metrics.jsonl"); }
  std::filesystem::path history_path() const { return PathOf("history.jsonl"); }
  std::filesystem::path checkpoint_path() const { return PathOf("checkpoint.safetensors"); }
  std::filesystem::path report_path() const { return PathOf("report.html"); }

  // A run that was stopped before its first checkpoint has none.
  bool HasCheckpoint() const;

  // Whether it was created or resumed, not only opened. The functions that write abort if it was not.
  bool writable() const { return lock_.has_value(); }

  // Appends one line, an object with an integer "step" no smaller than that of the line before, and syncs it. A line
  // that cannot be written whole leaves the file as it was. Write the line of a step before the checkpoint of that
  // step.
  void AppendMetrics(const OrderedJson& line);

  // Appends one line, any object, to history.jsonl, and syncs it: how the run was begun or gone on with. Nothing here
  // reads it.
  void AppendHistory(const OrderedJson& line);

  // For resuming from a checkpoint at `step` (-1: from none): drops a torn last line, every line of a later step with
  // what follows it, and temporaries of a killed writer. Throws Error for steps that go back.
  void RewindMetrics(int64_t step);

  // The lines, oldest first. Left out are a torn last line, and what is no object with an integer step, such as blank
  // lines and those of other programs: `foreign` counts these. Throws Error for steps that go back, naming the line,
  // and for a file of more than kMaxMetricsRead bytes: in memory it is some twenty times as large.
  std::vector<OrderedJson> ReadMetrics(size_t* foreign = nullptr) const;

 private:
  RunDirectory(std::filesystem::path path, OrderedJson config) : path_(std::move(path)), config_(std::move(config)) {}

  std::filesystem::path PathOf(const char* name) const;
  void AppendLine(const std::filesystem::path& file, const OrderedJson& line);
  void RemoveTemporaries() const;  // of a killed writer; the lock is held

  std::filesystem::path path_;
  OrderedJson config_;
  std::optional<FolderLock> lock_;
};

}  // namespace fplab::nets

#endif  // FPLAB_NETS_FILES_RUN_DIRECTORY_H_
