// Whether all ranks are about to do the same work.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_RANKS_AGREEMENT_H_
#define FPLAB_TOOLS_RANKS_AGREEMENT_H_

#include <fplab/nets/files/ordered_json.h>
#include <fplab/nets/ranks/ranks.h>

namespace fplab::tools {

// All ranks call it, each with what it is about to do, in fields. Throws Error, on all of them, that names each rank
// that differs from the first, and in which fields: "rank 1 differs from rank 0: seed 2, not 1".
void RequireAgreement(nets::Ranks& ranks, const nets::OrderedJson& own);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_RANKS_AGREEMENT_H_
