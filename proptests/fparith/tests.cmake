# Tests of fparith/.
# SPDX-License-Identifier: Apache-2.0
fplab_add_proptest(fparith/float/bits_test)
fplab_add_proptest(fparith/float/error_test)
fplab_add_proptest(fparith/float/outside_text_test LIBS nlohmann_json::nlohmann_json)
fplab_add_proptest(fparith/mode/control_word_test LIBS Threads::Threads)
fplab_add_proptest(fparith/mode/guest_test)
fplab_add_proptest(fparith/text/nan_text_test)

# The model, judged by an oracle that shares no code with it.
add_library(fplab_oracle STATIC support/oracle.cc support/oracle_integer.cc support/oracle_locate.cc)
target_link_libraries(fplab_oracle PUBLIC fplab_source_root fplab::fparith PRIVATE fplab_flags)
# It and the tests by it compute for longer than what they judge.
separate_arguments(flags UNIX_COMMAND "${FPLAB_LIBRARY_FLAGS}")
target_compile_options(fplab_oracle PRIVATE ${flags})
fplab_add_proptest(fparith/model/model_oracle_test LIBS fplab_oracle FLAGS ${flags})
fplab_add_proptest(fparith/model/small_formats_test FLAGS ${flags})
fplab_add_proptest(fparith/machine/hardware_model_test)
fplab_add_proptest(fparith/machine/hardware_guest_test)
fplab_add_proptest(fparith/machine/conformance_test)
fplab_add_proptest(fparith/machine/detour_test)

# Minutes to half an hour each; ctest -L exhaustive.
fplab_add_proptest(fparith/machine/hardware_exhaustive_test LABEL exhaustive)
fplab_add_proptest(fparith/model/model_binary16_exhaustive_test LABEL exhaustive LIBS fplab_oracle FLAGS ${flags})
fplab_add_proptest(fparith/model/model_fp8_exhaustive_test LABEL exhaustive LIBS fplab_oracle FLAGS ${flags})

fplab_add_proptest(fparith/model/function_test)
fplab_add_proptest(fparith/model/model_vectors_test)
fplab_add_proptest(fparith/model/model_laws_test)
fplab_add_proptest(fparith/model/model_more_operations_test)
fplab_add_proptest(fparith/model/nan_rule_test)

# Wide formats, judged by the narrow model, by x87 and the compiler's binary128, and by MPFR where it is installed.
fplab_add_proptest(fparith/model/wide_model_test)
fplab_add_proptest(fparith/model/wide_compiler_test)
add_library(fplab_wide_judge STATIC support/wide_judge.cc)
target_link_libraries(fplab_wide_judge PUBLIC fplab_source_root fplab::fparith PRIVATE fplab_flags)
fplab_link_mpfr(fplab_wide_judge)
fplab_add_proptest(fparith/model/wide_mpfr_test LIBS fplab_wide_judge)

fplab_add_proptest(fparith/text/wide_text_test)

# Statements, their search, and the catalogue.
fplab_add_proptest(fparith/identity/catalogue_test)
fplab_add_proptest(fparith/identity/catalogue_exhaustive_test LABEL exhaustive)
fplab_add_proptest(fparith/statement/expression_test)
fplab_add_proptest(fparith/statement/exact_size_test)
fplab_add_proptest(fparith/statement/expression_types_test)
fplab_add_proptest(fparith/statement/error_form_test)
fplab_add_proptest(fparith/statement/scale_types_test)
fplab_add_proptest(fparith/statement/wide_types_test)
fplab_add_proptest(fparith/statement/wide_variables_test)
fplab_add_proptest(fparith/statement/constant_value_test)
fplab_add_proptest(fparith/statement/refinement_test)
fplab_add_proptest(fparith/statement/fpcore_test)
fplab_add_proptest(fparith/statement/outside_function_test)
fplab_add_proptest(fparith/identity/identity_test)
fplab_add_proptest(fparith/identity/domain_test)
fplab_add_proptest(fparith/identity/nan_rule_search_test)
fplab_add_proptest(fparith/identity/wide_operands_test)
fplab_add_proptest(fparith/identity/error_bound_test)
fplab_add_proptest(fparith/identity/open_questions_test)
fplab_add_proptest(fparith/identity/operand_generator_test)
fplab_add_proptest(fparith/identity/post_examples_test)

# Circuits, judged by the model.
fplab_add_proptest(fparith/proof/float_circuit_test LIBS fplab::proof FLAGS ${flags})
fplab_add_proptest(fparith/proof/aig_test LIBS fplab::proof)
fplab_add_proptest(fparith/proof/word_test LIBS fplab::proof)
fplab_add_proptest(fparith/proof/float_circuit_exhaustive_test LABEL exhaustive LIBS fplab::proof FLAGS ${flags})
fplab_add_proptest(fparith/proof/drat_check_test LIBS fplab::proof)
fplab_add_proptest(fparith/proof/sat_test LIBS fplab::proof)
fplab_add_proptest(fparith/proof/smtlib_test LIBS fplab::proof)
fplab_add_proptest(fparith/proof/proofs_test LIBS fplab::proof)
fplab_add_proptest(fparith/proof/statement_circuit_test LIBS fplab::proof)
fplab_add_proptest(fparith/proof/prove_test LIBS fplab::proof)
fplab_add_proptest(fparith/proof/operation_lemmas_test LIBS fplab::proof)
fplab_add_proptest(fparith/proof/exhaustion_certificate_test LIBS fplab::proof)
