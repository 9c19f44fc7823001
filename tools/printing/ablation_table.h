// `fplab eval --controls`: the controls of one run, or of runs that differ in their seed alone, as one table.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PRINTING_ABLATION_TABLE_H_
#define FPLAB_TOOLS_PRINTING_ABLATION_TABLE_H_

#include <string>
#include <vector>

#include "tools/options/network_options.h"

namespace fplab::tools {

// Prints the table, or one JSON object; with several runs mean and range over them. Throws Error: runs that can't be
// read, or that differ in data or configuration or do not differ in the seed.
void PrintAblations(const std::vector<std::string>& runs, const std::string& data, const ExecutionOptions& execution,
                    bool json);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PRINTING_ABLATION_TABLE_H_
