// A probe's report as lines of text that a test can look for.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_PROBE_LINES_H_
#define FPLAB_PROPTESTS_SUPPORT_PROBE_LINES_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "tools/probe/probe_library.h"
#include "tools/scan/process_tree.h"

namespace fplab::tools {

using Strings = std::vector<std::string>;

// What is found about one function, a line each: "topic|at|answer|evidence". Nothing may be left of the child.
inline Strings ProbeLines(const ProbeRequest& request) {
  const std::vector<pid_t> before = ChildrenOf(getpid());
  const ProbeReport report = ProbeLibrary(request);
  EXPECT_EQ(ChildrenOf(getpid()), before) << request.library;
  Strings lines;
  const auto add = [&lines](const std::vector<Finding>& findings) {
    for (const Finding& finding : findings) {
      lines.push_back(finding.topic + "|" + finding.at + "|" + finding.answer + "|" + finding.evidence);
    }
  };
  add(report.loading);
  for (const FunctionFindings& about : report.functions) add(about.findings);
  return lines;
}

// The first line that begins so; the whole report if there is none.
inline std::string Line(const Strings& lines, const std::string& begin) {
  for (const std::string& line : lines) {
    if (line.starts_with(begin)) return line;
  }
  std::string all = "no \"" + begin + "\" in:\n";
  for (const std::string& line : lines) all += line + "\n";
  return all;
}

inline bool Says(const std::string& line, const std::string& part) { return line.find(part) != std::string::npos; }

}  // namespace fplab::tools

#endif  // FPLAB_PROPTESTS_SUPPORT_PROBE_LINES_H_
