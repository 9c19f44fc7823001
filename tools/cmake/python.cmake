# The Python that the module is built for: the first of those on PATH, then the system's own, that has its headers and
# NumPy. Python_EXECUTABLE or Python_ROOT_DIR, where it is set, is taken instead.
# SPDX-License-Identifier: Apache-2.0
if(NOT Python_EXECUTABLE AND NOT Python_ROOT_DIR)
  find_program(fplab_path_python python3 NO_CACHE)
  foreach(candidate IN ITEMS "${fplab_path_python}" /usr/bin/python3)
    execute_process(
      COMMAND "${candidate}" -c
        "import numpy, os, sysconfig; assert os.path.exists(os.path.join(sysconfig.get_path('include'), 'Python.h'))"
      RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
    if(failed STREQUAL "0")
      set(Python_EXECUTABLE "${candidate}")
      break()
    endif()
  endforeach()
endif()
find_package(Python 3.8 REQUIRED COMPONENTS Interpreter Development.Module NumPy)
set(PYBIND11_FINDPYTHON ON)
