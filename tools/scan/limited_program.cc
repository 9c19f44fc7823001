// Starting a program, listening to it, ending it.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/limited_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

#include <fplab/fparith/float/error.h>
#include "tools/scan/process_tree.h"

namespace fplab::tools {
namespace {

using Clock = std::chrono::steady_clock;
using End = ProgramResult::End;

// Closed with the object.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor() { Close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }
  void Close() {
    if (number_ >= 0) close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

// A file in memory that holds `text`, read from its beginning: no pipe whose reader may be gone.
int FileOf(const std::string& text) {
  const int file = memfd_create("fplab-input", MFD_CLOEXEC);
  if (file < 0) throw Error("can't make a file in memory: {}", std::strerror(errno));
  for (size_t done = 0; done < text.size();) {
    const ssize_t count = write(file, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      const int why = errno;
      close(file);
      throw Error("can't write a file in memory: {}", std::strerror(why));
    }
    done += static_cast<size_t>(count);
  }
  lseek(file, 0, SEEK_SET);
  return file;
}

constexpr int kNotStarted = 127;

[[noreturn]] void BecomeProgram(const std::string& path, std::vector<char*>& arguments, int input, int output,
                                const LoadLimits& limits) {
  LeaveParent();
  ApplyLimits(limits);
  if (dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0) execv(path.c_str(), arguments.data());
  _exit(kNotStarted);
}

// Reads until the program is dead and nothing more comes, or a limit is passed.
void Listen(pid_t child, int output, const LoadLimits& limits, const std::atomic<bool>* interrupt,
            ProgramResult& result) {
  const Clock::time_point deadline = Clock::now() + std::chrono::seconds(limits.seconds);
  constexpr int kLook = 20;  // milliseconds between looks at whether it lives
  for (bool dead = false;;) {
    if (interrupt != nullptr && *interrupt) {
      result.end = End::kInterrupted;
      return;
    }
    if (Clock::now() >= deadline) {
      result.end = End::kLate;
      return;
    }
    pollfd readable{output, POLLIN, 0};
    if (poll(&readable, 1, dead ? 0 : kLook) > 0) {
      char buffer[1 << 16];
      const ssize_t got = read(output, buffer, sizeof buffer);
      if (got < 0 && errno == EINTR) continue;
      if (got > 0) {
        result.output.append(buffer, static_cast<size_t>(got));
        if (result.output.size() <= limits.report) continue;
        result.output.resize(limits.report);
        result.end = End::kTooLong;
        return;
      }
      // Closed: it may live on, or another that holds no end of the pipe.
      poll(nullptr, 0, kLook);
    }
    if (dead) return;
    siginfo_t state{};
    dead = waitid(P_PID, static_cast<id_t>(child), &state, WEXITED | WNOHANG | WNOWAIT) == 0 && state.si_pid == child;
  }
}

std::string Why(const ProgramResult& result, const LoadLimits& limits, const rusage& used) {
  switch (result.end) {
    case End::kLate:
      return fmt::format("took more than {} seconds", limits.seconds);
    case End::kTooLong:
      return fmt::format("printed more than {} bytes", limits.report);
    case End::kInterrupted:
      return "interrupted";
    case End::kExited:
      return fmt::format("exit status {}", result.status);
    case End::kKilled:
      break;
  }
  if (result.status == SIGXCPU) return fmt::format("took more than {} seconds of processor time", limits.cpu_seconds);
  const uint64_t resident = static_cast<uint64_t>(used.ru_maxrss) * 1024;
  return fmt::format("ended in {} with {} MiB of memory in use; its limit is {} MiB", strsignal(result.status),
                     resident >> 20, limits.memory >> 20);
}

}  // namespace

ProgramResult RunLimitedProgram(const std::string& path, const std::vector<std::string>& arguments,
                                const std::string& input, const LoadLimits& limits,
                                const std::atomic<bool>* interrupt) {
  std::vector<std::string> words = {path};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const Descriptor file(FileOf(input));
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) throw Error("can't create a pipe: {}", std::strerror(errno));
  Descriptor output(pipe_ends[0]), its_output(pipe_ends[1]);
  const Subreaper subreaper;
  const std::vector<pid_t> children_before = ChildrenOf(getpid());
  const Clock::time_point begin = Clock::now();
  const pid_t child = fork();
  if (child < 0) throw Error("can't start a child process: {}", std::strerror(errno));
  if (child == 0) BecomeProgram(path, pointers, file.number(), its_output.number(), limits);
  its_output.Close();
  ProgramResult result;
  Listen(child, output.number(), limits, interrupt, result);
  int status = 0;
  rusage used{};
  EndChild(child, children_before, status, used);
  result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  if (result.end == End::kExited) {
    if (WIFSIGNALED(status)) result.end = End::kKilled;
    result.status = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  }
  result.why = Why(result, limits, used);
  return result;
}

}  // namespace fplab::tools
