// Scanning for libraries that switch flushing on, for Python.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/path_scan.h"

#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <optional>
#include <string>
#include <utility>

#include <fplab/fparith/mode/guest.h>
#include "tools/python/bindings.h"
#include "tools/scan/python_packages.h"

namespace fplab::python {

void AddScan(pybind11::module_& module) {
  namespace py = pybind11;
  module.def(
      "scan",
      [](const std::filesystem::path& path, bool load, bool python_env) {
        std::string text;
        std::string json;
        const auto work = [&] {
          std::optional<tools::PythonPackages> packages;
          if (python_env) packages.emplace(path.string());
          tools::PathScan scan(
              load, [&text](const std::string& line) { text += line; },
              [&text](const std::string& failure) { text += "fplab: " + failure + "\n"; });
          scan.AddPath(path.string());
          nlohmann::json summary = scan.Summary();
          if (packages) {
            summary["packages"] = tools::SwitchingPackages(*packages, summary);
            text += tools::SwitchingPackagesText(summary["packages"]);
          }
          text += scan.SummaryLine();
          json = summary.dump();
        };
        const py::gil_scoped_release release;
        AsGuest(work);
        return std::pair(text, json);
      },
      py::arg("path"), py::arg("load"), py::arg("python_env"), "What `fplab scan` says, as text and as JSON.");
}

}  // namespace fplab::python
