// What a property test of floating-point code needs, but its runner (fplab/proptests/runners): operands, modes,
// requirements, oracle.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_PROPTESTS_H_
#define FPLAB_PROPTESTS_PROPTESTS_H_

#include <fplab/proptests/property/check.h>
#include <fplab/proptests/property/generators.h>
#include <fplab/proptests/property/in_every_mode.h>
#include <fplab/proptests/property/matchers.h>
#include <fplab/proptests/property/operands.h>
#include <fplab/proptests/property/oracle.h>
#include <fplab/proptests/property/under_mode.h>

#endif  // FPLAB_PROPTESTS_PROPTESTS_H_
