// fplab scan on whatever lies about: nothing is passed over in silence, nothing holds it up, and what it prints is one
// harmless line each.
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "proptests/support/cli_process.h"
#include "proptests/support/elf_bytes.h"
#include "proptests/support/scratch_folder.h"
#include "proptests/support/zip_bytes.h"

namespace fplab::tools {
namespace {

namespace fs = std::filesystem;

CliResult Scan(std::vector<std::string> arguments) {
  ScratchFolder folder;
  CliOptions options;
  options.folder = folder.path();
  arguments.insert(arguments.begin(), "scan");
  return RunCli(arguments, options);
}

// One printable line of `text` begins with `begin` and has `part`.
bool HasLine(const std::string& text, const std::string& begin, const std::string& part) {
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    if (line.starts_with(begin) && Contains(line, part)) return true;
    at = end + 1;
  }
  return false;
}

TEST(ScanCommand, WhatIsNoFileToExamineIsOneLineEach) {
  ScratchFolder folder;
  const std::string whole = Get(SCAN_sets_control_word);
  ASSERT_EQ(mkfifo((folder / "pipe.so").c_str(), 0600), 0);
  fs::create_symlink("circle.so", folder / "circle.so");
  fs::create_symlink("/usr", folder / "outside");
  fs::create_symlink("inside.so", folder / "link.so");
  Put(folder / "inside.so", Get(SCAN_plain));
  Put(folder / "static.a", "!<arch>\n");
  std::string other = whole;
  other[EI_CLASS] = ELFCLASS32;
  Put(folder / "narrow.so", other);
  other = whole;
  other[EI_DATA] = ELFDATA2MSB;
  Put(folder / "big.so", other);
  other = whole;
  other[offsetof(Elf64_Ehdr, e_machine)] = static_cast<char>(EM_AARCH64);
  Put(folder / "arm.so", other);
  other = whole;
  other[offsetof(Elf64_Ehdr, e_type)] = ET_REL;
  Put(folder / "object.o", other);
  const CliResult result = Scan({folder.path()});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.err, "");
  const std::string in = folder.path().string() + "/";
  EXPECT_TRUE(HasLine(result.out, in + "pipe.so", "not examined: a pipe"));
  EXPECT_TRUE(HasLine(result.out, in + "circle.so", "leads in a circle"));
  EXPECT_TRUE(HasLine(result.out, in + "outside", "leads out of the folder"));
  EXPECT_TRUE(HasLine(result.out, in + "static.a", "static archive"));
  EXPECT_TRUE(HasLine(result.out, in + "narrow.so", "32-bit"));
  EXPECT_TRUE(HasLine(result.out, in + "big.so", "big-endian"));
  EXPECT_TRUE(HasLine(result.out, in + "arm.so", "AArch64"));
  EXPECT_TRUE(HasLine(result.out, in + "object.o", "relocatable"));
  EXPECT_FALSE(Contains(result.out, "link.so"));
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 9) << result.out;
}

TEST(ScanCommand, NamedPipesAndDevicesAreRefusedAtOnce) {
  ScratchFolder folder;
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  for (const std::string& path : {(folder / "pipe").string(), std::string("/dev/zero"), std::string("/dev/tty")}) {
    const CliResult result = Scan({path});
    EXPECT_EQ(result.status, 2);
    EXPECT_TRUE(HasLine(result.err, "fplab: " + path, "")) << result.err;
  }
}

TEST(ScanCommand, APathThatIsTooLongIsAnErrorAndTheRestIsScanned) {
  ScratchFolder folder;
  // A chain of folders whose path no system call takes, made step by step.
  const std::string name(200, 'd');
  int at = open(folder.path().c_str(), O_RDONLY | O_DIRECTORY);
  for (int i = 0; i < 25; ++i) {
    ASSERT_EQ(mkdirat(at, name.c_str(), 0700), 0);
    const int next = openat(at, name.c_str(), O_RDONLY | O_DIRECTORY);
    close(at);
    at = next;
  }
  close(at);
  const CliResult clean = Scan({folder.path()});
  EXPECT_EQ(clean.status, 2);
  EXPECT_TRUE(HasLine(clean.err, "fplab: ", "name too long")) << clean.err;
  Put(folder / "z.so", Get(SCAN_sets_ftz_only));
  EXPECT_EQ(Scan({folder.path()}).status, 1);
  // remove_all can't take such a path either.
  std::system(("rm -rf '" + folder.path().string() + "'").c_str());
}

TEST(ScanCommand, WhatMayNotBeReadIsAnError) {
  ScratchFolder folder;
  chmod(Put(folder / "secret.so", Get(SCAN_sets_control_word)).c_str(), 0);
  fs::create_directory(folder / "closed");
  chmod((folder / "closed").c_str(), 0);
  CliOptions options;
  options.folder = folder.path();
  options.obeys_permissions = true;
  const CliResult result = RunCli({"scan", folder.path()}, options);
  chmod((folder / "closed").c_str(), 0700);
  if (result.status == 125) GTEST_SKIP() << "root may read everything here";
  EXPECT_EQ(result.status, 2);
  EXPECT_TRUE(HasLine(result.err, "fplab: ", "secret.so: Permission denied"));
  EXPECT_TRUE(HasLine(result.err, "fplab: ", "closed: Permission denied"));
}

TEST(ScanCommand, ADamagedFileInAFolderIsAnErrorAndDoesNotHideAFinding) {
  ScratchFolder folder;
  Put(folder / "a.so", Get(SCAN_plain).substr(0, 200));
  EXPECT_EQ(Scan({folder.path()}).status, 2);
  Put(folder / "b.so", Get(SCAN_sets_control_word));
  const CliResult both = Scan({folder.path()});
  EXPECT_EQ(both.status, 1);
  EXPECT_TRUE(Contains(both.err, "a.so: truncated"));
  EXPECT_TRUE(Contains(both.out, "b.so: DT_INIT_ARRAY"));
}

TEST(ScanCommand, ASparseGiantIsNotRead) {
  ScratchFolder folder;
  const fs::path path = Put(folder / "giant.so", ElfHeaders({{PT_LOAD, PF_R | PF_X, 0, 0, uint64_t{1} << 40}}));
  if (truncate(path.c_str(), off_t{1} << 40) != 0) GTEST_SKIP() << "no such files here";
  const CliResult result = Scan({folder.path()});
  EXPECT_EQ(result.status, 2);
  EXPECT_TRUE(Contains(result.err, "giant.so: 1099511627776 bytes"));
}

TEST(ScanCommand, NamesFromOutsideReachNeitherTheTerminalNorTheJsonRaw) {
  ScratchFolder folder;
  const std::string name = "a\x1b[31m\nb.so: clean\xff.so";
  Put(folder / name, Get(SCAN_sets_control_word));
  const CliResult text = Scan({folder.path(), "--load"});
  EXPECT_EQ(text.status, 1);
  EXPECT_TRUE(Contains(text.out, "a\\x1b[31m\\nb.so: clean\\xff.so: loading it changes MXCSR from 1f80 to 9fc0"))
      << text.out << text.err;
  EXPECT_FALSE(Contains(text.out, "\x1b"));
  const CliResult json = Scan({folder.path(), "--json"});
  const auto out = nlohmann::json::parse(json.out);
  EXPECT_EQ(out["found"], 1);
  EXPECT_TRUE(Contains(out["files"][0]["path"].get<std::string>(), "clean\\xff.so"));
}

TEST(ScanCommand, ASymbolsBytesReachNeitherTheTerminalNorTheJsonRaw) {
  ScratchFolder folder;
  std::string bytes = Get(SCAN_sets_control_word);
  const std::string symbol = "_ZL7Preparev";
  for (size_t at = bytes.find(symbol); at != std::string::npos; at = bytes.find(symbol)) {
    bytes.replace(at, symbol.size(), "\x1b[31m\xff\nnames");
  }
  const std::string path = Put(folder / "a.so", bytes);
  EXPECT_TRUE(Contains(Scan({path}).out, "(\\x1b[31m\\xff\\nnames)"));
  const auto json = nlohmann::json::parse(Scan({"--json", path}).out);
  EXPECT_TRUE(Contains(json["files"][0]["findings"][0]["symbol"].get<std::string>(), "\\xff"));
}

TEST(ScanCommand, JsonHasEveryVerdictAndItsReason) {
  ScratchFolder folder;
  const std::string undecided = Put(folder / "u.so", LibraryOf("\xc3", PF_R | PF_W | PF_X));
  const CliResult result = Scan({"--json", SCAN_plain, SCAN_sets_control_word, undecided});
  const auto out = nlohmann::json::parse(result.out);
  EXPECT_EQ(out["files"][0]["verdict"], "clean");
  EXPECT_EQ(out["files"][0]["how"], "nothing in it can load MXCSR");
  EXPECT_EQ(out["files"][1]["verdict"], "switches");
  EXPECT_EQ(out["files"][1]["findings"][0]["ftz"], true);
  EXPECT_EQ(out["files"][2]["verdict"], "undecided");
  EXPECT_EQ(out["files"][2]["reasons"][0], "a segment is writable and executable");
  EXPECT_EQ(out["examined"], 3);
  EXPECT_EQ(out["undecided"], 1);
}

TEST(ScanCommand, TheOrderOfPathsChangesNoVerdict) {
  const CliResult one = Scan({SCAN_plain, SCAN_sets_control_word, SCAN_sets_by_call});
  const CliResult other = Scan({SCAN_sets_by_call, SCAN_sets_control_word, SCAN_plain});
  const auto lines = [](const std::string& text) {
    std::vector<std::string> all;
    for (size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
      all.push_back(text.substr(at, text.find('\n', at) - at));
    std::sort(all.begin(), all.end());
    return all;
  };
  EXPECT_EQ(lines(one.out), lines(other.out));
}

TEST(ScanCommand, LooksIntoWheels) {
  ScratchFolder folder;
  const std::string wheel = Put(folder / "p.whl", ZipBytes::Of({{"p/__init__.py", "import p.fast\n"},
                                                                {"p.libs/fast.so", Get(SCAN_sets_control_word)},
                                                                {"p.libs/plain.so", Get(SCAN_plain), false}}));
  const CliResult named = Scan({wheel});
  EXPECT_EQ(named.status, 1);
  EXPECT_TRUE(HasLine(named.out, wheel + "(p.libs/fast.so): DT_INIT_ARRAY", "sets FTZ and DAZ")) << named.out;
  EXPECT_TRUE(Contains(named.out, "2 files examined: 1 changes the control word; 1 not ELF"));
  EXPECT_EQ(Scan({folder.path()}).out, named.out);
  const std::string broken =
      Put(folder / "b.whl", ZipBytes::Of({{.name = "b.so", .data = Get(SCAN_plain), .wrong_crc = true}}));
  EXPECT_EQ(Scan({broken}).status, 2);
  Put(folder / "c.zip", "PK\3\4");
  EXPECT_EQ(Scan({folder / "c.zip"}).status, 2);
}

TEST(ScanCommand, LinksInAFolderAreNotFollowedOutOfIt) {
  ScratchFolder folder, elsewhere;
  Put(elsewhere / "fast.so", Get(SCAN_sets_control_word));
  fs::create_symlink(elsewhere / "fast.so", folder / "fast.so");
  fs::create_directory_symlink(elsewhere.path(), folder / "more");
  const CliResult result = Scan({folder.path()});
  EXPECT_EQ(result.status, 0);
  EXPECT_TRUE(HasLine(result.out, (folder / "fast.so").string(), "leads out of the folder"));
  EXPECT_EQ(Scan({folder / "fast.so"}).status, 1);
}

TEST(ScanCommand, ThePackageOfAPythonEnvironmentIsNamedByItsRecord) {
  ScratchFolder folder;
  const fs::path site = folder / "lib/python3.11/site-packages";
  for (const char* part :
       {"fast_maths-1.2.dist-info", "fast_maths.libs", "slow-3.dist-info", "alone", "listed", "listed-4.egg-info"}) {
    fs::create_directories(site / part);
  }
  Put(site / "fast_maths-1.2.dist-info/RECORD",
      "fast/__init__.py,sha256=x,1\n\"fast_maths.libs/a,\"\"b.so\",,\n../../../bin/fast,,\n");
  Put(site / "slow-3.dist-info/RECORD", "slow.so,,\n");
  Put(site / "listed-4.egg-info/top_level.txt", "listed\n");
  Put(site / "fast_maths.libs/a,\"b.so", Get(SCAN_sets_control_word));
  Put(site / "slow.so", Get(SCAN_plain));
  Put(site / "alone/c.so", Get(SCAN_sets_ftz_only));
  Put(site / "listed/d.so", Get(SCAN_sets_ftz_only));
  const CliResult result = Scan({"--python-env", folder.path()});
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(HasLine(result.out, "package fast_maths 1.2 switches flushing on, by ", "a,\"b.so")) << result.out;
  EXPECT_TRUE(HasLine(result.out, "package alone switches flushing on, by ", "alone/c.so")) << result.out;
  EXPECT_TRUE(HasLine(result.out, "package listed 4 switches flushing on, by ", "listed/d.so")) << result.out;
  EXPECT_FALSE(Contains(result.out, "package slow"));
  // The same of the site-packages itself, however it is written.
  const auto json = nlohmann::json::parse(Scan({"--json", "--python-env", site.string() + "/../site-packages/"}).out);
  ASSERT_EQ(json["packages"].size(), 3u);
  EXPECT_EQ(json["packages"][1]["name"], "fast_maths");
  EXPECT_EQ(json["packages"][1]["version"], "1.2");
}

TEST(ScanCommand, APythonEnvironmentIsAFolderAndStandsAlone) {
  ScratchFolder folder;
  const CliResult file = Scan({"--python-env", SCAN_plain});
  EXPECT_EQ(file.status, 2);
  EXPECT_TRUE(Contains(file.err, "expected a Python environment"));
  EXPECT_EQ(Scan({"--python-env", folder.path(), SCAN_plain}).status, 2);
  EXPECT_EQ(Scan({}).status, 2);
  EXPECT_EQ(Scan({"--python-env", folder.path()}).status, 0);
}

}  // namespace
}  // namespace fplab::tools
