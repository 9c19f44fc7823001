// The largest error of an expression, as lines and as JSON.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PRINTING_BOUND_TEXT_H_
#define FPLAB_TOOLS_PRINTING_BOUND_TEXT_H_

#include <nlohmann/json.hpp>
#include <string>

#include <fplab/fparith/identity/error_bound.h>

namespace fplab::tools {

// Mode by mode: the error, where it is attained, and how many cases say so.
std::string BoundText(const identity::ErrorBounds& found);

// {"expression", "format", "modes": [{"mode", "in_range", "no_underflow", "exhaustive", "stopped", "judged"}]}, and
// "against" unless that is empty; the texts are those of the question.
nlohmann::json BoundJson(const identity::ErrorBounds& found, const std::string& expression, const std::string& format,
                         const std::string& against);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PRINTING_BOUND_TEXT_H_
