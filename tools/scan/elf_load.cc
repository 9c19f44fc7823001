// dlopen in a child process that reports through a pipe.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/elf_load.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <link.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>

namespace fplab::tools {
namespace {

int AddObject(dl_phdr_info* info, size_t, void* list) {
  static_cast<std::vector<std::string>*>(list)->push_back(info->dlpi_name);
  return 0;
}

std::vector<std::string> LoadedObjects() {
  std::vector<std::string> objects;
  dl_iterate_phdr(AddObject, &objects);
  return objects;
}

void WriteAll(int descriptor, const std::string& text) {
  for (size_t done = 0; done < text.size();) {
    const ssize_t count = write(descriptor, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    done += static_cast<size_t>(count);
  }
}

std::string ReadAll(int descriptor) {
  std::string text;
  char buffer[4096];
  for (;;) {
    const ssize_t count = read(descriptor, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    text.append(buffer, static_cast<size_t>(count));
  }
}

// Reports, in the child: one line "failure TEXT", or "word BEFORE AFTER" and a line "object PATH" each.
[[noreturn]] void LoadAndReport(const std::string& path, int pipe, unsigned seconds) {
  const int null = open("/dev/null", O_RDWR);
  for (int stream = 0; null >= 0 && stream <= 2; ++stream) dup2(null, stream);
  std::signal(SIGALRM, SIG_DFL);
  alarm(seconds);
  const std::vector<std::string> objects_before = LoadedObjects();
  const uint64_t before = ReadControlWord();
  const void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  const uint64_t after = ReadControlWord();
  WriteControlWord(before);
  if (handle == nullptr) {
    const char* reason = dlerror();
    WriteAll(pipe, fmt::format("failure {}\n", reason != nullptr ? reason : "dlopen gave no reason"));
    _exit(0);
  }
  std::string report = fmt::format("word {} {}\n", before, after);
  for (const std::string& object : LoadedObjects()) {
    const bool is_new = std::find(objects_before.begin(), objects_before.end(), object) == objects_before.end();
    if (is_new) report += fmt::format("object {}\n", object);
  }
  WriteAll(pipe, report);
  _exit(0);
}

void ParseReport(const std::string& text, LoadReport& report) {
  bool have_words = false;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.starts_with("failure ")) report.failure = line.substr(8);
    if (line.starts_with("object ")) report.objects.push_back(line.substr(7));
    if (!line.starts_with("word ")) continue;
    char* rest = nullptr;
    report.before = std::strtoull(line.c_str() + 5, &rest, 10);
    report.after = std::strtoull(rest, nullptr, 10);
    have_words = true;
  }
  if (!have_words && report.failure.empty()) report.failure = "its constructors ended the process";
}

}  // namespace

LoadReport LoadInChild(const std::string& path, unsigned seconds) {
  char* resolved = realpath(path.c_str(), nullptr);  // a bare name would be searched for in the library path
  if (resolved == nullptr) throw Error("{}: {}", path, std::strerror(errno));
  const std::string absolute = resolved;
  std::free(resolved);
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) throw Error("can't create a pipe: {}", std::strerror(errno));
  const pid_t child = fork();
  if (child < 0) {
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    throw Error("can't start a child process: {}", std::strerror(errno));
  }
  if (child == 0) LoadAndReport(absolute, pipe_ends[1], seconds);
  close(pipe_ends[1]);
  const std::string text = ReadAll(pipe_ends[0]);
  close(pipe_ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  LoadReport report;
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) {
    report.failure = fmt::format("loading took more than {} seconds", seconds);
  } else if (WIFSIGNALED(status)) {
    report.failure = fmt::format("loading ended in {}", strsignal(WTERMSIG(status)));
  } else {
    ParseReport(text, report);
  }
  return report;
}

}  // namespace fplab::tools
