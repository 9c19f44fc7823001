// Matrix products for fplab probe to judge, as a plug-in: a right one, and one for each fault.
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "tools/probe/fplab_plugin.h"

namespace {

int thread_count = 1;

unsigned ReadWord() { return __builtin_ia32_stmxcsr(); }
void WriteWord(unsigned word) { __builtin_ia32_ldmxcsr(word); }

// c = a*b by `sum(row of a, column of b, step of that column, k)`.
template <typename Sum>
void Product(int m, int n, int k, const float* a, const float* b, float* c, Sum sum) {
  for (int i = 0; i < m; ++i) {
    for (int j = 0; j < n; ++j) c[i * n + j] = sum(a + int64_t{i} * k, b + j, n, k);
  }
}

float Chain(const float* x, const float* y, int step, int k) {
  float acc = 0;
  for (int t = 0; t < k; ++t) acc = std::fma(x[t], y[int64_t{t} * step], acc);
  return acc;
}

float Descending(const float* x, const float* y, int step, int k) {
  float acc = 0;
  for (int t = k - 1; t >= 0; --t) acc = std::fma(x[t], y[int64_t{t} * step], acc);
  return acc;
}

// The last two terms change places.
float OneSwap(const float* x, const float* y, int step, int k) {
  if (k < 3) return Chain(x, y, step, k);
  float acc = Chain(x, y, step, k - 2);
  for (const int t : {k - 1, k - 2}) acc = std::fma(x[t], y[int64_t{t} * step], acc);
  return acc;
}

// Rounded products, but for that of k = 5.
float OneFma(const float* x, const float* y, int step, int k) {
  float acc = 0;
  for (int t = 0; t < k; ++t) {
    const float product = x[t] * y[int64_t{t} * step];
    acc = t == 5 ? std::fma(x[t], y[int64_t{t} * step], acc) : acc + product;
  }
  return acc;
}

float InDouble(const float* x, const float* y, int step, int k) {
  double acc = 0;
  for (int t = 0; t < k; ++t) acc += static_cast<double>(x[t]) * y[int64_t{t} * step];
  return static_cast<float>(acc);
}

float SkipsZeros(const float* x, const float* y, int step, int k) {
  float acc = 0;
  for (int t = 0; t < k; ++t) {
    if (x[t] != 0) acc = std::fma(x[t], y[int64_t{t} * step], acc);
  }
  return acc;
}

void Right(int m, int n, int k, const float* a, const float* b, float* c) { Product(m, n, k, a, b, c, Chain); }
void WrongOrder(int m, int n, int k, const float* a, const float* b, float* c) {
  Product(m, n, k, a, b, c, Descending);
}
void WrongAtTheEnd(int m, int n, int k, const float* a, const float* b, float* c) {
  Product(m, n, k, a, b, c, OneSwap);
}
void WithOneFma(int m, int n, int k, const float* a, const float* b, float* c) { Product(m, n, k, a, b, c, OneFma); }
void Wide(int m, int n, int k, const float* a, const float* b, float* c) { Product(m, n, k, a, b, c, InDouble); }
void WithoutZeros(int m, int n, int k, const float* a, const float* b, float* c) {
  Product(m, n, k, a, b, c, SkipsZeros);
}

// In the last column alone another order.
void WrongInAColumn(int m, int n, int k, const float* a, const float* b, float* c) {
  Right(m, n, k, a, b, c);
  for (int i = 0; i < m; ++i) c[i * n + n - 1] = Descending(a + int64_t{i} * k, b + n - 1, n, k);
}

void OfFewRowsOtherwise(int m, int n, int k, const float* a, const float* b, float* c) {
  Product(m, n, k, a, b, c, m < 4 ? Descending : Chain);
}

void ByAlignment(int m, int n, int k, const float* a, const float* b, float* c) {
  Product(m, n, k, a, b, c, reinterpret_cast<uintptr_t>(b) % 32 == 0 ? Chain : Descending);
}

void AnotherEachTime(int m, int n, int k, const float* a, const float* b, float* c) {
  static int calls = 0;
  Product(m, n, k, a, b, c, ++calls % 7 == 0 ? Descending : Chain);
}

void Flushes(int m, int n, int k, const float* a, const float* b, float* c) {
  const unsigned word = ReadWord();
  WriteWord(word | 0x8000u);
  Right(m, n, k, a, b, c);
  WriteWord(word);
}

void LeavesFlushing(int m, int n, int k, const float* a, const float* b, float* c) {
  Right(m, n, k, a, b, c);
  WriteWord(ReadWord() | 0x8040u);
}

// Rows in equal parts; every thread but the caller's computes in the default mode.
void ThreadsIgnoreTheMode(int m, int n, int k, const float* a, const float* b, float* c) {
  const int each = (m + thread_count - 1) / thread_count;
  std::vector<std::thread> threads;
  for (int first = each; first < m; first += each) {
    threads.emplace_back([=] {
      WriteWord(0x1f80);
      Right(first + each < m ? each : m - first, n, k, a + int64_t{first} * k, b, c + int64_t{first} * n);
    });
  }
  Right(each < m ? each : m, n, k, a, b, c);
  for (std::thread& thread : threads) thread.join();
}

// The sum in as many parts as there are threads.
void SplitsByThreads(int m, int n, int k, const float* a, const float* b, float* c) {
  const int parts = thread_count;
  Product(m, n, k, a, b, c, [parts](const float* x, const float* y, int step, int size) {
    float sum = 0;
    for (int p = 0; p < parts; ++p) {
      const int begin = size * p / parts, end = size * (p + 1) / parts;
      sum += Chain(x + begin, y + int64_t{begin} * step, step, end - begin);
    }
    return sum;
  });
}

void Adds(int m, int n, int k, const float* a, const float* b, float* c) {
  std::vector<float> product(static_cast<size_t>(m) * static_cast<size_t>(n));
  Right(m, n, k, a, b, product.data());
  for (size_t i = 0; i < product.size(); ++i) c[i] += product[i];
}

void Crashes(int, int, int, const float*, const float*, float*) { *static_cast<volatile int*>(nullptr) = 1; }
void Exits(int, int, int, const float*, const float*, float*) { std::exit(3); }
void Hangs(int, int, int, const float*, const float*, float*) {
  for (;;) pause();
}
void Prints(int m, int n, int k, const float* a, const float* b, float* c) {
  std::printf("a product\n");
  Right(m, n, k, a, b, c);
}
// A process of its own that stays.
void Forks(int m, int n, int k, const float* a, const float* b, float* c) {
  static const pid_t child = fork();
  while (child == 0) pause();
  Right(m, n, k, a, b, c);
}

void SetThreads(int threads) { thread_count = threads; }

#define ENTRY(name) \
  { #name, "matmul", reinterpret_cast < fplab_any_function>(name) }
const fplab_plugin_function functions[] = {ENTRY(Right),
                                           ENTRY(WrongOrder),
                                           ENTRY(WrongAtTheEnd),
                                           ENTRY(WithOneFma),
                                           ENTRY(Wide),
                                           ENTRY(WithoutZeros),
                                           ENTRY(WrongInAColumn),
                                           ENTRY(OfFewRowsOtherwise),
                                           ENTRY(ByAlignment),
                                           ENTRY(AnotherEachTime),
                                           ENTRY(Flushes),
                                           ENTRY(LeavesFlushing),
                                           ENTRY(ThreadsIgnoreTheMode),
                                           ENTRY(SplitsByThreads),
                                           ENTRY(Adds),
                                           ENTRY(Crashes),
                                           ENTRY(Exits),
                                           ENTRY(Hangs),
                                           ENTRY(Prints),
                                           ENTRY(Forks),
                                           {nullptr, nullptr, nullptr}};
const fplab_plugin plugin = {FPLAB_PLUGIN_VERSION, functions, SetThreads};

}  // namespace

extern "C" {

const fplab_plugin* fplab_get_plugin(void) { return &plugin; }

// A product that is exported by its name.
void named_product(int m, int n, int k, const float* a, const float* b, float* c) { Right(m, n, k, a, b, c); }

// Of one argument: right but at one place.
float wrong_at_one(float x) { return x == 1.0f ? 2.7182850f : std::exp(x); }

}  // extern "C"
