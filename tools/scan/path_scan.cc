// Files, archives and folders judged one by one.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/path_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <new>
#include <string_view>
#include <system_error>
#include <utility>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/nets/files/zip_archive.h>
#include "tools/scan/elf_load.h"
#include "tools/scan/folder_walk.h"
#include "tools/scan/outside_file.h"

namespace fplab::tools {
namespace {

namespace fs = std::filesystem;

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

nlohmann::json FileEntry(const std::string& path, const StartupReport& report) {
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

}  // namespace

PathScan::PathScan(bool load, Sink print, Sink fail) : load_(load), print_(std::move(print)), fail_(std::move(fail)) {}

template <typename... Args>
void PathScan::Say(fmt::format_string<Args...> format, Args&&... args) const {
  if (print_) print_(fmt::format(format, std::forward<Args>(args)...));
}

void PathScan::AddPath(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return ExamineFile(path, true);
  WalkFolder(path, [this](const FolderEntry& entry) {
    if (entry.kind == FolderEntry::kFile) return ExamineFile(entry.path, false);
    if (entry.kind == FolderEntry::kOther) return PassOver(entry.path, entry.what);
    Fail(fmt::format("{}: {}", Printable(entry.path), entry.what));
  });
}

nlohmann::json PathScan::Summary() const {
  return {{"files", files_},     {"examined", examined_}, {"other_elf", opaque_},    {"not_elf", not_elf_},
          {"errors", failures_}, {"found", found_},       {"undecided", undecided_}, {"passed_over", passed_over_}};
}

std::string PathScan::SummaryLine() const {
  std::string line = fmt::format("{} {} examined: {} {} the control word", examined_, examined_ == 1 ? "file" : "files",
                                 found_, found_ == 1 ? "changes" : "change");
  if (undecided_ > 0) line += fmt::format("; {} undecided", undecided_);
  if (!failures_.empty()) line += fmt::format("; {} unreadable", failures_.size());
  if (opaque_ > 0) line += fmt::format("; {} object files or other machines' passed over", opaque_);
  if (not_elf_ > 0) line += fmt::format("; {} not ELF", not_elf_);
  return line + "\n";
}

void PathScan::Fail(const std::string& message) {
  fail_(message);
  failures_.push_back(message);
}

void PathScan::PassOver(const std::string& path, const std::string& why) {
  passed_over_.push_back({{"path", ValidUtf8(path)}, {"why", ValidUtf8(why)}});
  Say("{}: not examined: {}\n", Printable(path), Printable(why));
}

void PathScan::ExamineFile(const std::string& path, bool named) {
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

void PathScan::ExamineZip(const std::string& path, const OutsideFile& file) {
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
void PathScan::Opaque(const std::string& path, const std::string& why, bool named) {
  if (named) {
    return Fail(fmt::format("{}: not examined: {} (x86-64 programs and shared libraries are)", Printable(path), why));
  }
  ++opaque_;
  PassOver(path, why);
}

// `loadable`: the file to load with --load; empty for a member of an archive.
void PathScan::Judge(const std::string& path, const std::string& loadable, const std::vector<uint8_t>& bytes,
                     bool named) {
  const StartupReport report = ExamineStartup(bytes, Printable(path));
  if (!report.not_examined.empty()) return Opaque(path, report.not_examined, named);
  ++examined_;
  bool found = report.verdict == Verdict::kSwitches;
  const bool undecided = report.verdict == Verdict::kUndecided;
  nlohmann::json entry = FileEntry(path, report);
  Print(path, report, named);
  if (load_ && !loadable.empty()) found = LoadIt(loadable, entry) || found;
  if (found) ++found_;
  if (undecided) ++undecided_;
  if (found || undecided || named) files_.push_back(entry);
}

void PathScan::Print(const std::string& path, const StartupReport& report, bool named) {
  for (const StartupFinding& finding : report.findings) {
    const std::string name = finding.symbol.empty() ? "no symbol" : finding.symbol;
    Say("{}: {} at {:#x} ({}) sets {}, by the {} at {:#x}\n", Printable(path), Printable(finding.constructor.table),
        finding.constructor.address, Printable(name), FlagNames(finding.flush_outputs, finding.flush_inputs),
        finding.by, finding.instruction);
  }
  if (report.verdict == Verdict::kUndecided) {
    Say("{}: undecided: {}\n", Printable(path), fmt::join(report.reasons, "; "));
  }
  if (report.verdict == Verdict::kClean && named) Say("{}: clean: {}\n", Printable(path), report.how);
}

// Loads `path` in a child process; true if that changed the mode of the control word.
bool PathScan::LoadIt(const std::string& path, nlohmann::json& entry) {
  const LoadReport report = LoadInChild(path);
  if (!report.failure.empty()) {
    Fail(fmt::format("{}: can't be loaded: {}", Printable(path), report.failure));
    return false;
  }
  const bool changed = ((report.before ^ report.after) & ModeMask()) != 0;
  entry["load"] = {{"before", report.before}, {"after", report.after}, {"changed", changed}};
  if (print_) {
    const std::string words = report.before == report.after
                                  ? fmt::format("at {:x}", report.after)
                                  : fmt::format("from {:x} to {:x}", report.before, report.after);
    Say("{}: loading it {} {} {} ({})\n", Printable(path), changed ? "changes" : "leaves the mode of",
        ControlWordName(), words, Name(DecodeMode(report.after)));
  }
  if (changed) NameCulprits(path, report.objects);
  return changed;
}

// Which of the dependencies that came along would have done it.
void PathScan::NameCulprits(const std::string& path, const std::vector<std::string>& objects) const {
  if (!print_) return;
  for (const std::string& object : objects) {
    std::error_code error;
    if (fs::equivalent(object, path, error)) continue;
    try {
      const bool switches = ExamineStartup(object).verdict == Verdict::kSwitches;
      if (switches) Say("{}: depends on {}, which does so\n", Printable(path), Printable(object));
    } catch (const Error&) {
      continue;  // the kernel's own object is no file
    }
  }
}

}  // namespace fplab::tools
