# Installation: libraries, headers under include/fplab, the CMake package fplab, and the command line.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# A dependency that was fetched is not installed with fplab, so a package that refers to it could not be used.
foreach(dependency fmt::fmt hwy::hwy nlohmann_json::nlohmann_json)
  get_target_property(imported ${dependency} IMPORTED)
  if(NOT imported)
    message(STATUS "fplab: ${dependency} was fetched, not found: the install rules are left out")
    return()
  endif()
endforeach()

install(TARGETS fplab_fparith fplab_kernels fplab_nets EXPORT fplab-targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(FPLAB_BUILD_TOOLS)
  install(TARGETS fplab RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
foreach(folder fparith kernels nets)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}/ DESTINATION include/fplab/${folder}
    FILES_MATCHING PATTERN "*.h" PATTERN "*-inl.h" EXCLUDE PATTERN "targets.h" EXCLUDE PATTERN "dispatch.h" EXCLUDE)
endforeach()

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/fplab)
install(EXPORT fplab-targets NAMESPACE fplab:: DESTINATION ${package_dir})
configure_package_config_file(${PROJECT_SOURCE_DIR}/tools/cmake/fplab-config.cmake.in
  ${PROJECT_BINARY_DIR}/fplab-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/fplab-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/fplab-config.cmake ${PROJECT_BINARY_DIR}/fplab-config-version.cmake
  DESTINATION ${package_dir})
