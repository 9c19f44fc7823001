// The interfaces, each as the type of its function.
// SPDX-License-Identifier: Apache-2.0
#include "tools/probe/library_call.h"

#include <time.h>

#include <bit>
#include <functional>

#include <fplab/fparith/mode/control_word.h>

namespace fplab::tools {
namespace {

// CBLAS's constants.
constexpr int kRowMajor = 101, kNoTranspose = 111;

template <typename Function>
Function* As(void* function) {
  return std::bit_cast<Function*>(function);
}

// The operands of a call as the function takes them.
template <typename T>
struct Operands {
  const T* a;
  const T* b;
  T* c;
  T alpha, beta;
};

// Everything is prepared here, in the process's own mode; what is returned does nothing but the call.
template <typename T>
std::function<void()> PrepareProduct(void* function, Interface interface, const LibraryCall& q, const Operands<T>& o) {
  switch (interface) {
    case Interface::kPlain:
      return [=, f = As<void(int, int, int, const T*, const T*, T*)>(function)] { f(q.m, q.n, q.k, o.a, o.b, o.c); };
    case Interface::kCblas:
      return [=, f = As<void(int, int, int, int, int, int, T, const T*, int, const T*, int, T, T*, int)>(function)] {
        f(kRowMajor, kNoTranspose, kNoTranspose, q.m, q.n, q.k, o.alpha, o.a, q.lda, o.b, q.ldb, o.beta, o.c, q.ldc);
      };
    case Interface::kDnnl:
      return
          [=,
           f = As<int(char, char, int64_t, int64_t, int64_t, T, const T*, int64_t, const T*, int64_t, T, T*, int64_t)>(
               function)] { f('N', 'N', q.m, q.n, q.k, o.alpha, o.a, q.lda, o.b, q.ldb, o.beta, o.c, q.ldc); };
    case Interface::kFortran:
      break;
  }
  // Column-major: the transposed product of the transposed matrices. Lengths of the strings go last.
  return [=, f = As<void(const char*, const char*, const int*, const int*, const int*, const T*, const T*, const int*,
                         const T*, const int*, const T*, T*, const int*, size_t, size_t)>(function)] {
    f("N", "N", &q.n, &q.m, &q.k, &o.alpha, o.b, &q.ldb, o.a, &q.lda, &o.beta, o.c, &q.ldc, 1, 1);
  };
}

template <typename T>
std::function<void()> PrepareMatrixVector(void* function, Interface interface, const LibraryCall& q,
                                          const Operands<T>& o) {
  if (interface == Interface::kCblas) {
    return [=, f = As<void(int, int, int, int, T, const T*, int, const T*, int, T, T*, int)>(function)] {
      f(kRowMajor, kNoTranspose, q.m, q.k, o.alpha, o.a, q.lda, o.b, q.ldb, o.beta, o.c, q.ldc);
    };
  }
  return [=, f = As<void(const char*, const int*, const int*, const T*, const T*, const int*, const T*, const int*,
                         const T*, T*, const int*, size_t)>(function)] {
    f("T", &q.k, &q.m, &o.alpha, o.a, &q.lda, o.b, &q.ldb, &o.beta, o.c, &q.ldc, 1);
  };
}

template <typename T>
std::function<void()> PrepareDot(void* function, Interface interface, const LibraryCall& q, const Operands<T>& o) {
  switch (interface) {
    case Interface::kPlain:
      return [=, f = As<T(int, const T*, const T*)>(function)] { *o.c = f(q.k, o.a, o.b); };
    case Interface::kCblas:
      return [=, f = As<T(int, const T*, int, const T*, int)>(function)] { *o.c = f(q.k, o.a, q.lda, o.b, q.ldb); };
    default:
      return [=, f = As<T(const int*, const T*, const int*, const T*, const int*)>(function)] {
        *o.c = f(&q.k, o.a, &q.lda, o.b, &q.ldb);
      };
  }
}

// Norm and sum of magnitudes.
template <typename T>
std::function<void()> PrepareReduction(void* function, Interface interface, const LibraryCall& q,
                                       const Operands<T>& o) {
  if (interface == Interface::kCblas) {
    return [=, f = As<T(int, const T*, int)>(function)] { *o.c = f(q.k, o.a, q.lda); };
  }
  return [=, f = As<T(const int*, const T*, const int*)>(function)] { *o.c = f(&q.k, o.a, &q.lda); };
}

template <typename T>
std::function<void()> PrepareAxpy(void* function, Interface interface, const LibraryCall& q, const Operands<T>& o) {
  if (interface == Interface::kCblas) {
    return [=, f = As<void(int, T, const T*, int, T*, int)>(function)] { f(q.n, o.alpha, o.b, q.ldb, o.c, q.ldc); };
  }
  return [=, f = As<void(const int*, const T*, const T*, const int*, T*, const int*)>(function)] {
    f(&q.n, &o.alpha, o.b, &q.ldb, o.c, &q.ldc);
  };
}

template <typename T>
std::function<void()> PrepareUnary(void* function, const LibraryCall& q, const Operands<T>& o) {
  return [=, f = As<T(T)>(function)] {
    for (int i = 0; i < q.k; ++i) o.c[i] = f(o.a[i]);
  };
}

template <typename T>
std::function<void()> Prepare(void* function, const Signature& signature, const LibraryCall& call, std::byte* shared) {
  const Operands<T> operands{reinterpret_cast<const T*>(shared + call.a), reinterpret_cast<const T*>(shared + call.b),
                             reinterpret_cast<T*>(shared + call.c), static_cast<T>(call.alpha),
                             static_cast<T>(call.beta)};
  switch (signature.operation) {
    case Operation::kProduct:
      return PrepareProduct(function, signature.interface, call, operands);
    case Operation::kMatrixVector:
      return PrepareMatrixVector(function, signature.interface, call, operands);
    case Operation::kDot:
      return PrepareDot(function, signature.interface, call, operands);
    case Operation::kNorm:
    case Operation::kAbsoluteSum:
      return PrepareReduction(function, signature.interface, call, operands);
    case Operation::kAxpy:
      return PrepareAxpy(function, signature.interface, call, operands);
    case Operation::kUnary:
      break;
  }
  return PrepareUnary(function, call, operands);
}

}  // namespace

double ThreadSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

LibraryAnswer MakeCall(void* function, const Signature& signature, const LibraryCall& call, std::byte* shared) {
  const std::function<void()> run = signature.is_double ? Prepare<double>(function, signature, call, shared)
                                                        : Prepare<float>(function, signature, call, shared);
  const uint64_t own = ReadControlWord();
  const uint64_t asked = (own & ~ModeMask()) | call.mode_bits;
  LibraryAnswer answer{.word_before = asked};
  const double begin = ThreadSeconds();
  for (int i = 0; i < call.repeats; ++i) {
    WriteControlWord(asked);
    run();
    if (i == 0) answer.word_after = ReadControlWord();
  }
  WriteControlWord(own);
  answer.seconds = ThreadSeconds() - begin;
  return answer;
}

}  // namespace fplab::tools
