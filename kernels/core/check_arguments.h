// Checks of a kernel's arguments: programming errors, so each prints "check failed: KERNEL: ARGUMENT RULE" and aborts.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_CORE_CHECK_ARGUMENTS_H_
#define FPLAB_KERNELS_CORE_CHECK_ARGUMENTS_H_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <fplab/kernels/core/panel.h>

namespace fplab::kernels {

[[noreturn, gnu::cold, gnu::noinline]] inline void ArgumentFailed(const char* kernel, const char* argument,
                                                                  const char* rule) {
  std::fprintf(stderr, "check failed: %s: %s %s\n", kernel, argument, rule);
  std::abort();
}

inline void CheckArgument(bool holds, const char* kernel, const char* argument, const char* rule) {
  if (!holds) ArgumentFailed(kernel, argument, rule);
}

// How many floats long an element is: extents are told in floats.
template <typename T>
constexpr ptrdiff_t FloatsLong() {
  constexpr size_t kBytes = sizeof(T), kFloatBytes = sizeof(float);
  return static_cast<ptrdiff_t>(kBytes / kFloatBytes);
}

// What an argument occupies: `count` blocks of `length` floats, `stride` floats from the start of one to the next.
struct Extent {
  const void* first;
  ptrdiff_t length;
  ptrdiff_t stride;
  int64_t count;

  bool empty() const { return length == 0 || count == 0; }
};

inline Extent ExtentOf(const ConstPanelView& v) {
  return {v.data, static_cast<ptrdiff_t>(v.rows) * kPanelWidth, v.panel_stride, v.panels()};
}
inline Extent ExtentOf(const ConstPanelView64& v) {
  return {v.data, static_cast<ptrdiff_t>(v.rows) * kPanelWidth, 2 * v.panel_stride, v.panels()};
}
inline Extent ExtentOf(const void* first, size_t floats) {
  return {first, static_cast<ptrdiff_t>(floats), static_cast<ptrdiff_t>(floats), 1};
}

// Whether two arguments share a float: exact for blocks of one stride (two bands of rows of one matrix are apart);
// blocks of different strides are judged by the whole range they span.
inline bool Overlap(const Extent& a, const Extent& b) {
  if (a.empty() || b.empty()) return false;
  const auto start = [](const Extent& e) { return reinterpret_cast<intptr_t>(e.first); };
  const auto end = [&](const Extent& e) {
    return start(e) + static_cast<intptr_t>(sizeof(float)) * ((e.count - 1) * e.stride + e.length);
  };
  if (end(a) <= start(b) || end(b) <= start(a)) return false;
  const ptrdiff_t stride = a.count > 1 ? a.stride : b.stride;
  if (b.count > 1 && b.stride != stride) return true;
  const auto distance = (start(b) - start(a)) / static_cast<intptr_t>(sizeof(float));
  const ptrdiff_t shift = (distance % stride + stride) % stride;
  return shift < a.length || stride - shift < b.length;
}

inline bool SamePlace(const Extent& a, const Extent& b) {
  return a.first == b.first && (a.stride == b.stride || (a.count <= 1 && b.count <= 1));
}

// The output shares no float with the input.
inline void CheckApart(const char* kernel, const Extent& output, const Extent& input, const char* rule) {
  CheckArgument(!Overlap(output, input), kernel, "output", rule);
}

// The output is the input itself or shares no float with it.
inline void CheckApartOrSame(const char* kernel, const Extent& output, const Extent& input, const char* rule) {
  CheckArgument(SamePlace(output, input) || !Overlap(output, input), kernel, "output", rule);
}

// Elements in `count` blocks `stride` apart, the last of `length`, can be addressed.
template <typename T = float>
bool Addressable(ptrdiff_t length, ptrdiff_t stride, int64_t count) {
  ptrdiff_t elements = 0, bytes = 0;
  return !__builtin_mul_overflow(stride, count, &elements) && !__builtin_add_overflow(elements, length, &elements) &&
         !__builtin_mul_overflow(elements, static_cast<ptrdiff_t>(sizeof(T)), &bytes);
}

template <typename T>
void CheckPanelView(const BasicPanelView<T>& v, const char* kernel, const char* argument) {
  CheckArgument(v.rows >= 0 && v.cols >= 0, kernel, argument, "has negative rows or columns");
  if (v.rows == 0 || v.cols == 0) return;
  CheckArgument(v.data != nullptr, kernel, argument, "is null: a view with elements is null");
  CheckArgument(reinterpret_cast<uintptr_t>(v.data) % kAlignment == 0, kernel, argument, "is not aligned to 64 bytes");
  const ptrdiff_t length = static_cast<ptrdiff_t>(v.rows) * v.kWidth;
  if (v.panels() == 1) return;
  CheckArgument(v.panel_stride >= length, kernel, argument, "has panels that overlap: panel_stride is too small");
  constexpr int kUnit = BasicPanelView<T>::kWidth / 2;
  CheckArgument(v.panel_stride % kUnit == 0, kernel, argument,
                kUnit == 16 ? "has a panel_stride that is not a multiple of 16"
                            : "has a panel_stride that is not a multiple of 8");
  CheckArgument(Addressable<T>(length, v.panel_stride, v.panels()), kernel, argument, "has a size that overflows");
}

inline void CheckView(const ConstPanelView& v, const char* kernel, const char* argument) {
  CheckPanelView(v, kernel, argument);
}
inline void CheckView(const ConstPanelView64& v, const char* kernel, const char* argument) {
  CheckPanelView(v, kernel, argument);
}

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_CORE_CHECK_ARGUMENTS_H_
