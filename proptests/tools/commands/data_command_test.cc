// fplab data: a folder's name is outside text, whatever bytes it has.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "proptests/support/cli_process.h"
#include "proptests/support/idx_files.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

TEST(DataCommand, AFoldersNameReachesNeitherTheTerminalNorTheJsonRaw) {
  ScratchFolder scratch;
  const std::string name = "set\xff\x1b[31m\n";
  const std::string images = Idx({3, 28, 28}, std::string(3 * 784, '\x7f')), labels = Idx({3}, "\1\2\3");
  for (const char* part : {"train", "t10k"}) {
    Put(scratch / name / (std::string(part) + "-images-idx3-ubyte"), images);
    Put(scratch / name / (std::string(part) + "-labels-idx1-ubyte"), labels);
  }
  CliOptions options;
  options.folder = scratch.path();
  const CliResult json = RunCli({"data", name, "--json"}, options);
  ASSERT_EQ(json.status, 0) << json.err;
  EXPECT_TRUE(Contains(nlohmann::json::parse(json.out)["source"].get<std::string>(), "set\\xff"));
  const CliResult text = RunCli({"data", name}, options);
  EXPECT_EQ(text.status, 0);
  EXPECT_TRUE(Contains(text.out, "set\\xff\\x1b[31m\\n")) << text.out;
  EXPECT_FALSE(Contains(text.out, "\x1b"));
}

}  // namespace
}  // namespace fplab
