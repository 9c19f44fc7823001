# Tests of the installed component, fplab::proptests.
# SPDX-License-Identifier: Apache-2.0
fplab_add_proptest(proptests/property/operands_test)
fplab_add_proptest(proptests/property/simpler_operands_test)
fplab_add_proptest(proptests/property/matchers_test)
fplab_add_proptest(proptests/property/oracle_test)
fplab_add_proptest(proptests/property/in_every_mode_test)
fplab_add_proptest(proptests/property/printed_case_test LIBS fplab_cli_process)
