// fplab._fplab: what of fplab Python sees, without the package's own conveniences (fplab/__init__.py).
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/version.h>
#include "tools/python/bindings.h"

PYBIND11_MODULE(_fplab, module) {
  module.doc() = "The compiled part of fplab: see the package of that name.";
  module.attr("__version__") = FPLAB_VERSION;
  pybind11::register_exception<fplab::Error>(module, "Error", PyExc_ValueError).doc() =
      "What fplab refuses, in one sentence: what was found, and what was expected.";
  fplab::python::AddMode(module);  // the others' functions take modes
  fplab::python::AddArithmetic(module);
  fplab::python::AddEnvironment(module);
  fplab::python::AddMatmul(module);
  fplab::python::AddNetwork(module);
  fplab::python::AddRuns(module);
  fplab::python::AddScan(module);
  fplab::python::AddStatements(module);
}
