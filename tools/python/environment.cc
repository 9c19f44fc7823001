// What this machine computes with, for Python.
// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include <fplab/fparith/mode/guest.h>
#include "tools/printing/environment_text.h"
#include "tools/python/bindings.h"

namespace fplab::python {

void AddEnvironment(pybind11::module_& module) {
  module.def(
      "environment",
      [] {
        const pybind11::gil_scoped_release release;
        const nets::OrderedJson environment = tools::EnvironmentJson();
        return AsGuest([&] { return std::pair(environment.dump(), tools::EnvironmentText(environment)); });
      },
      "What `fplab env` says, as JSON and as text.");
}

}  // namespace fplab::python
