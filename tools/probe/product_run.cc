// Where each element lies.
// SPDX-License-Identifier: Apache-2.0
#include "tools/probe/product_run.h"

#include <fmt/format.h>

#include <cstring>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/check.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/text/float_text.h>

namespace fplab::tools {
namespace {

// Each operand has a third of the shared memory, and begins a page in, so that a call that reads or writes a little
// before it stays inside.
constexpr uint64_t kRegion = ProbeChild::kSharedSize / 3, kPage = 4096;

}  // namespace

std::string Name(const ProductShape& shape) { return fmt::format("{}x{}x{}", shape.m, shape.n, shape.k); }

ProductRun::ProductRun(ProbeChild& child, const Signature& signature, const ProductShape& shape,
                       const OperandLayout& layout)
    : child_(child), signature_(signature), shape_(shape) {
  call_.m = shape.m;
  call_.n = shape.n;
  call_.k = shape.k;
  call_.lda = (IsVectorA() ? 1 : shape.k) + layout.gap_a;
  call_.ldb = (signature.operation == Operation::kAxpy ? 1 : shape.n) + layout.gap_b;
  call_.ldc = (signature.operation == Operation::kAxpy ? 1 : shape.n) + layout.gap_c;
  call_.a = kPage + static_cast<uint64_t>(layout.shift_a);
  call_.b = kRegion + kPage + static_cast<uint64_t>(layout.shift_b);
  call_.c = 2 * kRegion + kPage + static_cast<uint64_t>(layout.shift_c);
  const auto fits = [&](int64_t rows, int64_t step) {
    return static_cast<uint64_t>(rows * step * signature.element_size()) <= kRegion - 3 * kPage;
  };
  FPLAB_CHECK(fits(IsVectorA() ? shape.k : shape.m, call_.lda) && fits(shape.k, call_.ldb) &&
                  fits(std::max(shape.m, shape.n), call_.ldc),
              "a third of the shared memory holds each operand");
  FillA(0);
  FillB(0);
  FillC(0);
}

void ProductRun::Put(uint64_t offset, int64_t index, uint64_t bits) {
  const auto size = static_cast<size_t>(signature_.element_size());
  std::memcpy(child_.shared() + offset + static_cast<size_t>(index) * size, &bits, size);  // little-endian
}

uint64_t ProductRun::Get(uint64_t offset, int64_t index) const {
  const auto size = static_cast<size_t>(signature_.element_size());
  uint64_t bits = 0;
  std::memcpy(&bits, child_.shared() + offset + static_cast<size_t>(index) * size, size);
  return bits;
}

std::vector<uint64_t> ProductRun::RowOfA(int i) const {
  std::vector<uint64_t> row;
  for (int k = 0; k < shape_.k; ++k) row.push_back(A(i, k));
  return row;
}

std::vector<uint64_t> ProductRun::ColumnOfB(int j) const {
  std::vector<uint64_t> column;
  for (int k = 0; k < shape_.k; ++k) column.push_back(B(k, j));
  return column;
}

std::vector<uint64_t> ProductRun::AllC() const {
  std::vector<uint64_t> all;
  all.reserve(static_cast<size_t>(shape_.m) * static_cast<size_t>(shape_.n));
  for (int i = 0; i < shape_.m; ++i) {
    for (int j = 0; j < shape_.n; ++j) all.push_back(C(i, j));
  }
  return all;
}

void ProductRun::FillA(uint64_t bits) {
  for (int i = 0; i < shape_.m; ++i) {
    for (int k = 0; k < shape_.k; ++k) SetA(i, k, bits);
  }
}

void ProductRun::FillB(uint64_t bits) {
  for (int k = 0; k < shape_.k; ++k) {
    for (int j = 0; j < shape_.n; ++j) SetB(k, j, bits);
  }
}

void ProductRun::FillC(uint64_t bits) {
  for (int i = 0; i < shape_.m; ++i) {
    for (int j = 0; j < shape_.n; ++j) SetC(i, j, bits);
  }
}

void ProductRun::FillRandom(uint64_t seed) {
  identity::RandomBits of_a(2 * seed), of_b(2 * seed + 1);
  for (int i = 0; i < shape_.m; ++i) {
    for (int k = 0; k < shape_.k; ++k) SetA(i, k, RandomNumber(of_a, format(), -8, 8));
  }
  for (int k = 0; k < shape_.k; ++k) {
    for (int j = 0; j < shape_.n; ++j) SetB(k, j, RandomNumber(of_b, format(), -8, 8));
  }
}

LibraryAnswer ProductRun::Go(Mode mode) {
  LibraryCall call = call_;
  call.alpha = alpha;
  call.beta = beta;
  call.threads = threads;
  call.repeats = repeats;
  call.mode_bits = ModeBits(mode);
  return child_.Call(call);
}

uint64_t RandomNumber(identity::RandomBits& random, const Format& format, int low, int high) {
  const auto field = static_cast<uint64_t>(random.Between(low, high) + format.Bias());
  const uint64_t draw = random.Next();
  return (field << format.FractionBits()) | (draw & format.FractionMask()) | (draw >> 63 != 0 ? format.SignMask() : 0);
}

uint64_t BitsOfValue(const Format& format, double value) {
  return format == kBinary64 ? ToBits(value) : ToBits(static_cast<float>(value));
}

double ValueOfBits(const Format& format, uint64_t bits) {
  return format == kBinary64 ? DoubleFromBits(bits) : FloatFromBits(static_cast<uint32_t>(bits));
}

std::string ShowBits(const Format& format, uint64_t bits) {
  return fmt::format("{} [{}]", HexFloat(format, bits), HexBits(format, bits));
}

}  // namespace fplab::tools
