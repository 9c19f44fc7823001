# fplab::proptests: headers for property tests of one's own code. They need RapidCheck, of which nothing is looked for
# here: whoever links the target brings `rapidcheck`, a test of fplab or a host by find_package, an installed fplab by
# its component.
# SPDX-License-Identifier: Apache-2.0
fplab_add_header_library(proptests
  PUBLIC_HEADERS
    property/check.h
    property/claim.h
    property/float_strata.h
    property/generators.h
    property/in_every_mode.h
    property/judgement.h
    property/kept_mode.h
    property/matchers.h
    property/mode_failures.h
    property/named_bits.h
    property/operands.h
    property/oracle.h
    property/simpler_operands.h
    property/under_mode.h
    property/value_text.h
    runners/catch2.h
    runners/doctest.h
    runners/gtest.h)
target_link_libraries(fplab_proptests INTERFACE
  fplab_fparith $<BUILD_INTERFACE:rapidcheck> $<INSTALL_INTERFACE:rapidcheck>)
