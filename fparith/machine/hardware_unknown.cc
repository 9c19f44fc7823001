// An architecture whose instructions are not in the table: it has the model, and hardware that answers nothing.
// SPDX-License-Identifier: Apache-2.0
#if !defined(__x86_64__) && !defined(__aarch64__)

#include <fplab/fparith/machine/instruction_table.h>

namespace fplab::machine {

void AppendArithmetic(std::vector<Kernel>&) {}
void AppendConversions(std::vector<Kernel>&) {}
void AppendEstimates(std::vector<Kernel>&) {}
bool HasIsa(std::string_view) { return false; }
uint64_t ReadStickyFlags() { return 0; }
void WriteStickyFlags(uint64_t) {}
model::Flags DecodeStickyFlags(uint64_t) { return 0; }

}  // namespace fplab::machine

#endif  // !defined(__x86_64__) && !defined(__aarch64__)
