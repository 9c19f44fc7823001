// Inside search: which exact numbers of a statement are sums of two binary64 numbers. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_SEARCH_EXACT_FORM_H_
#define FPLAB_KERNELS_SEARCH_EXACT_FORM_H_

#include <cstdint>
#include <vector>

#include <fplab/fparith/statement/expression.h>

namespace fplab::kernels {

// How blocks hold an exact number, whatever the operands: as one binary64 number; as high + low, high the sum rounded
// to nearest, which determines both (Dekker, A floating-point technique for extending the available precision, 1971);
// or not at all.
enum class ExactForm : uint8_t { kNone, kSingle, kPair };

// Of each instruction: of an exact number its form; of a comparison of two and of rounded() the wider form of what it
// is given; of the others kNone. kNone too for the first three where no form holds one of them or an operand.
std::vector<ExactForm> ExactForms(const statement::Expression& expression);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_SEARCH_EXACT_FORM_H_
