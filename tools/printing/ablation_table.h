// `fplab eval --controls`: the controls of one run, or of runs that differ in their seed alone, as one table.
#ifndef FPLAB_TOOLS_CONTROLS_TABLE_H_
#define FPLAB_TOOLS_CONTROLS_TABLE_H_

#include <string>
#include <vector>

#include "tools/network_options.h"

namespace fplab::tools {

// Prints the table, or one JSON object; with several runs mean and range over them. Throws Error: runs that can't be
// read, or that differ in data or configuration or do not differ in the seed.
void PrintControls(const std::vector<std::string>& runs, const std::string& data, const ExecutionOptions& execution,
                   bool json);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_CONTROLS_TABLE_H_
