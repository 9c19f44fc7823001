// The files of a run directory.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/run_directory.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/error.h>
#include <fplab/nets/files/atomic_file.h>

namespace fplab::nets {
namespace {

namespace fs = std::filesystem;

constexpr uintmax_t kMaxConfig = uintmax_t{1} << 20;
constexpr uintmax_t kMaxMetrics = uintmax_t{1} << 30;
constexpr const char* kStep = "step";

bool Exists(const fs::path& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

bool IsMetricsLine(const OrderedJson& line) {
  return line.is_object() && line.contains(kStep) && line[kStep].is_number_integer();
}

// JSON text in UTF-8, whatever bytes a path in a configuration is made of.
std::string Dump(const OrderedJson& value, int indent) {
  return value.dump(indent, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

OrderedJson ParseOrDiscard(std::string_view text) {
  return OrderedJson::parse(text, /*callback=*/nullptr, /*allow_exceptions=*/false);
}

// A prefix of metrics.jsonl, up to and including the last line that was kept.
struct Prefix {
  std::vector<OrderedJson> lines;
  size_t bytes = 0;
};

// Reads lines until the first of a step after `last_step` or the torn last one: text without its newline, which is what
// an append leaves that was cut short.
Prefix ReadLines(const fs::path& path, int64_t last_step) {
  Prefix prefix;
  if (!Exists(path)) return prefix;
  const std::string text = ReadFile(path, kMaxMetrics);
  while (true) {
    const size_t newline = text.find('\n', prefix.bytes);
    if (newline == std::string::npos) return prefix;
    OrderedJson line = ParseOrDiscard(std::string_view(text).substr(prefix.bytes, newline - prefix.bytes));
    if (!IsMetricsLine(line)) {
      throw Error("{}: line {} is damaged, expected an object with an integer \"{}\"", path.string(),
                  prefix.lines.size() + 1, kStep);
    }
    if (line[kStep].get<int64_t>() > last_step) return prefix;
    prefix.lines.push_back(std::move(line));
    prefix.bytes = newline + 1;
  }
}

// Appends all of `bytes` and syncs, or restores the old length; returns 0 or the errno of the failure.
int AppendAll(int descriptor, std::string_view bytes) {
  const off_t old_size = ::lseek(descriptor, 0, SEEK_END);
  int error = WriteAll(descriptor, bytes);
  // EINVAL: not a file that can be synced, a pipe for instance.
  if (error == 0 && ::fdatasync(descriptor) != 0 && errno != EINVAL) error = errno;
  if (error != 0 && old_size >= 0 && ::ftruncate(descriptor, old_size) != 0) {
    // The torn line stays; RewindMetrics knows how to drop it.
  }
  return error;
}

}  // namespace

RunDirectory RunDirectory::Create(const fs::path& path, const OrderedJson& config) {
  FPLAB_CHECK(config.is_object(), "a configuration is a JSON object");
  RunDirectory run(path, config);
  for (const fs::path& file : {run.config_path(), run.metrics_path(), run.checkpoint_path(), run.report_path()}) {
    if (!Exists(file)) continue;
    throw Error("{}: already holds a run ({}); continue it with --resume, or choose another folder", path.string(),
                file.filename().string());
  }
  CreateFolder(path);
  WriteFileAtomically(run.config_path(), Dump(config, 2));
  return run;
}

RunDirectory RunDirectory::Open(const fs::path& path) {
  const fs::path config_path = path / "config.json";
  if (!Exists(config_path)) throw Error("{}: not a run directory: it has no config.json", path.string());
  OrderedJson config = ParseOrDiscard(ReadFile(config_path, kMaxConfig));
  if (!config.is_object()) throw Error("{}: damaged, expected one JSON object", config_path.string());
  return RunDirectory(path, std::move(config));
}

bool RunDirectory::HasCheckpoint() const { return Exists(checkpoint_path()); }

void RunDirectory::AppendMetrics(const OrderedJson& line) {
  FPLAB_CHECK(IsMetricsLine(line), "a metrics line is an object with an integer step");
  const fs::path path = metrics_path();
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  int error = descriptor < 0 ? errno : AppendAll(descriptor, Dump(line, -1));
  if (descriptor >= 0 && ::close(descriptor) != 0 && error == 0) error = errno;
  if (error != 0) {
    throw Error("{}: cannot append a line: {}", path.string(), std::generic_category().message(error));
  }
}

void RunDirectory::RewindMetrics(int64_t step) {
  const fs::path path = metrics_path();
  for (const fs::path& file : {config_path(), checkpoint_path(), report_path()}) RemoveStaleTemporaries(file);
  if (!Exists(path)) return;
  std::error_code error;
  fs::resize_file(path, ReadLines(path, step).bytes, error);
  if (error) throw Error("{}: cannot shorten: {}", path.string(), error.message());
}

std::vector<OrderedJson> RunDirectory::ReadMetrics() const { return ReadLines(metrics_path(), INT64_MAX).lines; }

}  // namespace fplab::nets
