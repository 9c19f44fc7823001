// What was found, as text, JSON and a web page.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PROBE_PROBE_TEXT_H_
#define FPLAB_TOOLS_PROBE_PROBE_TEXT_H_

#include <nlohmann/json.hpp>
#include <string>

#include "tools/pictures/chart.h"
#include "tools/probe/probe_library.h"

namespace fplab::tools {

// A line each, its evidence below it.
std::string ProbeText(const ProbeReport& report);

// The fields are described in tools/commands/json.md.
nlohmann::ordered_json ProbeJson(const ProbeReport& report);

// The trees that were found, one chart each, those that are alike once. Empty without a tree.
Figure ProbeFigure(const ProbeReport& report);

// A self-contained page that ends in `pictures`, which is HTML.
std::string ProbePage(const ProbeReport& report, const std::string& pictures);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PROBE_PROBE_TEXT_H_
