// Peers that are compiled in; each is defined only where the build found its headers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_BENCH_PEERS_COMPILED_PEERS_H_
#define FPLAB_BENCH_PEERS_COMPILED_PEERS_H_

#include "bench/peers/peers.h"

namespace fplab::bench {

Peer EigenPeer();
Peer XsmmPeer();

}  // namespace fplab::bench

#endif  // FPLAB_BENCH_PEERS_COMPILED_PEERS_H_
