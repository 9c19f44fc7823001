# Installation: libraries, their public headers, the CMake package fplab with a component a library, pkg-config files,
# and the command line.
# SPDX-License-Identifier: Apache-2.0
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# A dependency that was fetched is not installed with fplab, so a package that refers to it could not be used: the rules
# are there all the same, and say so when they are asked for.
set(fetched)
foreach(dependency IN LISTS fplab_package_targets)
  get_target_property(imported ${dependency} IMPORTED)
  if(NOT imported)
    list(APPEND fetched ${dependency})
  endif()
endforeach()
if(fetched)
  list(JOIN fetched ", " fetched)
  message(WARNING "fplab: ${fetched} was fetched, not found on the system: fplab can be built and used from this build, "
    "but not installed")
  install(CODE "message(FATAL_ERROR \"fplab can't be installed: ${fetched} was fetched when it was configured, and an \
installed fplab needs it on the system. Install it and configure again.\")")
  return()
endif()

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/fplab)
foreach(library IN LISTS fplab_components)
  install(TARGETS fplab_${library} EXPORT fplab-${library}-targets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT ${library}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT ${library} NAMELINK_COMPONENT ${library})
  install(EXPORT fplab-${library}-targets NAMESPACE fplab:: DESTINATION ${package_dir} COMPONENT ${library})
  get_target_property(headers fplab_${library} FPLAB_PUBLIC_HEADERS)
  foreach(header IN LISTS headers)
    cmake_path(GET header PARENT_PATH room)
    install(FILES ${PROJECT_SOURCE_DIR}/${fplab_folder_${library}}/${header}
      DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/fplab/${fplab_folder_${library}}/${room} COMPONENT ${library})
  endforeach()
  # The short form, <fplab/kernels.h>.
  install(FILES ${PROJECT_SOURCE_DIR}/${fplab_folder_${library}}/${library}.h
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/fplab COMPONENT ${library})
endforeach()

if(FPLAB_BUILD_TOOLS)
  install(TARGETS fplab RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tools)
  # C, for libraries that are to be probed.
  install(FILES ${PROJECT_SOURCE_DIR}/tools/probe/fplab_plugin.h
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/fplab/tools COMPONENT tools)
  file(RELATIVE_PATH to_libraries ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
  set_target_properties(fplab PROPERTIES INSTALL_RPATH "$ORIGIN/${to_libraries}")
endif()
foreach(library proof kernels nets)  # each needs another one from the same folder
  if(TARGET fplab_${library})
    set_target_properties(fplab_${library} PROPERTIES INSTALL_RPATH "$ORIGIN")
  endif()
endforeach()

set(fplab_shared OFF)
if(BUILD_SHARED_LIBS)
  set(fplab_shared ON)
endif()
set(fplab_has_curl OFF)
if(CURL_FOUND)
  set(fplab_has_curl ON)
endif()
configure_package_config_file(${PROJECT_SOURCE_DIR}/tools/cmake/fplab-config.cmake.in
  ${PROJECT_BINARY_DIR}/fplab-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/fplab-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/fplab-config.cmake ${PROJECT_BINARY_DIR}/fplab-config-version.cmake
  DESTINATION ${package_dir} COMPONENT fparith)

# pkg-config: a shared library brings what it links itself; a static one names it, and so do headers alone.
function(fplab_install_pkg_config library description public_packages private_packages private_libraries)
  set(fplab_pc_name fplab-${library})
  set(fplab_pc_description "${description}")
  set(fplab_pc_requires "${public_packages}")
  get_target_property(type fplab_${library} TYPE)
  if(type STREQUAL "SHARED_LIBRARY")
    set(fplab_pc_libs "-lfplab_${library}")
  elseif(type STREQUAL "INTERFACE_LIBRARY")
    set(fplab_pc_libs "${private_libraries}")
  else()
    set(fplab_pc_requires "${public_packages} ${private_packages}")
    set(fplab_pc_libs "-lfplab_${library} ${private_libraries}")
  endif()
  string(STRIP "${fplab_pc_requires}" fplab_pc_requires)
  file(RELATIVE_PATH fplab_pc_up /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
  configure_file(${PROJECT_SOURCE_DIR}/tools/cmake/fplab.pc.in ${PROJECT_BINARY_DIR}/fplab-${library}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/fplab-${library}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
    COMPONENT ${library})
endfunction()
fplab_install_pkg_config(fparith "Exact floating-point arithmetic, modes and identities" "fmt" "" "")
if("proof" IN_LIST FPLAB_LIBRARIES)
  set(cadical)
  if(FPLAB_HAS_CADICAL)
    set(cadical -lcadical)
  endif()
  fplab_install_pkg_config(proof "Circuits of floating-point arithmetic and proofs by SAT" "fplab-fparith"
    "" "${cadical}")
endif()
if("kernels" IN_LIST FPLAB_LIBRARIES)
  fplab_install_pkg_config(kernels "Matrix products and layers of the same bits on every instruction set"
    "fplab-fparith" "libhwy" "-lpthread")
endif()
if("nets" IN_LIST FPLAB_LIBRARIES)
  set(curl)
  if(CURL_FOUND)
    set(curl libcurl)
  endif()
  fplab_install_pkg_config(nets "Networks trained on underflow" "fplab-kernels"
    "zlib libcrypto ${curl}" "-lpthread")
endif()
fplab_install_pkg_config(proptests "Property tests of floating-point code, in every mode" "fplab-fparith"
  "" "-lrapidcheck")
