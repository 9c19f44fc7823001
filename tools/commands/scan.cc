// fplab scan: ELF files whose start-up routines switch a process to FTZ or DAZ.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>
#include "tools/commands/command.h"
#include "tools/scan/path_scan.h"
#include "tools/scan/python_packages.h"
#include "tools/terminal/note.h"

namespace fplab::tools {
namespace {

struct ScanOptions {
  std::vector<std::string> paths;
  std::string python_env;
  bool load = false;
  bool json = false;
};

int Run(const ScanOptions& options) {
  if (options.paths.empty() == options.python_env.empty()) {
    throw Error("expected files and folders to scan, or --python-env DIR");
  }
  std::optional<PythonPackages> packages;
  if (!options.python_env.empty()) packages.emplace(options.python_env);
  PathScan::Sink print;
  if (!options.json) print = [](const std::string& line) { fmt::print("{}", line); };
  PathScan scan(options.load, print, [](const std::string& message) { WriteNote("fplab: {}\n", message); });
  for (const std::string& path : options.paths) scan.AddPath(path);
  if (packages) scan.AddPath(options.python_env);

  nlohmann::json summary = scan.Summary();
  if (packages) summary["packages"] = SwitchingPackages(*packages, summary);
  if (options.json) {
    fmt::print("{}\n", summary.dump(2));
  } else {
    if (packages) fmt::print("{}", SwitchingPackagesText(summary["packages"]));
    fmt::print("{}", scan.SummaryLine());
  }
  if (scan.found() > 0) return kRefuted;
  return scan.complete() ? kDone : kUsage;
}

}  // namespace

void AddScanCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<ScanOptions>();
  CLI::App* command = app.add_subcommand(
      "scan", "ELF files whose start-up routines switch a process to FTZ or DAZ. Reads them; executes nothing.");
  command->add_option("path", options->paths, "Files, .whl and .zip archives, and directories to search")
      ->type_name("FILE|DIR");
  command
      ->add_option("--python-env", options->python_env,
                   "A virtual environment, or a site-packages: which package's library it is")
      ->type_name("DIR");
  command->add_flag(
      "--load", options->load,
      "Also load each file in a child process, which runs its constructors, and compare the control word");
  command->add_flag("--json", options->json, "Print JSON");
  command->footer(
      "Exit status: 0 nothing found, 1 found, 2 nothing found, but not all could be examined.\n"
      "Example: fplab scan ~/lib    fplab scan --python-env ~/venv    fplab scan --load ./libfoo.so");
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace fplab::tools
