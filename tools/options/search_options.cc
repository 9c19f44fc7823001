// Effort, time and threads of searches.
// SPDX-License-Identifier: Apache-2.0
#include "tools/options/search_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>
#include <fplab/kernels/search/search_accelerator.h>
#include "tools/options/duration.h"
#include "tools/options/not_negative.h"

namespace fplab::tools {

void EffortOptions::AddTo(CLI::App& command) {
  command
      .add_option("--effort,--cases", effort,
                  "quick, normal or deep, or a number of cases to try where not all are tried")
      ->capture_default_str();
  command.add_option("--time", seconds, "When a search ends and says how far it came: 30, 30s, 500ms, 2min, 1h")
      ->transform(Duration());
  command.add_option("--seed", seed, "Of the generator of operands")->check(NotNegative())->capture_default_str();
  execution.AddTo(command);
}

void EffortOptions::Apply(identity::SearchOptions& search) const {
  search.seed = seed;
  if (effort == "quick") {
    search.effort = identity::Effort::kQuick;
  } else if (effort == "normal") {
    search.effort = identity::Effort::kNormal;
  } else if (effort == "deep") {
    search.effort = identity::Effort::kDeep;
  } else {
    const bool digits = !effort.empty() && effort.find_first_not_of("0123456789") == std::string::npos;
    if (!digits || effort.size() > 18) {
      throw Error("--effort: found \"{}\", expected quick, normal, deep or a number of cases", Printable(effort));
    }
    search.cases = std::stoull(effort);
  }
  execution.RequireValid();
  search.accelerator = std::make_shared<kernels::SearchAccelerator>(execution.threads, execution.ParsedIsa());
}

void TakeQuestion(const std::string& only_under, const std::vector<std::string>& differs,
                  identity::SearchOptions& search) {
  if (!only_under.empty()) {
    search.question = identity::Question::kFailsOnly;
    search.modes = {ParseMode(only_under)};
    search.reference = {search.modes[0].rounding, false, false};
  }
  if (!differs.empty()) {
    search.question = identity::Question::kDiffers;
    search.modes = {ParseMode(differs[1])};
    search.reference = ParseMode(differs[0]);
  }
}

std::function<bool(uint64_t, uint64_t)> WatchedSearch::Progress() {
  begin_ = std::chrono::steady_clock::now();
  return [this](uint64_t done, uint64_t total) { return Watch(done, total); };
}

bool WatchedSearch::Watch(uint64_t done, uint64_t total) {
  const std::chrono::duration<double> so_far = std::chrono::steady_clock::now() - begin_;
  line_.Show([&] {
    const double share = static_cast<double>(done) / static_cast<double>(std::max<uint64_t>(total, 1));
    return fmt::format("{:.0f} % of {} cases, {:.0f} s left", 100 * share, total,
                       so_far.count() * (1 - share) / std::max(share, 1e-9));
  });
  const bool out_of_time = options_.seconds > 0 && so_far.count() >= options_.seconds;
  return !out_of_time && !InterruptGuard::Requested();
}

}  // namespace fplab::tools
