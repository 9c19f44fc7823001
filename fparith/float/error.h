// The one exception type for everything that comes from outside: files, arguments, unsupported modes.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_FLOAT_ERROR_H_
#define FPLAB_FPARITH_FLOAT_ERROR_H_

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>

#include <fplab/fparith/float/export.h>

namespace fplab {

// The message is one line that names the file or argument, the field, what was found and what was expected. What it
// quotes from outside is made Printable (outside_text.h), so the command line prints it as it is.
class FPLAB_EXPORT Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message);

  template <typename... Args>
  explicit Error(fmt::format_string<Args...> format, Args&&... args)
      : Error(fmt::format(format, std::forward<Args>(args)...)) {}
};

}  // namespace fplab

#endif  // FPLAB_FPARITH_FLOAT_ERROR_H_
