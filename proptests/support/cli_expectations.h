// What tests expect of subcommands: run in a folder that goes away, refused in one line.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_CLI_EXPECTATIONS_H_
#define FPLAB_PROPTESTS_SUPPORT_CLI_EXPECTATIONS_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "proptests/support/cli_process.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {

inline CliResult Fplab(const std::vector<std::string>& arguments) {
  ScratchFolder folder;
  CliOptions options;
  options.folder = folder.path();
  return RunCli(arguments, options);
}

// One line on stderr, nothing on stdout, exit status 2.
inline void ExpectUsageError(const std::vector<std::string>& arguments, const std::string& part) {
  const CliResult result = Fplab(arguments);
  EXPECT_EQ(result.status, 2) << part;
  EXPECT_EQ(result.out, "") << part;
  EXPECT_TRUE(Contains(result.err, part)) << result.err;
  EXPECT_EQ(result.err.find('\n'), result.err.size() - 1) << result.err;
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_CLI_EXPECTATIONS_H_
