// NumPy arrays as the core takes them: checked here, by sentences, since the core's own checks abort.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PYTHON_ARRAYS_H_
#define FPLAB_TOOLS_PYTHON_ARRAYS_H_

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <string>

#include <fplab/kernels/matmul/matmul.h>

namespace fplab::python {

// Whose argument is looked at, for the sentences: "matmul: a: found ...".
struct Argument {
  const char* function;
  const char* name;

  [[noreturn]] void WrongType(pybind11::handle found, const std::string& expected) const;  // throws TypeError
  [[noreturn]] void Refuse(const std::string& found, const std::string& expected) const;   // throws Error
};

// An ndarray, a memory map or a NumPy scalar, as it lies in memory. Any other object is a TypeError: lists, which would
// be copied; masked arrays and other subclasses, whose meaning would be lost.
pybind11::array ArrayOf(pybind11::handle value, const Argument& argument);

// "float32", ">f4": what NumPy calls it.
std::string TypeName(const pybind11::array& array);
// "(3, 4)"
std::string ShapeText(const pybind11::array& array);
// Floats or unsigned integers of this machine's byte order.
bool IsNative(const pybind11::array& array, char kind, ptrdiff_t bytes);

// Sizes that are no more than an int counts, as the kernels want them.
int IntOf(ptrdiff_t size, const Argument& argument);

// Whole numbers, texts and truth values, by a sentence of our own.
int WholeNumber(pybind11::handle value, const Argument& argument);
std::string Text(pybind11::handle value, const Argument& argument);

// A matrix of binary32 in this machine's byte order, its rows contiguous; as a view, nothing is copied.
kernels::ConstMatrixView MatrixOf(const pybind11::array& array, const Argument& argument);
// The same to be written to.
kernels::MatrixView OutputOf(pybind11::array& array, const Argument& argument);

}  // namespace fplab::python

#endif  // FPLAB_TOOLS_PYTHON_ARRAYS_H_
