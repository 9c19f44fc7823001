// A call of a library's function as data, and making it: what happens in the child process.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PROBE_LIBRARY_CALL_H_
#define FPLAB_TOOLS_PROBE_LIBRARY_CALL_H_

#include <cstddef>
#include <cstdint>

#include "tools/probe/signature.h"

namespace fplab::tools {

// Operands of one call, matrices row-major in memory that the processes share: a is m x k, b is k x n, c is m x n;
// offsets in bytes, leading dimensions in elements. A function with fewer operands takes those that it has: a dot
// product m = n = 1, with lda and ldb the steps between its elements; a norm and a sum k elements of a; kAxpy n
// elements of b and c. kUnary maps k elements of a to c. Interfaces without strides need the matrices without gaps.
struct LibraryCall {
  int32_t m = 1, n = 1, k = 1;
  int32_t lda = 1, ldb = 1, ldc = 1;
  uint64_t a = 0, b = 0, c = 0;
  double alpha = 1, beta = 0;
  uint64_t mode_bits = 0;  // of the control word, ModeBits()
  int32_t threads = 1;     // asked for if the library can be told
  int32_t repeats = 1;     // calls in a row
};

struct LibraryAnswer {
  uint64_t word_before = 0, word_after = 0;  // the control word around the first call
  double seconds = 0;                        // of processor time of the calling thread, of all the calls
};

// Processor time of the calling thread: what others do on the machine counts less than by the wall clock.
double ThreadSeconds();

// Makes the call on the calling thread, in the mode, and restores the thread's control word. `shared` is where offsets
// count from.
LibraryAnswer MakeCall(void* function, const Signature& signature, const LibraryCall& call, std::byte* shared);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PROBE_LIBRARY_CALL_H_
