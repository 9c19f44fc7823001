// Installers' records, read as files that somebody else made.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/python_packages.h"

#include <fmt/format.h>

#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>
#include "tools/scan/folder_walk.h"
#include "tools/scan/outside_file.h"

namespace fplab::tools {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMostRecordBytes = uint64_t{16} << 20;

// "NAME-VERSION.dist-info" or "....egg-info": the folder of a record.
PythonPackage PackageOf(const std::string& folder) {
  const std::string stem = fs::path(folder).stem().string();
  const size_t dash = stem.find('-');
  if (dash == std::string::npos) return {stem, ""};
  const size_t end = stem.find('-', dash + 1);  // egg-info: NAME-VERSION-py3.11
  return {stem.substr(0, dash), stem.substr(dash + 1, end == std::string::npos ? end : end - dash - 1)};
}

std::vector<std::string> LinesOf(const std::string& path) {
  std::vector<std::string> lines;
  try {
    const std::vector<uint8_t> bytes = OutsideFile(path, OutsideFile::Links::kRefuse).ReadAll(kMostRecordBytes);
    std::string line;
    for (const uint8_t byte : bytes) {
      if (byte == '\n' || byte == '\r') {
        if (!line.empty()) lines.push_back(line);
        line.clear();
      } else {
        line += static_cast<char>(byte);
      }
    }
    if (!line.empty()) lines.push_back(line);
  } catch (const Error&) {
    return {};
  }
  return lines;
}

// The first field of a line of comma-separated values; one in quotes has them doubled.
std::string FirstField(const std::string& line) {
  if (line[0] != '"') return line.substr(0, line.find(','));
  std::string field;
  for (size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '"' && (i + 1 == line.size() || line[++i] != '"')) break;
    field += line[i];
  }
  return field;
}

// What lies right below a site-packages, or dist-packages as Debian calls it, on the way to `path`: the end of the path
// up to it; npos where there is none.
size_t EndOfTopLevel(const std::string& path, const std::string& folder) {
  size_t begin = std::string::npos;
  for (const std::string_view name : {"/site-packages/", "/dist-packages/"}) {
    const size_t at = path.rfind(name);
    if (at != std::string::npos) begin = at + name.size();
  }
  if (begin == std::string::npos) begin = folder.size() + 1;  // the folder is itself one
  return path.find('/', begin);
}

}  // namespace

PythonPackages::PythonPackages(const std::string& folder)
    : folder_((fs::path(folder) / "").lexically_normal().parent_path().string()) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    throw Error("{}: not a folder, expected a Python environment", Printable(folder));
  WalkFolder(folder, [this](const FolderEntry& entry) {
    if (entry.kind != FolderEntry::kFile) return;
    const fs::path path = fs::path(entry.path).lexically_normal();
    const std::string extension = path.parent_path().extension().string();
    if (extension != ".dist-info" && extension != ".egg-info") return;
    const PythonPackage package = PackageOf(path.parent_path().filename().string());
    if (path.filename() == "RECORD") ReadRecord(path.string(), package);
    if (path.filename() == "top_level.txt") ReadTopLevel(path.string(), package);
  });
}

void PythonPackages::ReadRecord(const std::string& path, const PythonPackage& package) {
  const fs::path site = fs::path(path).parent_path().parent_path();
  for (const std::string& line : LinesOf(path)) {
    owners_.insert_or_assign((site / FirstField(line)).lexically_normal().string(), package);
  }
}

void PythonPackages::ReadTopLevel(const std::string& path, const PythonPackage& package) {
  const fs::path site = fs::path(path).parent_path().parent_path();
  for (const std::string& line : LinesOf(path)) owners_.emplace((site / line).lexically_normal().string(), package);
}

PythonPackage PythonPackages::OwnerOf(const std::string& path) const {
  const std::string normal = fs::path(path).lexically_normal().string();
  if (const auto own = owners_.find(normal); own != owners_.end()) return own->second;
  const std::string top = normal.substr(0, EndOfTopLevel(normal, folder_));
  if (const auto own = owners_.find(top); own != owners_.end()) return own->second;
  const std::string name = fs::path(top).filename().string();
  // An extension module by itself is its name up to the first dot: "fast.cpython-311-x86_64-linux-gnu.so".
  return {name.substr(0, name.find('.')), ""};
}

nlohmann::json SwitchingPackages(const PythonPackages& packages, const nlohmann::json& summary) {
  nlohmann::json switching = nlohmann::json::array();
  for (const nlohmann::json& file : summary["files"]) {
    const bool changed = file.contains("load") && file["load"]["changed"].get<bool>();
    if (file["verdict"] != "switches" && !changed) continue;
    const auto path = file["path"].get<std::string>();
    const PythonPackage owner = packages.OwnerOf(path);
    const std::string name = ValidUtf8(owner.name), version = ValidUtf8(owner.version);
    nlohmann::json* entry = nullptr;
    for (nlohmann::json& known : switching) {
      if (known["name"] == name && known["version"] == version) entry = &known;
    }
    if (entry == nullptr) {
      switching.push_back({{"name", name}, {"version", version}, {"files", nlohmann::json::array()}});
      entry = &switching.back();
    }
    (*entry)["files"].push_back(path);
  }
  return switching;
}

std::string SwitchingPackagesText(const nlohmann::json& switching) {
  std::string text;
  for (const nlohmann::json& package : switching) {
    const auto version = package["version"].get<std::string>();
    std::string files;
    for (const nlohmann::json& file : package["files"]) {
      files += (files.empty() ? "" : ", ") + Printable(file.get<std::string>());
    }
    text += fmt::format("package {}{}{} switches flushing on, by {}\n", Printable(package["name"].get<std::string>()),
                        version.empty() ? "" : " ", Printable(version), files);
  }
  return text;
}

}  // namespace fplab::tools
