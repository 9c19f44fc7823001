// Matrix products, for Python: the kernels' own, on NumPy arrays as they lie in memory.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/kernels/core/check_arguments.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/core/panel.h>
#include <fplab/kernels/matmul/check_matmul.h>
#include <fplab/kernels/matmul/matmul.h>
#include <fplab/kernels/matmul/parallel_matmul.h>
#include "tools/python/arrays.h"
#include "tools/python/bindings.h"
#include "tools/python/borrowed_workers.h"

namespace fplab::python {
namespace {

namespace py = pybind11;

// The right factor, packed once.
struct PreparedMatrix {
  kernels::PanelMatrix panels;
};

// Without the GIL.
kernels::PanelMatrix Pack(const kernels::ConstMatrixView& rows) {
  const py::gil_scoped_release release;
  kernels::PanelMatrix panels(rows.rows, rows.cols);
  if (rows.rows > 0 && rows.cols > 0) kernels::ToPanels(rows.data, rows.stride, panels.view());
  return panels;
}

PreparedMatrix Prepare(py::handle b) {
  constexpr Argument kB{"prepare", "b"};
  return {Pack(MatrixOf(ArrayOf(b, kB), kB))};
}

void RequireApart(const kernels::ConstMatrixView& out, const kernels::ConstMatrixView& input, const char* name) {
  if (!Overlap(kernels::ExtentOf(out), kernels::ExtentOf(input))) return;
  constexpr Argument kOut{"matmul", "out"};
  kOut.Refuse(fmt::format("an array that shares memory with {}", name), "one apart from it");
}

void Multiply(int threads, const kernels::ConstMatrixView& a, const kernels::ConstPanelView& b,
              const kernels::MatrixView& c, const kernels::Execution& execution) {
  if (threads == 1) {
    const py::gil_scoped_release release;
    kernels::Matmul(a, b, c, execution);
    return;
  }
  const BorrowedWorkers workers(threads);
  const py::gil_scoped_release release;
  kernels::Matmul(workers.get(), a, b, c, execution);
}

py::array Matmul(py::handle left, py::handle right, py::handle out, py::handle mode, py::handle isa_name,
                 py::handle thread_count) {
  constexpr Argument kA{"matmul", "a"}, kB{"matmul", "b"}, kOut{"matmul", "out"};
  const kernels::Execution execution = {kernels::ParseIsa(Text(isa_name, {"matmul", "isa"})), ModeOf(mode, "matmul")};
  RequireHardwareSupport(execution.mode);
  const int threads = WholeNumber(thread_count, {"matmul", "threads"});
  kernels::Workers::RequireCount(threads);
  const py::array a_array = ArrayOf(left, kA);
  const kernels::ConstMatrixView a = MatrixOf(a_array, kA);

  std::optional<kernels::PanelMatrix> packed;
  std::optional<py::array> b_array;
  std::optional<kernels::ConstMatrixView> b_rows;
  const kernels::PanelMatrix* b = nullptr;
  if (py::isinstance<PreparedMatrix>(right)) {
    b = &right.cast<const PreparedMatrix&>().panels;
  } else {
    b_array = ArrayOf(right, kB);
    b_rows = MatrixOf(*b_array, kB);
  }
  const int k = b != nullptr ? b->rows() : b_rows->rows, n = b != nullptr ? b->cols() : b_rows->cols;
  if (a.cols != k) {
    kB.Refuse(fmt::format("{} x {}", k, n), fmt::format("{} rows, as a is {} x {}", a.cols, a.rows, a.cols));
  }
  py::array c_array;
  if (out.is_none()) {
    c_array = py::array_t<float>({a.rows, n});
  } else {
    c_array = ArrayOf(out, kOut);
  }
  const kernels::MatrixView c = OutputOf(c_array, kOut);
  if (c.rows != a.rows || c.cols != n) {
    kOut.Refuse(fmt::format("{} x {}", c.rows, c.cols), fmt::format("{} x {}", a.rows, n));
  }
  RequireApart(c, a, "a");
  if (b_rows) RequireApart(c, *b_rows, "b");
  if (b == nullptr) {
    packed = Pack(*b_rows);
    b = &*packed;
  }
  Multiply(threads, a, b->view(), c, execution);
  return c_array;
}

}  // namespace

void AddMatmul(py::module_& module) {
  py::class_<PreparedMatrix>(module, "PreparedMatrix", "A right factor of matmul, packed once: what prepare returns.")
      .def_property_readonly(
          "shape", [](const PreparedMatrix& matrix) { return std::pair(matrix.panels.rows(), matrix.panels.cols()); })
      .def("__repr__", [](const PreparedMatrix& matrix) {
        return fmt::format("<fplab.PreparedMatrix {} x {}>", matrix.panels.rows(), matrix.panels.cols());
      });
  module.def("prepare", &Prepare, py::arg("b"),
             "Packs a float32 matrix, a copy, for many products: matmul(a, prepare(b)).\n\n"
             "What packs in a few passes over b is a small part of a large product, and most of one with few rows.");
  module.def("matmul", &Matmul, py::arg("a"), py::arg("b"), py::kw_only(), py::arg("out") = py::none(),
             py::arg("mode") = py::none(), py::arg("isa") = "best", py::arg("threads") = 1,
             "The product of two float32 matrices, to the bits of fplab's kernels on every instruction set.\n\n"
             "Each element is one chain of fused multiply-adds, acc = fma(a[i,k], b[k,j], acc) over k in order, from "
             "+0,\nwith any number of threads. b is an array, or what prepare made of one. out: where the product is "
             "written;\nit shares no memory with a or b. mode: \"ftz+daz\" and the like; None is the mode that this "
             "thread computes in.\nThe GIL is released, and this thread's control word is as before afterwards. Raises "
             "Error, or TypeError, for\nwhat does not fit.");
}

}  // namespace fplab::python
