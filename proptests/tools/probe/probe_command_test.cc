// fplab probe as a user runs it: a table, JSON, a picture, a page; one line for what is wrong; nothing left after
// Ctrl-C. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "proptests/support/cli_process.h"
#include "proptests/support/scratch_folder.h"
#include "tools/scan/process_tree.h"

namespace fplab {
namespace {

using Arguments = std::vector<std::string>;

CliResult Probe(const Arguments& arguments, const ScratchFolder& folder) {
  Arguments all = {"probe"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return RunCli(all, {.folder = folder.path()});
}

const std::string kRight = std::string(PROBE_products) + ":Right";

TEST(ProbeCommand, PrintsWhatWasFoundWithItsEvidence) {
  const ScratchFolder folder;
  const CliResult result = Probe({kRight, "--only", "order", "--shape", "3x4x20", "--threads", "1"}, folder);
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("chain of 20: k = 0, 1, ..., 19; fma: fplab's own chain"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("confirmed on 100 random inputs in all 12 outputs"), std::string::npos) << result.out;
}

TEST(ProbeCommand, PrintsJsonWithTheWholeTree) {
  const ScratchFolder folder;
  const CliResult result = Probe({kRight, "--only", "order", "--shape", "1x1x4", "--threads", "1", "--json"}, folder);
  const auto report = nlohmann::json::parse(result.out, nullptr, false);
  ASSERT_TRUE(report.is_object()) << result.out << result.err;
  EXPECT_EQ(report["finished"], true);
  const auto& line = report["functions"][0]["findings"][0];
  EXPECT_EQ(line["topic"], "order");
  EXPECT_EQ(line["tree"], "3*2*1*0");
}

TEST(ProbeCommand, WritesAPictureAndAPage) {
  const ScratchFolder folder;
  const CliResult result = Probe({kRight, "--only", "order", "--shape", "1x1x9", "--threads", "1", "--picture",
                                  "order.svg", "--html", "page.html"},
                                 folder);
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(Get(folder / "order.svg").find("<svg"), std::string::npos);
  const std::string page = Get(folder / "page.html");
  EXPECT_NE(page.find("chain of 9"), std::string::npos);
  EXPECT_NE(page.find("<svg"), std::string::npos);
}

TEST(ProbeCommand, RefusesInOneLineWhatIsNotThere) {
  const ScratchFolder folder;
  const Arguments wrong[] = {{"nowhere.so"},
                             {std::string(PROBE_products) + ":nothing"},
                             {kRight, "--kind", "gemm"},
                             {kRight, "--shape", "3x4"},
                             {kRight, "--shape", "3x4x0"},
                             {kRight, "--only", "colour"},
                             {kRight, "--picture", "order.txt"},
                             {kRight, "--html", "nowhere/page.html"},
                             {std::string(PROBE_products) + ":"}};
  for (const Arguments& arguments : wrong) {
    const CliResult result = Probe(arguments, folder);
    EXPECT_EQ(result.status, 2) << arguments.back();
    EXPECT_EQ(result.out, "") << arguments.back();
    EXPECT_EQ(result.err.find('\n'), result.err.size() - 1) << result.err;
  }
}

TEST(ProbeCommand, CtrlCEndsTheLibraryTooAndSaysWhatIsKnown) {
  const ScratchFolder folder;
  CliProcess process({"probe", std::string(PROBE_products) + ":Hangs"}, {.folder = folder.path()});
  std::vector<pid_t> children;
  for (int i = 0; i < 500 && children.empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    children = tools::ChildrenOf(process.pid());
  }
  ASSERT_FALSE(children.empty());
  process.Signal(SIGINT);
  const CliResult result = process.Wait();
  EXPECT_EQ(result.status, 130) << result.err;
  EXPECT_NE(result.out.find("interrupted"), std::string::npos) << result.out;
  for (const pid_t child : children) EXPECT_NE(kill(child, 0), 0);
}

}  // namespace
}  // namespace fplab
