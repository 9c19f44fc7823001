// An order carried out on the exact model: what a program that adds so returns.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PROBE_ORDER_SIMULATION_H_
#define FPLAB_TOOLS_PROBE_ORDER_SIMULATION_H_

#include <cstdint>
#include <span>

#include "tools/probe/accumulation_order.h"

namespace fplab::tools {

// The sum over k of x[k]*y[k] in this order, to nearest-even, without flushing; x and y are bit patterns of binary32,
// or of binary64 if `is_double`. A wide sum is one of binary64. A sum of more than two is exact and rounded once.
// Precondition: no sum of binary64 is wide.
uint64_t SumInOrder(const OrderTree& tree, std::span<const uint64_t> x, std::span<const uint64_t> y, bool is_double);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PROBE_ORDER_SIMULATION_H_
