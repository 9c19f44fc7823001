// Child processes by POSIX means.
// SPDX-License-Identifier: Apache-2.0
#include "proptests/support/cli_process.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

#include "proptests/support/permissions.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

// In the child, between fork and exec: only what is safe there.
void Redirect(const char* path, int flags, int descriptor) {
  const int file = ::open(path, flags, 0600);
  if (file < 0 || ::dup2(file, descriptor) < 0) ::_exit(126);
}

void RedirectToBrokenPipe(int descriptor) {
  int ends[2];
  if (::pipe(ends) != 0 || ::dup2(ends[1], descriptor) < 0) ::_exit(126);
  ::close(ends[0]);
  ::close(ends[1]);
}

void LimitFileSize(uint64_t bytes) {
  // Ignored, so that the write fails with an error as it does on a full disk; ignoring survives exec.
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit = {bytes, bytes};
  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(126);
}

}  // namespace

CliProcess::CliProcess(const std::vector<std::string>& arguments, const CliOptions& options) {
  std::string capture = (std::filesystem::temp_directory_path() / "fplab-capture-XXXXXX").string();
  if (::mkdtemp(capture.data()) == nullptr) throw std::runtime_error("cannot make a capture folder");
  capture_ = capture;
  const std::string out = options.stdout_path.value_or((capture_ / "out").string());
  std::string err = (capture_ / "err").string();
  if (options.terminal) {
    terminal_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal_ < 0 || ::grantpt(terminal_) != 0 || ::unlockpt(terminal_) != 0) {
      throw std::runtime_error("cannot make a terminal");
    }
    const winsize size = {.ws_row = 24, .ws_col = options.columns, .ws_xpixel = 0, .ws_ypixel = 0};
    if (::ioctl(terminal_, TIOCSWINSZ, &size) != 0) throw std::runtime_error("cannot size a terminal");
    err = ::ptsname(terminal_);
    ::fcntl(terminal_, F_SETFL, O_NONBLOCK);
  }
  std::vector<std::string> words = options.launcher;
  for (const char* word : {FPLAB_COMMAND}) words.emplace_back(word);
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ == 0) {
    if (::chdir(options.folder.c_str()) != 0) ::_exit(126);
    Redirect(options.stdin_path.c_str(), O_RDONLY, STDIN_FILENO);
    Redirect(out.c_str(), O_WRONLY | O_CREAT, STDOUT_FILENO);
    Redirect(err.c_str(), O_WRONLY | O_CREAT | O_NOCTTY, STDERR_FILENO);
    if (options.file_size_limit) LimitFileSize(*options.file_size_limit);
    if (options.reader_gone) RedirectToBrokenPipe(STDOUT_FILENO);
    for (const int descriptor : options.closed) ::close(descriptor);
    for (const int signal : options.ignored) ::signal(signal, SIG_IGN);
    if (options.obeys_permissions && !ObeyPermissions()) ::_exit(125);
    for (const auto& [name, value] : options.environment) ::setenv(name.c_str(), value.c_str(), 1);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
}

CliProcess::~CliProcess() {
  if (!status_) {
    ::kill(pid_, SIGKILL);
    Reap(/*block=*/true);
  }
  if (terminal_ >= 0) ::close(terminal_);
  std::error_code error;
  std::filesystem::remove_all(capture_, error);
}

bool CliProcess::Reap(bool block) {
  if (status_) return true;
  int status = 0;
  if (::waitpid(pid_, &status, block ? 0 : WNOHANG) != pid_) return false;
  status_ = WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
  return true;
}

void CliProcess::Signal(int signal) const {
  if (!status_) ::kill(pid_, signal);
}

void CliProcess::Freeze() const {
  Signal(SIGSTOP);
  siginfo_t info;
  if (!status_) ::waitid(P_PID, static_cast<id_t>(pid_), &info, WSTOPPED | WEXITED | WNOWAIT);
}

bool CliProcess::Running() { return !Reap(/*block=*/false); }

std::string CliProcess::TerminalOutput() {
  char buffer[4096];
  while (terminal_ >= 0) {
    const ssize_t got = ::read(terminal_, buffer, sizeof(buffer));
    if (got <= 0) break;
    terminal_output_.append(buffer, static_cast<size_t>(got));
  }
  return terminal_output_;
}

CliResult CliProcess::Wait() {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(FPLAB_MINUTES);
  while (Running()) {
    TerminalOutput();  // a full terminal would block the process
    if (std::chrono::steady_clock::now() > deadline) {
      ::kill(pid_, SIGKILL);
      Reap(/*block=*/true);
      return {-2, "", "(did not end in time)"};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return {*status_, Get(capture_ / "out"), terminal_ >= 0 ? TerminalOutput() : Get(capture_ / "err")};
}

CliResult RunCli(const std::vector<std::string>& arguments, const CliOptions& options) {
  return CliProcess(arguments, options).Wait();
}

std::vector<std::string> Tree(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    names.push_back(std::filesystem::relative(entry.path(), folder).string() + (entry.is_directory() ? "/" : ""));
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace fplab
