// The machine, the modes it has, and the control words of this process, as fplab env prints them.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PRINTING_ENVIRONMENT_TEXT_H_
#define FPLAB_TOOLS_PRINTING_ENVIRONMENT_TEXT_H_

#include <string>

#include <fplab/nets/files/ordered_json.h>

namespace fplab::tools {

// Measures what subnormals cost, in about a millisecond. The control words are those that this thread and a new one
// have when it is called, flags included.
nets::OrderedJson EnvironmentJson();

// Lines of what EnvironmentJson returned.
std::string EnvironmentText(const nets::OrderedJson& environment);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PRINTING_ENVIRONMENT_TEXT_H_
