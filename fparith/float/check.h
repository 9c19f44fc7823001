// FPLAB_CHECK: a programming error prints what was required and where, and aborts, in every build type.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_FLOAT_CHECK_H_
#define FPLAB_FPARITH_FLOAT_CHECK_H_

#include <cstdio>
#include <cstdlib>

namespace fplab {

[[noreturn]] inline void CheckFailed(const char* file, int line, const char* what) {
  std::fprintf(stderr, "%s:%d: check failed: %s\n", file, line, what);
  std::abort();
}

}  // namespace fplab

// `what` is a string literal that names the argument and the rule it broke.
#define FPLAB_CHECK(condition, what) \
  ((condition) ? static_cast<void>(0) : ::fplab::CheckFailed(__FILE__, __LINE__, what))

#endif  // FPLAB_FPARITH_FLOAT_CHECK_H_
