// Functions of a library that is opened at run time.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_BENCH_PEERS_LIBRARY_H_
#define FPLAB_BENCH_PEERS_LIBRARY_H_

#include <dlfcn.h>

namespace fplab::bench {

// Null if it cannot be loaded. Its symbols are its own.
inline void* OpenLibrary(const char* file) { return dlopen(file, RTLD_NOW | RTLD_LOCAL); }

// A function of a library; null if it does not define it, or if there is no library.
template <typename Function>
Function* FindFunction(void* library, const char* name) {
  return library == nullptr ? nullptr : reinterpret_cast<Function*>(dlsym(library, name));
}

}  // namespace fplab::bench

#endif  // FPLAB_BENCH_PEERS_LIBRARY_H_
