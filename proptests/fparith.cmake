# Tests of fparith/.
fplab_add_proptest(bits_test)
fplab_add_proptest(control_word_test LIBS Threads::Threads)

# The model, judged by an oracle that shares no code with it.
add_library(fplab_oracle STATIC oracle.cc oracle_integer.cc oracle_locate.cc)
target_link_libraries(fplab_oracle PUBLIC fplab::fparith PRIVATE fplab_flags)
fplab_add_proptest(model_oracle_test LIBS fplab_oracle)
fplab_add_proptest(hardware_model_test)

# Minutes to half an hour each; ctest -L exhaustive.
fplab_add_proptest(hardware_exhaustive_test LABEL exhaustive)
fplab_add_proptest(model_binary16_exhaustive_test LABEL exhaustive LIBS fplab_oracle)
fplab_add_proptest(model_fp8_exhaustive_test LABEL exhaustive LIBS fplab_oracle)

fplab_add_proptest(model_vectors_test)
fplab_add_proptest(model_laws_test)
if(TARGET fplab_vectors)
  fplab_add_proptest(vectors_stream_test LIBS fplab_vectors)
endif()

# Statements, their search, and the catalogue.
fplab_add_proptest(catalogue_test)
fplab_add_proptest(expression_test)
fplab_add_proptest(identity_test)
fplab_add_proptest(post_examples_test)
