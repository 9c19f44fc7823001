// Fuzzes sweep.json and the axes of a sweep: what is read and written again is the same plan.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <string>

#include "proptests/fuzz/fuzz.h"
#include "tools/sweep/sweep_plan.h"

namespace fplab::fuzz {
namespace {

void TryAxis(const std::string& text) {
  tools::SweepAxis axis;
  if (!Accepted([&] { axis = tools::ParseAxis(text); })) return;
  Require(!axis.name.empty() && !axis.values.empty(), "an axis has a name and values");
  Require(tools::ParseAxis(fmt::format("{}={}", axis.name, fmt::join(axis.values, ","))) == axis,
          "an axis is read as it was written");
}

void TryPlan(const std::string& text) {
  FileOf("sweep/sweep.json", text);
  tools::SweepPlan plan;
  if (!Accepted([&] { plan = tools::ReadPlan(Folder() / "sweep"); })) return;
  std::filesystem::remove_all(Folder() / "again");
  tools::CreateSweep(Folder() / "again", plan);
  const tools::SweepPlan again = tools::ReadPlan(Folder() / "again");
  Require(again.axes == plan.axes, "axes survive");
  tools::RequireSameCells(again, plan);
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  const bool axis = input.ConsumeBool();
  const std::string text = input.ConsumeRemainingBytesAsString();
  axis ? fplab::fuzz::TryAxis(text) : fplab::fuzz::TryPlan(text);
  return 0;
}
