// What the process knows of itself and of the machine.
// SPDX-License-Identifier: Apache-2.0
#include "tools/runs/run_history.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/utsname.h>

#include <ctime>
#include <sstream>
#include <utility>

#include <fplab/fparith/version.h>
#include <fplab/kernels/core/processor_name.h>
#include <fplab/nets/files/atomic_file.h>
#include "tools/runs/commit.h"  // written by the build

namespace fplab::tools {
namespace {

constexpr uintmax_t kMostOfAHistory = uintmax_t{1} << 20;

std::vector<std::string>& CommandLine() {
  static std::vector<std::string> arguments;
  return arguments;
}

std::string HostName() {
  utsname system;
  return uname(&system) == 0 ? system.nodename : "unknown";
}

}  // namespace

std::string CompilerName() {
#if defined(__clang__)
  return "Clang " __clang_version__;
#else
  return "GCC " __VERSION__;
#endif
}

void KeepCommandLine(std::vector<std::string> words) { CommandLine() = std::move(words); }

void AppendHistory(nets::RunDirectory& run, std::string_view isa, int threads, const nets::DataDigests* digests) {
  nets::OrderedJson line = {{"at", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)))},
                            {"command", CommandLine()},
                            {"version", FPLAB_VERSION},
                            {"commit", FPLAB_COMMIT},
                            {"compiler", CompilerName()},
                            {"host", HostName()},
                            {"processor", kernels::ProcessorName()},
                            {"isa", isa},
                            {"threads", threads}};
  if (digests != nullptr) line["data"] = {{"train", digests->train}, {"test", digests->test}};
  run.AppendHistory(line);
}

std::vector<nets::OrderedJson> ReadHistory(const nets::RunDirectory& run) {
  std::vector<nets::OrderedJson> lines;
  if (!nets::Exists(run.history_path())) return lines;
  std::istringstream text(nets::ReadFile(run.history_path(), kMostOfAHistory));
  for (std::string line; std::getline(text, line);) {
    nets::OrderedJson parsed = nets::ParseJson(line);
    if (parsed.is_object()) lines.push_back(std::move(parsed));
  }
  return lines;
}

}  // namespace fplab::tools
