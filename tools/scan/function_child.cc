// Operands to the child, results from it.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/function_child.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cfenv>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>
#include <fplab/fparith/mode/control_word.h>

namespace fplab::tools {
namespace {

constexpr size_t kMostArguments = 8;

// What goes to the child before the operands of a call.
struct Request {
  uint64_t control_word;
  uint64_t is_float, arguments, calls;
};

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
  child_.emplace([this](int requests, int answers) { Serve(requests, answers); }, limits_);
  uint64_t size = 0;
  Receive(&size, sizeof size);
  if (size == 0) return;
  std::string failure(std::min<uint64_t>(size, 1000), '\0');
  Receive(failure.data(), failure.size());
  Fail(failure);
}

FunctionChild::~FunctionChild() = default;

void FunctionChild::Serve(int requests, int answers) const {
  std::fesetenv(FE_DFL_ENV);
  void* handle = dlopen(library_.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* function = handle == nullptr ? nullptr : dlsym(handle, symbol_.c_str());
  std::fesetenv(FE_DFL_ENV);  // whatever the library's constructors did
  const char* reason = function != nullptr ? nullptr : dlerror();
  const std::string failure = function != nullptr ? "" : reason != nullptr ? reason : "it is no function";
  const uint64_t size = failure.size();
  bool goes_on = ServingChild::WriteWhole(answers, &size, sizeof size) &&
                 ServingChild::WriteWhole(answers, failure.data(), failure.size());
  while (goes_on && function != nullptr) {
    Request request{};
    if (!ServingChild::ReadWhole(requests, &request, sizeof request)) break;
    std::vector<uint64_t> operands(request.arguments * request.calls), results(request.calls);
    if (!ServingChild::ReadWhole(requests, operands.data(), operands.size() * sizeof(uint64_t))) break;
    request.is_float != 0 ? CallAll<float>(function, request, operands, results)
                          : CallAll<double>(function, request, operands, results);
    goes_on = ServingChild::WriteWhole(answers, results.data(), results.size() * sizeof(uint64_t));
  }
}

std::vector<uint64_t> FunctionChild::Run(const Format& format, Mode mode,
                                         const std::vector<std::vector<uint64_t>>& operands) {
  FPLAB_CHECK(format == kBinary32 || format == kBinary64, "floats or doubles");
  FPLAB_CHECK(!operands.empty() && operands.size() <= kMostArguments, "1 to 8 arguments");
  RequireHardwareSupport(mode);
  const std::scoped_lock lock(mutex_);
  const uint64_t word = (ReadControlWord() & ~ModeMask()) | ModeBits(mode);
  const Request request{word, format == kBinary32, operands.size(), operands[0].size()};
  Send(&request, sizeof request);
  for (const std::vector<uint64_t>& argument : operands) Send(argument.data(), argument.size() * sizeof(uint64_t));
  std::vector<uint64_t> results(operands[0].size());
  Receive(results.data(), results.size() * sizeof(uint64_t));
  return results;
}

void FunctionChild::Send(const void* bytes, size_t size) {
  if (!child_->Send(bytes, size)) Fail(WhyItEnded());
}

void FunctionChild::Receive(void* bytes, size_t size) {
  if (!child_->Receive(bytes, size)) Fail(WhyItEnded());
}

void FunctionChild::Fail(const std::string& why) const { throw Error("{}: {}: {}", library_, symbol_, why); }

std::string FunctionChild::WhyItEnded() const {
  const ChildEnd end = child_->end().value_or(ChildEnd{ChildEnd::How::kExited, 0});
  switch (end.how) {
    case ChildEnd::How::kLate:
      return fmt::format("took more than {} seconds", limits_.seconds);
    case ChildEnd::How::kProcessorTime:
      return fmt::format("took more than {} seconds of processor time", limits_.cpu_seconds);
    case ChildEnd::How::kKilled:
      return fmt::format("ended in {}", strsignal(end.number));
    case ChildEnd::How::kNotStarted:
      return fmt::format("can't start a child process: {}", std::strerror(end.number));
    default:
      return "ended its process";
  }
}

}  // namespace fplab::tools
