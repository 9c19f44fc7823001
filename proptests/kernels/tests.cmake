# Tests of kernels/.
# SPDX-License-Identifier: Apache-2.0
add_library(fplab_kernel_data STATIC support/kernel_data.cc)
target_link_libraries(fplab_kernel_data PUBLIC fplab_source_root fplab::kernels fmt::fmt PRIVATE fplab_flags)
fplab_add_proptest(kernels/matmul/matmul_test LIBS fplab_kernel_data)
fplab_add_proptest(kernels/matmul/matmul_bounds_test LIBS fplab_kernel_data)
fplab_add_proptest(kernels/matmul/updated_product_test LIBS fplab_kernel_data)
fplab_add_proptest(kernels/matmul/matmul_order_test LIBS fplab_kernel_data)
fplab_add_proptest(kernels/matmul/subnormal_cost_test LIBS fplab::kernels)
fplab_add_proptest(kernels/matmul/parallel_matmul_test THREADED LIBS fplab_kernel_data)
fplab_add_proptest(kernels/formats/binary64_matmul_test THREADED LIBS fplab_kernel_data)
fplab_add_proptest(kernels/core/kernel_fma_test LIBS fplab_kernel_data)
fplab_add_proptest(kernels/layers/elementwise_test LIBS fplab_kernel_data)
fplab_add_proptest(kernels/random/random_test LIBS fplab_kernel_data)
fplab_add_proptest(kernels/search/block_judge_test LIBS fplab::kernels)
fplab_add_proptest(kernels/search/search_accelerator_test THREADED LIBS fplab::kernels)

# MPFR judges exp and log where it is installed; else the C library's binary64 functions do, with their error allowed.
add_library(fplab_transcendental_judge STATIC support/transcendental_judge.cc)
target_link_libraries(fplab_transcendental_judge PUBLIC fplab_source_root fplab::fparith PRIVATE fplab_flags)
fplab_link_mpfr(fplab_transcendental_judge)
fplab_add_proptest(kernels/layers/exp_log_test LIBS fplab_kernel_data fplab_transcendental_judge)
fplab_add_proptest(kernels/layers/exp_log_exhaustive_test LABEL exhaustive LIBS fplab_kernel_data fplab_transcendental_judge)
fplab_add_proptest(kernels/layers/nonlinearity_test LIBS fplab_kernel_data)
if(NOT CMAKE_CROSSCOMPILING_EMULATOR)  # 8 GiB of addresses go by: minutes each there
  fplab_add_proptest(kernels/layers/huge_view_test LIBS fplab::kernels)
endif()
fplab_add_proptest(kernels/layers/loss_test LIBS fplab_kernel_data)
fplab_add_proptest(kernels/layers/optimizer_step_test LIBS fplab_kernel_data)
fplab_add_proptest(kernels/layers/reductions_test LIBS fplab_kernel_data)
fplab_add_proptest(kernels/core/panel_test LIBS fplab_kernel_data)
fplab_add_proptest(kernels/layers/select_test LIBS fplab_kernel_data)
fplab_add_proptest(kernels/layers/member_columns_test LIBS fplab_kernel_data)
fplab_add_proptest(kernels/core/workers_test THREADED LIBS fplab_kernel_data)
fplab_add_proptest(kernels/core/kernel_death_test LIBS fplab::kernels)
fplab_add_proptest(kernels/core/kernel_guest_test THREADED LIBS fplab_kernel_data)

# The tiles' machine code. GCC: Clang 14 keeps one narrow AVX2 tile partly on the stack.
find_program(FPLAB_OBJDUMP objdump)
if(FPLAB_OBJDUMP AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU"
    AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  add_test(NAME check_asm COMMAND ${PROJECT_SOURCE_DIR}/tools/check-asm ${PROJECT_BINARY_DIR})
  set_tests_properties(check_asm PROPERTIES LABELS quick TIMEOUT 120)
endif()
