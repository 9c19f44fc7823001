// The parts of the Python module: one Add function each, defined in the file of that name.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PYTHON_BINDINGS_H_
#define FPLAB_TOOLS_PYTHON_BINDINGS_H_

#include <pybind11/pybind11.h>

#include <fplab/fparith/mode/mode.h>

namespace fplab::python {

// What Python calls `mode`: None is the mode that this thread computes in, else a Mode or its name. Throws Error for
// another name, and TypeError for another type; `function` is who was called.
Mode ModeOf(pybind11::handle mode, const char* function);

void AddArithmetic(pybind11::module_& module);
void AddEnvironment(pybind11::module_& module);
void AddMatmul(pybind11::module_& module);
void AddMode(pybind11::module_& module);
void AddNetwork(pybind11::module_& module);
void AddRuns(pybind11::module_& module);
void AddScan(pybind11::module_& module);
void AddStatements(pybind11::module_& module);

}  // namespace fplab::python

#endif  // FPLAB_TOOLS_PYTHON_BINDINGS_H_
