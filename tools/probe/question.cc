// What questions have in common: shapes and numbers of threads.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <thread>

#include "tools/probe/questions.h"

namespace fplab::tools {

ProductShape Question::Fit(const ProductShape& shape) const {
  switch (function.signature.operation) {
    case Operation::kProduct:
      return shape;
    case Operation::kMatrixVector:
      return {shape.m, 1, shape.k};
    case Operation::kAxpy:
      return {1, shape.n, 1};
    default:
      return {1, 1, shape.k};
  }
}

std::vector<int> Question::Threads() const {
  if (Child().thread_setter().empty()) return {1};
  return options.threads.empty() ? std::vector<int>{1, 2} : options.threads;
}

int Question::ManyThreads() const {
  const std::vector<int> threads = Threads();
  const int most = *std::max_element(threads.begin(), threads.end());
  return Child().thread_setter().empty() ? 1 : std::max(2, most);
}

}  // namespace fplab::tools
