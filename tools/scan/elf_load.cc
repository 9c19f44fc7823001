// dlopen in a child process that reports through a pipe and is not trusted to end.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/elf_load.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <link.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cfenv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>
#include <fplab/fparith/mode/control_word.h>
#include "tools/scan/limited_child.h"
#include "tools/scan/process_tree.h"

namespace fplab::tools {
namespace {

using Clock = std::chrono::steady_clock;

int AddObject(dl_phdr_info* info, size_t, void* list) {
  static_cast<std::vector<std::string>*>(list)->push_back(info->dlpi_name);
  return 0;
}

std::vector<std::string> LoadedObjects() {
  std::vector<std::string> objects;
  dl_iterate_phdr(AddObject, &objects);
  return objects;
}

// The report is a sequence of fields, each its length in 8 bytes and its bytes: no name can pass for another field. The
// first is "failure" or "word", the last an empty one, without which the report is not whole.
void AddField(std::string& report, std::string_view field) {
  const uint64_t size = field.size();
  report.append(reinterpret_cast<const char*>(&size), sizeof size);
  report += field;
}

std::optional<std::vector<std::string>> ParseFields(std::string_view report) {
  std::vector<std::string> fields;
  for (;;) {
    uint64_t size = 0;
    if (report.size() < sizeof size) return std::nullopt;
    std::memcpy(&size, report.data(), sizeof size);
    report.remove_prefix(sizeof size);
    if (size > report.size()) return std::nullopt;
    if (size == 0) return fields;
    fields.emplace_back(report.substr(0, size));
    report.remove_prefix(size);
  }
}

void WriteAll(int descriptor, const std::string& text) {
  for (size_t done = 0; done < text.size();) {
    const ssize_t count = write(descriptor, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    done += static_cast<size_t>(count);
  }
}

[[noreturn]] void LoadAndReport(const std::string& path, int pipe, const LoadLimits& limits) {
  LeaveParent();
  const std::vector<std::string> objects_before = LoadedObjects();
  ApplyLimits(limits);
  std::fesetenv(FE_DFL_ENV);  // whatever the host computes in, and whatever flags it has raised
  const uint64_t before = ReadControlWord();
  const void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  const uint64_t after = ReadControlWord();
  WriteControlWord(before);
  std::string report;
  if (handle == nullptr) {
    const char* reason = dlerror();
    AddField(report, "failure");
    AddField(report, reason != nullptr ? reason : "dlopen gave no reason");
  } else {
    AddField(report, "word");
    AddField(report, fmt::format("{} {}", before, after));
    for (const std::string& object : LoadedObjects()) {
      const bool is_new = std::find(objects_before.begin(), objects_before.end(), object) == objects_before.end();
      if (is_new && !object.empty()) AddField(report, object);
    }
  }
  AddField(report, "");
  WriteAll(pipe, report);
  _exit(0);
}

// How the child's part ended.
struct Outcome {
  std::string text;       // what came through the pipe
  bool reported = false;  // all of a report did
  bool late = false;      // time was over before
  bool too_long = false;  // more came than a report may have
};

// Reads until the report is whole, the child is dead, or `limits.seconds` have passed. The pipe alone says nothing
// about the child: whoever it forked holds it open.
Outcome Listen(pid_t child, int pipe, const LoadLimits& limits) {
  const Clock::time_point deadline = Clock::now() + std::chrono::seconds(limits.seconds);
  constexpr auto kLook = std::chrono::milliseconds(20);  // between looks at whether the child lives
  Outcome outcome;
  bool dead = false;
  for (;;) {
    pollfd readable{pipe, POLLIN, 0};
    const int count = poll(&readable, 1, dead ? 0 : static_cast<int>(kLook.count()));
    if (count > 0) {
      char buffer[4096];
      const ssize_t got = read(pipe, buffer, sizeof buffer);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return outcome;
      outcome.text.append(buffer, static_cast<size_t>(got));
      outcome.too_long = outcome.text.size() > limits.report;
      outcome.reported = ParseFields(outcome.text).has_value();
      if (outcome.reported || outcome.too_long) return outcome;
      if (Clock::now() < deadline) continue;
    }
    if (dead) return outcome;
    outcome.late = Clock::now() >= deadline;
    if (outcome.late) return outcome;
    siginfo_t state{};
    dead = waitid(P_PID, static_cast<id_t>(child), &state, WEXITED | WNOHANG | WNOWAIT) == 0 && state.si_pid == child;
  }
}

double ProcessorSeconds(const rusage& used) {
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// Why there is no report, in words that name the limit if one ended it.
std::string WhyUnreported(const Outcome& outcome, int status, const rusage& used, const LoadLimits& limits) {
  if (outcome.late) return fmt::format("loading took more than {} seconds", limits.seconds);
  if (outcome.too_long) return fmt::format("it wrote more than {} bytes into the report", limits.report);
  if (WIFEXITED(status)) return "its constructors ended the process";
  const int signal = WTERMSIG(status);
  const bool used_up = ProcessorSeconds(used) >= static_cast<double>(limits.cpu_seconds);
  if (signal == SIGXCPU || (signal == SIGKILL && used_up)) {
    return fmt::format("loading took more than {} seconds of processor time", limits.cpu_seconds);
  }
  if (signal == SIGXFSZ) return fmt::format("it wrote more than {} bytes into a file", limits.file_size);
  const uint64_t resident = static_cast<uint64_t>(used.ru_maxrss) * 1024;
  if (resident >= limits.memory / 2) {
    return fmt::format("loading ended in {} with {} MiB of memory in use; its limit is {} MiB", strsignal(signal),
                       resident >> 20, limits.memory >> 20);
  }
  return fmt::format("loading ended in {}", strsignal(signal));
}

LoadReport ReadReport(const std::string& text) {
  LoadReport report;
  const std::vector<std::string> fields = ParseFields(text).value_or(std::vector<std::string>());
  if (fields.size() < 2 || (fields[0] != "failure" && fields[0] != "word")) {
    report.failure = "its report can't be read";
    return report;
  }
  if (fields[0] == "failure") {
    report.failure = Printable(fields[1]);
    return report;
  }
  char* rest = nullptr;
  report.before = std::strtoull(fields[1].c_str(), &rest, 10);
  report.after = std::strtoull(rest, nullptr, 10);
  report.objects.assign(fields.begin() + 2, fields.end());
  return report;
}

}  // namespace

LoadReport LoadInChild(const std::string& path, const LoadLimits& limits) {
  char* resolved = realpath(path.c_str(), nullptr);  // a bare name would be searched for in the library path
  if (resolved == nullptr) throw Error("{}: {}", Printable(path), std::strerror(errno));
  const std::string absolute = resolved;
  std::free(resolved);
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) throw Error("can't create a pipe: {}", std::strerror(errno));
  const Subreaper subreaper;
  const std::vector<pid_t> children_before = ChildrenOf(getpid());
  const pid_t child = fork();
  if (child < 0) {
    const int why = errno;
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    throw Error("can't start a child process: {}", std::strerror(why));
  }
  if (child == 0) LoadAndReport(absolute, pipe_ends[1], limits);
  close(pipe_ends[1]);
  const Outcome outcome = Listen(child, pipe_ends[0], limits);
  close(pipe_ends[0]);
  int status = 0;
  rusage used{};
  EndChild(child, children_before, status, used);
  if (outcome.reported) return ReadReport(outcome.text);
  LoadReport report;
  report.failure = WhyUnreported(outcome, status, used, limits);
  return report;
}

}  // namespace fplab::tools
