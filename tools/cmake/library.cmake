# The libraries: how each is built, and which of its headers are its public face.
# SPDX-License-Identifier: Apache-2.0

include(GNUInstallDirs)  # before the libraries, which name the folder of installed headers

# Headers are included as <fplab/kernels/...>, here as in an installed fplab: a folder of links stands for the prefix.
set(fplab_include "${PROJECT_BINARY_DIR}/include")
file(MAKE_DIRECTORY "${fplab_include}/fplab")
set(fplab_folder_proof fparith/proof)  # a room of fparith that is a library of its own
# With fparith come the headers of proptests, which need nothing that has to be looked for.
set(fplab_components ${FPLAB_LIBRARIES} proptests)
foreach(library IN LISTS fplab_all_libraries ITEMS proptests)
  if(NOT fplab_folder_${library})
    set(fplab_folder_${library} ${library})
    file(CREATE_LINK "${PROJECT_SOURCE_DIR}/${library}" "${fplab_include}/fplab/${library}" SYMBOLIC)
  endif()
  file(CREATE_LINK "${PROJECT_SOURCE_DIR}/${fplab_folder_${library}}/${library}.h"
    "${fplab_include}/fplab/${library}.h" SYMBOLIC)
endforeach()

# Of every library: where its headers are found, and which are public.
function(fplab_declare_headers target scope)
  set_target_properties(${target} PROPERTIES FPLAB_PUBLIC_HEADERS "${ARGN}")
  target_compile_features(${target} ${scope} cxx_std_20)  # the headers, so also whoever uses an installed fplab
  target_include_directories(${target} ${scope}
    $<BUILD_INTERFACE:${fplab_include}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
endfunction()

# fplab_add_header_library(name PUBLIC_HEADERS file...): the target fplab_NAME, alias fplab::NAME, of headers alone.
function(fplab_add_header_library name)
  cmake_parse_arguments(arg "" "" "PUBLIC_HEADERS" ${ARGN})
  add_library(fplab_${name} INTERFACE)
  add_library(fplab::${name} ALIAS fplab_${name})
  set_target_properties(fplab_${name} PROPERTIES EXPORT_NAME ${name})
  fplab_declare_headers(fplab_${name} INTERFACE ${arg_PUBLIC_HEADERS})
endfunction()

# fplab_add_library(name SOURCES file... PUBLIC_HEADERS file...): the target fplab_NAME, alias fplab::NAME, static or
# shared as BUILD_SHARED_LIBS says. What is not declared with FPLAB_EXPORT is hidden, unless FPLAB_EXPORT_ALL; headers that
# are not listed as public are not installed.
function(fplab_add_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC_HEADERS" ${ARGN})
  set(target fplab_${name})
  add_library(${target} ${arg_SOURCES})
  add_library(fplab::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES
    EXPORT_NAME ${name}
    VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
    POSITION_INDEPENDENT_CODE ON)
  fplab_declare_headers(${target} PUBLIC ${arg_PUBLIC_HEADERS})
  if(NOT FPLAB_EXPORT_ALL)
    set_target_properties(${target} PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  endif()
  separate_arguments(flags UNIX_COMMAND "${FPLAB_LIBRARY_FLAGS}")
  target_compile_options(${target} PRIVATE ${flags})
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:fplab_flags>)
  # The standard library's templates are visible wherever they are instantiated: the map hides those too.
  if(BUILD_SHARED_LIBS AND NOT FPLAB_EXPORT_ALL)
    set(map ${PROJECT_SOURCE_DIR}/tools/cmake/exports.map)
    target_link_options(${target} PRIVATE "LINKER:--version-script=${map}")
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${map})
  endif()
endfunction()
