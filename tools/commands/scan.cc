// fplab scan: ELF files whose start-up routines switch a process to FTZ or DAZ.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <new>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/nets/files/zip_archive.h>
#include "tools/commands/command.h"
#include "tools/scan/elf_load.h"
#include "tools/scan/elf_startup.h"
#include "tools/scan/folder_walk.h"
#include "tools/scan/outside_file.h"
#include "tools/terminal/note.h"

namespace fplab::tools {
namespace {

namespace fs = std::filesystem;

struct ScanOptions {
  std::vector<std::string> paths;
  bool load = false;
  bool json = false;
};

// The sum of what is decompressed of one archive.
constexpr uint64_t kMaxArchiveBytes = uint64_t{8} << 30;

std::string FlagNames(bool flush_outputs, bool flush_inputs) {
  return flush_outputs && flush_inputs ? "FTZ and DAZ" : flush_outputs ? "FTZ" : "DAZ";
}

enum class Content { kElf, kZip, kArchive, kOther };

Content ContentOf(const std::string& path, const std::vector<uint8_t>& head) {
  const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
  if (text.starts_with("\x7f"
                       "ELF"))
    return Content::kElf;
  if (text.starts_with("!<arch>\n") || text.starts_with("!<thin>\n")) return Content::kArchive;
  const std::string extension = fs::path(path).extension().string();
  const bool zip = text.starts_with("PK\3\4") || text.starts_with("PK\5\6");
  return zip && (extension == ".zip" || extension == ".whl") ? Content::kZip : Content::kOther;
}

// Everything seen so far: printed as it is found, or serialised at the end.
class Scan {
 public:
  explicit Scan(const ScanOptions& options) : options_(options) {}

  void AddPath(const std::string& path) {
    std::error_code error;
    if (!fs::is_directory(path, error)) return ExamineFile(path, true);
    WalkFolder(path, [this](const FolderEntry& entry) {
      if (entry.kind == FolderEntry::kFile) return ExamineFile(entry.path, false);
      if (entry.kind == FolderEntry::kOther) return PassOver(entry.path, entry.what);
      Fail(fmt::format("{}: {}", Printable(entry.path), entry.what));
    });
  }

  int Finish() const {
    if (options_.json) {
      nlohmann::json summary = {{"files", files_},         {"examined", examined_},      {"other_elf", opaque_},
                                {"not_elf", not_elf_},     {"errors", failures_},        {"found", found_},
                                {"undecided", undecided_}, {"passed_over", passed_over_}};
      fmt::print("{}\n", summary.dump(2));
    } else {
      fmt::print("{} {} examined: {} {} the control word", examined_, examined_ == 1 ? "file" : "files", found_,
                 found_ == 1 ? "changes" : "change");
      if (undecided_ > 0) fmt::print("; {} undecided", undecided_);
      if (!failures_.empty()) fmt::print("; {} unreadable", failures_.size());
      if (opaque_ > 0) fmt::print("; {} object files or other machines' passed over", opaque_);
      if (not_elf_ > 0) fmt::print("; {} not ELF", not_elf_);
      fmt::print("\n");
    }
    if (found_ > 0) return kRefuted;
    return failures_.empty() ? kDone : kUsage;
  }

 private:
  // `message` is printable.
  void Fail(const std::string& message) {
    WriteNote("fplab: {}\n", message);
    failures_.push_back(message);
  }

  void PassOver(const std::string& path, const std::string& why) {
    passed_over_.push_back({{"path", ValidUtf8(path)}, {"why", ValidUtf8(why)}});
    if (!options_.json) fmt::print("{}: not examined: {}\n", Printable(path), Printable(why));
  }

  void ExamineFile(const std::string& path, bool named) {
    try {
      const OutsideFile file(path, named ? OutsideFile::Links::kFollow : OutsideFile::Links::kRefuse);
      constexpr uint64_t kHeadBytes = 8;
      switch (ContentOf(path, file.ReadHead(kHeadBytes))) {
        case Content::kElf:
          return Judge(path, path, file.ReadAll(kMaxFileBytes), named);
        case Content::kZip:
          return ExamineZip(path, file);
        case Content::kArchive:
          return Opaque(path, "a static archive, whose objects are linked into other files", named);
        case Content::kOther:
          if (named) throw Error("{}: not an ELF file", Printable(path));
          ++not_elf_;
      }
    } catch (const Error& error) {
      Fail(error.what());
    } catch (const std::bad_alloc&) {
      Fail(fmt::format("{}: not enough memory", Printable(path)));
    }
  }

  void ExamineZip(const std::string& path, const OutsideFile& file) {
    const nets::ZipArchive archive(file, Printable(path));
    uint64_t left = kMaxArchiveBytes;
    for (const nets::ZipMember& member : archive.members()) {
      if (member.IsFolder()) continue;
      const std::string name = fmt::format("{}({})", path, member.name);
      try {
        if (ContentOf("", archive.ReadHead(member, SELFMAG)) != Content::kElf) {
          ++not_elf_;
          continue;
        }
        const std::vector<uint8_t> bytes = archive.ReadAll(member, std::min(left, kMaxFileBytes));
        left -= bytes.size();
        Judge(name, "", bytes, false);
      } catch (const Error& error) {
        Fail(error.what());
      }
    }
  }

  // An ELF file whose code can't be read, or a file of such.
  void Opaque(const std::string& path, const std::string& why, bool named) {
    if (named) {
      return Fail(fmt::format("{}: not examined: {} (x86-64 programs and shared libraries are)", Printable(path), why));
    }
    ++opaque_;
    PassOver(path, why);
  }

  // `loadable`: the file to load with --load; empty for a member of an archive.
  void Judge(const std::string& path, const std::string& loadable, const std::vector<uint8_t>& bytes, bool named) {
    const StartupReport report = ExamineStartup(bytes, Printable(path));
    if (!report.not_examined.empty()) return Opaque(path, report.not_examined, named);
    ++examined_;
    bool found = report.verdict == Verdict::kSwitches;
    const bool undecided = report.verdict == Verdict::kUndecided;
    nlohmann::json entry = Entry(path, report);
    if (!options_.json) Print(path, report, named);
    if (options_.load && !loadable.empty()) found = Load(loadable, entry) || found;
    if (found) ++found_;
    if (undecided) ++undecided_;
    if (found || undecided || named) files_.push_back(entry);
  }

  static nlohmann::json Entry(const std::string& path, const StartupReport& report) {
    nlohmann::json entry = {{"path", ValidUtf8(path)},
                            {"verdict", Name(report.verdict)},
                            {"how", report.how},
                            {"reasons", report.reasons},
                            {"constructors", report.constructors},
                            {"partly_followed", report.partly_followed},
                            {"findings", nlohmann::json::array()}};
    for (const StartupFinding& finding : report.findings) {
      entry["findings"].push_back({{"table", ValidUtf8(finding.constructor.table)},
                                   {"address", finding.constructor.address},
                                   {"symbol", ValidUtf8(finding.symbol)},
                                   {"ldmxcsr", finding.instruction},
                                   {"ftz", finding.flush_outputs},
                                   {"daz", finding.flush_inputs}});
    }
    return entry;
  }

  static void Print(const std::string& path, const StartupReport& report, bool named) {
    for (const StartupFinding& finding : report.findings) {
      const std::string name = finding.symbol.empty() ? "no symbol" : finding.symbol;
      fmt::print("{}: {} at {:#x} ({}) sets {}, by the {} at {:#x}\n", Printable(path),
                 Printable(finding.constructor.table), finding.constructor.address, Printable(name),
                 FlagNames(finding.flush_outputs, finding.flush_inputs), finding.by, finding.instruction);
    }
    if (report.verdict == Verdict::kUndecided) {
      fmt::print("{}: undecided: {}\n", Printable(path), fmt::join(report.reasons, "; "));
    }
    if (report.verdict == Verdict::kClean && named) fmt::print("{}: clean: {}\n", Printable(path), report.how);
  }

  // Loads `path` in a child process; true if that changed the mode of the control word.
  bool Load(const std::string& path, nlohmann::json& entry) {
    const LoadReport report = LoadInChild(path);
    if (!report.failure.empty()) {
      Fail(fmt::format("{}: can't be loaded: {}", Printable(path), report.failure));
      return false;
    }
    const bool changed = ((report.before ^ report.after) & ModeMask()) != 0;
    entry["load"] = {{"before", report.before}, {"after", report.after}, {"changed", changed}};
    if (!options_.json) {
      const std::string words = report.before == report.after
                                    ? fmt::format("at {:x}", report.after)
                                    : fmt::format("from {:x} to {:x}", report.before, report.after);
      fmt::print("{}: loading it {} {} {} ({})\n", Printable(path), changed ? "changes" : "leaves the mode of",
                 ControlWordName(), words, Name(DecodeMode(report.after)));
    }
    if (changed) NameCulprits(path, report.objects);
    return changed;
  }

  // Which of the dependencies that came along would have done it.
  void NameCulprits(const std::string& path, const std::vector<std::string>& objects) const {
    for (const std::string& object : objects) {
      std::error_code error;
      if (options_.json || fs::equivalent(object, path, error)) continue;
      try {
        const bool switches = ExamineStartup(object).verdict == Verdict::kSwitches;
        if (switches) fmt::print("{}: depends on {}, which does so\n", Printable(path), Printable(object));
      } catch (const Error&) {
        continue;  // the kernel's own object is no file
      }
    }
  }

  const ScanOptions& options_;
  nlohmann::json files_ = nlohmann::json::array();
  nlohmann::json passed_over_ = nlohmann::json::array();
  std::vector<std::string> failures_;
  int examined_ = 0;  // programs and libraries that were judged
  int opaque_ = 0;    // in directories: ELF files of other kinds (object files, archives of them, other machines)
  int not_elf_ = 0;   // in directories and archives: other files
  int found_ = 0, undecided_ = 0;
};

}  // namespace

void AddScanCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<ScanOptions>();
  CLI::App* command = app.add_subcommand(
      "scan", "ELF files whose start-up routines switch a process to FTZ or DAZ. Reads them; executes nothing.");
  command->add_option("path", options->paths, "Files, .whl and .zip archives, and directories to search")
      ->required()
      ->type_name("FILE|DIR");
  command->add_flag(
      "--load", options->load,
      "Also load each file in a child process, which runs its constructors, and compare the control word");
  command->add_flag("--json", options->json, "Print JSON");
  command->footer(
      "Exit status: 0 nothing found, 1 found, 2 nothing found, but not all could be examined.\n"
      "Example: fplab scan ~/venv/lib    fplab scan --load ./libfoo.so");
  command->callback([options, &status] {
    Scan scan(*options);
    for (const std::string& path : options->paths) scan.AddPath(path);
    status = scan.Finish();
  });
}

}  // namespace fplab::tools
