// An order in words, as a formula, and as a picture.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PROBE_ORDER_TEXT_H_
#define FPLAB_TOOLS_PROBE_ORDER_TEXT_H_

#include <string>
#include <vector>

#include "tools/pictures/chart.h"
#include "tools/probe/accumulation_order.h"

namespace fplab::tools {

// Lines that describe the tree with the least said: runs of leaves that are added one after another to a sum are a
// chain ("chain of 256: k = 0, 1, ..., 255"), chains that look alike are counted, and what joins them is a formula over
// their numbers ("8 chains of 32 ... joined: (((0 + 1) + (2 + 3)) + ...").
std::vector<std::string> DescribeOrder(const OrderTree& tree);

// The one line that there is, or how many parts there are and what the first is: "33 parts, the first a chain of 9".
std::string SummaryOfOrder(const OrderTree& tree);

// The whole tree: "((0+1)+2)", with "*" where the product of the leaf before it is fused with what follows:
// "2*1*0" is fma(x2, y2, fma(x1, y1, x0 * y0)), without brackets as it has one reading. "[0!+1!]" is a wide sum of two
// products that are not rounded.
std::string OrderFormula(const OrderTree& tree);

// The tree as curves over k: a leaf at height 0, each addition above what it adds, as high as it has additions below.
Chart OrderChart(const OrderTree& tree, const std::string& title);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PROBE_ORDER_TEXT_H_
