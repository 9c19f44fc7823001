// fplab.Network: a network of underflow, its weights in and out as NumPy arrays.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PYTHON_NETWORK_H_
#define FPLAB_TOOLS_PYTHON_NETWORK_H_

#include <memory>

#include <fplab/nets/network/network.h>

namespace fplab::python {

// What Python holds of one; it is never changed.
struct HeldNetwork {
  std::shared_ptr<const nets::Network> network;
};

}  // namespace fplab::python

#endif  // FPLAB_TOOLS_PYTHON_NETWORK_H_
