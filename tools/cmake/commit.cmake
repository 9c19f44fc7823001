# Writes OUTPUT, a header with FPLAB_COMMIT: the commit of the checkout SOURCE, "+" after it if files differ from it; empty
# where there is no checkout. Leaves the file alone if it says so already, so that nothing is compiled anew.
# SPDX-License-Identifier: Apache-2.0
set(commit "")
find_program(git git)
if(git AND EXISTS "${SOURCE}/.git")
  execute_process(COMMAND ${git} -C ${SOURCE} rev-parse --short=12 HEAD
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  execute_process(COMMAND ${git} -C ${SOURCE} diff --quiet HEAD RESULT_VARIABLE differs ERROR_QUIET)
  if(commit AND differs)
    string(APPEND commit "+")
  endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#define FPLAB_COMMIT \"${commit}\"\n")
