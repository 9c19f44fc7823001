// The files of a run directory.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/run_directory.h>

#include <fcntl.h>

#include <cerrno>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/nets/files/atomic_file.h>
#include <fplab/nets/files/descriptor.h>
#include <fplab/nets/files/system_calls.h>

namespace fplab::nets {
namespace {

namespace fs = std::filesystem;

constexpr uintmax_t kMaxConfig = uintmax_t{1} << 20;
constexpr uintmax_t kMaxMetrics = uintmax_t{1} << 34;
constexpr const char* kStep = "step";

// The step of a line of metrics; nullopt if it is none.
std::optional<int64_t> StepOf(const OrderedJson& line) {
  if (!line.is_object() || !line.contains(kStep) || !line[kStep].is_number_integer()) return std::nullopt;
  const OrderedJson& step = line[kStep];
  if (step.is_number_unsigned() && step.get<uint64_t>() > uint64_t{INT64_MAX}) return std::nullopt;
  return step.get<int64_t>();
}

// JSON text in UTF-8, whatever bytes a path in a configuration is made of.
std::string Dump(const OrderedJson& value, int indent) {
  return AsGuest([&] { return value.dump(indent, ' ', false, OrderedJson::error_handler_t::replace) + "\n"; });
}

// Gives whole lines of metrics to `take` until it returns false or the torn last one: text without its newline, which
// is what an append leaves that was cut short. Counts what else stands between them in `foreign`. Returns the bytes up
// to the line that was not taken.
size_t ReadLines(const fs::path& path, uintmax_t max_bytes, const std::function<bool(OrderedJson& line)>& take,
                 size_t& foreign) {
  foreign = 0;
  if (!Exists(path)) return 0;
  const std::string text = ReadFile(path, max_bytes);
  size_t begin = 0;
  int64_t before = INT64_MIN;
  for (int number = 1;; ++number) {
    const size_t newline = text.find('\n', begin);
    if (newline == std::string::npos) return begin;
    OrderedJson line = ParseJson(std::string_view(text).substr(begin, newline - begin));
    const std::optional<int64_t> step = StepOf(line);
    if (step && *step < before) {
      throw Error("{}: line {} is damaged, its step {} comes after {}", path.string(), number, *step, before);
    }
    if (!step) {
      ++foreign;
    } else if (!take(line)) {
      return begin;
    }
    before = step.value_or(before);
    begin = newline + 1;
  }
}

// Appends all of `bytes` and syncs, or restores the old length; returns 0 or the errno of the failure.
int AppendAll(const Descriptor& file, std::string_view bytes) {
  struct stat before;
  if (Uninterrupted([&] { return Calls().Fstat(file.get(), &before); }) != 0) return errno;
  int error = file.WriteAll(bytes);
  if (error == 0) error = file.Sync();
  // If that fails too, the torn line stays; RewindMetrics knows how to drop it.
  if (error != 0) file.Truncate(static_cast<uint64_t>(before.st_size));
  return error;
}

}  // namespace

RunDirectory RunDirectory::Create(const fs::path& path, const OrderedJson& config) {
  const ScopedGuest guest;  // paths of the standard library compute
  FPLAB_CHECK(config.is_object(), "a configuration is a JSON object");
  CreateFolder(path);
  RunDirectory run(path, config);
  run.lock_.emplace(path);
  for (const fs::path& file :
       {run.config_path(), run.metrics_path(), run.history_path(), run.checkpoint_path(), run.report_path()}) {
    if (!Exists(file)) continue;
    throw Error("{}: already holds a run ({}); continue it with --resume, or choose another folder", path.string(),
                file.filename().string());
  }
  run.RemoveTemporaries();
  WriteFileAtomically(run.config_path(), Dump(config, 2));
  return run;
}

RunDirectory RunDirectory::Open(const fs::path& path) {
  const ScopedGuest guest;  // paths of the standard library compute
  const fs::path config_path = path / "config.json";
  if (!Exists(config_path)) throw Error("{}: not a run directory: it has no config.json", path.string());
  OrderedJson config = ParseJson(ReadFile(config_path, kMaxConfig));
  if (!config.is_object()) throw Error("{}: damaged, expected one JSON object", config_path.string());
  return RunDirectory(path, std::move(config));
}

RunDirectory RunDirectory::Resume(const fs::path& path) {
  const ScopedGuest guest;  // paths of the standard library compute
  Open(path);               // before the lock: a folder that is no run is left as it is
  FolderLock lock(path);
  RunDirectory run = Open(path);
  run.lock_ = std::move(lock);
  return run;
}

fs::path RunDirectory::PathOf(const char* name) const {
  const ScopedGuest guest;  // paths of the standard library compute
  return path_ / name;
}

void RunDirectory::RemoveTemporaries() const {
  for (const fs::path& file : {config_path(), checkpoint_path(), report_path()}) RemoveStaleTemporaries(file);
}

bool RunDirectory::HasCheckpoint() const { return Exists(checkpoint_path()); }

void RunDirectory::AppendMetrics(const OrderedJson& line) {
  FPLAB_CHECK(StepOf(line).has_value(), "a metrics line is an object with an integer step");
  AppendLine(metrics_path(), line);
}

void RunDirectory::AppendHistory(const OrderedJson& line) {
  FPLAB_CHECK(line.is_object(), "a line of history is an object");
  AppendLine(history_path(), line);
}

void RunDirectory::AppendLine(const fs::path& path, const OrderedJson& line) {
  const ScopedGuest guest;  // paths of the standard library compute
  FPLAB_CHECK(writable(), "the run was created or resumed");
  Descriptor file(path, O_WRONLY | O_APPEND | O_CREAT);
  int error = file.get() < 0 ? errno : AppendAll(file, Dump(line, -1));
  if (const int closing = file.Close(); error == 0) error = closing;
  if (error != 0) ThrowSystemError(path, "append a line", error);
}

void RunDirectory::RewindMetrics(int64_t step) {
  const ScopedGuest guest;  // paths of the standard library compute
  FPLAB_CHECK(writable(), "the run was created or resumed");
  const fs::path path = metrics_path();
  RemoveTemporaries();
  if (!Exists(path)) return;
  size_t foreign = 0;
  const size_t bytes = ReadLines(
      path, kMaxMetrics, [step](const OrderedJson& line) { return line[kStep].get<int64_t>() <= step; }, foreign);
  Descriptor file(path, O_WRONLY);
  int error = file.get() < 0 ? errno : file.Truncate(bytes);
  if (error == 0) error = file.Sync();
  if (const int closing = file.Close(); error == 0) error = closing;
  if (error != 0) ThrowSystemError(path, "shorten", error);
}

std::vector<OrderedJson> RunDirectory::ReadMetrics(size_t* foreign) const {
  std::vector<OrderedJson> lines;
  size_t others = 0;
  ReadLines(
      metrics_path(), kMaxMetricsRead,
      [&lines](OrderedJson& line) {
        lines.push_back(std::move(line));
        return true;
      },
      others);
  if (foreign != nullptr) *foreign = others;
  return lines;
}

}  // namespace fplab::nets
