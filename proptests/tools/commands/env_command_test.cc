// fplab env as a user runs it: what it says is what the library says of this machine.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <fplab/fparith/machine/conformance.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/version.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/matmul/subnormal_cost.h>
#include "proptests/support/cli_process.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

using Json = nlohmann::ordered_json;

CliResult Env(const std::vector<std::string>& more) {
  ScratchFolder folder;
  CliOptions options;
  options.folder = folder.path();
  std::vector<std::string> arguments = {"env"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return RunCli(arguments, options);
}

Json Described(const std::vector<std::string>& options) {
  const CliResult result = Env(options);
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.err, "");
  return Json::parse(result.out);
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// The word that the system starts a program with: to nearest, nothing flushed, nothing trapped, no flag up.
#if defined(__x86_64__)
constexpr uint64_t kFresh = 0x1f80;
#else
constexpr uint64_t kFresh = 0;
#endif

TEST(EnvCommand, SaysWhatTheLibrarySaysOfThisMachine) {
  const Json found = Described({"--json"});
  std::vector<std::string> keys;
  for (const auto& [key, value] : found.items()) keys.push_back(key);
  EXPECT_EQ(keys, (std::vector<std::string>{"version", "cpu", "processors", "compiler", "isas", "best_isa", "modes",
                                            "subnormal_slowdown", "subnormals_are_slow", "control_word", "main_thread",
                                            "new_thread"}));
  EXPECT_EQ(found["version"], FPLAB_VERSION);
  EXPECT_NE(found["cpu"], "");
  EXPECT_EQ(found["processors"], std::thread::hardware_concurrency());
  const std::string compiler = found["compiler"];
  EXPECT_TRUE(compiler.starts_with("GCC ") || compiler.starts_with("Clang ")) << compiler;
  std::vector<std::string> isas;
  for (kernels::Isa isa : kernels::SupportedIsas()) isas.emplace_back(Name(isa));
  EXPECT_EQ(found["isas"], isas);
  EXPECT_EQ(found["best_isa"], Name(kernels::BestIsa()));
  ASSERT_EQ(found["modes"].size(), kFlushModes.size());
  for (Mode mode : kFlushModes) EXPECT_EQ(found["modes"][Name(mode)], HardwareSupports(mode)) << Name(mode);
  const double slowdown = found["subnormal_slowdown"];
  EXPECT_GT(slowdown, 0);
  EXPECT_EQ(found["subnormals_are_slow"], slowdown >= kernels::kSlowSubnormals);
  EXPECT_EQ(found["control_word"], ControlWordName());
}

TEST(EnvCommand, ShowsTheControlWordsThatTheProcessBeganWith) {
  const Json found = Described({"--json"});
  // No flag is up, whatever the program computes to answer.
  EXPECT_EQ(found["main_thread"], DescribeControlWord(kFresh));
  EXPECT_EQ(found["new_thread"], DescribeControlWord(kFresh));
}

TEST(EnvCommand, PrintsTheSameForPeople) {
  const Json json = Described({"--json"});
  const CliResult text = Env({});
  EXPECT_EQ(text.status, 0);
  const std::vector<std::string> lines = Lines(text.out);
  ASSERT_EQ(lines.size(), 7u) << text.out;
  EXPECT_EQ(lines[0], "fplab " + json["version"].get<std::string>() + ", " + json["compiler"].get<std::string>());
  EXPECT_EQ(lines[1],
            "cpu           " + json["cpu"].get<std::string>() + ", " + json["processors"].dump() + " processors");
  EXPECT_TRUE(lines[2].starts_with("isas          fallback")) << lines[2];
  EXPECT_TRUE(lines[2].ends_with("(best: " + json["best_isa"].get<std::string>() + ")")) << lines[2];
  for (Mode mode : kFlushModes) {
    EXPECT_EQ(Contains(lines[3], " " + Name(mode) + " (no)"), !HardwareSupports(mode)) << lines[3];
    EXPECT_TRUE(Contains(lines[3], " " + Name(mode))) << lines[3];
  }
  EXPECT_TRUE(lines[4].starts_with("subnormals    a matmul of subnormal products takes ")) << lines[4];
  EXPECT_TRUE(lines[5].starts_with(ControlWordName())) << lines[5];
  EXPECT_TRUE(lines[5].ends_with(json["main_thread"].get<std::string>())) << lines[5];
  EXPECT_EQ(lines[6], "  new thread  " + json["new_thread"].get<std::string>());
}

TEST(EnvCommand, TheMatrixIsWhatTheLibraryMeasures) {
  const std::vector<machine::ConformanceRow> expected = machine::MeasureConformance();
  const Json rows = Described({"--json", "--matrix"})["matrix"];
  const std::vector<std::string> lines = Lines(Env({"--matrix"}).out);
  ASSERT_EQ(rows.size(), expected.size());
  ASSERT_EQ(lines.size(), expected.size() + 4) << "a heading, and an empty line and two of legend below";
  EXPECT_TRUE(lines[0].starts_with("family          instruction"));
  for (size_t i = 0; i < expected.size(); ++i) {
    const machine::ConformanceRow& row = expected[i];
    EXPECT_EQ(rows[i], (Json{{"family", row.family},
                             {"instruction", row.mnemonic},
                             {"isa", row.isa},
                             {"operands", row.operands},
                             {"path", Name(row.path)},
                             {"ftz", Name(row.flushes_outputs)},
                             {"daz", Name(row.flushes_inputs)},
                             {"rounding", Name(row.rounding)},
                             {"flags", row.raises_flags}}));
    // The line's last words are its columns.
    std::istringstream words(lines[i + 1]);
    std::vector<std::string> all;
    for (std::string word; words >> word;) all.push_back(word);
    ASSERT_GE(all.size(), 5u) << lines[i + 1];
    EXPECT_TRUE(lines[i + 1].starts_with(row.family + " ")) << lines[i + 1];
    const std::vector<std::string> columns(all.end() - 4, all.end());
    EXPECT_EQ(columns,
              (std::vector<std::string>{std::string(Name(row.flushes_outputs)), std::string(Name(row.flushes_inputs)),
                                        std::string(Name(row.rounding)), row.raises_flags ? "yes" : "no"}))
        << lines[i + 1];
  }
}

TEST(EnvCommand, AnOptionThatThereIsNotIsRefused) {
  EXPECT_EQ(Env({"--matrices"}).status, 2);
  EXPECT_EQ(Env({"more"}).status, 2);
}

}  // namespace
}  // namespace fplab
