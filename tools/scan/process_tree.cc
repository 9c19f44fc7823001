// Reading /proc/PID/stat and /proc/PID/status.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/process_tree.h"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>

namespace fplab::tools {
namespace {

std::vector<pid_t> Processes() {
  std::vector<pid_t> processes;
  DIR* folder = opendir("/proc");
  if (folder == nullptr) return processes;
  while (const dirent* entry = readdir(folder)) {
    const int number = std::atoi(entry->d_name);
    if (number > 0) processes.push_back(number);
  }
  closedir(folder);
  std::sort(processes.begin(), processes.end());
  return processes;
}

// A number of /proc/PID/stat by its place after the name, which ends at the last ')' and may hold anything: 1 is the
// parent, 17 the number of threads. 0 if the process is gone.
long StatNumber(pid_t process, int place) {
  std::ifstream file(fmt::format("/proc/{}/stat", process));
  std::string text(4096, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));  // of one that ends meanwhile: an error, no text
  text.resize(static_cast<size_t>(file.gcount()));
  size_t at = text.rfind(')');
  for (int i = 0; i <= place && at != std::string::npos; ++i) at = text.find(' ', at + 1);
  return at == std::string::npos ? 0 : std::atol(text.c_str() + at);
}

}  // namespace

std::vector<pid_t> ChildrenOf(pid_t parent) {
  std::vector<pid_t> children;
  for (pid_t process : Processes()) {
    if (StatNumber(process, 1) == parent) children.push_back(process);
  }
  return children;
}

uint64_t CountTasksOfUser() {
  uint64_t count = 0;
  for (pid_t process : Processes()) {
    struct stat status {};
    const bool own = stat(fmt::format("/proc/{}", process).c_str(), &status) == 0 && status.st_uid == getuid();
    if (own) count += static_cast<uint64_t>(std::max(StatNumber(process, 17), 0L));
  }
  return count;
}

void KillChildrenExcept(const std::vector<pid_t>& spared) {
  constexpr int kMaxRounds = 500;
  for (int round = 0; round < kMaxRounds; ++round) {
    std::vector<pid_t> children = ChildrenOf(getpid());
    std::erase_if(children, [&](pid_t child) { return std::binary_search(spared.begin(), spared.end(), child); });
    if (children.empty()) return;
    for (pid_t child : children) kill(child, SIGKILL);
    for (pid_t child : children) {
      while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
      }
    }
  }
}

}  // namespace fplab::tools
