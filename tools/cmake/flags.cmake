# Compiler flags: what every target gets (fplab_flags), and what no build may have.
# SPDX-License-Identifier: Apache-2.0
include(CheckCXXCompilerFlag)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release)
endif()

# Any of these changes the arithmetic that fplab exists to study, or (at link time) the control word a program starts
# with. A parent project's -march is none of them: instruction sets are chosen at run time all the same, to the same bits.
set(FPLAB_REFUSED_FLAGS
  "-ffast-math|-Ofast|-funsafe-math-optimizations|-fassociative-math|-freciprocal-math|-ffinite-math-only|-fno-signed-zeros|-fno-trapping-math|-ffp-contract=(fast|on)|-ffp-model=(fast|aggressive)|-mdaz-ftz")
foreach(variable CMAKE_CXX_FLAGS CMAKE_EXE_LINKER_FLAGS CMAKE_SHARED_LINKER_FLAGS CMAKE_CXX_FLAGS_DEBUG
        CMAKE_CXX_FLAGS_RELEASE CMAKE_CXX_FLAGS_RELWITHDEBINFO CMAKE_CXX_FLAGS_MINSIZEREL)
  if("${${variable}}" MATCHES "(^| )(${FPLAB_REFUSED_FLAGS})")
    message(FATAL_ERROR
      "fplab refuses ${CMAKE_MATCH_2} (found in ${variable}): it changes the bits that fplab promises. "
      "Configure without it.")
  endif()
endforeach()
get_directory_property(directory_options COMPILE_OPTIONS)
if("${directory_options}" MATCHES "(^|;)(${FPLAB_REFUSED_FLAGS})")
  message(FATAL_ERROR "fplab refuses ${CMAKE_MATCH_2} (found in COMPILE_OPTIONS): it changes the bits that fplab promises.")
endif()

add_library(fplab_flags INTERFACE)
target_compile_features(fplab_flags INTERFACE cxx_std_20)
# GCC contracts a*b+c, and even separate intrinsics, into one rounding unless told not to.
# Position-independent code of GCC calls its own public functions as if another library could replace them.
# -Wrestrict of GCC 12 misfires on string concatenation (GCC bug 105651).
target_compile_options(fplab_flags INTERFACE
  -ffp-contract=off -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor
  $<$<CXX_COMPILER_ID:GNU>:-fno-semantic-interposition>
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
  $<$<BOOL:${FPLAB_WERROR}>:-Werror>)

# What is no library includes its own headers by their path from the root: "tools/...", "bench/...", "proptests/...".
add_library(fplab_source_root INTERFACE)
target_include_directories(fplab_source_root INTERFACE ${PROJECT_SOURCE_DIR})
