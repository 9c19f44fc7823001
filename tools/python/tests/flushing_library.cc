// A library whose loading switches FTZ and DAZ on, as one linked with -ffast-math does; also as an extension module.
// SPDX-License-Identifier: Apache-2.0
#if defined(FPLAB_PYTHON_EXTENSION)
#include <Python.h>
#endif

#if defined(__x86_64__)
namespace {

[[gnu::constructor]] void SwitchFlushingOn() {
  unsigned word;
  asm volatile("stmxcsr %0" : "=m"(word));
  word |= 0x8040;
  asm volatile("ldmxcsr %0" : : "m"(word));
}

}  // namespace
#endif

#if defined(FPLAB_PYTHON_EXTENSION)
PyMODINIT_FUNC PyInit_flushing_extension() {
  static PyModuleDef definition = {
      PyModuleDef_HEAD_INIT, "flushing_extension", nullptr, 0, nullptr, nullptr, nullptr, nullptr, nullptr};
  return PyModule_Create(&definition);
}
#endif
