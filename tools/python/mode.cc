// Modes and this thread's control word, for Python.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <pybind11/operators.h>

#include <cstdint>
#include <string>

#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/mode/registers.h>
#include "tools/python/bindings.h"

namespace fplab::python {
namespace {

namespace py = pybind11;

// Without the sticky flags, which any arithmetic raises.
uint64_t Settings() { return ReadControlWord() & ~registers::kFlags; }

// Sets the mode, and returns the bits that Restore takes.
uint64_t Enter(Mode mode) {
  RequireHardwareSupport(mode);
  const uint64_t word = ReadControlWord();
  WriteControlWord((word & ~ModeMask()) | ModeBits(mode));
  return word & ModeMask();
}

void Restore(uint64_t bits) { WriteControlWord((ReadControlWord() & ~ModeMask()) | (bits & ModeMask())); }

}  // namespace

Mode ModeOf(py::handle mode, const char* function) {
  if (mode.is_none()) return CurrentMode();
  if (py::isinstance<py::str>(mode)) return ParseMode(mode.cast<std::string>());
  if (py::isinstance<Mode>(mode)) return mode.cast<Mode>();
  throw py::type_error(fmt::format("{}: mode: found {}, expected a name such as \"ftz+daz\", a Mode or None", function,
                                   Py_TYPE(mode.ptr())->tp_name));
}

void AddMode(py::module_& module) {
  py::class_<Mode>(module, "Mode",
                   "Rounding direction, and what happens to subnormal numbers: of results, of operands.")
      .def(py::init([](bool ftz, bool daz, const std::string& rounding) {
             return Mode{ParseRounding(rounding), ftz, daz};
           }),
           py::kw_only(), py::arg("ftz") = false, py::arg("daz") = false, py::arg("rounding") = "nearest-even")
      .def_property_readonly(
          "ftz", [](const Mode& mode) { return mode.flush_outputs; }, "Whether results that underflow become zero.")
      .def_property_readonly(
          "daz", [](const Mode& mode) { return mode.flush_inputs; }, "Whether subnormal operands count as zero.")
      .def_property_readonly(
          "rounding", [](const Mode& mode) { return std::string(Name(mode.rounding)); },
          "nearest-even, toward-zero, up or down.")
      .def("__eq__",
           [](const Mode& mode, py::handle other) { return py::isinstance<Mode>(other) && mode == other.cast<Mode>(); })
      .def("__hash__", [](const Mode& mode) { return py::hash(py::str(Name(mode))); })
      .def("__str__", [](const Mode& mode) { return Name(mode); })
      .def("__repr__", [](const Mode& mode) { return fmt::format("<fplab.Mode {}>", Name(mode)); });
  module.def(
      "mode_of", [](py::handle mode) { return ModeOf(mode, "mode"); }, py::arg("mode"),
      "The Mode of a name; None is this thread's.");
  module.def("current_mode", &CurrentMode, "The mode that this thread computes in now, by its control word.");
  module.def("enter_mode", &Enter, py::arg("mode"), "Sets this thread's mode; returns what restore_mode takes.");
  module.def("restore_mode", &Restore, py::arg("bits"), "Gives this thread the mode that enter_mode found.");
  module.def("control_word", &Settings, "This thread's MXCSR or FPCR, without the sticky flags.");
  module.def(
      "set_control_word",
      [](uint64_t settings) {
        WriteControlWord((ReadControlWord() & registers::kFlags) | (settings & ~registers::kFlags));
      },
      py::arg("settings"), "Gives this thread what control_word returned; the sticky flags stay.");
  module.def("describe_control_word", &DescribeControlWord, py::arg("word"), "A control word in words.");
  module.def("control_word_name", &ControlWordName, "MXCSR or FPCR.");
}

}  // namespace fplab::python
