// Limits, signals and sessions of child processes.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/limited_child.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "tools/scan/process_tree.h"

namespace fplab::tools {
namespace {

// Whether this program is built with a sanitizer, whose shadow of the address space is larger than any limit.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
#else
constexpr bool kSanitized = false;
#endif

void Limit(decltype(RLIMIT_CPU) resource, uint64_t soft, uint64_t hard) {
  rlimit current{};
  getrlimit(resource, &current);
  const rlimit wanted{std::min<rlim_t>(soft, current.rlim_max), std::min<rlim_t>(hard, current.rlim_max)};
  setrlimit(resource, &wanted);
}

// What a host may have set and a child inherits: ignored and blocked signals, and alarms don't cross fork.
void ResetSignals() {
  for (int signal = 1; signal < NSIG; ++signal) std::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace

bool LimitsMemory() { return !kSanitized; }

void ApplyLimits(const LoadLimits& limits) {
  Limit(RLIMIT_CPU, limits.cpu_seconds, uint64_t{limits.cpu_seconds} + 1);  // SIGXCPU, then SIGKILL
  Limit(RLIMIT_FSIZE, limits.file_size, limits.file_size);
  Limit(RLIMIT_NOFILE, limits.open_files, limits.open_files);
  Limit(RLIMIT_CORE, 0, 0);
  const uint64_t processes = CountTasksOfUser() + limits.processes;
  Limit(RLIMIT_NPROC, processes, processes);
  if (!kSanitized) Limit(RLIMIT_AS, limits.memory, limits.memory);
}

void LeaveParent() {
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  ResetSignals();
  const int null = open("/dev/null", O_RDWR);
  for (int stream = 0; null >= 0 && stream <= 2; ++stream) dup2(null, stream);
}

void EndChild(pid_t child, const std::vector<pid_t>& children_before, int& status, rusage& used) {
  kill(-child, SIGKILL);
  kill(child, SIGKILL);
  while (wait4(child, &status, 0, &used) < 0 && errno == EINTR) {
  }
  KillChildrenExcept(children_before);
}

Subreaper::Subreaper() {
  prctl(PR_GET_CHILD_SUBREAPER, &was_);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
}

Subreaper::~Subreaper() { prctl(PR_SET_CHILD_SUBREAPER, was_); }

}  // namespace fplab::tools
