// Ranks that are threads of one process: exchanges are copies between two barriers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_THREAD_RANKS_H_
#define FPLAB_PROPTESTS_SUPPORT_THREAD_RANKS_H_

#include <functional>

#include <fplab/nets/ranks/ranks.h>

namespace fplab {

// Calls body(ranks) on `count` threads, one a rank, and returns when all have ended. What a body throws ends the test
// program: it would leave the others waiting.
void RunTogether(int count, const std::function<void(nets::Ranks&)>& body);

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_THREAD_RANKS_H_
