# Tests of nets/.
fplab_add_proptest(idx_reader_test LIBS fplab::nets ZLIB::ZLIB)
fplab_add_proptest(atomic_file_test LIBS fplab::nets)
fplab_add_proptest(run_directory_test LIBS fplab::nets)
fplab_add_proptest(safetensors_test LIBS fplab::nets)
fplab_add_proptest(dataset_test LIBS fplab::nets ZLIB::ZLIB)
fplab_add_proptest(glyphs_test LIBS fplab::nets)
fplab_add_proptest(mnist_test LIBS fplab::nets ZLIB::ZLIB)
target_compile_definitions(mnist_test PRIVATE
  $<$<BOOL:${CURL_FOUND}>:FPLAB_HAVE_CURL> FPLAB_TEST_MNIST="${PROJECT_SOURCE_DIR}/../shared/data/mnist")
fplab_add_proptest(spirals_test LIBS fplab::nets)

# The network, its estimators and the trainer, against their definitions.
add_library(fplab_network_reference STATIC
  estimator_brute_force.cc network_data.cc network_reference.cc trainer_cases.cc)
target_link_libraries(fplab_network_reference PUBLIC fplab::nets fplab_kernel_data PRIVATE fplab_flags)
foreach(name IN ITEMS network_forward network_parameters tape estimator_gated estimator_activation estimator_smoothing
                      estimator_agreement estimator_population population
                      gate_statistics gate_linearize network_linear ridge controls optimizer_schedule accuracy
                      train_config checkpoint trainer trainer_same_bits augment smooth_estimator
                      smooth_saxe smooth_trainer)
  fplab_add_proptest(${name}_test LIBS fplab_network_reference)
endforeach()
