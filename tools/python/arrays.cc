// Arrays looked at before the core sees them.
// SPDX-License-Identifier: Apache-2.0
#include "tools/python/arrays.h"

#include <fmt/format.h>

#include <cstdint>
#include <limits>

#include <fplab/fparith/float/error.h>

namespace fplab::python {

namespace py = pybind11;

void Argument::WrongType(py::handle found, const std::string& expected) const {
  throw py::type_error(
      fmt::format("{}: {}: found {}, expected {}", function, name, Py_TYPE(found.ptr())->tp_name, expected));
}

void Argument::Refuse(const std::string& found, const std::string& expected) const {
  throw Error("{}: {}: found {}, expected {}", function, name, found, expected);
}

py::array ArrayOf(py::handle value, const Argument& argument) {
  const auto& api = py::detail::npy_api::get();
  if (Py_TYPE(value.ptr()) == api.PyArray_Type_) return py::reinterpret_borrow<py::array>(value);
  const py::module_ numpy = py::module_::import("numpy");
  if (py::isinstance(value, numpy.attr("memmap")) || py::isinstance(value, numpy.attr("generic"))) {
    return py::reinterpret_borrow<py::array>(numpy.attr("asarray")(value));
  }
  argument.WrongType(value, "a NumPy array (numpy.asarray makes one)");
}

std::string TypeName(const py::array& array) { return py::str(array.dtype()).cast<std::string>(); }

std::string ShapeText(const py::array& array) { return py::str(array.attr("shape")).cast<std::string>(); }

bool IsNative(const py::array& array, char kind, ptrdiff_t bytes) {
  const py::dtype type = array.dtype();
  const char order = type.byteorder();
  return type.kind() == kind && type.itemsize() == bytes && (order == '=' || order == '|');
}

int IntOf(ptrdiff_t size, const Argument& argument) {
  if (size > std::numeric_limits<int>::max()) {
    argument.Refuse(fmt::format("{} rows or columns", size), "no more than 2147483647");
  }
  return static_cast<int>(size);
}

int WholeNumber(py::handle value, const Argument& argument) {
  if (!PyLong_Check(value.ptr()) || PyBool_Check(value.ptr())) argument.WrongType(value, "a whole number");
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(value.ptr(), &overflow);
  if (overflow != 0 || number != static_cast<int>(number)) {
    argument.Refuse(py::str(value).cast<std::string>(), "a number of 32 bits");
  }
  return static_cast<int>(number);
}

std::string Text(py::handle value, const Argument& argument) {
  if (!py::isinstance<py::str>(value)) argument.WrongType(value, "a string");
  return value.cast<std::string>();
}

kernels::ConstMatrixView MatrixOf(const py::array& array, const Argument& argument) {
  constexpr ptrdiff_t kFloat = sizeof(float);
  if (!IsNative(array, 'f', kFloat)) argument.Refuse(TypeName(array), "float32 of this machine's byte order");
  if (array.ndim() != 2) {
    argument.Refuse(fmt::format("{} dimensions, of shape {}", array.ndim(), ShapeText(array)), "two");
  }
  kernels::ConstMatrixView view;
  view.rows = IntOf(array.shape(0), argument);
  view.cols = IntOf(array.shape(1), argument);
  view.stride = view.cols;
  if (view.rows == 0 || view.cols == 0) return view;
  view.data = static_cast<const float*>(array.data());
  const ptrdiff_t row = array.strides(0), column = array.strides(1);
  const bool aligned = reinterpret_cast<uintptr_t>(view.data) % alignof(float) == 0;
  const bool contiguous = view.cols == 1 || column == kFloat;
  const bool apart = view.rows == 1 || (row >= kFloat * view.cols && row % kFloat == 0);
  if (!aligned || !contiguous || !apart) {
    argument.Refuse(aligned ? fmt::format("strides of {} and {} bytes", row, column) : "an address that is not aligned",
                    "rows that are contiguous, one after another (numpy.ascontiguousarray makes them so)");
  }
  if (view.rows > 1) view.stride = row / kFloat;
  return view;
}

kernels::MatrixView OutputOf(py::array& array, const Argument& argument) {
  const kernels::ConstMatrixView view = MatrixOf(array, argument);
  if (!array.writeable()) argument.Refuse("a read-only array", "one to be written to");
  return {const_cast<float*>(view.data), view.rows, view.cols, view.stride};
}

}  // namespace fplab::python
