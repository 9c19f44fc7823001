// What there is under a path that switches a process to flushing: files, members of wheels, all that a folder holds.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_PATH_SCAN_H_
#define FPLAB_TOOLS_SCAN_PATH_SCAN_H_

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tools/scan/elf_startup.h"
#include "tools/scan/outside_file.h"

namespace fplab::tools {

// Says what it finds as it finds it, and keeps it for a summary.
class PathScan {
 public:
  using Sink = std::function<void(const std::string& line)>;

  // `load`: also loads each file in a child process (elf_load.h), which runs its constructors. `print` gets lines about
  // files, each with its end; empty: nobody is told. `fail` gets what could not be examined, printable, without an end.
  PathScan(bool load, Sink print, Sink fail);

  void AddPath(const std::string& path);

  // {"files": [{"path", "verdict", "how", "reasons", "findings", ...}], "examined", "found", "undecided", "errors",
  // ...}: the files that change the control word, those that are undecided, and those that were named.
  nlohmann::json Summary() const;
  // "3 files examined: 1 changes the control word; ..."
  std::string SummaryLine() const;

  int found() const { return found_; }
  bool complete() const { return failures_.empty(); }

 private:
  template <typename... Args>
  void Say(fmt::format_string<Args...> format, Args&&... args) const;
  void Fail(const std::string& message);
  void PassOver(const std::string& path, const std::string& why);
  void ExamineFile(const std::string& path, bool named);
  void ExamineZip(const std::string& path, const OutsideFile& file);
  // An ELF file whose code can't be read, or a file of such.
  void Opaque(const std::string& path, const std::string& why, bool named);
  // `loadable`: the file to load; empty for a member of an archive.
  void Judge(const std::string& path, const std::string& loadable, const std::vector<uint8_t>& bytes, bool named);
  void Print(const std::string& path, const StartupReport& report, bool named);
  // True if loading `path` changed the mode of the control word.
  bool LoadIt(const std::string& path, nlohmann::json& entry);
  // Which of the dependencies that came along would have done it.
  void NameCulprits(const std::string& path, const std::vector<std::string>& objects) const;

  bool load_;
  Sink print_, fail_;
  nlohmann::json files_ = nlohmann::json::array();
  nlohmann::json passed_over_ = nlohmann::json::array();
  std::vector<std::string> failures_;
  int examined_ = 0;  // programs and libraries that were judged
  int opaque_ = 0;    // in directories: ELF files of other kinds (object files, archives of them, other machines)
  int not_elf_ = 0;   // in directories and archives: other files
  int found_ = 0, undecided_ = 0;
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_PATH_SCAN_H_
