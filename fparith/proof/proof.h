// What most users of proof want: circuits of floating-point arithmetic, and the solver that decides questions about
// them. SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_PROOF_H_
#define FPLAB_FPARITH_PROOF_PROOF_H_

#include <fplab/fparith/proof/aig.h>
#include <fplab/fparith/proof/certificate.h>
#include <fplab/fparith/proof/cnf.h>
#include <fplab/fparith/proof/decide.h>
#include <fplab/fparith/proof/drat_check.h>
#include <fplab/fparith/proof/exhaustion_certificate.h>
#include <fplab/fparith/proof/float_circuit.h>
#include <fplab/fparith/proof/prove.h>
#include <fplab/fparith/proof/sat.h>
#include <fplab/fparith/proof/smtlib.h>
#include <fplab/fparith/proof/sweep.h>
#include <fplab/fparith/proof/word.h>

#endif  // FPLAB_FPARITH_PROOF_PROOF_H_
