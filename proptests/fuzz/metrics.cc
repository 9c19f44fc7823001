// Fuzzes metrics.jsonl: what is read has steps in order, and rewinding keeps what lies before.
// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <fplab/nets/files/run_directory.h>
#include "proptests/fuzz/fuzz.h"
#include "tools/runs/run_metrics.h"

namespace fplab::fuzz {
namespace {

void Try(FuzzedDataProvider& input) {
  static nets::RunDirectory run = nets::RunDirectory::Create(Folder() / "run", {{"data", "glyphs"}});
  const int64_t step = input.ConsumeIntegralInRange<int64_t>(-1, 300);
  FileOf("run/metrics.jsonl", input.ConsumeRemainingBytesAsString());
  tools::RunMetrics metrics;
  if (!Accepted([&] { metrics = tools::ReadRunMetrics(run); })) return;
  int64_t before = INT64_MIN;
  size_t kept = 0;
  for (const nets::OrderedJson& line : metrics.lines) {
    const auto here = line.at("step").get<int64_t>();
    Require(here >= before, "steps do not go back");
    before = here;
    kept += here <= step;
    for (const auto& [key, value] : line.items()) {
      tools::Metric(line, key);
      tools::MetricList(line, key);
    }
  }
  Require(tools::RunSeconds(metrics.lines).size() == metrics.lines.size(), "every line has its seconds");
  run.RewindMetrics(step);
  Require(tools::ReadRunMetrics(run).lines.size() == kept, "rewinding keeps the lines up to the step");
  Require(!tools::ReadRunMetrics(run).torn, "rewinding drops a torn line");
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  fplab::fuzz::Try(input);
  return 0;
}
