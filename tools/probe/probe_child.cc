// Requests to the child, and its side of them.
// SPDX-License-Identifier: Apache-2.0
#include "tools/probe/probe_child.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cfenv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>
#include "tools/probe/loaded_library.h"

namespace fplab::tools {
namespace {

// What a request starts with.
enum class Ask : uint64_t { kOpen, kCall };

// Long texts of a library are cut.
constexpr uint64_t kMostText = 100'000;

bool WriteText(int descriptor, const std::string& text) {
  const uint64_t size = std::min<uint64_t>(text.size(), kMostText);
  return ServingChild::WriteWhole(descriptor, &size, sizeof size) &&
         ServingChild::WriteWhole(descriptor, text.data(), size);
}

LoadLimits LimitsOf(const LoadingOptions& options) {
  LoadLimits limits;
  limits.seconds = options.seconds;
  limits.cpu_seconds = 24 * 3600;  // the child serves all questions; each has its deadline
  // A library may start a thread for each of many processors, with a stack and an arena each.
  limits.memory = uint64_t{64} << 30;
  limits.processes = 1024;
  return limits;
}

// How a child ended, in words.
std::string EndText(const ChildEnd& end, unsigned seconds) {
  switch (end.how) {
    case ChildEnd::How::kExited:
      return fmt::format("exits with {}", end.number);
    case ChildEnd::How::kKilled:
      return fmt::format("killed by signal {} ({})", end.number, strsignal(end.number));
    case ChildEnd::How::kNotStarted:
      return fmt::format("no child process: {}", std::strerror(end.number));
    default:
      return fmt::format("no answer for {} s", seconds);
  }
}

}  // namespace

ProbeChild::ProbeChild(const std::string& library, const LoadingOptions& options)
    : library_(library), options_(options) {
  if (library.find('/') == std::string::npos && access(library.c_str(), F_OK) == 0) library_ = "./" + library;
  void* shared = mmap(nullptr, kSharedSize, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) throw Error("no memory to share with a child: {}", std::strerror(errno));
  shared_.reset(static_cast<std::byte*>(shared));
  // What stands in this process's buffers is not the child's to print.
  std::fflush(nullptr);
  std::cout.flush();
  child_.emplace([this](int requests, int answers) { Serve(requests, answers); }, LimitsOf(options), options.interrupt);
  const std::string failure = ReceiveText();
  if (!failure.empty()) throw Error("{}", failure);
  Receive(&word_before_, sizeof word_before_);
  Receive(&word_after_, sizeof word_after_);
  thread_setter_ = ReceiveText();
  uint64_t count = 0;
  Receive(&count, sizeof count);
  for (uint64_t i = 0; i < std::min<uint64_t>(count, 1000); ++i) {
    ProbedFunction function;
    function.name = ReceiveText();
    function.kind = ReceiveText();
    function.signature = FindKind(function.kind).value_or(Signature{});
    functions_.push_back(function);
  }
}

void ProbeChild::Unmap::operator()(std::byte* memory) const { munmap(memory, kSharedSize); }

ProbeChild::OutputFile::OutputFile() : descriptor(memfd_create("fplab-probe", MFD_CLOEXEC)) {}
ProbeChild::OutputFile::~OutputFile() {
  if (descriptor >= 0) close(descriptor);
}

void ProbeChild::Serve(int requests, int answers) {
  for (int stream = 1; stream <= 2 && output_.descriptor >= 0; ++stream) dup2(output_.descriptor, stream);
  for (const auto& [name, value] : options_.environment) setenv(name.c_str(), value.c_str(), /*overwrite=*/1);
  std::fesetenv(FE_DFL_ENV);
  const uint64_t before = ReadControlWord();
  LoadedLibrary library(library_);
  const uint64_t after = ReadControlWord();
  std::fesetenv(FE_DFL_ENV);  // whatever its start-up code did
  std::fflush(nullptr);
  bool goes_on = WriteText(answers, library.failure());
  if (!library.failure().empty()) return;
  goes_on = goes_on && ServingChild::WriteWhole(answers, &before, sizeof before) &&
            ServingChild::WriteWhole(answers, &after, sizeof after) && WriteText(answers, library.thread_setter());
  const uint64_t count = library.functions().size();
  goes_on = goes_on && ServingChild::WriteWhole(answers, &count, sizeof count);
  for (const FoundFunction& function : library.functions()) {
    goes_on = goes_on && WriteText(answers, function.name) && WriteText(answers, function.kind);
  }
  void* open = nullptr;
  Signature signature;
  while (goes_on) {
    Ask ask{};
    if (!ServingChild::ReadWhole(requests, &ask, sizeof ask)) break;
    if (ask == Ask::kOpen) {
      uint64_t size = 0;
      if (!ServingChild::ReadWhole(requests, &signature, sizeof signature)) break;
      if (!ServingChild::ReadWhole(requests, &size, sizeof size)) break;
      std::string name(size, '\0');
      if (!ServingChild::ReadWhole(requests, name.data(), size)) break;
      open = library.Find(name);
      goes_on = WriteText(answers, open != nullptr ? "" : fmt::format("it has no function \"{}\"", name));
      continue;
    }
    LibraryCall call;
    if (!ServingChild::ReadWhole(requests, &call, sizeof call)) break;
    library.SetThreads(call.threads);
    const LibraryAnswer answer = MakeCall(open, signature, call, shared_.get());
    std::fflush(nullptr);
    goes_on = ServingChild::WriteWhole(answers, &answer, sizeof answer);
  }
}

void ProbeChild::Open(const ProbedFunction& function) {
  const Ask ask = Ask::kOpen;
  const uint64_t size = function.name.size();
  Send(&ask, sizeof ask);
  Send(&function.signature, sizeof function.signature);
  Send(&size, sizeof size);
  Send(function.name.data(), size);
  const std::string failure = ReceiveText();
  if (!failure.empty()) throw Error("{}: {}", library_, failure);
}

LibraryAnswer ProbeChild::Call(const LibraryCall& call) {
  struct {
    Ask ask = Ask::kCall;
    LibraryCall call;
  } request{.call = call};
  LibraryAnswer answer;
  Send(&request, sizeof request);
  Receive(&answer, sizeof answer);
  return answer;
}

std::pair<size_t, std::string> ProbeChild::Printed() const {
  struct stat state {};
  if (output_.descriptor < 0 || fstat(output_.descriptor, &state) != 0) return {0, ""};
  std::string begin(std::min<size_t>(static_cast<size_t>(state.st_size), 60), '\0');
  const ssize_t read = pread(output_.descriptor, begin.data(), begin.size(), 0);
  begin.resize(read > 0 ? static_cast<size_t>(read) : 0);
  return {static_cast<size_t>(state.st_size), begin};
}

void ProbeChild::Send(const void* bytes, size_t size) {
  if (!child_->Send(bytes, size)) ThrowEnd();
}

void ProbeChild::Receive(void* bytes, size_t size) {
  if (!child_->Receive(bytes, size)) ThrowEnd();
}

std::string ProbeChild::ReceiveText() {
  uint64_t size = 0;
  Receive(&size, sizeof size);
  std::string text(std::min(size, kMostText), '\0');
  Receive(text.data(), text.size());
  return text;
}

void ProbeChild::ThrowEnd() const {
  const ChildEnd end = child_->end().value_or(ChildEnd{ChildEnd::How::kExited, 0});
  if (end.how == ChildEnd::How::kInterrupted) throw ProbeInterrupted();
  throw LibraryEnded(EndText(end, options_.seconds));
}

}  // namespace fplab::tools
