# Tests of tools/.
# SPDX-License-Identifier: Apache-2.0

# The built program, run as a user runs it, or by the emulator that runs the tests.
add_library(fplab_cli_process STATIC support/cli_process.cc)
list(JOIN CMAKE_CROSSCOMPILING_EMULATOR "\",\"" emulator)
target_compile_definitions(fplab_cli_process PRIVATE
  "FPLAB_COMMAND=\"${emulator}$<$<BOOL:${emulator}>:\",\">$<TARGET_FILE:fplab>\"" FPLAB_MINUTES=${command_minutes})
target_link_libraries(fplab_cli_process PUBLIC fplab_source_root fplab::fparith PRIVATE fplab_flags)
add_dependencies(fplab_cli_process fplab)
fplab_add_proptest(tools/commands/cli_errors_test LIBS fplab_cli_process ZLIB::ZLIB)
fplab_add_proptest(tools/commands/json_page_test LIBS fplab_cli_process nlohmann_json::nlohmann_json)
target_compile_definitions(json_page_test PRIVATE "JSON_PAGE=\"${PROJECT_SOURCE_DIR}/tools/commands/json.md\"")
fplab_add_proptest(tools/commands/cli_hostile_files_test LIBS fplab_cli_process fplab::nets)
fplab_add_proptest(tools/commands/cli_train_test LIBS fplab_cli_process fplab::nets nlohmann_json::nlohmann_json ZLIB::ZLIB)
fplab_add_proptest(tools/commands/cli_elsewhere_test LIBS fplab_cli_process nlohmann_json::nlohmann_json ZLIB::ZLIB)
fplab_add_proptest(tools/commands/cli_depth_test LIBS fplab_cli_process nlohmann_json::nlohmann_json)
fplab_add_proptest(tools/commands/cli_ablations_test LIBS fplab_cli_process nlohmann_json::nlohmann_json)
fplab_add_proptest(tools/commands/cli_linearize_test LIBS fplab_cli_process nlohmann_json::nlohmann_json)
fplab_add_proptest(tools/commands/cli_sweep_test LIBS fplab_cli_process nlohmann_json::nlohmann_json)
fplab_add_proptest(tools/commands/cli_report_test LIBS fplab_cli_process nlohmann_json::nlohmann_json)
if(MPI_CXX_FOUND)
  fplab_add_proptest(tools/commands/cli_ranks_test LIBS fplab_cli_process ZLIB::ZLIB)
else()
  fplab_add_proptest(tools/commands/cli_without_mpi_test LIBS fplab_cli_process)
endif()

# Work that is killed, or whose disk is full, at any moment.
add_library(fplab_interrupted_work STATIC support/interrupted_work.cc)
target_link_libraries(fplab_interrupted_work
  PUBLIC fplab_cli_process PRIVATE nlohmann_json::nlohmann_json GTest::gtest fplab_flags)
fplab_add_proptest(tools/commands/cli_kill_test LIBS fplab_interrupted_work)
fplab_add_proptest(tools/commands/cli_kill_exhaustive_test LABEL exhaustive LIBS fplab_interrupted_work)
if(NOT CMAKE_CROSSCOMPILING)
  add_library(full_disk MODULE support/full_disk.cc)
  target_compile_options(full_disk PRIVATE -fno-sanitize=all)
  target_link_options(full_disk PRIVATE -fno-sanitize=all)
  target_link_libraries(full_disk PRIVATE ${CMAKE_DL_LIBS})
  fplab_add_proptest(tools/commands/cli_full_disk_test LIBS fplab_interrupted_work)
  target_compile_definitions(cli_full_disk_test PRIVATE "FULL_DISK_LIBRARY=\"$<TARGET_FILE:full_disk>\"")
  add_dependencies(cli_full_disk_test full_disk)
endif()

fplab_add_proptest(tools/terminal/interrupt_test LIBS fplab_terminal)
fplab_add_proptest(tools/terminal/standard_streams_test LIBS fplab_cli_process)
fplab_add_proptest(tools/terminal/progress_line_test LIBS fplab_terminal)
fplab_add_proptest(tools/terminal/width_test LIBS fplab_terminal)
fplab_add_proptest(tools/sweep/cell_threads_test THREADED LIBS fplab_sweep)
fplab_add_proptest(tools/commands/data_command_test LIBS fplab_cli_process nlohmann_json::nlohmann_json ZLIB::ZLIB)

# Programs that fplab writes, compiled by the compiler of this build for the machine that runs its tests.
fplab_add_proptest(tools/emit/emit_program_test LIBS fplab_emit fplab_cli_process)
list(JOIN CMAKE_CROSSCOMPILING_EMULATOR " " emulator_words)
if(emulator_words)
  string(APPEND emulator_words " ")
endif()
target_compile_definitions(emit_program_test PRIVATE
  "FPLAB_COMPILER=\"${CMAKE_CXX_COMPILER}\"" "FPLAB_EMULATOR=\"${emulator_words}\"")

if(TARGET fplab_bench_compare)
  fplab_add_proptest(tools/bench/bench_compare_test LIBS fplab_bench_compare)
endif()
fplab_add_proptest(tools/vectors/vectors_stream_test LIBS fplab_vectors)
fplab_add_proptest(tools/pictures/chart_test LIBS fplab_chart)
fplab_add_proptest(tools/pictures/png_html_test LIBS fplab_html ZLIB::ZLIB)

fplab_add_proptest(tools/commands/env_command_test LIBS fplab_cli_process fplab::kernels nlohmann_json::nlohmann_json)
fplab_add_proptest(tools/commands/explain_command_test LIBS fplab_cli_process nlohmann_json::nlohmann_json)
fplab_add_proptest(tools/commands/vectors_command_test LIBS fplab_cli_process fplab::fparith)
fplab_add_proptest(tools/commands/refute_command_test LIBS fplab_cli_process nlohmann_json::nlohmann_json)
fplab_add_proptest(tools/commands/cross_check_test LIBS fplab_cli_process fplab_solvers nlohmann_json::nlohmann_json)

# Libraries for fplab scan to judge. They stand for what others ship, so they are never instrumented by a sanitizer.
# scan_fast_math is linked, and only linked, as nothing else here may be: the start-up routine that this adds, where
# the compiler still adds one, is what scan looks for.
if(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  # fplab_scan_fixtures(test name...): builds support/scan_fixtures/NAME.cc; the test finds the library at SCAN_NAME.
  function(fplab_scan_fixtures test)
    foreach(fixture IN LISTS ARGN)
      if(NOT TARGET scan_${fixture})
        add_library(scan_${fixture} MODULE support/scan_fixtures/${fixture}.cc)
        target_compile_options(scan_${fixture} PRIVATE -fno-sanitize=all -O2)
        target_link_options(scan_${fixture} PRIVATE -fno-sanitize=all)
      endif()
      target_compile_definitions(${test} PRIVATE "SCAN_${fixture}=\"$<TARGET_FILE:scan_${fixture}>\"")
      add_dependencies(${test} scan_${fixture})
    endforeach()
  endfunction()

  fplab_add_proptest(tools/scan/scan_test LIBS fplab_scan fplab_cli_process)
  fplab_scan_fixtures(scan_test plain fast_math sets_control_word sets_by_call sets_ftz_only restores)
  target_link_options(scan_fast_math PRIVATE -ffast-math)
  add_custom_command(TARGET scan_sets_control_word POST_BUILD
    COMMAND ${CMAKE_STRIP} -o $<TARGET_FILE:scan_sets_control_word>.stripped $<TARGET_FILE:scan_sets_control_word>)

  # Pairs: each source once as a library that switches, once as one that looks alike and is innocent.
  set(pairs
    one_path byte_operation high_byte conditional_move environment fxrstor xrstor vldmxcsr resolver ctors
    undone restored unreached pointer pointer_restoring virtual_function jump_table loads_library by_name
    static_save)
  fplab_add_proptest(tools/scan/scan_pairs_test LIBS fplab_scan)
  set(pair_entries)
  foreach(pair IN LISTS pairs)
    foreach(switches 0 1)
      set(library scan_pair_${pair}_${switches})
      add_library(${library} MODULE support/scan_pairs/${pair}.cc)
      target_compile_options(${library} PRIVATE -fno-sanitize=all -O2)  # as libraries are shipped
      target_link_options(${library} PRIVATE -fno-sanitize=all)
      target_compile_definitions(${library} PRIVATE SWITCHES=${switches}
        "OTHER_LIBRARY=\"$<TARGET_FILE:scan_sets_control_word>\"")
      target_link_libraries(${library} PRIVATE m ${CMAKE_DL_LIBS})
      add_dependencies(scan_pairs_test ${library} scan_sets_control_word)
    endforeach()
    string(APPEND pair_entries "{\"${pair}\",\"$<TARGET_FILE:scan_pair_${pair}_1>\",\"$<TARGET_FILE:scan_pair_${pair}_0>\"},")
  endforeach()
  target_compile_definitions(scan_pairs_test PRIVATE "SCAN_PAIRS=${pair_entries}")

  fplab_add_proptest(tools/scan/scan_hostile_test LIBS fplab_scan)
  fplab_add_proptest(tools/scan/scan_command_test
    LIBS fplab_scan fplab_cli_process nlohmann_json::nlohmann_json ZLIB::ZLIB)
  fplab_scan_fixtures(scan_command_test plain sets_control_word sets_by_call sets_ftz_only)

  fplab_add_proptest(tools/scan/function_child_test LIBS fplab_scan)
  fplab_scan_fixtures(function_child_test functions)
  fplab_scan_fixtures(refute_command_test functions)
  fplab_add_proptest(tools/scan/elf_load_test LIBS fplab_scan fplab_cli_process)
  fplab_scan_fixtures(elf_load_test plain sets_control_word load_forks load_daemon load_stops load_ignores_alarm
    load_kills_group load_burns load_writes load_allocates load_exits load_crashes load_terminal)
endif()

# What fplab probe finds. Plug-ins with faults stand for what others ship: never instrumented, compiled as that is.
fplab_add_proptest(tools/probe/accumulation_order_test LIBS fplab_probe)
if(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  # fplab_probe_library(name source [definition...]): builds a library for fplab probe.
  function(fplab_probe_library name source)
    add_library(probe_${name} MODULE support/probe_fixtures/${source}.cc)
    target_compile_options(probe_${name} PRIVATE -fno-sanitize=all -O2 -ffp-contract=off)
    target_link_options(probe_${name} PRIVATE -fno-sanitize=all)
    target_compile_definitions(probe_${name} PRIVATE ${ARGN})
    target_link_libraries(probe_${name} PRIVATE fplab_source_root Threads::Threads)
  endfunction()
  # fplab_use_probe_libraries(test name...): the test finds the library at PROBE_NAME.
  function(fplab_use_probe_libraries test)
    foreach(library IN LISTS ARGN)
      target_compile_definitions(${test} PRIVATE "PROBE_${library}=\"$<TARGET_FILE:probe_${library}>\"")
      add_dependencies(${test} probe_${library})
    endforeach()
  endfunction()

  fplab_probe_library(products products)
  foreach(fault exits crashes hangs prints flushes)
    fplab_probe_library(load_${fault} load_fault LOAD_FAULT=${fault})
  endforeach()
  fplab_add_proptest(tools/probe/probe_faults_test LIBS fplab_probe)
  fplab_use_probe_libraries(probe_faults_test
    products load_exits load_crashes load_hangs load_prints load_flushes)
  fplab_add_proptest(tools/probe/probe_command_test LIBS fplab_cli_process fplab_scan nlohmann_json::nlohmann_json)
  fplab_use_probe_libraries(probe_command_test products)

  # Libraries that others ship: those that are opened by name, and those that are compiled in, where they are installed.
  fplab_add_proptest(tools/probe/probe_peers_test LIBS fplab_probe)
  find_path(FPLAB_EIGEN_INCLUDE Eigen/Core PATH_SUFFIXES eigen3)
  if(FPLAB_EIGEN_INCLUDE)
    fplab_probe_library(eigen eigen_products)
    target_include_directories(probe_eigen SYSTEM PRIVATE ${FPLAB_EIGEN_INCLUDE})
    fplab_use_probe_libraries(probe_peers_test eigen)
  endif()
  find_path(FPLAB_XSMM_INCLUDE libxsmm.h)
  find_library(FPLAB_XSMM_LIBRARY libxsmm.a)
  find_library(FPLAB_XSMM_NOBLAS_LIBRARY libxsmmnoblas.a)
  if(FPLAB_XSMM_INCLUDE AND FPLAB_XSMM_LIBRARY AND FPLAB_XSMM_NOBLAS_LIBRARY)
    fplab_probe_library(xsmm xsmm_products)
    target_include_directories(probe_xsmm SYSTEM PRIVATE ${FPLAB_XSMM_INCLUDE})
    target_link_libraries(probe_xsmm PRIVATE ${FPLAB_XSMM_LIBRARY} ${FPLAB_XSMM_NOBLAS_LIBRARY} Threads::Threads ${CMAKE_DL_LIBS})
    fplab_use_probe_libraries(probe_peers_test xsmm)
  endif()
endif()
