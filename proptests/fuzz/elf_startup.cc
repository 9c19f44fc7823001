// Fuzzes the scan of ELF files: any bytes, and any machine code in a file that is well formed, are judged the same
// twice, within the bounds on work, and with a reason.
// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "proptests/fuzz/fuzz.h"
#include "proptests/support/elf_bytes.h"
#include "tools/scan/elf_startup.h"

namespace fplab::fuzz {
namespace {

using tools::StartupReport;
using tools::Verdict;

void RequireReasons(const StartupReport& report) {
  Require((report.verdict == Verdict::kSwitches) == !report.findings.empty(), "a switch is a finding");
  Require(report.verdict != Verdict::kUndecided || !report.reasons.empty() || !report.not_examined.empty(),
          "what is undecided says why");
  for (const tools::StartupFinding& finding : report.findings) {
    Require(finding.flush_outputs || finding.flush_inputs, "a finding sets FTZ or DAZ");
  }
}

// Small, so that most of what is followed far reaches them, in a hundredth of the time.
constexpr tools::StartupLimits kLimits = {.instructions = 5000, .work = uint64_t{32} << 20};

void Try(const std::vector<uint8_t>& bytes) {
  StartupReport report, again;
  if (!Accepted([&] { report = tools::ExamineStartup(bytes, "input", kLimits); })) return;
  RequireReasons(report);
  again = tools::ExamineStartup(bytes, "input", kLimits);
  Require(again.verdict == report.verdict && again.findings.size() == report.findings.size() &&
              again.instructions == report.instructions && again.reasons == report.reasons,
          "a file is judged the same twice");
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  const bool code = input.ConsumeBool();
  const std::string bytes = input.ConsumeRemainingBytesAsString();
  const std::string file = code ? fplab::LibraryOf(bytes) : bytes;
  fplab::fuzz::Try({file.begin(), file.end()});
  return 0;
}
