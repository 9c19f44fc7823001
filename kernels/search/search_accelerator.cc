// Threads and blocks for searches.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/search/search_accelerator.h>

#include <fplab/kernels/search/block_program.h>

namespace fplab::kernels {

SearchAccelerator::SearchAccelerator(int threads, Isa isa) : workers_(threads), isa_(isa) {}

void SearchAccelerator::ForEach(int count, const std::function<void(int i, int worker)>& body) {
  workers_.For(count, kIeee, body);
}

std::unique_ptr<identity::BlockJudge> SearchAccelerator::Compile(const statement::Expression& expression,
                                                                 statement::Target target, bool all_values) const {
  return CompileBlocks(expression, target, all_values, isa_);
}

}  // namespace fplab::kernels
