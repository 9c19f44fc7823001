// What most users of fparith want: bits and formats, modes and the control word, the exact model, identities.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_FPARITH_H_
#define FPLAB_FPARITH_FPARITH_H_

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/float/outside_text.h>
#include <fplab/fparith/float/wide_format.h>
#include <fplab/fparith/identity/identity.h>
#include <fplab/fparith/machine/hardware.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/fparith/mode/mode.h>
#include <fplab/fparith/model/fma_chain.h>
#include <fplab/fparith/model/function.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/model/wide.h>
#include <fplab/fparith/statement/operands.h>
#include <fplab/fparith/text/bits_text.h>
#include <fplab/fparith/text/float_text.h>
#include <fplab/fparith/text/wide_text.h>
#include <fplab/fparith/version.h>

#endif  // FPLAB_FPARITH_FPARITH_H_
