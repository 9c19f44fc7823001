# Dependencies: what the system has is used; the rest is fetched at the versions Debian 12 ships. Only what the chosen
# libraries and programs need is looked for.
# SPDX-License-Identifier: Apache-2.0
include(FetchContent)
set(FETCHCONTENT_TRY_FIND_PACKAGE_MODE OPT_IN)
# Options of fetched projects are set below as plain variables: the cache belongs to whoever configures.
set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)  # option() heeds them
set(CMAKE_POLICY_DEFAULT_CMP0126 NEW)  # and set(CACHE), which Highway 1.2 uses, does not remove them

function(fplab_declare name repository tag)
  FetchContent_Declare(${name} GIT_REPOSITORY https://github.com/${repository}.git GIT_TAG ${tag} GIT_SHALLOW OFF
    SYSTEM FIND_PACKAGE_ARGS ${ARGN})
endfunction()

fplab_declare(fmt fmtlib/fmt a33701196adfad74917046096bf5a2aa0ab0bb50 9.1 CONFIG)  # 9.1.0
set(FMT_INSTALL OFF)
set(fplab_packages fmt)
set(fplab_package_targets fmt::fmt)

if("kernels" IN_LIST FPLAB_LIBRARIES)
  fplab_declare(highway google/highway 1.0.3 1.0.3 CONFIG NAMES hwy)
  set(HWY_ENABLE_TESTS OFF)
  set(HWY_ENABLE_EXAMPLES OFF)
  set(HWY_ENABLE_CONTRIB OFF)
  set(HWY_ENABLE_INSTALL OFF)
  list(APPEND fplab_packages highway)
  list(APPEND fplab_package_targets hwy::hwy)
  find_package(Threads REQUIRED)
endif()
if("nets" IN_LIST FPLAB_LIBRARIES)
  fplab_declare(nlohmann_json nlohmann/json v3.11.2 3.11 CONFIG)
  # Headers are all there is to Eigen; its own build, which a folder that does not exist leaves out, would add its tests.
  FetchContent_Declare(Eigen3 GIT_REPOSITORY https://gitlab.com/libeigen/eigen.git GIT_TAG 3.4.0
    GIT_SHALLOW OFF SOURCE_SUBDIR none SYSTEM FIND_PACKAGE_ARGS 3.4 CONFIG)
  list(APPEND fplab_packages nlohmann_json Eigen3)
  list(APPEND fplab_package_targets nlohmann_json::nlohmann_json)
endif()
if(FPLAB_BUILD_TOOLS)
  fplab_declare(CLI11 CLIUtils/CLI11 v2.1.2 2.1 CONFIG)
  list(APPEND fplab_packages CLI11)
endif()
if(FPLAB_BUILD_TOOLS AND FPLAB_MPI)
  set(MPI_CXX_SKIP_MPICXX ON)  # the C interface is all that is used
  if(FPLAB_MPI STREQUAL "AUTO")
    find_package(MPI QUIET COMPONENTS CXX)
  else()
    find_package(MPI REQUIRED COMPONENTS CXX)
  endif()
  if(MPI_CXX_FOUND)
    message(STATUS "fplab: MPI was found: mpirun -n R fplab train is one training by R processes")
  else()
    message(STATUS "fplab: MPI was not found (tools/setup --mpi): a training is one process's")
  endif()
endif()
if(FPLAB_BUILD_TESTS)
  fplab_declare(googletest google/googletest release-1.12.1 1.12 CONFIG NAMES GTest)
  # RapidCheck has no releases: this is the commit that Debian packages; its package carries no version.
  fplab_declare(rapidcheck emil-e/rapidcheck 08b505857e32d52a20b2240b5125d937d67a6d86 CONFIG)
  set(RC_ENABLE_GTEST ON)
  set(INSTALL_GTEST OFF)
  list(APPEND fplab_packages googletest rapidcheck)
endif()
if(FPLAB_BUILD_BENCH)
  fplab_declare(benchmark google/benchmark v1.7.1 1.7 CONFIG)
  set(BENCHMARK_ENABLE_TESTING OFF)
  set(BENCHMARK_ENABLE_INSTALL OFF)
  list(APPEND fplab_packages benchmark)
endif()

if(FPLAB_BUILD_PYTHON)
  include(python)
  fplab_declare(pybind11 pybind/pybind11 v2.10.3 2.10 CONFIG)
  list(APPEND fplab_packages pybind11)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)  # of what is fetched: it is linked into the module
endif()

FetchContent_MakeAvailable(${fplab_packages})
unset(CMAKE_POSITION_INDEPENDENT_CODE)
if(TARGET hwy AND NOT TARGET hwy::hwy)
  add_library(hwy::hwy ALIAS hwy)  # Highway's own build defines no alias
endif()
if("proof" IN_LIST FPLAB_LIBRARIES)
  # Optional: without it, circuits are built and no question is decided. No CMake build of its own to fetch.
  find_path(FPLAB_CADICAL_INCLUDE cadical.hpp)
  find_library(FPLAB_CADICAL_LIBRARY cadical)
  mark_as_advanced(FPLAB_CADICAL_INCLUDE FPLAB_CADICAL_LIBRARY)
  set(FPLAB_HAS_CADICAL ON)
  if(NOT FPLAB_CADICAL_INCLUDE OR NOT FPLAB_CADICAL_LIBRARY)
    set(FPLAB_HAS_CADICAL OFF)
    message(STATUS "fplab: CaDiCaL was not found (libcadical-dev): proof is built without its SAT solver")
  endif()
endif()
if("nets" IN_LIST FPLAB_LIBRARIES)
  if(NOT TARGET Eigen3::Eigen)
    add_library(fplab_eigen INTERFACE)
    target_include_directories(fplab_eigen SYSTEM INTERFACE ${eigen3_SOURCE_DIR})
    add_library(Eigen3::Eigen ALIAS fplab_eigen)
  endif()
  # System libraries with no CMake build of their own to fetch.
  find_package(ZLIB REQUIRED)
  find_package(OpenSSL REQUIRED COMPONENTS Crypto)
  find_package(CURL)  # optional: without it, `mnist` is not downloaded
endif()
