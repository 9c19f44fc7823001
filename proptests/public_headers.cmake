# Every public header compiles alone, before and after every other, and in a user's program built with -ffast-math:
# sources made here, a library of objects that nothing links.
# SPDX-License-Identifier: Apache-2.0
set(folder ${CMAKE_CURRENT_BINARY_DIR}/public_headers)
set(includes)
set(sources)
# The runners that are not installed here are left out.
foreach(runner catch2/catch.hpp doctest/doctest.h)
  string(MAKE_C_IDENTIFIER "FPLAB_${runner}" found)
  find_path(${found} ${runner})
  mark_as_advanced(${found})
endforeach()
foreach(library IN LISTS fplab_components)
  get_target_property(headers fplab_${library} FPLAB_PUBLIC_HEADERS)
  if(NOT FPLAB_catch2_catch_hpp)
    list(REMOVE_ITEM headers runners/catch2.h)
  endif()
  if(NOT FPLAB_doctest_doctest_h)
    list(REMOVE_ITEM headers runners/doctest.h)
  endif()
  foreach(header IN LISTS headers)
    set(include "#include <fplab/${fplab_folder_${library}}/${header}>")
    string(MAKE_C_IDENTIFIER "${library}_${header}" name)
    # Twice: the guard. Nothing before it: what it needs, it includes.
    file(CONFIGURE OUTPUT ${folder}/alone_${name}.cc CONTENT "${include}\n${include}\n")
    list(APPEND sources ${folder}/alone_${name}.cc)
    list(APPEND includes "${include}")
  endforeach()
  set(include "#include <fplab/${library}.h>")
  file(CONFIGURE OUTPUT ${folder}/alone_${library}.cc CONTENT "${include}\n${include}\n")
  list(APPEND sources ${folder}/alone_${library}.cc)
endforeach()
# All in sorted order and in reverse: of any two headers, each comes before the other once.
list(SORT includes)
list(JOIN includes "\n" text)
file(CONFIGURE OUTPUT ${folder}/sorted.cc CONTENT "${text}\n")
list(REVERSE includes)
list(JOIN includes "\n" text)
file(CONFIGURE OUTPUT ${folder}/reversed.cc CONTENT "${text}\n")

add_library(fplab_public_headers OBJECT ${sources} ${folder}/sorted.cc ${folder}/reversed.cc)
target_link_libraries(fplab_public_headers PRIVATE fplab::fparith fplab::proof fplab::kernels fplab::nets fplab::proptests
  GTest::gtest)
target_compile_options(fplab_public_headers PRIVATE -Wall -Wextra -Wshadow -Wconversion -Werror -O0 -g0)
set_target_properties(fplab_public_headers PROPERTIES UNITY_BUILD OFF)
# A sanitizer has nothing to see in them.
if(NOT FPLAB_WERROR)
  set_target_properties(fplab_public_headers PROPERTIES EXCLUDE_FROM_ALL ON)
endif()

# A user's translation unit under -ffast-math, which lets the compiler assume that there is no NaN and no infinity.
fplab_add_proptest(fast_math_user_test LIBS fplab::nets FLAGS -ffast-math)
