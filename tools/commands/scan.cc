// fplab scan: ELF files whose start-up routines switch a process to FTZ or DAZ.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>
#include "tools/commands/command.h"
#include "tools/scan/elf_load.h"
#include "tools/scan/elf_startup.h"
#include "tools/terminal/note.h"

namespace fplab::tools {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> paths;
  bool load = false;
  bool json = false;
};

std::string FlagNames(bool flush_outputs, bool flush_inputs) {
  return flush_outputs && flush_inputs ? "FTZ and DAZ" : flush_outputs ? "FTZ" : "DAZ";
}

// Everything seen so far; print or serialise at the end of each file.
class Scan {
 public:
  explicit Scan(const Options& options) : options_(options) {}

  void AddPath(const std::string& path) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
      AddDirectory(path);
    } else {
      Examine(path, true);
    }
  }

  int Finish() const {
    if (options_.json) {
      nlohmann::json summary = {{"files", files_},     {"examined", examined_}, {"other_elf", opaque_},
                                {"not_elf", not_elf_}, {"errors", failures_},   {"found", found_}};
      fmt::print("{}\n", summary.dump(2));
    } else {
      fmt::print("{} {} examined: {} {} the control word", examined_, examined_ == 1 ? "file" : "files", found_,
                 found_ == 1 ? "changes" : "change");
      if (failed_ > 0) fmt::print("; {} unreadable", failed_);
      if (opaque_ > 0) fmt::print("; {} object files or other machines' passed over", opaque_);
      if (not_elf_ > 0) fmt::print("; {} not ELF", not_elf_);
      fmt::print("\n");
    }
    if (found_ > 0) return kRefuted;
    return named_failed_ ? kUsage : kDone;
  }

 private:
  // Symbolic links inside a directory are not followed: what they lead to is seen where it is, or is outside.
  void AddDirectory(const std::string& path) {
    std::vector<std::string> files;
    std::error_code error;
    fs::recursive_directory_iterator entry(path, fs::directory_options::skip_permission_denied, error), end;
    if (error) throw Error("{}: {}", path, error.message());
    while (entry != end) {
      if (entry->is_regular_file(error) && !entry->is_symlink(error)) files.push_back(entry->path().string());
      entry.increment(error);
      if (error) break;
    }
    std::sort(files.begin(), files.end());
    for (const std::string& file : files) {
      if (ElfImage::HasMagic(file)) {
        Examine(file, false);
      } else {
        ++not_elf_;
      }
    }
  }

  void Fail(const std::string& message, bool named) {
    WriteNote("fplab: {}\n", message);
    ++failed_;
    named_failed_ = named_failed_ || named;
    failures_.push_back(message);
  }

  void Examine(const std::string& path, bool named) {
    try {
      const StartupReport report = ExamineStartup(path);
      const bool examined = report.not_examined.empty();
      if (!examined && named) {
        Fail(fmt::format("{}: not examined: {} (x86-64 programs and shared libraries are)", path, report.not_examined),
             named);
        return;
      }
      ++(examined ? examined_ : opaque_);
      bool found = !report.findings.empty();
      nlohmann::json entry = Describe(path, report);
      if (options_.load && examined) found = Load(path, named, entry) || found;
      if (found) ++found_;
      if (found || named) files_.push_back(entry);
    } catch (const Error& error) {
      Fail(error.what(), named);
    }
  }

  nlohmann::json Describe(const std::string& path, const StartupReport& report) const {
    nlohmann::json entry = {{"path", path},
                            {"constructors", report.constructors},
                            {"partly_followed", report.partly_followed},
                            {"findings", nlohmann::json::array()}};
    for (const StartupFinding& finding : report.findings) {
      const std::string name = finding.symbol.empty() ? "no symbol" : finding.symbol;
      entry["findings"].push_back({{"table", finding.constructor.table},
                                   {"address", finding.constructor.address},
                                   {"symbol", finding.symbol},
                                   {"ldmxcsr", finding.instruction},
                                   {"ftz", finding.flush_outputs},
                                   {"daz", finding.flush_inputs}});
      if (options_.json) continue;
      fmt::print("{}: {} at {:#x} ({}) sets {}, by the LDMXCSR at {:#x}\n", path, finding.constructor.table,
                 finding.constructor.address, name, FlagNames(finding.flush_outputs, finding.flush_inputs),
                 finding.instruction);
    }
    if (!options_.json && report.partly_followed > 0) {
      fmt::print("{}: {} of {} constructors could be followed only in part\n", path, report.partly_followed,
                 report.constructors);
    }
    return entry;
  }

  // Loads `path` in a child process; true if that changed the mode of the control word.
  bool Load(const std::string& path, bool named, nlohmann::json& entry) {
    const LoadReport report = LoadInChild(path);
    if (!report.failure.empty()) {
      Fail(fmt::format("{}: can't be loaded: {}", path, report.failure), named);
      return false;
    }
    const bool changed = ((report.before ^ report.after) & ModeMask()) != 0;
    entry["load"] = {{"before", report.before}, {"after", report.after}, {"changed", changed}};
    if (!options_.json) {
      fmt::print("{}: loading it {} {} from {:x} to {:x} ({})\n", path, changed ? "changes" : "leaves",
                 ControlWordName(), report.before, report.after, Name(DecodeMode(report.after)));
    }
    if (changed) NameCulprits(path, report.objects);
    return changed;
  }

  // Which of the dependencies that came along would have done it.
  void NameCulprits(const std::string& path, const std::vector<std::string>& objects) const {
    for (const std::string& object : objects) {
      std::error_code error;
      if (options_.json || fs::equivalent(object, path, error) || !ElfImage::HasMagic(object)) continue;
      if (!ExamineStartup(object).findings.empty()) fmt::print("{}: depends on {}, which does so\n", path, object);
    }
  }

  const Options& options_;
  nlohmann::json files_ = nlohmann::json::array();
  std::vector<std::string> failures_;
  int examined_ = 0;  // programs and libraries followed
  int opaque_ = 0;    // in directories: ELF files of other kinds (object files, other machines)
  int not_elf_ = 0;   // in directories: other files
  int failed_ = 0, found_ = 0;
  bool named_failed_ = false;
};

}  // namespace

void AddScanCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "scan", "ELF files whose start-up routines switch a process to FTZ or DAZ. Reads them; executes nothing.");
  command->add_option("path", options->paths, "Files, and directories to search")->required()->type_name("FILE|DIR");
  command->add_flag(
      "--load", options->load,
      "Also load each file in a child process, which runs its constructors, and compare the control word");
  command->add_flag("--json", options->json, "Print JSON");
  command->footer(
      "Exit status: 0 nothing found, 1 found, 2 a named file could not be examined.\n"
      "Example: fplab scan ~/venv/lib    fplab scan --load ./libfoo.so");
  command->callback([options, &status] {
    Scan scan(*options);
    for (const std::string& path : options->paths) scan.AddPath(path);
    status = scan.Finish();
  });
}

}  // namespace fplab::tools
