// What --json prints is described: every field of a command's output is on its line of tools/commands/json.md.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "proptests/support/cli_process.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

using Arguments = std::vector<std::string>;
using Json = nlohmann::ordered_json;

std::string LineOf(const std::string& command) {
  std::istringstream page(Get(JSON_PAGE));
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("| `" + command + "` |")) return line;
  }
  return {};
}

TEST(JsonPage, NamesEveryFieldThatACommandPrintsOnItsLine) {
  const ScratchFolder scratch;
  const CliOptions options{.folder = scratch.path()};
  const Arguments small = {"--data",  "spirals", "--layers",      "2,8,2", "--epochs", "1",
                           "--batch", "100",     "--train-limit", "200",   "--warmup", "1"};
  const auto with = [&small](Arguments arguments) {
    arguments.insert(arguments.end(), small.begin(), small.end());
    return arguments;
  };
  const Arguments commands[] = {with({"train", "--out", "run"}),
                                {"eval", "run"},
                                {"eval", "run", "--controls"},
                                with({"sweep", "--over", "seed=1,2", "--out", "grid"}),
                                {"bound", "a*b", "--effort", "1000"},
                                {"bound", "a*b", "--against", "b*a", "--effort", "1000"},
                                {"data", "spirals"},
                                {"env"},
                                {"explain", "1"},
                                {"identities", "--row", "1", "--effort", "1000"},
                                {"prove", "a+b == b", "--mode", "none"},
                                {"prove", "a*b == b*a", "--mode", "none", "--format", "e2m3"},
                                {"probe", "libm.so.6:sqrtf", "--only", "accuracy"},
                                {"refute", "a+b == b"},
                                {"refute", "a == a"},
                                {"scan", "run"}};
  for (Arguments arguments : commands) {
    const std::string line = LineOf(arguments[0]);
    arguments.push_back("--json");
    const CliResult result = RunCli(arguments, options);
    const Json printed = Json::parse(result.out, nullptr, false);
    ASSERT_TRUE(printed.is_object()) << arguments[0] << ": " << result.out << result.err;
    for (const auto& [field, value] : printed.items()) {
      EXPECT_NE(line.find("`" + field + "`"), std::string::npos) << arguments[0] << " prints " << field;
      if (!value.is_array() || value.empty() || !value[0].is_object() || arguments[0] == "sweep") continue;
      for (const auto& [inner, unused] : value[0].items()) {
        EXPECT_NE(line.find("`" + inner + "`"), std::string::npos)
            << arguments[0] << " prints " << field << "." << inner;
      }
    }
  }
}

}  // namespace
}  // namespace fplab
