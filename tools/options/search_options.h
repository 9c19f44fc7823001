// How long and on what a search for counterexamples works, as refute, identities and bound are told.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_OPTIONS_SEARCH_OPTIONS_H_
#define FPLAB_TOOLS_OPTIONS_SEARCH_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <fplab/fparith/identity/search.h>
#include "tools/options/network_options.h"
#include "tools/terminal/interrupt.h"
#include "tools/terminal/progress_line.h"

namespace fplab::tools {

// --effort, --seed, --time, --threads and --isa.
struct EffortOptions {
  std::string effort = "normal";
  uint64_t seed = 1;
  double seconds = 0;  // none: no limit
  ExecutionOptions execution;

  void AddTo(CLI::App& command);
  // Sets seed, effort and accelerator. Throws Error for what they do not know.
  void Apply(identity::SearchOptions& search) const;
};

// --only-under MODE, and --differs REFERENCE MODE, where they are not empty: what a counterexample is, and in which
// mode.
void TakeQuestion(const std::string& only_under, const std::vector<std::string>& differs,
                  identity::SearchOptions& search);

// While it lives, searches show how far they are and how long the rest may take, and end at the time's limit and at the
// first Ctrl-C with what is known so far.
class WatchedSearch {
 public:
  explicit WatchedSearch(const EffortOptions& options) : options_(options), line_(true) {}

  // To be given to SearchOptions::progress; counts its time from here.
  std::function<bool(uint64_t, uint64_t)> Progress();
  // Takes the line of progress away, for what is printed next.
  void Clear() { line_.Clear(); }
  // The program's exit status: `status`, unless a signal stopped it.
  int StatusOr(int status) const { return InterruptGuard::Requested() ? InterruptGuard::Status() : status; }

 private:
  bool Watch(uint64_t done, uint64_t total);

  const EffortOptions& options_;
  ProgressLine line_;
  InterruptGuard interrupt_;
  std::chrono::steady_clock::time_point begin_;
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_OPTIONS_SEARCH_OPTIONS_H_
