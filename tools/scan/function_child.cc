// Two pipes: operands to the child, results from it.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/function_child.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cfenv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>
#include <fplab/fparith/mode/control_word.h>
#include "tools/scan/process_tree.h"

namespace fplab::tools {
namespace {

constexpr size_t kMostArguments = 8;

// What goes to the child before the operands of a call.
struct Request {
  uint64_t control_word;
  uint64_t is_float, arguments, calls;
};

bool WriteWhole(int descriptor, const void* bytes, size_t size) {
  for (const char* at = static_cast<const char*>(bytes); size > 0;) {
    const ssize_t count = write(descriptor, at, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    at += count;
    size -= static_cast<size_t>(count);
  }
  return true;
}

bool ReadWhole(int descriptor, void* bytes, size_t size) {
  for (char* at = static_cast<char*>(bytes); size > 0;) {
    const ssize_t count = read(descriptor, at, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    at += count;
    size -= static_cast<size_t>(count);
  }
  return true;
}

template <typename T, size_t... I>
T CallWith(void* function, const T* arguments, std::index_sequence<I...>) {
  return std::bit_cast<T (*)(decltype((void(I), T()))...)>(function)(arguments[I]...);
}

template <typename T>
T CallOne(void* function, const T* a, uint64_t arguments) {
  switch (arguments) {
    case 1:
      return CallWith(function, a, std::make_index_sequence<1>());
    case 2:
      return CallWith(function, a, std::make_index_sequence<2>());
    case 3:
      return CallWith(function, a, std::make_index_sequence<3>());
    case 4:
      return CallWith(function, a, std::make_index_sequence<4>());
    case 5:
      return CallWith(function, a, std::make_index_sequence<5>());
    case 6:
      return CallWith(function, a, std::make_index_sequence<6>());
    case 7:
      return CallWith(function, a, std::make_index_sequence<7>());
    default:
      return CallWith(function, a, std::make_index_sequence<8>());
  }
}

// The children of this class that live: one that ends must spare the others.
std::vector<pid_t>& Living() {
  static std::vector<pid_t> living;
  return living;
}

// operands[j * calls + i] is argument j of call i. Nothing but the call happens in the mode.
template <typename T>
void CallAll(void* function, const Request& request, const std::vector<uint64_t>& operands,
             std::vector<uint64_t>& results) {
  const uint64_t own = ReadControlWord();
  for (uint64_t i = 0; i < request.calls; ++i) {
    std::array<T, kMostArguments> arguments{};
    for (uint64_t j = 0; j < request.arguments; ++j) {
      arguments[j] = std::bit_cast<T>(static_cast<BitsOf<T>>(operands[j * request.calls + i]));
    }
    WriteControlWord(request.control_word);
    const volatile T result = CallOne<T>(function, arguments.data(), request.arguments);
    WriteControlWord(own);
    results[i] = ToBits(static_cast<T>(result));
  }
}

}  // namespace

FunctionChild::FunctionChild(const std::string& library, const std::string& symbol, const LoadLimits& limits)
    : library_(library), symbol_(symbol), limits_(limits) {
  char* resolved = realpath(library.c_str(), nullptr);  // a bare name would be searched for in the library path
  if (resolved == nullptr) throw Error("{}: {}", library, std::strerror(errno));
  library_ = resolved;
  std::free(resolved);
  int to_child[2], from_child[2];
  if (pipe2(to_child, O_CLOEXEC) != 0) throw Error("can't create a pipe: {}", std::strerror(errno));
  if (pipe2(from_child, O_CLOEXEC) != 0) {
    const int why = errno;
    close(to_child[0]);
    close(to_child[1]);
    throw Error("can't create a pipe: {}", std::strerror(why));
  }
  std::signal(SIGPIPE, SIG_IGN);  // a child that died is found out by its answer
  subreaper_.emplace();
  children_before_ = ChildrenOf(getpid());
  child_ = fork();
  if (child_ == 0) {
    close(to_child[1]);
    close(from_child[0]);
    Serve(to_child[0], from_child[1]);
  }
  if (child_ > 0) Living().push_back(child_);
  close(to_child[0]);
  close(from_child[1]);
  requests_ = to_child[1];
  fcntl(requests_, F_SETFL, O_NONBLOCK);
  answers_ = from_child[0];
  if (child_ < 0) End(fmt::format("can't start a child process: {}", std::strerror(errno)));
  uint64_t size = 0;
  Receive(&size, sizeof size);
  if (size == 0) return;
  std::string failure(std::min<uint64_t>(size, 1000), '\0');
  Receive(failure.data(), failure.size());
  End(failure);
}

FunctionChild::~FunctionChild() {
  int status = 0;
  Kill(status);
  Close();
}

void FunctionChild::Kill(int& status) {
  if (child_ <= 0) return;
  std::erase(Living(), child_);
  std::vector<pid_t> spared = children_before_;
  spared.insert(spared.end(), Living().begin(), Living().end());
  rusage used{};
  EndChild(child_, spared, status, used);
  child_ = -1;
}

void FunctionChild::Close() {
  for (int* descriptor : {&requests_, &answers_}) {
    if (*descriptor >= 0) close(*descriptor);
    *descriptor = -1;
  }
}

void FunctionChild::Serve(int requests, int answers) const {
  LeaveParent();
  ApplyLimits(limits_);
  std::fesetenv(FE_DFL_ENV);
  void* handle = dlopen(library_.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* function = handle == nullptr ? nullptr : dlsym(handle, symbol_.c_str());
  std::fesetenv(FE_DFL_ENV);  // whatever the library's constructors did
  const char* reason = function != nullptr ? nullptr : dlerror();
  const std::string failure = function != nullptr ? "" : reason != nullptr ? reason : "it is no function";
  const uint64_t size = failure.size();
  bool goes_on = WriteWhole(answers, &size, sizeof size) && WriteWhole(answers, failure.data(), failure.size());
  while (goes_on && function != nullptr) {
    Request request{};
    if (!ReadWhole(requests, &request, sizeof request)) break;
    std::vector<uint64_t> operands(request.arguments * request.calls), results(request.calls);
    if (!ReadWhole(requests, operands.data(), operands.size() * sizeof(uint64_t))) break;
    request.is_float != 0 ? CallAll<float>(function, request, operands, results)
                          : CallAll<double>(function, request, operands, results);
    goes_on = WriteWhole(answers, results.data(), results.size() * sizeof(uint64_t));
  }
  _exit(0);
}

std::vector<uint64_t> FunctionChild::Run(const Format& format, Mode mode,
                                         const std::vector<std::vector<uint64_t>>& operands) {
  FPLAB_CHECK(format == kBinary32 || format == kBinary64, "floats or doubles");
  FPLAB_CHECK(!operands.empty() && operands.size() <= kMostArguments, "1 to 8 arguments");
  RequireHardwareSupport(mode);
  const std::scoped_lock lock(mutex_);
  if (child_ < 0) throw Error("{}: {}", symbol_, ended_);
  const uint64_t word = (ReadControlWord() & ~ModeMask()) | ModeBits(mode);
  const Request request{word, format == kBinary32, operands.size(), operands[0].size()};
  Send(&request, sizeof request);
  for (const std::vector<uint64_t>& argument : operands) Send(argument.data(), argument.size() * sizeof(uint64_t));
  std::vector<uint64_t> results(operands[0].size());
  Receive(results.data(), results.size() * sizeof(uint64_t));
  return results;
}

namespace {

using Clock = std::chrono::steady_clock;

// Waits until `descriptor` is ready for `events`; false once the deadline has passed.
bool WaitFor(int descriptor, short events, Clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd descriptors{descriptor, events, 0};
    if (poll(&descriptors, 1, static_cast<int>(left)) > 0) return true;
  }
}

}  // namespace

void FunctionChild::Send(const void* bytes, size_t size) {
  const Clock::time_point deadline = Clock::now() + std::chrono::seconds(limits_.seconds);
  for (const char* at = static_cast<const char*>(bytes); size > 0;) {
    if (!WaitFor(requests_, POLLOUT, deadline)) End(fmt::format("took more than {} seconds", limits_.seconds));
    const ssize_t count = write(requests_, at, size);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) End("");
    at += count;
    size -= static_cast<size_t>(count);
  }
}

void FunctionChild::Receive(void* bytes, size_t size) {
  const Clock::time_point deadline = Clock::now() + std::chrono::seconds(limits_.seconds);
  for (char* at = static_cast<char*>(bytes); size > 0;) {
    if (!WaitFor(answers_, POLLIN, deadline)) End(fmt::format("took more than {} seconds", limits_.seconds));
    const ssize_t count = read(answers_, at, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) End("");
    at += count;
    size -= static_cast<size_t>(count);
  }
}

// Ends the child; `why` is empty if it ended by itself.
void FunctionChild::End(const std::string& why) {
  ended_ = why;
  if (child_ > 0) {
    // One that closed its end lives a moment longer: what it dies of is its own, unless it stays.
    siginfo_t state{};
    for (int i = 0; why.empty() && i < 100; ++i) {
      if (waitid(P_PID, static_cast<id_t>(child_), &state, WEXITED | WNOHANG | WNOWAIT) == 0 &&
          state.si_pid == child_) {
        break;
      }
      poll(nullptr, 0, 10);
    }
    int status = 0;
    Kill(status);
    if (why.empty() && WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) {
      ended_ = fmt::format("took more than {} seconds of processor time", limits_.cpu_seconds);
    } else if (why.empty()) {
      ended_ = WIFSIGNALED(status) ? fmt::format("ended in {}", strsignal(WTERMSIG(status))) : "ended its process";
    }
  }
  Close();
  throw Error("{}: {}: {}", library_, symbol_, ended_);
}

}  // namespace fplab::tools
