// Errors whose message is one line, whatever they quote.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/float/error.h>

#include <fplab/fparith/float/outside_text.h>

namespace fplab {

Error::Error(const std::string& message) : std::runtime_error(Printable(message)) {}

}  // namespace fplab
