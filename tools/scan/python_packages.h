// Which package of a Python environment a file came with, by the records that installers leave.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_PYTHON_PACKAGES_H_
#define FPLAB_TOOLS_SCAN_PYTHON_PACKAGES_H_

#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>

namespace fplab::tools {

struct PythonPackage {
  std::string name;     // "numpy"; of a file that no record names the first folder or file below site-packages
  std::string version;  // "1.24.2"; empty where no record says
};

class PythonPackages {
 public:
  // Reads every NAME-VERSION.dist-info/RECORD (PEP 376, PEP 627) and top_level.txt below the folder, a virtual
  // environment or a site-packages. A record that can't be read is as none. Throws Error unless it is a folder.
  explicit PythonPackages(const std::string& folder);

  // `path` begins with the folder as it was given.
  PythonPackage OwnerOf(const std::string& path) const;

 private:
  void ReadRecord(const std::string& path, const PythonPackage& package);
  void ReadTopLevel(const std::string& path, const PythonPackage& package);

  std::string folder_;
  std::unordered_map<std::string, PythonPackage> owners_;  // by file, or by what lies right below site-packages
};

// Of PathScan's summary: the packages whose files change the control word, each {"name", "version", "files": [...]}.
nlohmann::json SwitchingPackages(const PythonPackages& packages, const nlohmann::json& summary);

// A line for each of them.
std::string SwitchingPackagesText(const nlohmann::json& switching);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_PYTHON_PACKAGES_H_
