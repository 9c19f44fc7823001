# Tests of nets/.
# SPDX-License-Identifier: Apache-2.0
fplab_add_proptest(nets/data/idx_reader_test LIBS fplab::nets ZLIB::ZLIB)
fplab_add_proptest(nets/files/atomic_file_test LIBS fplab::nets)
add_library(fplab_faulty_calls STATIC support/faulty_calls.cc)
target_link_libraries(fplab_faulty_calls PUBLIC fplab_source_root fplab::nets PRIVATE fplab_flags)
fplab_add_proptest(nets/files/folder_lock_test LIBS fplab::nets nlohmann_json::nlohmann_json)
fplab_add_proptest(nets/files/system_calls_test LIBS fplab_faulty_calls nlohmann_json::nlohmann_json)
fplab_add_proptest(nets/files/run_directory_test LIBS fplab::nets nlohmann_json::nlohmann_json)
fplab_add_proptest(nets/files/ordered_json_test LIBS fplab::nets nlohmann_json::nlohmann_json)
fplab_add_proptest(nets/files/safetensors_test LIBS fplab::nets)
fplab_add_proptest(nets/files/safetensors_memory_test LIBS fplab::nets)
fplab_add_proptest(nets/files/zip_archive_test LIBS fplab::nets ZLIB::ZLIB)
fplab_add_proptest(nets/files/npy_test LIBS fplab::nets)
fplab_add_proptest(nets/data/image_folder_test LIBS fplab::nets ZLIB::ZLIB)
fplab_add_proptest(nets/data/npz_images_test LIBS fplab::nets ZLIB::ZLIB)
fplab_add_proptest(nets/data/dataset_test LIBS fplab::nets ZLIB::ZLIB)
fplab_add_proptest(nets/data/glyphs_test LIBS fplab::nets)
fplab_add_proptest(nets/data/mnist_test LIBS fplab::nets ZLIB::ZLIB)
target_compile_definitions(mnist_test PRIVATE $<$<BOOL:${CURL_FOUND}>:FPLAB_HAVE_CURL>)
fplab_add_proptest(nets/data/spirals_test LIBS fplab::nets)

# The network, its estimators and the trainer, against their definitions.
add_library(fplab_network_reference STATIC
  support/estimator_brute_force.cc support/network_data.cc support/network_reference.cc support/thread_ranks.cc
  support/trainer_cases.cc)
target_link_libraries(fplab_network_reference
  PUBLIC fplab_source_root fplab::nets fplab_kernel_data nlohmann_json::nlohmann_json PRIVATE fplab_flags)
foreach(name IN ITEMS
    config/config_field data/augment data/hold_out
    network/network_forward network/network_parameters network/network_linear network/accuracy network/gate_statistics
    estimators/gradient_record estimators/estimator_gated estimators/estimator_activation estimators/estimator_smoothing
    estimators/estimator_agreement estimators/estimator_population estimators/antithetic_population
    training/optimizer_schedule training/train_config training/checkpoint training/import_weights training/trainer training/trainer_same_bits
    training/trainer_guest training/trainer_ranks ranks/ranks
    analysis/linearize analysis/ridge_regression analysis/ablations analysis/analysis_guest
    baselines/baseline_estimator baselines/baseline_saxe baselines/baseline_trainer)
  set(threaded)
  if(name MATCHES "/(trainer|trainer_same_bits|trainer_guest|trainer_ranks|ranks|ablations|linearize|baseline_estimator|estimator_population)$")
    set(threaded THREADED)
  endif()
  fplab_add_proptest(nets/${name}_test ${threaded} LIBS fplab_network_reference)
endforeach()
fplab_add_proptest(nets/training/trainer_faults_test LIBS fplab_network_reference fplab_faulty_calls)
